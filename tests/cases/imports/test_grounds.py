"""Why a case that is imported is suitable for prevention, and why the unit may know of it."""

from datetime import date
from typing import Any

import pytest

from app.access.models import User
from app.cases.codes import Consent, LegalBasis
from app.cases.imports import files, queries
from app.cases.imports.models import ImportMode
from tests.cases.imports.keeping import kept, new_cases, reasons, run
from tests.cases.imports.spreadsheets import a_row

pytestmark = pytest.mark.usefixtures("db_session")


def test_a_file_with_the_column_says_of_each_row_why_it_is_suitable(by: User) -> None:
    why = "Hvorfor forebyggelsesegnet"

    job = kept(by, a_row(1, **{why: "Vil gerne i klub"}), a_row(2, **{why: " "}), a_row(3, **{why: None}, Niveau="8"))

    told = reasons(job)
    assert told[3] == [f"»{why}« mangler."]
    assert [len(told[4]), told[4][1]] == [2, f"»{why}« mangler."]
    assert run(job, by, ImportMode.GOOD) == 1
    assert reasons(kept(by, a_row(4))) == {}


@pytest.mark.parametrize(
    ("cells", "stored"),
    [
        ({}, (None, None, None)),
        ({"Retligt grundlag": "SSP"}, (LegalBasis.SSP, None, None)),
        (
            {"Retligt grundlag": "Samtykke", "Samtykke": "Ja", "Dato for samtykke": "1/3 2025"},
            (LegalBasis.CONSENT, Consent.GIVEN, date(2025, 3, 1)),
        ),
        ({"Samtykke": "Nej, samtykke er afslået", "Oprettet": "2-3-2025"}, (None, Consent.REFUSED, date(2025, 3, 2))),
        ({"Samtykke": "Ikke spurgt endnu", "Dato for samtykke": "1/3 2025"}, (None, Consent.NOT_ASKED, None)),
    ],
)
def test_legal_basis_and_consent_come_along(by: User, cells: dict[str, str], stored: tuple[Any, ...]) -> None:
    run(kept(by, a_row(**cells)), by)
    [case] = new_cases()
    assert (case.legal_basis, case.consent, case.consent_on) == stored


def test_every_legal_basis_and_consent_that_the_template_shows_is_read(by: User) -> None:
    rows = [{"Retligt grundlag": each.label} for each in LegalBasis] + [{"Samtykke": each.label} for each in Consent]
    assert reasons(kept(by, *(a_row(number, **row) for number, row in enumerate(rows)))) == {}
    told = reasons(kept(by, a_row(20, **{"Retligt grundlag": "Mavefornemmelse", "Dato for samtykke": "1-1-2040"})))
    assert [reason.partition("«")[0] for reason in told[2]] == ["»Retligt grundlag", "»Dato for samtykke"]


@pytest.mark.parametrize("known", [{}, {"Hvorfor forebyggelsesegnet": "Vil gerne i klub"}])
def test_failed_rows_go_back_with_the_column_only_if_they_came_with_it(by: User, known: dict[str, str]) -> None:
    failed = queries.failed_rows(kept(by, a_row(1, Niveau="8", **known)))
    headings = files.failed_as_csv(failed).decode("utf-8-sig").splitlines()[0].split(";")
    assert ("Hvorfor forebyggelsesegnet" in headings) == bool(known)
    assert "Retligt grundlag" in headings
