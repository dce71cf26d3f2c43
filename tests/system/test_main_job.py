"""From the police's documentation to a summons within seven days, in a real browser."""

import re
from datetime import timedelta

import pytest

from app.core import clock
from app.core.danish import format_date
from tests.mailserver import Delivered, MailServer
from tests.system.chromium import PHONE, Visitor
from tests.system.conftest import Visit
from tests.system.installation import Installation
from tests.system.pages import CaseList, CasePage, Figures, SignIn

pytestmark = pytest.mark.browser

CONCERN = "Har skiftet omgangskreds og kommer sent hjem."
POLICE = "Københavns Vestegns Politi"
WHY = "Røveri mod en jævnaldrende sammen med to andre."
COUNTED = ("Dokumentation modtaget", "Indkaldt i tide")


def test_coordinator_from_documentation_to_summons(demo_unit: Installation, visit: Visit, smtp: MailServer) -> None:
    before = figures(demo_unit, visit)

    carry_out(demo_unit, visit(), smtp, name="Valdemar Højgaard", cpr="620312-5701")

    assert figures(demo_unit, visit) == {title: count + 1 for title, count in before.items()}


def test_the_same_without_scripts(demo_unit: Installation, visit: Visit, smtp: MailServer) -> None:
    carry_out(demo_unit, visit(scripts=False), smtp, name="Ellinor Højgaard", cpr="630312-5702")


def test_the_same_on_a_phone(demo_unit: Installation, visit: Visit, smtp: MailServer) -> None:
    carry_out(demo_unit, visit(PHONE), smtp, name="Jeppe Højgaard", cpr="640312-5703")


def carry_out(place: Installation, coordinator: Visitor, smtp: MailServer, *, name: str, cpr: str) -> None:
    """The main job, from the log-in page to the stopped clock."""
    SignIn(coordinator).given_signed_in("koordinator", place.password, towards="/sager")
    case = CaseList(coordinator).when_opening_a_case().when_filled(name=name, cpr=cpr, concern=CONCERN)
    case.then_it_says(name, CONCERN, "Jonas Lykke")
    number = case.number

    case.when_registering_documentation(sender=POLICE, why=WHY)
    due = clock.local_date(clock.now()) + timedelta(days=7)
    case.then_it_says("7 dage tilbage", format_date(due), "Ikke endnu")

    coordinator.goes_to(the_reminder(place, smtp, number))
    assert CasePage(coordinator).then_it_says(name, "7 dage tilbage").path == case.path

    case.when_adding_custody_holder("Karen Højgaard")
    case.when_registering_the_summons()
    case.then_it_says("uret er stoppet", "i tide")
    case.then_it_does_not_say("dage tilbage")
    assert mails_about(place, smtp, number, later=timedelta(days=8)) == []


def the_reminder(place: Installation, smtp: MailServer, number: str) -> str:
    """Let the scheduler's jobs run; return where the one mail about the case leads."""
    [mail] = mails_about(place, smtp, number)
    assert mail.recipients == ["koordinator@demo.example"]
    assert mail.sender == "enkeltsag@kommune.example"
    assert "Højgaard" not in mail.raw.decode()
    link = re.search(rf"{re.escape(place.config.base_url)}(/sager/\S+)", mail.text)
    assert link, mail.text
    return link[1]


def mails_about(place: Installation, smtp: MailServer, number: str, later: timedelta = timedelta()) -> list[Delivered]:
    """What arrives about the case when the scheduler's jobs run."""
    smtp.reset()
    for job in ("plan-reminders", "deliver-mail"):
        place.run(job, at=clock.now() + later)
    return [delivered for delivered in smtp.messages if number in delivered.text]


def figures(place: Installation, visit: Visit) -> dict[str, int]:
    """The half-year's figures about netværkssamråd, as the analyst reads them."""
    analyst = visit()
    SignIn(analyst).given_signed_in("analytiker", place.password, towards="/statistik")
    page = Figures(analyst)
    return {title: int(page.figure(title)) for title in COUNTED}
