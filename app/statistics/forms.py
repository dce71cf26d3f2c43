"""What a reader of the figures chooses."""

from app.core.forms import DateField, FilterForm, TextField


class FiguresForm(FilterForm):
    """Which half-year, as of which day."""

    period = TextField("Halvår", description="Som 2017H2", max_length=6)
    as_of = DateField("Opgjort pr.", description="Tom: halvårets sidste dag, eller i dag hvis det ikke er gået endnu")
