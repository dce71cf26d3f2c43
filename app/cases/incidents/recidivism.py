"""Recidivism, worked out from dated events each time it is asked for: nobody types it, and nothing of it is stored.

There is no one official definition (Danmarks Statistik follows up for two years; Kriminalforsorgen counts new crime
within two years that leads to a sentence), so each figure is shown with the definition that it was worked out by.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from app.cases.incidents.models import SERVING, IncidentKind, Recidivism, Verdict
from app.core.danish import format_date
from app.core.labelled import Labelled
from app.deadlines.arithmetic import add_months

WINDOWS: Final = (6, 12, 24)
CASE_START: Final = "sag"
BEGINS: Final = frozenset({IncidentKind.SENTENCE, IncidentKind.RELEASE})
"""What can be an index, beside the start of the case."""

DEFINITIONS: Final = {
    Recidivism.CHARGE: (
        "En ny sigtelse eller tiltale for en handling, der er begået efter indeksdagen og inden for vinduet. Er "
        "gerningsdagen ikke kendt, tælles dagen for sigtelsen. Mistanke tæller ikke, og det, der er frafaldet, "
        "tæller ikke."
    ),
    Recidivism.SENTENCE: (
        "En ny dom for en handling, der er begået efter indeksdagen og inden for vinduet, også når dommen falder "
        "senere. Er gerningsdagen ikke kendt, tælles domsdagen. En ophævet dom tæller ikke."
    ),
    Recidivism.IMPRISONMENT: (
        "En indsættelse til afsoning efter indeksdagen og inden for vinduet, for en handling begået efter indeksdagen. "
        "Er gerningsdagen ikke kendt, tæller kun det, der er registreret som ny indsættelse. Varetægt tæller ikke."
    ),
}
COMMON_DEFINITION: Final = (
    "Indeksdagen tælles ikke med. Vinduets sidste dag er samme dato 6, 12 eller 24 måneder senere, eller månedens "
    "sidste, hvis datoen ikke findes. Det, der er annulleret eller sat til side, tæller ikke. En bekræftelse gælder "
    "også fra tidligere indeksdage, og det, der er sat til side, er det også fra senere. Vælges ingen dag, regnes fra "
    "den seneste dom eller løsladelse, som der er recidiv efter, og ellers fra den seneste, eller fra sagens start."
)


@dataclass(frozen=True)
class Fact:
    """An event, as far as recidivism needs to know it; those registered by mistake are none."""

    id: int
    kind: IncidentKind
    happened_on: date
    act_on: date | None
    known_on: date
    about_id: int | None


@dataclass(frozen=True)
class Judgement:
    """What was last said of an event against an index day."""

    incident_id: int
    index_on: date
    verdict: Verdict


@dataclass(frozen=True)
class IndexDay:
    """The day that windows are counted from. key: the event's id as text, or CASE_START."""

    key: str
    name: str
    on: date

    @property
    def label(self) -> str:
        """As the choice and the heading write it."""
        return f"{self.name} {format_date(self.on)}"


class Said(Protocol):
    """Something that was said against an index day."""

    @property
    def index_on(self) -> Any: ...  # noqa: D102 - a column, or a field of a frozen value
    @property
    def verdict(self) -> Any: ...  # noqa: D102


def holds(said: Said, index_on: date) -> bool:
    """Whether what was said against one index day is said of another too.

    What was done after a day was done after all earlier ones; what was done before it, before all later ones.
    """
    if said.verdict is Verdict.CONFIRMED:
        return bool(index_on <= said.index_on)
    return bool(index_on >= said.index_on)


class Answer(Labelled):
    """What a window says. Not over: no recidivism so far."""

    YES = "ja", "Ja"
    NO = "nej", "Nej"
    RUNNING = "loeber", "Nej, løber endnu"


@dataclass(frozen=True)
class Window:
    """So many months from the index day. until: its last day."""

    months: int
    until: date
    answer: Answer


@dataclass(frozen=True)
class Counted:
    """An event that counts, on which day, and what a person said of it."""

    fact: Fact
    on: date
    verdict: Verdict | None


@dataclass(frozen=True)
class Finding:
    """One kind of recidivism against one index day. counted: what counts, the earliest first; set_aside: what not."""

    kind: Recidivism
    index: IndexDay
    counted: Sequence[Counted]
    set_aside: Sequence[Counted]
    windows: Sequence[Window]

    @property
    def is_recidivism(self) -> bool:
        """Whether anything counts."""
        return bool(self.counted)

    @property
    def shortest(self) -> int | None:
        """The shortest window that it falls within, in months."""
        return next((window.months for window in self.windows if window.answer is Answer.YES), None)

    @property
    def is_confirmed(self) -> bool:
        """Whether a person has confirmed any of what counts."""
        return any(each.verdict is Verdict.CONFIRMED for each in self.counted)


