"""A risk assessment in a real browser: begun, saved by itself, signed, looked at again, and put beside the next one."""

import re
from typing import Self

import pytest
from playwright.sync_api import Locator, expect

from tests.system.chromium import PHONE, Visitor
from tests.system.conftest import Visit
from tests.system.installation import Installation
from tests.system.pages import CaseList, CasePage, SignIn, Somewhere

pytestmark = pytest.mark.browser

REASONS = "Skolen har ikke set hende siden efterårsferien."
CONCERN = "Hun er meget sammen med nogen, vi ikke kender."
ITEMS = 61


class Draft(Somewhere):
    """The form of a draft."""

    def domain(self, name: str) -> Locator:
        """One fold of the form."""
        return self.main.locator("details.domain").filter(has=self.page.get_by_role("heading", name=name, exact=True))

    def item(self, text: str) -> Locator:
        """One item of the checklist."""
        return self.main.get_by_role("group", name=text)

    def when_opening(self, domain: str) -> Self:
        """Unfold a domain."""
        self.domain(domain).locator("summary").first.click()
        return self

    def when_rating(self, item: str, rating: str) -> Self:
        """Choose one of the four."""
        self.item(item).get_by_text(rating, exact=True).click()
        return self

    def when_giving_reasons(self, item: str, reasons: str) -> Self:
        """Write the line under it."""
        self.item(item).get_by_label("Begrundelse på én linje").fill(reasons)
        return self

    def then_saved_by_itself(self) -> Self:
        """The line says so, without anybody pressing anything."""
        expect(self.main.locator("[data-state]")).to_have_text(re.compile(r"^Gemt \d\d\.\d\d$"))
        assert self.visitor.violations() == []
        return self

    def then_answered(self, count: int) -> Self:
        """So many have an answer."""
        expect(self.main.locator(".draft-progress")).to_have_text(f"{count} af {ITEMS} punkter")
        return self

    def when_judging(self, *, urgency: str, niveau: str) -> Self:
        """Fill in the last fold."""
        self.field("Bygger mest på").select_option("Skole eller arbejdsplads")
        if not self.field("Hvad bekymrer mest?").is_visible():
            self.when_opening("Samlet vurdering")
        self.field("Hvad bekymrer mest?").fill(CONCERN)
        self.main.get_by_role("radiogroup", name="Hvor meget haster det?").get_by_text(urgency, exact=True).click()
        self.field("Hvorfor?").fill("Det er taget til på to uger.")
        self.main.get_by_role("radiogroup", name="Hvilket niveau peger").get_by_text(f"{niveau} ·").click()
        return self

    def when_confirming(self, domain: str) -> Self:
        """Say that all that was carried over in a domain still holds."""
        self.main.get_by_role("button", name=f"Alt overført i {domain.lower()} gælder stadig").click()
        return self.then_saved_by_itself()

    def when_confirming_each_that_is_named(self) -> Self:
        """Look at what the page of the signature asks for, one domain after the other."""
        self.visitor.presses("Videre til underskrift")
        asked = self.main.get_by_role("list").filter(has_text="svar").get_by_role("link").all_inner_texts()
        for domain in asked:
            self.visitor.follows(domain)
            self.when_confirming(domain)
            self.when_opening("Samlet vurdering")
            self.visitor.presses("Videre til underskrift")
        return self

    def when_signing(self) -> Somewhere:
        """What has no answer is unknown; then the signature."""
        self.visitor.presses("Videre til underskrift")
        if "Sæt resten til uoplyst" in self.visitor.main:
            self.visitor.presses("Sæt resten til uoplyst")
        self.visitor.presses("Underskriv")
        return Somewhere(self.visitor)


def new_case(place: Installation, coordinator: Visitor, *, name: str, cpr: str) -> CasePage:
    SignIn(coordinator).given_signed_in("koordinator", place.password, towards="/sager")
    return CaseList(coordinator).when_opening_a_case().when_filled(name=name, cpr=cpr, concern=CONCERN)


def begin(case: CasePage, button: str) -> Draft:
    case.when_on_tab("Risikovurdering")
    case.visitor.presses(button)
    return Draft(case.visitor)


def test_assessment_is_written_signed_and_compared(demo_unit: Installation, visit: Visit) -> None:
    assess_twice(demo_unit, visit(), name="Sigrid Vestergård", cpr="650412-5711")


