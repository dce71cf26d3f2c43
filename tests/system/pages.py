"""The pages as people use them: what is given, what they do, and what they then see."""

import re
from typing import Final, Self

from playwright.sync_api import Locator, expect

from tests.system.chromium import Visitor

ERROR_SUMMARY: Final = ".error-summary"


class Somewhere:
    """What all pages have."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.main = visitor.page.locator("main")

    def then_it_says(self, *texts: str) -> Self:
        """The main part holds the texts."""
        for text in texts:
            assert text in self.visitor.main, f"{text!r} is not on {self.visitor.path}: {self.visitor.main}"
        return self

    def then_it_does_not_say(self, *texts: str) -> Self:
        """Nor does any other part of the page."""
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)
        return self

    def then_errors_are_listed(self, *messages: str) -> Self:
        """Exactly these, on top of the page."""
        expect(self.page.locator(f"{ERROR_SUMMARY} li")).to_have_text(list(messages))
        return self

    def when_going_to(self, entry: str) -> Self:
        """Choose an entry of the menu; on a phone it has to be opened first."""
        menu = self.page.get_by_role("button", name="Menu", exact=True)
        if menu.is_visible():
            menu.click()
        self.visitor.clicks(self.page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name=entry))
        return self

    def field(self, label: str) -> Locator:
        """The control with that label."""
        return self.main.get_by_label(re.compile(rf"^{re.escape(label)}( \(valgfri\))?$"))


class SignIn(Somewhere):
    """The page Log ind."""

    def given_signed_in(self, login: str, password: str, *, towards: str = "/") -> "Somewhere":
        """Sign in on the way to a page."""
        self.visitor.goes_to(towards)
        return self.when_signing_in(login, password)

    def when_signing_in(self, login: str, password: str, *, status: int = 200) -> "Somewhere":
        """Type mail address and password."""
        self.field("Mailadresse").fill(f"{login}@demo.example")
        self.field("Adgangskode").fill(password)
        self.visitor.presses("Log ind", status=status)
        return Somewhere(self.visitor)


class NewCase(Somewhere):
    """The page Opret sag."""

    def when_sent_empty(self) -> Self:
        """Send it without a word."""
        self.visitor.presses("Opret sag", status=422)
        return self

    def when_filled(self, *, name: str, cpr: str, concern: str) -> "CasePage":
        """A case on niveau 2 that the police came with."""
        self.field("CPR-nummer").fill(cpr)
        self.field("Navn").fill(name)
        self.main.get_by_role("group", name="beskyttelse").or_(
            self.main.get_by_role("radiogroup", name="beskyttelse")
        ).get_by_text("Nej", exact=True).click()
        self.field("Hvem henvender sig?").select_option("Politi")
        self.field("Hvad er bekymringen?").fill(concern)
        self.field("Hvorfor er sagen forebyggelsesegnet?").fill("Familien vil gerne have hjælp.")
        self.main.get_by_text("Niveau 2").click()
        self.visitor.presses("Opret sag")
        return CasePage(self.visitor)


class CaseList(Somewhere):
    """The page Sager."""

    def when_opening_a_case(self) -> NewCase:
        """Begin a new one."""
        self.visitor.follows("Opret sag")
        return NewCase(self.visitor)

    def when_searching(self, words: str) -> Self:
        """Search on name, CPR number or case number."""
        self.main.get_by_label("Søg på").fill(words)
        self.visitor.presses("Søg")
        return self

    def when_opening(self, number: str) -> "CasePage":
        """Go to a case of the list."""
        self.visitor.clicks(self.main.get_by_role("link", name=number).first)
        return CasePage(self.visitor)

    def numbers(self) -> list[str]:
        """The cases of the list."""
        return re.findall(r"\b20\d\d-\d{4}\b", " ".join(self.main.locator("tbody").all_inner_texts()))


class CasePage(Somewhere):
    """The pages of a case."""

    @property
    def path(self) -> str:
        """Its address."""
        found = re.match(r"/sager/\d+", self.visitor.path)
        assert found, self.visitor.path
        return found[0]

    @property
    def number(self) -> str:
        """Its number."""
        return self.main.get_by_role("heading", level=1).inner_text().removeprefix("Sag ")

    def when_on_tab(self, tab: str) -> Self:
        """Choose a tab."""
        self.visitor.clicks(self.page.get_by_role("navigation", name="Sagens faner").get_by_role("link", name=tab))
        return self

    def when_registering_documentation(self, *, sender: str, why: str) -> Self:
        """The police's documentation, just received."""
        self.when_on_tab("Netværkssamråd")
        self.visitor.follows("Registrér dokumentation")
        self.field("Modtaget fra").fill(sender)
        self.field("Hvorfor er det alvorlig kriminalitet?").fill(why)
        self.visitor.presses("Registrér, og start uret")
        return self

    def when_adding_custody_holder(self, name: str) -> Self:
        """One of the parents."""
        self.visitor.follows("Tilføj part")
        self.field("Navn").fill(name)
        self.visitor.presses("Tilføj part")
        return self

    def when_registering_the_summons(self) -> Self:
        """Sent just now, to everybody."""
        self.visitor.follows("Registrér indkaldelsen")
        self.visitor.presses("Registrér indkaldelsen")
        return self


class Figures(Somewhere):
    """The page Halvårstal."""

    def figure(self, title: str) -> str:
        """What the half-year has of it."""
        row = self.main.get_by_role("row").filter(has_text=title)
        return row.get_by_role("cell").first.inner_text()


class Keyboard:
    """Somebody who uses no mouse."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._keys = visitor.page.keyboard

    @property
    def focused(self) -> str:
        """What has the focus: its label, or its text."""
        name: str = self._visitor.page.evaluate(_NAME_OF_FOCUSED)
        return " ".join(name.split())

    def when_tabbing_to(self, name: str, most: int = 80) -> Self:
        """Press the tab key until it is there."""
        passed = []
        for _ in range(most):
            self._keys.press("Tab")
            passed.append(self.focused)
            if passed[-1] == name:
                return self
        raise AssertionError(f"{name!r} is not reached by the tab key; passed were {passed}")

    def when_typing(self, text: str) -> Self:
        """Type into what has the focus."""
        self._keys.type(text)
        return self

    def when_pressing(self, key: str) -> Self:
        """Press one key and stay on the page."""
        self._keys.press(key)
        return self

    def when_pressing_enter(self, *, status: int = 200) -> Self:
        """Press the key that leads to another page."""
        with self._visitor.page.expect_navigation():
            self._keys.press("Enter")
        self._visitor.arrives(status=status)
        return self


_NAME_OF_FOCUSED: Final = """() => {
    const focused = document.activeElement;
    const label = focused.labels && focused.labels[0];
    return (label || focused).innerText;
}"""
