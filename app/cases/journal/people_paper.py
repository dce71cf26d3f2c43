"""What is put on paper of those about the case: how the citizen is reached, who sees it, and who has had it."""

from datetime import date
from typing import Final

from app.cases import handovers, queries
from app.cases.models import Case
from app.cases.queries import Member
from app.core.danish import format_date, format_instant
from app.documents.document import Block, Paragraph, Section, Table
from app.people.models import AddressProtection, ContactPoint
from app.people.queries import contact_points

UNTIL_FURTHER: Final = "Indtil videre"
PROTECTED: Final = "Adressen er beskyttet. Sig den ikke videre, heller ikke til forældre eller skole."
UNCLEAR: Final = "Det er ikke afklaret, om adressen er beskyttet. Behandl den, som om den er."


def contacts(case: Case, _: date) -> list[Section]:
    """The citizen's phones, addresses and mail addresses, present and former, with the warning where it is due."""
    points = contact_points(case.citizen_id)
    if not points:
        return []
    columns = ("Hvad", "Hvor", "Bemærkning", "Fra og med", "Til og med")
    table = Table("Kontaktoplysninger", columns, [_contact(point) for point in points])
    return [Section("Kontaktoplysninger", [*_warning(case.citizen.address_protection), table])]


def _warning(protection: AddressProtection) -> list[Block]:
    if not protection.counts_as_protected:
        return []
    return [Paragraph(PROTECTED if protection is AddressProtection.YES else UNCLEAR)]


def _contact(point: ContactPoint) -> tuple[str, ...]:
    to_day = format_date(point.to_day) if point.to_day else UNTIL_FURTHER
    return (point.kind.label, point.value, point.note or "", _from(point.from_day), to_day)


def _from(day: date | None) -> str:
    return format_date(day) if day else ""


def who_sees(case: Case, _: date) -> list[Section]:
    """Everybody who sees, saw or will see the case by name, and each change of who answers for it."""
    members = queries.members(case.id)
    columns = ("Medarbejder", "Som", "Fra og med", "Til og med")
    access = [Table("Adgang ved navn", columns, [_member(member) for member in members])] if members else []
    unit = case.unit.name
    rule = (
        f"Sagen er begrænset: den ses af lederen af {unit} og dem, der er nævnt ved navn."
        if case.restricted
        else f"Sagen ses af lederen og koordinatorerne i {unit} og dem, der er nævnt ved navn."
    )
    return [Section("Adgang til sagen", [Paragraph(rule), *access]), *_handovers(case.id)]


def _member(member: Member) -> tuple[str, ...]:
    to_day = format_date(member.to_day) if member.to_day else UNTIL_FURTHER
    return (member.name, member.kind.label, format_date(member.from_day), to_day)


def _handovers(case_id: int) -> list[Section]:
    rows = [
        (format_instant(line.at), line.giver or "Ingen", line.taker or "Ingen", line.note or "", line.who)
        for line in reversed(handovers.handovers_of(case_id))
    ]
    if not rows:
        return []
    columns = ("Hvornår", "Fra", "Til", "Besked", "Af")
    return [Section("Overdragelser", [Table("Overdragelser", columns, rows)])]
