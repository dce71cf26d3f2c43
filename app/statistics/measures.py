"""What was tried and what came of it: the measures of the handleplaner, counted per kind and result."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, or_, select

from app.cases.handleplan.codes import MeasureResult
from app.cases.handleplan.models import CatalogueMeasure, Measure
from app.core import danish
from app.core.errors import DomainError
from app.statistics.definitions import Definition
from app.statistics.periods import Period

measures = Measure.__table__.c
kinds = CatalogueMeasure.__table__.c

AGREED = Definition("agreed", "Aftalt", "Indsatser, der skulle begynde i halvåret, dog senest opgørelsesdagen.")
UNDER_WAY = Definition(
    "under_way", "Uden resultat", "Indsatser, der skulle være begyndt, og som på opgørelsesdagen ikke var slut."
)
ENDED = Definition(
    "ended",
    "Slut",
    "Indsatser, der sluttede i halvåret, dog senest opgørelsesdagen, efter det resultat, medarbejderen skrev. "
    "Resultatet er en faglig vurdering og siger ikke, at indsatsen er årsagen.",
)
DEFINITIONS = (AGREED, UNDER_WAY, ENDED)


@dataclass(frozen=True)
class UseAndOutcome:
    """One kind of measure. results: how many ended with each."""

    label: str
    agreed: int
    under_way: int
    results: dict[MeasureResult, int]

    @property
    def ended(self) -> int:
        """How many ended, with whatever result."""
        return sum(self.results.values())


def use_and_outcome(connection: Connection, period: Period, as_of: date) -> list[UseAndOutcome]:
    """The kinds of measure that were used in the half-year, by name; counted on the statistics role's connection.

    Raises DomainError when as_of lies before the half-year.
    """
    if as_of < period.first_day:
        raise DomainError("Opgørelsesdagen ligger før halvåret begynder.", "as_of")
    last = min(period.last_day, as_of)
    agreed = measures.from_day.between(period.first_day, last)
    under_way = and_(measures.from_day <= last, or_(measures.ended_on.is_(None), measures.ended_on > last))
    ended = measures.ended_on.between(period.first_day, last)
    counted = (
        select(
            kinds.label,
            func.count().filter(agreed).label("agreed"),
            func.count().filter(under_way).label("under_way"),
            *(
                func.count().filter(and_(ended, measures.result == result)).label(result.name)
                for result in MeasureResult
            ),
        )
        .join_from(Measure.__table__, CatalogueMeasure.__table__, kinds.id == measures.catalogue_id)
        .where(or_(agreed, under_way, ended))
        .group_by(kinds.label)
    )
    found = [
        UseAndOutcome(
            row.label, row.agreed, row.under_way, {result: getattr(row, result.name) for result in MeasureResult}
        )
        for row in connection.execute(counted)
    ]
    return sorted(found, key=lambda each: danish.sort_key(each.label))
