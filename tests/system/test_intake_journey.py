"""From a referral to a case and to its end, in a real browser."""

from typing import Self

import pytest

from tests.system.chromium import PHONE, Visitor
from tests.system.conftest import Visit
from tests.system.installation import Installation
from tests.system.pages import SignIn, Somewhere

pytestmark = pytest.mark.browser

CONCERN = "Har ikke været i skole i tre uger."
REQUIRED = "Vælg mindst ét tema."


class Referral(Somewhere):
    """The page Ny henvendelse."""

    def when_filled(self, *, name: str, cpr: str, theme: str) -> Somewhere:
        """A school that calls."""
        self.field("Hvem henvender sig?").select_option("Skole")
        self.field("CPR-nummer").fill(cpr)
        self.field("Navn").fill(name)
        self.chosen("beskyttelse", "Nej").field("Hvad er bekymringen?").fill(CONCERN)
        self.main.get_by_text(theme, exact=True).click()
        self.field("Retligt grundlag for at have oplysningerne").select_option(index=1)
        self.chosen("Samtykke", "Ikke spurgt endnu")
        self.visitor.presses("Registrér henvendelse")
        return Somewhere(self.visitor)

    def chosen(self, group: str, option: str) -> Self:
        """Choose one of several."""
        self.main.get_by_role("radiogroup", name=group).get_by_text(option, exact=True).click()
        return self


def test_a_referral_becomes_a_case_that_moves_and_ends(demo_unit: Installation, visit: Visit) -> None:
    all_the_way(demo_unit, visit(), name="Ellen Vestergård", cpr="650412-5721")


def test_the_same_on_a_phone(demo_unit: Installation, visit: Visit) -> None:
    coordinator = visit(PHONE)
    all_the_way(demo_unit, coordinator, name="Rosa Vestergård", cpr="660412-5722")
    assert coordinator.overflow() == 0


def test_the_same_without_scripts(demo_unit: Installation, visit: Visit) -> None:
    all_the_way(demo_unit, visit(scripts=False), name="Karen Vestergård", cpr="670412-5723")


def all_the_way(place: Installation, coordinator: Visitor, *, name: str, cpr: str) -> None:
    SignIn(coordinator).given_signed_in("koordinator", place.password, towards="/henvendelser")
    coordinator.follows("Ny henvendelse").presses("Registrér henvendelse", status=422)
    assert REQUIRED in coordinator.main
    here = Referral(coordinator).when_filled(name=name, cpr=cpr, theme="Fravær fra skole eller job")
    here.then_it_says("Henvendelsen er registreret", name, "Fravær fra skole eller job")

    coordinator.presses("Tag til visitation, afgør senere")
    coordinator.follows("Ja, opret som sag")
    here.field("Hvorfor er sagen forebyggelsesegnet?").fill("Familien vil gerne have hjælp.")
    here.main.get_by_text("Niveau 1 · risikoadfærd", exact=True).click()
    coordinator.presses("Opret som sag")
    here.then_it_says("Sagen er aktiv.", "Niveau 1 · risikoadfærd")

    coordinator.follows("Skift niveau")
    here.main.get_by_text("Niveau 2 · kriminalitet", exact=True).click()
    here.field("Begrundelse").fill("Er sigtet for tyveri.")
    coordinator.presses("Skift niveau")
    here.then_it_says("Sagen er nu på niveau 2.")

    coordinator.follows("Afslut sag")
    here.field("Hvorfor afsluttes sagen?").fill("Går i skole og klub.")
    here.main.get_by_text("Målene er nået", exact=True).click()
    here.field("Hvordan ser I på risikoen nu?").fill("Lav.")
    coordinator.presses("Afslut sagen")
    here.then_it_says("Sagen er afsluttet.", "Afsluttet")

    coordinator.follows("Henvendelse og afgørelser")
    here.then_it_says("Afsluttet: Målene er nået", "Fundet forebyggelsesegnet", "Familien vil gerne have hjælp.")


def test_pasted_lines_of_a_day_report_become_referrals(demo_unit: Installation, visit: Visit) -> None:
    coordinator = visit()
    SignIn(coordinator).given_signed_in("koordinator2", demo_unit.password, towards="/henvendelser")
    coordinator.follows("Døgnrapport")
    here = Somewhere(coordinator)
    lines = "Viggo Vestergård 680412-5725 Tyveri i Føtex\nIngen Nummer;; Hærværk"
    here.field("Indsæt linjer fra rapporten").fill(lines)
    coordinator.presses("Læs linjerne ind")
    coordinator.presses("Opret henvendelser", status=422)
    here.then_it_says("Række 2: Skriv CPR-nummeret")
    coordinator.page.locator("#r1-passed_over").check()
    coordinator.presses("Opret henvendelser")
    here.then_it_says("1 henvendelse er oprettet.", "Viggo Vestergård")
