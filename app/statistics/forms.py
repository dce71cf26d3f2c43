"""What a reader of the figures chooses."""

from datetime import date

from werkzeug.datastructures import MultiDict

from app.core.forms import DateField, FilterForm, NotInFuture, SelectField
from app.statistics.periods import Period

YEARS_BACK = 12


def offered(today: date) -> list[Period]:
    """The half-years to choose from: this one, and those of the last years."""
    periods = [Period.containing(today)]
    while len(periods) <= 2 * YEARS_BACK:
        periods.append(periods[-1].before)
    return periods


class FiguresForm(FilterForm):
    """Which half-year, as of which day."""

    period = SelectField("Halvår", blank=None)
    as_of = DateField("Opgjort pr.", [NotInFuture()], description="Tom: halvårets sidste dag, dog højst i dag")

    def __init__(self, formdata: MultiDict[str, str], *, today: date) -> None:
        """Offer the half-years; without a choice it is today's."""
        super().__init__(formdata, today=today)
        self.period.choices = {str(period): period.label for period in offered(today)}
