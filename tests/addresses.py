"""A real address for every route: things for its values to name, in each relation that a user can have to them."""

from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing import Rule

from app.access.models import User
from app.cases.imports.models import ImportJob, ImportRow, ImportState
from app.cases.models import Case, CaseAccess
from app.netvaerkssamraad.models import Means, Outcome
from tests.factories import LONG_AGO, Make
from tests.samples import Sampler
from tests.world import MISSING, World

NOT_THERE = 99_999
FAR = date(2099, 1, 1)
ANOTHER_BIRTHDAY = date(2011, 3, 3)

CASE = ("unit", "elsewhere", "owner", "named", "mentor", "restricted", "restricted_named", "ended", "coming", "barred")
RELATIONS: dict[str, tuple[str, ...]] = {
    "case_id": (*CASE, MISSING),
    "citizen_id": (*CASE, MISSING),
    "user_id": ("self", "colleague", "elsewhere", MISSING),
    "absence_id": ("self", "colleague", "elsewhere", MISSING),
    "number": ("there", MISSING),
    "bydel_id": ("there", MISSING),
    "school_id": ("there", MISSING),
    "checklist_id": ("there", MISSING),
    "catalogue_id": ("there", MISSING),
    "unit_id": ("there", MISSING),
    "import_id": ("own", "other", MISSING),
    "group_id": ("unit", "elsewhere", "restricted", "restricted_named", MISSING),
}
SUMMONED: dict[str, Any] = {"summoned_at": LONG_AGO, "means": next(iter(Means))}
NOT_HELD = SUMMONED | {"outcome": Outcome.NOT_HELD, "reason": "Familien udeblev"}
# What must have come before a step can be taken.
COME_FIRST: dict[str, dict[str, Any]] = {
    "netvaerkssamraad.meeting": SUMMONED,
    "netvaerkssamraad.undo_summons": SUMMONED,
    "netvaerkssamraad.undo_meeting": NOT_HELD,
    "netvaerkssamraad.undo_exemption": {"outcome": Outcome.MEASURES, "reason": "Kontaktperson"},
}


def routes(app: Flask) -> dict[str, list[Rule]]:
    """The rules of every "METHOD endpoint" that the application answers."""
    found: dict[str, list[Rule]] = {}
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            found.setdefault(f"{method} {rule.endpoint}", []).append(rule)
    return found


def relations_of(rule: Rule) -> tuple[str, ...]:
    """In which ways a user can stand to what the address names; one without a name when it names nothing."""
    return next((relations for name, relations in RELATIONS.items() if name in rule.arguments), ("",))


