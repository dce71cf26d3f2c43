"""What is put on paper of a case's netværkssamråd."""

from collections.abc import Sequence
from datetime import date

from flask import Flask

from app.cases import filing
from app.cases.filing import Part
from app.cases.models import Case
from app.core.danish import format_date, format_instant
from app.documents.document import Block, Facts, Section, Table
from app.netvaerkssamraad.models import SUBJECT, Netvaerkssamraad, Party, PartyRole
from app.netvaerkssamraad.queries import samraad_of_case


def register(app: Flask) -> None:
    """Give the part to whatever puts a case on paper."""
    filing.register(app, Part(SUBJECT, "Netværkssamråd", sections, 50))


def sections(case: Case, _: date) -> list[Section]:
    """One section for each documentation from the police, the oldest first."""
    return [
        Section(f"Netværkssamråd: dokumentation {format_date(samraad.received_on)}", _blocks(samraad, case))
        for samraad in reversed(samraad_of_case(case.id))
    ]


def _blocks(samraad: Netvaerkssamraad, case: Case) -> list[Block]:
    rows = [
        ("Dokumentation", samraad.documentation_label),
        ("Modtaget", f"{format_instant(samraad.received_at)} fra {samraad.received_from}"),
        ("Hvorfor alvorlig kriminalitet", samraad.why_serious),
        ("Den unges alder ved modtagelsen", f"{samraad.age} år"),
        ("Registreret", f"{format_instant(samraad.registered_at)} af {samraad.registered_by.name}"),
        ("Indkaldt", _summons(samraad)),
        ("Ingen forældremyndighedsindehaver indkaldt", samraad.no_custody_holder),
        ("Status", samraad.stage.label),
        ("Mødet holdt", format_date(samraad.held_on) if samraad.held_on else None),
        ("Grund", samraad.exemption.label if samraad.exemption else None),
        ("Begrundelse", samraad.reason),
        ("Fortrudt", samraad.undone),
    ]
    blocks: list[Block] = [Facts([(term, value) for term, value in rows if value])]
    if samraad.parties:
        blocks.append(_parties(samraad.parties, case))
    return blocks


def _summons(samraad: Netvaerkssamraad) -> str:
    if samraad.summoned_at is None or samraad.means is None:
        return "Ikke indkaldt"
    return f"{format_instant(samraad.summoned_at)}, {samraad.means.label}"


def _parties(parties: Sequence[Party], case: Case) -> Table:
    rows = [
        (
            # The young person's name is the citizen's, wherever it is corrected.
            case.citizen.name if party.role is PartyRole.YOUNG_PERSON else party.name,
            party.role.label,
            party.organisation or "",
            party.contact or "",
            "Ja" if party.summoned else "Nej",
        )
        for party in parties
    ]
    return Table("Parter", ("Navn", "Rolle", "Tilknytning", "Kontakt", "Indkaldt"), rows)
