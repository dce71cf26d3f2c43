"""What is put on paper of the case itself: whom it is about, how it began, what was decided, and its levels."""

from datetime import date

from app.cases import decisions, niveauer, themes
from app.cases.levels.models import LevelChange
from app.cases.levels.queries import changes_of
from app.cases.models import Case, CaseDecision
from app.core.danish import and_list, format_date
from app.documents.document import Block, Facts, Paragraph, Section, Table
from app.people.words import number_and_age

Rows = list[tuple[str, str]]


def identity(case: Case, today: date) -> list[Section]:
    """Whom the case is about, and why there is one."""
    return [
        Section("Borger", [Facts(_citizen(case, today))]),
        Section("Sag", [Facts(_case(case)), Paragraph("Bekymring", muted=True), Paragraph(case.concern)]),
    ]


def _citizen(case: Case, today: date) -> Rows:
    citizen = case.citizen
    return [
        ("Navn", citizen.name),
        ("CPR-nummer", number_and_age(citizen, today)),
        ("Født", format_date(citizen.birth_date)),
        ("Køn", citizen.sex.label),
        ("Bydel", citizen.bydel.name if citizen.bydel else ""),
        ("Skole", citizen.school.name if citizen.school else ""),
        ("Navne- og adressebeskyttelse", citizen.address_protection.label),
    ]


def _case(case: Case) -> Rows:
    consent_on = f", {format_date(case.consent_on)}" if case.consent_on else ""
    return [
        ("Sagsnummer", case.number),
        ("Enhed", case.unit.name),
        ("Status", case.status.label),
        ("Niveau", niveauer.label(case.niveau) if case.accepted_on else "Vælges ved visitation"),
        ("Modtaget", format_date(case.received_on)),
        ("Aktiv fra", _day(case.accepted_on)),
        ("Afsluttet", _day(case.closed_on)),
        ("Ansvarlig", case.owner.name if case.owner else "Ingen"),
        ("Henvendelse fra", case.referrer.label),
        ("Kontakt hos henvender", case.contact or ""),
        ("Temaer", and_list(theme.label for theme in themes.of_case(case.id))),
        ("Retligt grundlag", case.legal_basis.label if case.legal_basis else ""),
        ("Samtykke", case.consent.label + consent_on if case.consent else ""),
    ]


def decided(case: Case, _: date) -> list[Section]:
    """What was decided about the case as a whole, and each change of its level, the oldest first."""
    made = [_decision(decision) for decision in reversed(decisions.of_case(case.id))]
    changes = list(reversed(changes_of(case.id)))
    return [*made, *([_levels(changes)] if changes else [])]


def _decision(decision: CaseDecision) -> Section:
    facts = [
        ("Besluttet af", f"{decision.by.name}, {format_date(decision.on_day)}"),
        ("Resultat", decision.result.label if decision.result else None),
        ("Har fået besked", decision.told),
    ]
    blocks: list[Block] = [Facts([(term, value) for term, value in facts if value])]
    if decision.reasons:
        blocks.append(Paragraph(decision.reasons))
    if decision.risk_view:
        blocks += [Paragraph("Seneste syn på risikoen", muted=True), Paragraph(decision.risk_view)]
    return Section(f"Afgørelse: {decision.kind.label}", blocks)


def _levels(changes: list[LevelChange]) -> Section:
    rows = [
        (
            format_date(change.on_day),
            f"Fra {change.from_niveau} til {change.to_niveau}",
            change.reasons,
            change.by.name,
        )
        for change in changes
    ]
    return Section("Skift af niveau", [Table("Skift af niveau", ("Dag", "Niveau", "Hvorfor", "Besluttet af"), rows)])


def _day(day: date | None) -> str:
    return format_date(day) if day else ""
