"""A row as the case it is to become, or the reasons why it cannot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, Self, TypeVar

from sqlalchemy import select

from app.access.models import User
from app.cases import niveauer, queries
from app.cases.codes import Consent, LegalBasis, Theme
from app.cases.imports import values
from app.cases.imports.columns import BY_KEY
from app.cases.imports.values import ValueProblemError, compared
from app.cases.models import Referrer
from app.core import cpr
from app.core.cpr import Cpr, CprError
from app.core.labelled import Labelled
from app.extensions import db
from app.people.models import AddressProtection, Sex
from app.places.models import Bydel, School

NAME_LENGTH: Final = 150
CONCERN_LENGTH: Final = 4000
REASONS_LENGTH: Final = 4000
EARLIEST_BIRTH: Final = date(1900, 1, 1)
EARLIEST_CASE: Final = date(1990, 1, 1)
_SEXES: Final = {"k": Sex.FEMALE, "f": Sex.FEMALE, "pige": Sex.FEMALE, "m": Sex.MALE, "dreng": Sex.MALE}
_AMBIGUOUS: Final = -1

Member = TypeVar("Member")


class Basis(NamedTuple):
    """Why the unit may have the information. consent_on: when consent was given or refused, where it was."""

    legal: LegalBasis | None
    consent: Consent | None
    consent_on: date | None


@dataclass(frozen=True)
class Draft:
    """A case that can be opened. birth_date: that of the CPR number where there is one."""

    name: str
    cpr: Cpr | None
    birth_date: date
    sex: Sex
    protection: AddressProtection
    bydel_id: int | None
    school_id: int | None
    niveau: int
    restricted: bool
    referrer: Referrer
    concern: str
    themes: frozenset[Theme]
    suitable: str | None
    basis: Basis
    owner_id: int | None
    member_ids: tuple[int, ...]
    opened_on: date


class RowProblemsError(Exception):
    """A row that cannot become a case, with every reason."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(f"{len(reasons)} reasons")
        self.reasons = reasons


@dataclass(frozen=True)
class Choices:
    """What the cells of an import can name, looked up once."""

    today: date
    niveauer: dict[int, str]
    restricting: frozenset[int]
    bydele: dict[str, int]
    schools: dict[str, int]
    owners: dict[str, int]
    members: dict[str, int]
    shown: dict[str, list[str]]

    @classmethod
    def for_user(cls, by: User, today: date) -> Self:
        """What there is to choose for somebody on that day."""
        unit_id = by.unit_id or 0
        owners, members = queries.possible_owners(unit_id), queries.possible_members(unit_id)
        bydele = {place.name: place.id for place in db.session.scalars(select(Bydel).where(Bydel.active))}
        schools = {place.name: place.id for place in db.session.scalars(select(School).where(School.active))}
        levels = niveauer.names()
        return cls(
            today=today,
            niveauer=levels,
            restricting=frozenset(niveauer.restricting()),
            bydele={compared(name): place for name, place in bydele.items()},
            schools={compared(name): place for name, place in schools.items()},
            owners=_people(owners),
            members=_people(members),
            shown={
                "niveau": [str(number) for number in levels],
                "bydel": sorted(bydele),
                "school": sorted(schools),
                "owner": [user.name for user in owners],
                "members": [user.name for user in members],
                "referrer": [member.label for member in Referrer],
                "themes": [member.label for member in Theme],
                "sex": [member.label for member in Sex],
                "protection": [member.label for member in AddressProtection],
                "basis": [member.label for member in LegalBasis],
                "consent": [member.label for member in Consent],
            },
        )


def _people(users: list[User]) -> dict[str, int]:
    """Users by mail address and by name; a name that two have is nobody's."""
    found: dict[str, int] = {}
    for user in users:
        name = compared(user.name)
        found[name] = _AMBIGUOUS if name in found else user.id
    return found | {compared(user.email): user.id for user in users if user.email}


def _labelled(kind: type[Labelled]) -> dict[str, Any]:
    return {compared(text): member for member in kind for text in (member.label, member.value)}


_REFERRERS: Final = _labelled(Referrer)
_THEMES: Final = _labelled(Theme)
_BASES: Final = _labelled(LegalBasis) | {"ssp": LegalBasis.SSP, "psp": LegalBasis.PSP, "ksp": LegalBasis.KSP}
_CONSENTS: Final = _labelled(Consent) | {"ja": Consent.GIVEN}
_PROTECTIONS: Final = _labelled(AddressProtection)
_SEX_NAMES: Final = _labelled(Sex) | _SEXES


class _Reader:
    """Reads the cells of one row, and keeps every reason against it."""

    def __init__(self, cells: Mapping[str, str], choices: Choices) -> None:
        self._cells, self._choices = cells, choices
        self.reasons: list[str] = []

    def text(self, key: str) -> str:
        return self._cells.get(key, "")

    def of(self, key: str, read: Callable[[str], Member], absent: Member) -> Member:
        """What the cell means; `absent` when it is empty or cannot be read, and then there is a reason."""
        text = self.text(key)
        if not text:
            return absent
        try:
            return read(text)
        except ValueProblemError as error:
            self.refuse(error.about(BY_KEY[key].heading))
        return absent

    def needed(self, key: str, read: Callable[[str], Member]) -> Member | None:
        """The same, where the cell must not be empty."""
        if not self.text(key):
            self.refuse(f"»{BY_KEY[key].heading}« mangler.")
            return None
        return self.of(key, read, None)

    def several(self, key: str, read: Callable[[str], Member]) -> list[Member]:
        """What the parts of the cell mean."""
        nothing: list[Member] = []
        return self.of(key, lambda text: values.several(text, read), nothing)

    def one_of(self, key: str, members: Mapping[str, Member]) -> Callable[[str], Member]:
        return lambda text: values.choice(text, members, self._choices.shown[key])

    def refuse(self, reason: str) -> None:
        self.reasons.append(reason)


