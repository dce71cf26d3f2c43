"""What deadlines must ask of the packages above them, registered at start-up."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from flask import Flask

from app.core.addresses import from_outside


@dataclass(frozen=True)
class CaseContact:
    """What a reminder needs to know of a case. Barred users are told nothing about it.

    restricted: in its unit only the leader and those named on it see it. named_ids: those named on it that day.
    """

    number: str
    unit_id: int
    owner_id: int | None
    barred_ids: frozenset[int] = frozenset()
    restricted: bool = False
    named_ids: frozenset[int] = frozenset()


CaseResolver = Callable[[Collection[int]], dict[int, CaseContact]]


def _nothing(_: Collection[int]) -> dict[int, CaseContact]:
    return {}


@dataclass
class Resolvers:
    """What has been registered."""

    contacts: CaseResolver = _nothing
    links: dict[str, str] = field(default_factory=dict)


def of(app: Flask) -> Resolvers:
    """The registry of this application."""
    registry: Resolvers = app.extensions.setdefault("enkeltsag_deadlines", Resolvers())
    return registry


def register_case_resolver(app: Flask, resolve: CaseResolver) -> None:
    """Tell how a case's number, unit and owner are found, for many cases at once."""
    of(app).contacts = resolve


def register_link(app: Flask, subject_kind: str, endpoint: str) -> None:
    """Tell which page shows what a deadline is about; the endpoint takes case_id alone."""
    of(app).links[subject_kind] = endpoint


def addresses(app: Flask) -> Callable[[str, int], str]:
    """A function that tells the address of the page about a subject of a case, for mails.

    Where the subject has no page of its own, it is the case's tab Frister.
    """
    links, urls = of(app).links, from_outside(app)

    def address(subject_kind: str, case_id: int) -> str:
        endpoint = links.get(subject_kind)
        if endpoint is None:
            return f"{app.config['BASE_URL']}/sager/{case_id}/frister"
        return urls.build(endpoint, {"case_id": case_id}, force_external=True)

    return address
