"""What a thief of the database learns from the codes by which names and CPR numbers are found, without their key."""

import hashlib
import itertools
import string
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import cpr, name_tokens
from app.core.crypto import Keyring
from app.demo import names
from app.demo.invented import REPLACEMENT
from app.people.models import Citizen
from tests.system.installation import Installation

Code = Callable[[str], bytes]
ALPHABET = string.ascii_lowercase


@pytest.fixture(scope="module")
def codes(demo_unit: Installation) -> dict[bytes, str]:
    """The CPR numbers by their codes, of which a thief has only the codes."""
    with Session(demo_unit.owner) as session:
        known = select(Citizen.cpr_index, Citizen.cpr).where(Citizen.cpr.is_not(None))
        return {row.cpr_index: row.cpr for row in session.execute(known)}


def numbers_of(day: date) -> Iterator[str]:
    """All CPR numbers that can belong to somebody of the demo unit born on that day."""
    start = f"{day.day + REPLACEMENT:02}{day:%m%y}"
    for seventh in range(10):
        try:
            born = cpr.parse(f"{start}{seventh}000", today=date.max).birth_date
        except cpr.CprError:
            continue
        if born == day:
            yield from (f"{start}{seventh}{serial:03}" for serial in range(1000))


def recovered(codes: dict[bytes, str], code: Code) -> int:
    """How many CPR numbers somebody finds who tries all, and can make such codes."""
    days = {cpr.parse(number, today=date.max).birth_date for number in codes.values()}
    return sum(code(number) in codes for day in days for number in numbers_of(day))


def test_no_cpr_number_is_found_by_trying_all(codes: dict[bytes, str], demo_unit: Installation) -> None:
    other = Keyring(1, {1: bytes(32)}, index=bytes(32))
    own = Keyring.load(demo_unit.server.keyring_file)

    assert recovered(codes, lambda number: hashlib.sha256(number.encode()).digest()) == 0
    assert recovered(codes, lambda number: other.blind_index(number, "cpr")) == 0
    assert recovered(codes, lambda number: own.blind_index(number, "another purpose")) == 0
    few = dict(itertools.islice(codes.items(), 40))
    # The same search with the key finds everybody, so it is the key that protects.
    assert recovered(few, lambda number: own.blind_index(number, "cpr")) == 40


def test_many_beginnings_of_names_share_each_code(keyring: Keyring) -> None:
    beginnings = ["".join(letters) for letters in itertools.product(ALPHABET, repeat=3)]
    sharing = Counter(name_tokens.tokens(beginning, keyring)[0] for beginning in beginnings)

    assert len(sharing) == 64
    assert min(sharing.values()) >= 150


def test_even_a_small_unit_has_several_name_words_to_a_code(demo_unit: Installation, keyring: Keyring) -> None:
    with Session(demo_unit.owner) as session:
        distinct = {word for name in session.scalars(select(Citizen.name)) for word in name_tokens.words(name)}
    sharing = Counter(name_tokens.tokens(word, keyring)[0] for word in distinct)
    alone = sum(count == 1 for count in sharing.values())

    assert len(distinct) / len(sharing) > 1.5
    assert alone < len(distinct) / 3


def test_frequency_tells_common_beginnings_and_no_name(keyring: Keyring) -> None:
    """A thief who knows how common each name is matches the codes by how often they occur."""
    known, stolen = Counter(beginnings_of(population(Random(1)))), population(Random(2))
    codes = [name_tokens.tokens(name, keyring) for name in stolen]
    by_frequency = [code for code, _ in Counter(itertools.chain(*codes)).most_common()]
    guesses = dict(zip(by_frequency, (beginning for beginning, _ in known.most_common()), strict=False))

    told = [
        guesses.get(code) in beginnings_of([name])
        for name, of_name in zip(stolen, codes, strict=True)
        for code in of_name
    ]
    right = [beginning for beginning in known if guesses.get(name_tokens.tokens(beginning, keyring)[0]) == beginning]

    # Beginnings that are much more common than others are told; docs/security.md says so.
    assert 0.2 < sum(told) / len(told) < 0.75
    assert len(right) < len(known) / 3


def population(random: Random) -> list[str]:
    """5,000 names, some much more common than others (Zipf's law)."""
    lists = ((*names.GIRLS, *names.BOYS), names.FAMILY)
    chosen = (random.choices(words, [1 / rank for rank in range(1, len(words) + 1)], k=5000) for words in lists)
    return [" ".join(both) for both in zip(*chosen, strict=True)]


def beginnings_of(people: Iterable[str]) -> list[str]:
    return [word[:3] for name in people for word in name_tokens.words(name)]