def draft(cells: Mapping[str, str], choices: Choices) -> Draft:
    """The case that a row is to become. Raises RowProblemsError."""
    row = _Reader(cells, choices)
    name = row.needed("name", lambda text: values.bounded(" ".join(text.split()), NAME_LENGTH))
    number, born = _identity(row, choices.today)
    niveau = row.needed("niveau", lambda text: _niveau(text, choices))
    referrer = row.needed("referrer", row.one_of("referrer", _REFERRERS))
    concern = row.needed("concern", lambda text: values.bounded(text, CONCERN_LENGTH))
    themes = frozenset(row.several("themes", row.one_of("themes", _THEMES)))
    members = row.several("members", _person(row, "members", choices.members))
    sex = row.of("sex", row.one_of("sex", _SEX_NAMES), None)
    protection = row.of("protection", row.one_of("protection", _PROTECTIONS), AddressProtection.UNKNOWN)
    bydel_id = row.of("bydel", row.one_of("bydel", choices.bydele), None)
    school_id = row.of("school", row.one_of("school", choices.schools), None)
    suitable = _suitable(row, cells)
    owner_id = row.of("owner", _person(row, "owner", choices.owners), None)
    opened_on = row.of("opened", lambda text: _opened(text, choices.today), choices.today)
    basis = _basis(row, opened_on, choices.today)
    if row.reasons or name is None or niveau is None or referrer is None or concern is None or born is None:
        raise RowProblemsError(row.reasons)
    restricted = niveau in choices.restricting or any(theme.restricts for theme in themes)
    return Draft(
        name=name,
        cpr=number,
        birth_date=born,
        sex=sex or _sex_of(number),
        protection=protection,
        bydel_id=bydel_id,
        school_id=school_id,
        niveau=niveau,
        restricted=restricted,
        referrer=referrer,
        concern=concern,
        themes=themes,
        suitable=suitable,
        basis=basis,
        owner_id=owner_id,
        member_ids=tuple(sorted(set(members))) if restricted else (),
        opened_on=opened_on,
    )


def _suitable(row: _Reader, cells: Mapping[str, str]) -> str | None:
    """Why the case is forebyggelsesegnet: needed where the file has the column."""
    if "suitable" in cells:
        return row.needed("suitable", _reasons)
    return row.of("suitable", _reasons, None)


def _reasons(text: str) -> str:
    return values.bounded(text, REASONS_LENGTH)


def _basis(row: _Reader, opened_on: date, today: date) -> Basis:
    """The legal basis and the consent; consent was given or refused on the day the case began when none is told."""
    legal = row.of("basis", row.one_of("basis", _BASES), None)
    consent = row.of("consent", row.one_of("consent", _CONSENTS), None)
    answered_on = row.of("consent_on", lambda text: _opened(text, today), opened_on)
    return Basis(legal, consent, answered_on if consent is not None and consent.has_day else None)


def _identity(row: _Reader, today: date) -> tuple[Cpr | None, date | None]:
    """The number and the date of birth; without a number the date must be told."""
    number = row.of("cpr", lambda text: _cpr(text, today), None)
    if row.text("cpr"):
        return number, None if number is None else number.birth_date
    if not row.text("birth"):
        row.refuse("»CPR-nummer« mangler. Skriv fødselsdato, hvis nummeret ikke kendes.")
        return None, None
    return None, row.of("birth", lambda text: _born(text, today), None)


def _cpr(text: str, today: date) -> Cpr:
    if text.isdecimal() and len(text) == values.NUMBER_LENGTH - 1:
        raise ValueProblemError("har kun 9 cifre. Har regnearket fjernet et 0 foran?")
    try:
        return cpr.parse(text, today=today)
    except CprError as error:
        raise ValueProblemError(f"kan ikke bruges. {str(error).rstrip('.')}") from error


def _born(text: str, today: date) -> date:
    born = values.as_date(text)
    if not EARLIEST_BIRTH <= born <= today:
        raise ValueProblemError(f"kan ikke passe: »{text}«")
    return born


def _opened(text: str, today: date) -> date:
    opened = values.as_date(text)
    if opened > today:
        raise ValueProblemError(f"ligger i fremtiden: »{text}«")
    if opened < EARLIEST_CASE:
        raise ValueProblemError(f"kan ikke passe: »{text}«")
    return opened


def _niveau(text: str, choices: Choices) -> int:
    number = compared(text).removeprefix("niveau").split()[:1]
    by_number = {str(each): each for each in choices.niveauer}
    return values.choice(number[0] if number else "", by_number, choices.shown["niveau"])


def _person(row: _Reader, key: str, people: Mapping[str, int]) -> Callable[[str], int]:
    def one(text: str) -> int:
        found = row.one_of(key, people)(text)
        if found == _AMBIGUOUS:
            raise ValueProblemError(f"kan være flere: »{text}«. Skriv mailadressen")
        return found

    return one


def _sex_of(number: Cpr | None) -> Sex:
    """That of the number: the last digit of men's is odd."""
    if number is None:
        return Sex.UNKNOWN
    return Sex.MALE if int(number.digits[-1]) % 2 else Sex.FEMALE
