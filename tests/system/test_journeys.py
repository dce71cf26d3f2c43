"""People at work who are not the coordinator at the desk, and a check of the checks."""

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import User
from app.cases.models import Case, CaseAccess
from tests.system.chromium import DESKTOP, PHONE, Visitor
from tests.system.conftest import Visit
from tests.system.installation import Installation
from tests.system.pages import ERROR_SUMMARY, CaseList, Keyboard, NewCase, SignIn, Somewhere

pytestmark = pytest.mark.browser

NO_NUMBER = "Skriv borgerens CPR-nummer, eller fødselsdatoen, hvis nummeret ikke kendes."
WRONG_PASSWORD = "Mailadressen og adgangskoden passer ikke sammen. Prøv igen."


def test_mentor_on_the_phone(demo_unit: Installation, visit: Visit) -> None:
    own, others = cases_of_mentor(demo_unit)
    mentor = visit(PHONE)

    SignIn(mentor).given_signed_in("mentor", demo_unit.password).then_it_says("Min dag").then_it_does_not_say(*others)
    listed = CaseList(mentor).when_going_to("Sager")
    assert set(listed.numbers()) == set(own)
    listed.when_opening(min(own)).then_it_says(min(own)).then_it_does_not_say("Historik", "Ret sag")
    mentor.goes_to(f"/sager/{next(iter(others.values()))}", status=404)
    Somewhere(mentor).then_it_says("Siden findes ikke")


def cases_of_mentor(place: Installation) -> tuple[dict[str, int], dict[str, int]]:
    """Number and id of the active cases with the mentor, and of all others."""
    with Session(place.owner) as session:
        mine = set(session.scalars(select(CaseAccess.case_id).join(User).where(User.email == "mentor@demo.example")))
        cases = session.execute(select(Case.number, Case.id).where(Case.closed_on.is_(None))).all()
    own, others = (dict(case for case in cases if (case.id in mine) is being_his) for being_his in (True, False))
    return own, others


def test_coordinator_with_the_keyboard_alone(demo_unit: Installation, visit: Visit) -> None:
    coordinator = visit()
    SignIn(coordinator).given_signed_in("koordinator", demo_unit.password)
    keyboard = Keyboard(coordinator)

    keyboard.when_tabbing_to("Gå til sidens indhold", most=1).when_pressing("Enter")
    expect(coordinator.page.locator("main")).to_be_focused()
    coordinator.goes_to("/")
    keyboard.when_tabbing_to("Sager").when_pressing_enter()
    keyboard.when_tabbing_to("Opret sag").when_pressing_enter()

    keyboard.when_tabbing_to("Opret sag").when_pressing_enter(status=422)
    expect(coordinator.page.locator(ERROR_SUMMARY)).to_be_focused()
    keyboard.when_tabbing_to(NO_NUMBER, most=1).when_pressing("Enter")
    expect(NewCase(coordinator).field("CPR-nummer")).to_be_focused()

    keyboard.when_typing("650312-5704").when_tabbing_to("Navn").when_typing("Rigmor Højgaard")
    keyboard.when_tabbing_to("Ja").when_pressing("Space")
    keyboard.when_tabbing_to("Hvem henvender sig?").when_typing("Politi")
    keyboard.when_tabbing_to("Hvad er bekymringen?").when_typing("Er holdt op med at komme i skole.")
    keyboard.when_tabbing_to("Hvorfor er sagen forebyggelsesegnet?").when_typing("Vil gerne i skole igen.")
    keyboard.when_tabbing_to("Niveau 1 · risikoadfærd").when_pressing("ArrowDown")
    keyboard.when_tabbing_to("Opret sag").when_pressing_enter()
    NewCase(coordinator).then_it_says("Rigmor Højgaard", "Niveau 2", "Politi")


def test_filters_are_folded_on_the_phone_alone(demo_unit: Installation, visit: Visit) -> None:
    coordinator = visit()
    SignIn(coordinator).given_signed_in("koordinator", demo_unit.password, towards="/sager")
    niveau = CaseList(coordinator).field("Niveau")

    niveau.select_option("2")
    coordinator.presses("Vis")
    assert niveau.input_value() == "2"
    coordinator.resizes(390, 844)
    expect(niveau).to_be_visible()
    coordinator.goes_to("/sager")
    expect(niveau).to_be_hidden()
    coordinator.page.get_by_text("Filtre", exact=True).click()
    expect(niveau).to_be_visible()


def test_wrong_password_says_so(visit: Visit) -> None:
    somebody = visit()
    somebody.goes_to("/log-ind")

    SignIn(somebody).when_signing_in("leder", "ikke den rigtige sætning", status=422).then_errors_are_listed(
        WRONG_PASSWORD
    )


def test_what_is_wrong_with_a_page_is_noticed(demo_unit: Installation, chromium: Browser) -> None:
    visitor = Visitor(chromium, demo_unit.config.base_url, DESKTOP)
    visitor.goes_to("/log-ind")
    visitor.page.evaluate(BAD_PAGE)
    found = visitor.violations()
    visitor.page.route("https://elsewhere.example/**", lambda route: route.fulfill(body="Hej"))
    visitor.page.goto("https://elsewhere.example/page")

    assert [each.split(":")[0] for each in found] == ["button-name", "color-contrast", "image-alt"]
    with pytest.raises(AssertionError) as told:
        visitor.leaves()
    for problem in ("CSP: ", "another host: https://elsewhere.example", "404: ", "console: broken", "script: late"):
        assert problem in str(told.value), problem


def test_what_is_kept_in_the_browser_is_noticed(visit: Visit, demo_unit: Installation, chromium: Browser) -> None:
    visitor = Visitor(chromium, demo_unit.config.base_url, DESKTOP)
    visitor.goes_to("/log-ind")
    visitor.page.evaluate("localStorage.setItem('draft', 'Rigmor')")

    with pytest.raises(AssertionError, match="draft"):
        visitor.leaves()


BAD_PAGE = """() => {
    document.querySelector("main").innerHTML = `<button></button><img src="/missing.png">
        <p style="color: #eee">Kan ikke læses</p><script src="https://elsewhere.example/x.js"></script>`;
    const paragraph = document.querySelector("main p");
    paragraph.style.color = "#eee";
    const script = document.createElement("script");
    script.textContent = "1";
    document.body.append(script);
    console.error("broken");
    setTimeout(() => { throw new Error("late"); });
}"""
