"""The half-year's figures, put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from app.core.errors import DomainError
from app.statistics import queries
from app.statistics.custody import CustodyFigures, custody_figures
from app.statistics.periods import Period


@dataclass(frozen=True)
class Figures:
    """The figures of a half-year as of a day. Counts by niveau hold every configured niveau, zero or not."""

    period: Period
    as_of: date
    cases_opened_year: Mapping[int, int]
    cases_opened_half_year: Mapping[int, int]
    cases_active: Mapping[int, int]
    netvaerkssamraad: queries.SummonsFigures
    custody: CustodyFigures
    niveauer: Mapping[int, str] = field(default_factory=dict)


def half_year_figures(connection: Connection, period: Period, as_of: date) -> Figures:
    """Count the figures of a half-year.

    connection: the statistics role's. as_of: opgørelsesdagen; what happened later is not known on it. It may lie after
    the period, when a clock of the period may have stopped since.
    Raises DomainError when as_of lies before the period.
    """
    if as_of < period.first_day:
        raise DomainError("Opgørelsesdagen ligger før halvåret begynder.", field="as_of")
    last = min(period.last_day, as_of)
    niveauer = queries.niveau_names(connection)
    return Figures(
        period=period,
        as_of=as_of,
        cases_opened_year=_by_niveau(queries.cases_opened(connection, period.first_day_of_year, last), niveauer),
        cases_opened_half_year=_by_niveau(queries.cases_opened(connection, period.first_day, last), niveauer),
        cases_active=_by_niveau(queries.cases_active(connection, last), niveauer),
        netvaerkssamraad=queries.summons_figures(connection, period.first_day, last, as_of),
        custody=custody_figures(
            connection, year=period.first_day_of_year, first=period.first_day, last=last, as_of=as_of
        ),
        niveauer=niveauer,
    )


def _by_niveau(counts: Mapping[int, int], niveauer: Mapping[int, str]) -> dict[int, int]:
    return {niveau: counts.get(niveau, 0) for niveau in sorted({*niveauer, *counts})}
