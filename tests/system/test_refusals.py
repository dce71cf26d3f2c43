"""What people see when something is wrong: every form sent as good as empty, and the pages that are not to be had."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.netvaerkssamraad.models import Netvaerkssamraad
from tests.system.conftest import Visit
from tests.system.installation import Installation
from tests.system.pages import ERROR_SUMMARY, CaseList, SignIn, Somewhere
from tests.system.pictures import take_pictures

pytestmark = pytest.mark.browser

FORMS = {
    "koordinator": (
        "/sager/ny",
        "{case}/rediger",
        "{case}/borger",
        "{case}/adgang/ny",
        "{case}/netvaerkssamraad/ny",
        "{samraad}/indkaldelse",
        "{samraad}/undtag",
        "{samraad}/parter/ny",
        "/min-side/adgangskode",
        "/min-side/fravaer",
    ),
    "administrator": (
        "/administration/brugere/ny",
        "/administration/enheder",
        "/administration/bydele",
        "/administration/skoler",
    ),
}


@pytest.mark.parametrize("login", FORMS)
def test_forms_sent_empty(demo_unit: Installation, visit: Visit, login: str) -> None:
    case, samraad = a_running_clock(demo_unit)
    visitor = visit()
    SignIn(visitor).given_signed_in(login, demo_unit.password)

    for path in FORMS[login]:
        visitor.goes_to(path.format(case=case, samraad=samraad))
        for control in (
            visitor.page.locator("main form.form").locator("input.form-input:visible, textarea:visible").all()
        ):
            control.fill("")
        visitor.clicks(visitor.page.locator("main .form-actions .button-primary"), status=422)
        summary = visitor.page.locator(ERROR_SUMMARY)
        expect(summary).to_be_focused()
        expect(summary).to_contain_text("intet er gemt")
        take_pictures(visitor, "afvist")


def a_running_clock(place: Installation) -> tuple[str, str]:
    """The addresses of a case and of its netværkssamråd that waits for the summons."""
    with Session(place.owner) as session:
        waiting = select(Netvaerkssamraad).join(Case).where(Case.closed_on.is_(None), Case.owner_id.is_not(None))
        found = next(each for each in session.scalars(waiting) if each.is_open and each.summoned_at is None)
        return f"/sager/{found.case_id}", f"/sager/{found.case_id}/netvaerkssamraad/{found.id}"


def test_pages_that_are_not_to_be_had(demo_unit: Installation, visit: Visit) -> None:
    coordinator = visit()
    SignIn(coordinator).given_signed_in("koordinator", demo_unit.password, towards="/sager")

    coordinator.goes_to("/administration", status=403)
    Somewhere(coordinator).then_it_says("Det har du ikke adgang til")
    coordinator.goes_to("/findes-ikke", status=404)
    coordinator.goes_to("/sager")
    CaseList(coordinator).when_searching("Ingenhedersådan").then_it_says("Ingen sager passer")


def test_link_to_choose_a_password_that_is_no_more(visit: Visit) -> None:
    somebody = visit()
    somebody.goes_to("/glemt-adgangskode")
    Somewhere(somebody).field("Mailadresse").fill("leder@demo.example")
    somebody.clicks(somebody.page.locator("main .form-actions .button-primary"))
    somebody.goes_to(f"/adgangskode/{'A' * 43}", status=404)
