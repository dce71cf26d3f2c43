"""Netværkssamråd to show, registered and carried on by the case's owner through the services."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random

from app.access.models import User
from app.cases.models import Case
from app.core import clock
from app.demo import names
from app.demo.acting import acting
from app.demo.unit import DemoUnit
from app.netvaerkssamraad import services as samraad
from app.netvaerkssamraad.models import Documentation, Exemption, Means, Netvaerkssamraad, PartyRole

POLICE = "Københavns Vestegns Politi"
Act = Callable[[Netvaerkssamraad, User, datetime], None]


def show(
    unit: DemoUnit, case: Case, random: Random, *, received: datetime, acts: Iterable[tuple[datetime, Act]] = ()
) -> None:
    """Register documentation with its parties half an hour after it came, and let each act follow at its instant."""
    by = next((user for user in unit.coordinators if user.id == case.owner_id), unit.leader)
    registered = received + timedelta(minutes=30)
    with acting(by, registered):
        shown = samraad.register_documentation(
            case,
            documentation=random.choice([kind for kind in Documentation if kind is not Documentation.OTHER]),
            received_at=received,
            received_from=POLICE,
            why_serious=random.choice(names.WHY_SERIOUS),
            by=by,
            at=registered,
        )
        family = case.citizen.name.split()[-1]
        for role, name in (
            (PartyRole.CUSTODY_HOLDER, f"{random.choice(names.GIRLS)} {family}"),
            (PartyRole.CUSTODY_HOLDER, f"{random.choice(names.BOYS)} {family}"),
            (PartyRole.PROFESSIONAL, f"{random.choice(names.GIRLS)} {random.choice(names.FAMILY)}"),
        ):
            samraad.add_party(shown, role=role, name=name, contact="22 00 00 00", by=by, at=registered)
    for instant, act in acts:
        with acting(by, instant):
            act(shown, by, instant)


def summon(shown: Netvaerkssamraad, by: User, at: datetime, late_reason: str | None = None) -> None:
    """The summons goes to all parties."""
    samraad.send_summons(
        shown, sent_at=at, means=Means.DIGITAL_POST, parties=shown.parties, late_reason=late_reason, by=by, at=at
    )


def summon_late(shown: Netvaerkssamraad, by: User, at: datetime) -> None:
    """The summons goes out after the due date."""
    summon(shown, by, at, "Forældrenes adresse var ukendt, og forvaltningen måtte spørge folkeregistret.")


def hold(shown: Netvaerkssamraad, by: User, at: datetime) -> None:
    """The meeting is held."""
    samraad.record_held(shown, held_on=clock.local_date(at), by=by, at=at)


def not_held(shown: Netvaerkssamraad, by: User, at: datetime) -> None:
    """The meeting is not held."""
    samraad.record_not_held(shown, reason="Familien mødte ikke op; nyt møde aftales med skolen.", by=by, at=at)


def exempt(shown: Netvaerkssamraad, by: User, at: datetime) -> None:
    """Nobody is summoned."""
    reason = "Sagen behandles i Ungdomskriminalitetsnævnet."
    samraad.exempt(shown, exemption=Exemption.YOUTH_BOARD, reason=reason, by=by, at=at)