@dataclass
class Addresses:
    """Builds addresses, and the things they name as it goes."""

    world: World
    make: Make
    owner: Engine
    _known: dict[tuple[str, str, int], Any] = field(default_factory=dict)

    def of(self, rule: Rule, user: User, relation: str) -> str:
        """The address of the rule for a thing to which the user stands in the relation."""
        return self.mixed(rule, user, relation, {})

    def mixed(self, rule: Rule, user: User, relation: str, others: dict[str, str]) -> str:
        """The same, where some of the values name a thing of another relation."""
        values = {name: self._value(name, rule, user, others.get(name, relation)) for name in rule.arguments}
        _, path = rule.build(values) or ("", "")
        assert path, f"no address for {rule.endpoint} with {values}"
        return path

    def _value(self, name: str, rule: Rule, user: User, relation: str) -> Any:
        if relation == MISSING:
            return NOT_THERE
        kind = f"{name} of {rule.endpoint}" if rule.endpoint in COME_FIRST else name
        key = (kind, relation, user.id)
        if key not in self._known:
            self._known[key] = _MAKERS[name](self, user, relation, rule)
        return self._known[key]

    def _case(self, relation: str) -> Case:
        return self.world.cases[relation]

    def _person(self, user: User, relation: str) -> User:
        if relation == "elsewhere":
            return self.world.syd.mentor
        return user if relation == "self" else next(other for other in self.world.nord if other.id != user.id)

    def _make_samraad(self, _: User, relation: str, rule: Rule) -> int:
        sampler = Sampler(self.make, self.owner)
        samraad = sampler.samraad(self._case(relation), **COME_FIRST.get(rule.endpoint, {}))
        sampler.clock(samraad)
        return samraad.id

    def _make_party(self, user: User, relation: str, rule: Rule) -> int:
        case, samraad_id = self._case(relation), self._value("samraad_id", rule, user, relation)
        return Sampler(self.make, self.owner).party(case, samraad_id).id

    def _make_assessment(self, _: User, relation: str, __: Rule) -> int:
        return Sampler(self.make, self.owner).assessment(self._case(relation)).id

    def _make_incident(self, _: User, relation: str, __: Rule) -> int:
        return Sampler(self.make, self.owner).incident(self._case(relation)).id

    def _make_plan_part(self, _: User, relation: str, __: Rule, *, part: str) -> int:
        return int(getattr(Sampler(self.make, self.owner), part)(self._case(relation)).id)

    def _make_relation(self, _: User, relation: str, __: Rule) -> int:
        return Sampler(self.make, self.owner).relation(self._case(relation)).id

    def _make_group(self, user: User, relation: str, _: Rule) -> int:
        team = self.world.syd if relation == "elsewhere" else self.world.nord
        restricted = relation.startswith("restricted")
        named = [user.id] if relation == "restricted_named" else []
        clerk = self.world.syd.koordinator
        return Sampler(self.make, self.owner).group(team.unit, clerk, restricted=restricted, named_ids=named).id

    def _make_member(self, user: User, relation: str, rule: Rule) -> int:
        group_id = self._value("group_id", rule, user, relation)
        return Sampler(self.make, self.owner).member(group_id, self.world.syd.koordinator).id

    def _make_import(self, user: User, relation: str, _: Rule) -> int:
        sender = user if relation == "own" else next(other for other in self.world.nord if other.id != user.id)
        counts = {"rows_total": 2, "rows_bad": 1, "rows_known": 0, "rows_done": 0}
        job = self.make.add(
            ImportJob(by_id=sender.id, file_name="sager.xlsx", state=ImportState.CHECKED, created_at=LONG_AGO, **counts)
        )
        self.make.add(ImportRow(job_id=job.id, line=3, content="{}", problem="»Navn« mangler."))
        return job.id

    def _make_access(self, _: User, relation: str, __: Rule) -> int:
        case = self._case(relation)
        return self.make.access(case, self.world.syd.koordinator).id

    def _make_note(self, user: User, relation: str, _: Rule) -> int:
        note = Sampler(self.make, self.owner).note(self._case(relation), author=user)
        return note.id

    def _make_letter(self, _: User, relation: str, __: Rule) -> int:
        return Sampler(self.make, self.owner).letter(self._case(relation)).id

    def _make_absence(self, user: User, relation: str, _: Rule) -> int:
        return self.make.absence(self._person(user, relation), FAR, FAR).id

    def _make_contact_point(self, _: User, relation: str, __: Rule) -> int:
        return Sampler(self.make, self.owner).contact_point(self._case(relation)).id

    def _make_double(self, _: User, relation: str, __: Rule) -> int:
        """Another citizen to whom the user stands in the same way."""
        case = self._case(relation)
        citizen = self.make.citizen(cpr=self.make.cpr(ANOTHER_BIRTHDAY))
        other = self.make.case(case.niveau, citizen=citizen, unit=case.unit, restricted=case.restricted, closed=FAR)
        for row in case.access:
            days = {"from_day": row.from_day, "to_day": row.to_day}
            self.make.add(CaseAccess(case_id=other.id, user_id=row.user_id, kind=row.kind, **days))
        return other.citizen_id


_MAKERS: dict[str, Any] = {
    "citizen_id": lambda self, user, relation, rule: self._case(relation).citizen_id,
    "point_id": Addresses._make_contact_point,
    "other_id": Addresses._make_double,
    "case_id": lambda self, user, relation, rule: self._case(relation).id,
    "samraad_id": Addresses._make_samraad,
    "party_id": Addresses._make_party,
    "incident_id": Addresses._make_incident,
    "assessment_id": Addresses._make_assessment,
    "checklist_id": lambda self, user, relation, rule: 1,  # the one that the migration seeds
    "plan_id": partial(Addresses._make_plan_part, part="plan"),
    "goal_id": partial(Addresses._make_plan_part, part="goal"),
    "measure_id": partial(Addresses._make_plan_part, part="measure"),
    "follow_up_id": partial(Addresses._make_plan_part, part="follow_up"),
    "line_id": partial(Addresses._make_plan_part, part="acute_line"),
    "catalogue_id": lambda self, user, relation, rule: 1,  # one that the migration seeds
    "access_id": Addresses._make_access,
    "relation_id": Addresses._make_relation,
    "group_id": Addresses._make_group,
    "member_id": Addresses._make_member,
    "note_id": Addresses._make_note,
    "letter_id": Addresses._make_letter,
    "user_id": lambda self, user, relation, rule: self._person(user, relation).id,
    "absence_id": Addresses._make_absence,
    "number": lambda self, user, relation, rule: 2,
    "bydel_id": lambda self, user, relation, rule: self.make.bydel().id,
    "school_id": lambda self, user, relation, rule: self.make.school().id,
    "unit_id": lambda self, user, relation, rule: self.make.unit().id,
    "import_id": Addresses._make_import,
    "token": lambda self, user, relation, rule: "A" * 43,
    "kind": lambda self, user, relation, rule: "xlsx" if "length=4" in rule.rule else "csv",
}