def test_the_same_on_a_phone(demo_unit: Installation, visit: Visit) -> None:
    coordinator = visit(PHONE)
    assess_twice(demo_unit, coordinator, name="Asta Vestergård", cpr="660412-5712")
    assert coordinator.overflow() == 0


def assess_twice(place: Installation, coordinator: Visitor, *, name: str, cpr: str) -> None:
    case = new_case(place, coordinator, name=name, cpr=cpr)
    case.then_it_says("Lav en risikovurdering")

    draft = begin(case, "Begynd vurderingen").then_answered(0)
    draft.when_opening("Skole og job").when_rating("Har meget fravær", "Tydeligt")
    draft.when_giving_reasons("Har meget fravær", REASONS).then_saved_by_itself().then_answered(1)
    coordinator.goes_to(coordinator.path)
    draft.when_opening("Skole og job")
    expect(draft.item("Har meget fravær").get_by_label("Tydeligt")).to_be_checked()
    assert draft.item("Har meget fravær").get_by_label("Begrundelse på én linje").input_value() == REASONS

    draft.when_judging(urgency="Moderat", niveau="Niveau 3").when_signing()
    case.then_it_says("Risikovurderingen er underskrevet.", REASONS, "60 af 61 punkter uoplyst", "peger på niveau 3")

    draft = begin(case, "Begynd ny vurdering")
    draft.then_it_says("61 svar er overført")
    draft.when_opening("Skole og job").when_rating("Har meget fravær", "Delvist").then_saved_by_itself()
    expect(draft.domain("Skole og job").locator("[data-carried]")).to_have_text("5 overført")
    draft.when_judging(urgency="Lav", niveau="Niveau 2").when_confirming_each_that_is_named()
    coordinator.presses("Underskriv")

    case.when_on_tab("Risikovurdering")
    coordinator.follows("Sammenlign to vurderinger")
    case.then_it_says("Øger risikoen mindre", "Har meget fravær", "Niveau 3", "Niveau 2")


def test_the_same_without_scripts(demo_unit: Installation, visit: Visit) -> None:
    coordinator = visit(scripts=False)
    case = new_case(demo_unit, coordinator, name="Ellen Vestergård", cpr="670412-5713")
    draft = begin(case, "Begynd vurderingen")

    draft.when_rating("Begyndte tidligt at begå lovbrud", "Delvist")
    coordinator.presses("Videre til adfærd")
    draft.then_it_says("Kladden er gemt.", "1 af 61 punkter")
    expect(draft.item("Handler uden at tænke sig om")).to_be_visible()
    expect(draft.item("Begyndte tidligt at begå lovbrud")).to_be_hidden()

    draft.when_judging(urgency="Høj", niveau="Niveau 2").when_signing()
    case.then_it_says("Risikovurderingen er underskrevet.", "Haster: høj")


def test_two_windows_do_not_overwrite_each_other(demo_unit: Installation, visit: Visit) -> None:
    first, second = visit(), visit()
    case = new_case(demo_unit, first, name="Karla Vestergård", cpr="680412-5714")
    draft = begin(case, "Begynd vurderingen")
    SignIn(second).given_signed_in("leder", demo_unit.password, towards=first.path)

    other = Draft(second).when_rating("Har begået lovbrud flere gange", "Tydeligt").then_saved_by_itself()
    draft.when_rating("Har begået lovbrud flere gange", "Delvist")
    expect(draft.main.locator("[data-state]")).to_contain_text("gemte kladden kl.")
    first.presses("Gem kladde", status=422)

    draft.then_it_says("Der er rettet i det samme, mens du skrev", "Har begået lovbrud flere gange")
    first.presses("Gem kladde")
    draft.then_it_says("Kladden er gemt.").then_answered(1)
    other.then_answered(1)


def test_whole_domain_is_answered_with_one_button(demo_unit: Installation, visit: Visit) -> None:
    coordinator = visit()
    case = new_case(demo_unit, coordinator, name="Viola Vestergård", cpr="690412-5715")
    draft = begin(case, "Begynd vurderingen")

    draft.main.get_by_role("button", name="Sæt resten af kriminalitet til uoplyst").click()
    draft.then_saved_by_itself().then_answered(7)
    expect(draft.domain("Kriminalitet").locator("[data-done]")).to_be_visible()
    draft.main.get_by_role("button", name="Videre til adfærd").click()

    expect(draft.domain("Adfærd").locator("summary").first).to_be_focused()
    expect(draft.item("Handler uden at tænke sig om")).to_be_visible()
