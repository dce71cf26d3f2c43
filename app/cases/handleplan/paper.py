"""A plan on paper: the citizen's own copy, and the part of the case that is filed."""

from datetime import date

from app.cases.handleplan import queries
from app.cases.handleplan.codes import TERMS, GoalState, MeasureState
from app.cases.handleplan.models import Handleplan, Measure
from app.cases.models import Case
from app.core.danish import format_date, format_instant, format_long
from app.documents.document import Block, Document, Facts, Paragraph, Section, Table

HOW_FAR = {
    GoalState.OPEN: "Det arbejder vi på.",
    GoalState.REACHED: "Det er nået.",
    GoalState.PARTLY: "Det er nået et stykke af vejen.",
    GoalState.GIVEN_UP: "Det arbejder vi ikke på længere.",
}
IN_PLAIN_WORDS = {
    MeasureState.PLANNED: "Begynder",
    MeasureState.RUNNING: "I gang fra",
    MeasureState.ENDED: "Slut",
    MeasureState.BROKEN_OFF: "Stoppet",
}


def citizens_copy(plan: Handleplan, today: date) -> Document:
    """The plan as the citizen gets it: what was agreed, by whom and when; no notes, no results, no assessment."""
    case = plan.case
    return Document(
        "Din handleplan",
        [case.citizen.name, f"Sag {case.number} · skrevet ud {format_long(today)}"],
        [
            Section("Hvad planen skal hjælpe med", _about(plan)),
            Section("Det vil vi nå", _goals(plan)),
            Section("Det har vi aftalt", _agreed(plan)),
            Section("Vi taler om planen igen", _days(plan)),
            Section("Har du spørgsmål?", [Paragraph(_contact(case))]),
        ],
        footer=f"Handleplan · sag {case.number}",
    )


def _about(plan: Handleplan) -> list[Block]:
    about: list[Block] = [Paragraph(plan.aim or "")]
    if plan.own_words:
        about.append(Facts([("Dine egne ord", plan.own_words)]))
    return about


def _goals(plan: Handleplan) -> list[Block]:
    if not plan.goals:
        return [Paragraph("Vi har ikke sat mål endnu.")]
    rows = [(goal.text, HOW_FAR[goal.state]) for goal in plan.goals]
    return [Table("Vores mål, og hvor langt vi er", ["Mål", "Hvor langt er vi?"], rows)]


def _agreed(plan: Handleplan) -> list[Block]:
    if not plan.measures:
        return [Paragraph("Vi har ikke aftalt noget endnu.")]
    rows = [
        (measure.catalogue.label, measure.text or "", measure.responsible, _when(measure)) for measure in plan.measures
    ]
    return [
        Table(
            "Hvad der sker, hvem der gør det, og hvornår",
            ["Hvad", "Hvad går det ud på?", "Hvem gør det?", "Hvornår?"],
            rows,
        )
    ]


def _when(measure: Measure) -> str:
    word = IN_PLAIN_WORDS[measure.state]
    if measure.ended_on is not None:
        return f"{word} {format_date(measure.ended_on)}"
    until = f" til {format_date(measure.to_day)}" if measure.to_day else ""
    return f"{word} {format_date(measure.from_day)}{until}"


def _days(plan: Handleplan) -> list[Block]:
    days = [format_long(follow_up.on_day) for follow_up in plan.follow_ups if follow_up.is_open]
    return [Paragraph("\n".join(days) or "Vi aftaler en dag sammen.")]


def _contact(case: Case) -> str:
    whom = f"{case.owner.name}, {case.unit.name}" if case.owner is not None else case.unit.name
    return f"Spørg {whom}. Sig også til, hvis noget i planen ikke passer."


def filed(case: Case, _: date) -> list[Section]:
    """All plans of the case in full, for filing."""
    return [section for plan in queries.plans_of(case.id) for section in _whole(plan)]


def _whole(plan: Handleplan) -> list[Section]:
    title = f"{plan.kind.label} fra {format_date(plan.started_on)}"
    facts = [
        ("Begyndt", f"{format_instant(plan.started_at)} af {plan.started_by.name}"),
        ("Afsluttet", format_date(plan.closed_on) if plan.closed_on else "I gang"),
    ]
    if plan.is_acute:
        return [Section(title, [Facts(facts), _lines(plan), *_closing(plan)])]
    facts += [("Formål", plan.aim or ""), ("Borgerens egne ord", plan.own_words or "")]
    return [
        Section(
            title,
            [Facts(facts), *_goals_filed(plan), *_measures_filed(plan), *_follow_ups_filed(plan), *_closing(plan)],
        )
    ]


def _closing(plan: Handleplan) -> list[Block]:
    return [Facts([("Hvordan det gik", plan.closing)])] if plan.closing else []


def _lines(plan: Handleplan) -> Table:
    rows = [
        (
            TERMS[line.hours],
            line.what,
            line.responsible,
            f"{line.outcome.label} {format_instant(line.ended_at)}"
            if line.outcome and line.ended_at
            else "Ikke udført",
        )
        for line in plan.lines
    ]
    return Table("Hvem gør hvad", ["Frist", "Hvad", "Hvem", "Udført"], rows)


def _goals_filed(plan: Handleplan) -> list[Block]:
    rows = [(goal.text, goal.state.label) for goal in plan.goals]
    return [Table("Mål", ["Mål", "Tilstand"], rows)] if rows else []


def _measures_filed(plan: Handleplan) -> list[Block]:
    blocks: list[Block] = []
    for measure in plan.measures:
        facts = [
            ("Indsats", f"{measure.catalogue.label} ({measure.state.label.lower()})"),
            ("Ansvarlig", measure.responsible),
            ("Hvornår", _when(measure)),
            ("Hvad den går ud på", measure.text or ""),
            ("Intern bemærkning", measure.note or ""),
        ]
        if measure.result is not None:
            facts += [("Resultat", measure.result.label), ("Bemærkning til resultatet", measure.result_note or "")]
        blocks.append(Facts(facts))
    return blocks


def _follow_ups_filed(plan: Handleplan) -> list[Block]:
    rows = []
    for follow_up in plan.follow_ups:
        held = f"Holdt {format_date(follow_up.held_on)}" if follow_up.held_on else ""
        cancelled = f"Aflyst {format_date(follow_up.cancelled_on)}" if follow_up.cancelled_on else ""
        rows.append((format_date(follow_up.on_day), held or cancelled or "Ikke holdt endnu", follow_up.text or ""))
    return [Table("Opfølgninger", ["Aftalt til", "Holdt", "Hvad blev sagt"], rows)] if rows else []
