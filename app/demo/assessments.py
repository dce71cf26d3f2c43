"""Risk assessments to show: signed ones, some of them followed by another, and one that somebody is writing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.access.models import User
from app.cases.assessments import queries, services
from app.cases.assessments.checklist import Item
from app.cases.assessments.models import Assessment, Rating, RatingSource, Urgency
from app.cases.assessments.said import Said
from app.cases.models import Case
from app.core import clock
from app.demo.acting import acting
from app.demo.unit import DemoUnit

ASSESSED = 7
FIRST_DAYS_AGO, NEXT_DAYS_AGO, DRAFT_DAYS_AGO = 104, 20, 1
# Niveau 3 is looked at every month.
DAYS_AGO_3 = (41, 13)
MOVED = 0.25

REASONS = {
    "fravaer": "Skolen har registreret 22 procents fravær siden sommerferien.",
    "kriminelle_venner": "Ses med tre ældre, som politiet kender.",
    "hotspots": "Gademedarbejderne møder ham ved stationen flere aftener om ugen.",
    "svagt_tilsyn": "Moren arbejder om aftenen og ved ikke, hvor han er.",
    "i_gruppe": "De seneste forhold er begået sammen med to andre.",
    "stabil_voksen": "Ser sin farmor hver søndag.",
    "god_relation_skole": "Går til sin dansklærer, når noget er svært.",
    "rus_hyppigt": "Fortæller selv, at han ryger hash de fleste weekender.",
    "oensker_forandring": "Siger, at han vil have et fritidsjob og væk fra gruppen.",
}
CONCERNS = "Omgangskredsen er blevet ældre, og de seneste forhold er grovere end de første."
JUDGEMENT: dict[str, Any] = {
    "main_source": RatingSource.CITIZEN,
    "resources": "En farmor, som han lytter til, og en lærer, der ikke giver op.",
    "raises": "At gruppen ved stationen bliver ved med at være det eneste, der sker om aftenen.",
    "lowers": "Et fritidsjob og en fast voksen, der ringer, når han bliver væk.",
    "own_view": "»Jeg gider ikke mere ballade, men jeg kan jo ikke bare droppe mine venner.«",
}
URGENT = {
    Urgency.HIGH: "To nye sigtelser på en måned og gæld til nogen i miljøet.",
    Urgency.MODERATE: "Et nyt forhold, men han kommer til aftalerne.",
    Urgency.LOW: "Ingen nye forhold, og skolen ser fremgang.",
}


def make_assessments(unit: DemoUnit, cases: Sequence[Case], random: Random, *, at: datetime) -> dict[str, int]:
    """Assess some of the open cases from niveau 2 on; begin another assessment of the first, and leave it there."""
    worse = [case for case in cases if case.niveau > 1 and _age(case, at) > FIRST_DAYS_AGO]
    chosen = sorted(worse, key=lambda case: (-case.niveau, case.id))[:ASSESSED]
    signed = 0
    for place, case in enumerate(chosen):
        writer = _Writer(unit.leader, case, random)
        days = DAYS_AGO_3 if case.niveau > 2 else (FIRST_DAYS_AGO, NEXT_DAYS_AGO)  # noqa: PLR2004 - a niveau
        for days_ago in days if place % 2 == 0 else days[1:]:
            writer.sign(at - timedelta(days=days_ago))
            signed += 1
    if chosen:
        _Writer(unit.leader, chosen[0], random).begin(at - timedelta(days=DRAFT_DAYS_AGO))
    return {"risikovurderinger": signed}


def _age(case: Case, at: datetime) -> int:
    return (clock.local_date(at) - case.opened_on).days


@dataclass(frozen=True)
class _Writer:
    """Somebody who assesses a case."""

    by: User
    case: Case
    random: Random

    def begin(self, at: datetime) -> Assessment:
        """A draft with some answers."""
        with acting(self.by, at):
            services.start_draft(self.case, by=self.by, at=at)
            draft = queries.draft_of(self.case)
            assert draft is not None, "it has just been begun"  # noqa: S101 - for the type checker
            items = queries.checklist_of(draft).items
            answers = {code: self._said(items[code], rating.rating) for code, rating in _by_item(draft).items()}
            changed = {code: said for code, said in answers.items() if said is not None}
            facts = {"concerns": CONCERNS, "on_day": clock.local_date(at)}
            services.save_draft(draft, facts=facts, answers=changed, by=self.by, at=at)
        return draft

    def sign(self, at: datetime) -> None:
        """A whole assessment."""
        draft = self.begin(at)
        urgency = self.random.choice(list(Urgency))
        proposed = self.case.niveau if self.random.random() < 0.8 else max(1, self.case.niveau - 1)  # noqa: PLR2004
        facts = {"urgency": urgency, "urgency_reasons": URGENT[urgency], "proposed_niveau": proposed, **JUDGEMENT}
        with acting(self.by, at):
            services.save_draft(draft, facts=facts, answers={}, by=self.by, at=at)
            services.mark_rest_unknown(draft, by=self.by, at=at)
            services.confirm_carried(draft, by=self.by, at=at)
            services.sign(draft, by=self.by, at=at)

    def _said(self, item: Item, before: Rating | None) -> Said | None:
        """What is known of an item: often what was known before, which is confirmed as the rest is before signing."""
        if before is not None and self.random.random() > MOVED:
            return None
        rating = self.random.choices(list(Rating), weights=(5, 3, 2, 2))[0]
        return Said(rating, reasons=REASONS.get(item.code) if rating.is_present else None)


def _by_item(draft: Assessment) -> dict[str, Any]:
    return {rating.item: rating for rating in draft.ratings}
