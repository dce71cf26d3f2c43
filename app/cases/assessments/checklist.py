"""The checklist: domains with their items, as they stand in a version."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final, Self

from app.cases.assessments.models import CODE_LENGTH
from app.core.labelled import Labelled

_ASCII: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e", "ü": "u", "ö": "o", "ä": "a"})
_NOT_OF_CODES: Final = re.compile(r"[^a-z0-9]+")


class Kind(Labelled):
    """What an item can tell: what has been, what can change, what helps."""

    STATIC = "statisk", "Fortid"
    DYNAMIC = "dynamisk", "Kan ændres"
    PROTECTIVE = "beskyttende", "Beskytter"

    @property
    def protects(self) -> bool:
        """Whether it lowers the risk."""
        return self is Kind.PROTECTIVE


@dataclass(frozen=True)
class Item:
    """One line of the checklist. code: stays the same from version to version. active: whether it is asked."""

    code: str
    text: str
    kind: Kind
    active: bool = True


@dataclass(frozen=True)
class Domain:
    """A part of life."""

    code: str
    name: str
    items: tuple[Item, ...]

    @property
    def asked(self) -> tuple[Item, ...]:
        """The items that are asked."""
        return tuple(item for item in self.items if item.active)


@dataclass(frozen=True)
class Checklist:
    """All of it."""

    domains: tuple[Domain, ...]

    @classmethod
    def read(cls, content: dict[str, Any]) -> Self:
        """The checklist as it is stored in a version."""
        return cls(
            tuple(
                Domain(
                    domain["code"],
                    domain["name"],
                    tuple(
                        Item(item["code"], item["text"], Kind(item["kind"]), item["active"]) for item in domain["items"]
                    ),
                )
                for domain in content["domains"]
            )
        )

    def written(self) -> dict[str, Any]:
        """The same, to be stored."""
        return {
            "domains": [
                {
                    "code": domain.code,
                    "name": domain.name,
                    "items": [
                        {"code": item.code, "kind": item.kind.value, "text": item.text, "active": item.active}
                        for item in domain.items
                    ],
                }
                for domain in self.domains
            ]
        }

    @property
    def asked(self) -> tuple[Domain, ...]:
        """The domains that ask something, with nothing but what they ask."""
        return tuple(Domain(each.code, each.name, each.asked) for each in self.domains if each.asked)

    @property
    def items(self) -> dict[str, Item]:
        """What is asked, by code."""
        return {item.code: item for domain in self.domains for item in domain.asked}

    @property
    def codes(self) -> frozenset[str]:
        """Every code that has been used, also of items that are asked no more."""
        return frozenset(item.code for domain in self.domains for item in domain.items)


def new_code(text: str, taken: Collection[str]) -> str:
    """A code for a new item, made of its text, which no other item has or had."""
    stem = _NOT_OF_CODES.sub("_", text.lower().translate(_ASCII)).strip("_")[: CODE_LENGTH - 4].strip("_") or "punkt"
    return next(code for code in _numbered(stem) if code not in taken)


def _numbered(stem: str) -> Iterable[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}_{number}"
        number += 1