def kind_counted(kind: IncidentKind) -> Recidivism | None:
    """Which kind of recidivism an event of the kind can be; None for those that never count."""
    if kind in {IncidentKind.CHARGE, IncidentKind.INDICTMENT}:
        return Recidivism.CHARGE
    if kind is IncidentKind.SENTENCE:
        return Recidivism.SENTENCE
    return Recidivism.IMPRISONMENT if kind in SERVING else None


def counted_on(fact: Fact, index_on: date) -> date | None:
    """The day on which the event counts against an index day; None when it does not come after it.

    A charge or sentence counts on the day of the act, because what is done before the index day is no relapse however
    late it comes up. An imprisonment counts on its own day.
    """
    if fact.act_on is not None and fact.act_on <= index_on:
        return None
    if fact.kind in SERVING:
        if fact.act_on is None and fact.kind is not IncidentKind.REIMPRISONMENT:
            return None
        day = fact.happened_on
    else:
        day = fact.act_on or fact.happened_on
    return day if day > index_on else None


def standing(facts: Iterable[Fact], today: date) -> list[Fact]:
    """The events that were known on the day and not withdrawn as far as was known then, without the withdrawals."""
    known = [fact for fact in facts if fact.known_on <= today]
    withdrawn = {fact.about_id for fact in known if fact.kind is IncidentKind.WITHDRAWAL}
    return [fact for fact in known if fact.id not in withdrawn and fact.kind is not IncidentKind.WITHDRAWAL]


def index_days(started_on: date, facts: Iterable[Fact], today: date) -> list[IndexDay]:
    """The days that windows can be counted from, the newest first: sentences, releases, and the start of the case."""
    days = [
        IndexDay(str(fact.id), fact.kind.label, fact.happened_on)
        for fact in standing(facts, today)
        if fact.kind in BEGINS
    ]
    return sorted(
        [IndexDay(CASE_START, "Sagens start", started_on), *days], key=lambda day: (day.on, day.key), reverse=True
    )


def findings(index: IndexDay, facts: Iterable[Fact], judgements: Iterable[Judgement], today: date) -> list[Finding]:
    """The three kinds of recidivism against the index day, as was known at the end of the day."""
    last = add_months(index.on, WINDOWS[-1])
    said = {each.incident_id: each.verdict for each in judgements if holds(each, index.on)}
    found: dict[Recidivism, list[Counted]] = {kind: [] for kind in Recidivism}
    for fact in standing(facts, today):
        kind, day = kind_counted(fact.kind), counted_on(fact, index.on)
        if kind is not None and day is not None and day <= last:
            found[kind].append(Counted(fact, day, said.get(fact.id)))
    return [
        _finding(kind, index, sorted(each, key=lambda one: (one.on, one.fact.id)), today)
        for kind, each in found.items()
    ]


def _finding(kind: Recidivism, index: IndexDay, found: list[Counted], today: date) -> Finding:
    counted = [each for each in found if each.verdict is not Verdict.SET_ASIDE]
    set_aside = [each for each in found if each.verdict is Verdict.SET_ASIDE]
    return Finding(kind, index, counted, set_aside, [_window(index, months, counted, today) for months in WINDOWS])


def _window(index: IndexDay, months: int, counted: list[Counted], today: date) -> Window:
    until = add_months(index.on, months)
    if any(each.on <= until for each in counted):
        answer = Answer.YES
    else:
        answer = Answer.RUNNING if today <= until else Answer.NO
    return Window(months, until, answer)


def chosen_index(started_on: date, facts: Sequence[Fact], judgements: Sequence[Judgement], today: date) -> IndexDay:
    """The day that is looked from when nobody chooses another.

    The newest sentence or release that recidivism is found after, as long as its longest window runs: the sentence for
    a relapse does not make the relapse unsaid. Else the start of the case if it is found after that, else the newest
    sentence or release, else the start of the case.
    """
    days = index_days(started_on, facts, today)
    in_turn = sorted(days, key=lambda day: day.key == CASE_START)
    for day in in_turn:
        runs = add_months(day.on, WINDOWS[-1]) >= today
        if runs and any(finding.is_recidivism for finding in findings(day, facts, judgements, today)):
            return day
    return in_turn[0]
