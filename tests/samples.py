"""One row of each table that hangs on a case. A new table fails the tests until it has a sample here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from app.access.models import Unit, User
from app.audit.models import AuditEvent, Event
from app.cases.assessments.models import Assessment, ChecklistVersion, ItemRating, Rating
from app.cases.codes import DecisionKind, Theme
from app.cases.groups.models import Group, GroupMember, GroupStatus
from app.cases.handleplan.codes import MeasureState, PlanKind
from app.cases.handleplan.models import AcuteLine, CatalogueMeasure, FollowUp, Goal, Handleplan, Measure
from app.cases.handovers import Handover
from app.cases.incidents.models import Incident, IncidentKind, IncidentSource, Recidivism, RecidivismReview, Verdict
from app.cases.journal.models import JournalLetter, JournalNote, LetterKind, NoteKind
from app.cases.levels.models import LevelChange
from app.cases.models import Case, CaseDecision, CaseTheme
from app.cases.network.models import RelatedPerson, Relation, RelationKind, Source
from app.cases.review.models import CaseReview
from app.core.model import Base
from app.deadlines.models import Deadline, DeadlineRule, NotSent, Reminder
from app.netvaerkssamraad.models import SUBJECT, SUMMONS_RULE, Documentation, Netvaerkssamraad, Party, PartyRole
from app.outbox.models import MailState, MailSubject, OutboxMail
from app.people.models import ContactKind, ContactPoint
from tests.factories import LONG_AGO, Make


@dataclass
class Sampler:
    """Hangs one row of each kind on a case."""

    make: Make
    owner: Engine

    def __post_init__(self) -> None:
        """Find a rule for the deadlines to follow."""
        with Session(self.owner) as session:
            rule_id = session.scalar(select(DeadlineRule.id).limit(1))
        assert rule_id is not None, "the migrations seed no rules"
        self._rule_id = rule_id

    def hang_on(self, case: Case) -> None:
        """One row in each of the tables."""
        for sample in SAMPLES.values():
            sample(self, case)

    def assessment(self, case: Case, **facts: Any) -> Assessment:
        """The case's draft of a risk assessment, with one item; made when there is none."""
        with Session(self.owner, expire_on_commit=False) as session:
            drafts = select(Assessment).where(Assessment.case_id == case.id, Assessment.state == "kladde")
            draft, checklist = session.scalar(drafts), session.scalars(select(ChecklistVersion)).first()
        assert checklist is not None, "the migrations seed no checklist"
        if draft is not None:
            return draft
        by = dict.fromkeys(("started_by_id", "saved_by_id"), case.opened_by_id)
        days = {"on_day": LONG_AGO.date(), "started_at": LONG_AGO, "saved_at": LONG_AGO}
        draft = self.make.add(Assessment(case_id=case.id, checklist_id=checklist.id, **by, **days, **facts))
        item = checklist.content["domains"][0]["items"][0]["code"]
        self.make.add(
            ItemRating(assessment_id=draft.id, case_id=case.id, item=item, rating=Rating.PARTLY, reasons="Røveri i maj")
        )
        return draft

    def plan(self, case: Case) -> Handleplan:
        """The case's handleplan; made when there is none."""
        with Session(self.owner, expire_on_commit=False) as session:
            plan = session.scalar(
                select(Handleplan).where(Handleplan.case_id == case.id, Handleplan.closed_on.is_(None))
            )
        started = {"started_on": LONG_AGO.date(), "started_at": LONG_AGO, "started_by_id": case.opened_by_id}
        return plan or self.make.add(Handleplan(case_id=case.id, kind=PlanKind.PLAN, aim="Et godt år", **started))

    def goal(self, case: Case) -> Goal:
        """A goal of the case's handleplan."""
        return self.make.add(Goal(plan_id=self.plan(case).id, case_id=case.id, text="Et fritidsjob"))

    def measure(self, case: Case) -> Measure:
        """A measure of the case's handleplan."""
        with Session(self.owner) as session:
            catalogue_id = session.scalar(select(CatalogueMeasure.id).limit(1))
        return self.make.add(
            Measure(
                plan_id=self.plan(case).id,
                case_id=case.id,
                catalogue_id=catalogue_id,
                organisation="Klub Nord",
                from_day=LONG_AGO.date(),
                state=MeasureState.RUNNING,
            )
        )

    def follow_up(self, case: Case) -> FollowUp:
        """A follow-up of the case's handleplan."""
        return self.make.add(FollowUp(plan_id=self.plan(case).id, case_id=case.id, on_day=LONG_AGO.date()))

    def acute_line(self, case: Case) -> AcuteLine:
        """A line of what is done at once."""
        return self.make.add(
            AcuteLine(plan_id=self.plan(case).id, case_id=case.id, hours=24, what="Ring hjem", due_at=LONG_AGO)
        )

    def samraad(self, case: Case, **facts: Any) -> Netvaerkssamraad:
        """A netværkssamråd whose clock has started; `facts` are what has come since."""
        return self.make.add(
            Netvaerkssamraad(
                case_id=case.id,
                documentation=Documentation.CHARGE,
                received_at=LONG_AGO,
                received_from="Politibetjent Holm",
                why_serious="Røveri mod jævnaldrende",
                age=15,
                registered_by_id=case.opened_by_id,
                registered_at=LONG_AGO,
                **facts,
            )
        )

    def party(self, case: Case, samraad_id: int | None = None) -> Party:
        """A party of a netværkssamråd; of a new one when none is named."""
        samraad_id = samraad_id or self.samraad(case).id
        return self.make.add(
            Party(samraad_id=samraad_id, case_id=case.id, role=next(iter(PartyRole)), name="Mor Ørsted")
        )

    def clock(self, samraad: Netvaerkssamraad) -> Deadline:
        """The clock of a netværkssamråd."""
        with Session(self.owner) as session:
            rule_id = session.scalar(select(DeadlineRule.id).where(DeadlineRule.code == SUMMONS_RULE).limit(1))
        return self.make.add(
            Deadline(**_open_days(samraad.case_id), rule_id=rule_id, subject_kind=SUBJECT, subject_id=samraad.id)
        )

    def decision(self, case: Case) -> CaseDecision:
        """A decision about the case as a whole."""
        kind, day = DecisionKind.ACCEPTED, LONG_AGO.date()
        decision = CaseDecision(case_id=case.id, kind=kind, on_day=day, by_id=case.opened_by_id, at=LONG_AGO)
        return self.make.add(decision)

    def theme(self, case: Case) -> CaseTheme:
        """A theme that no longer holds."""
        day = LONG_AGO.date()
        return self.make.add(CaseTheme(case_id=case.id, theme=Theme.DRUGS, from_day=day, to_day=day))

    def level_change(self, case: Case) -> LevelChange:
        """A change of level."""
        return self.make.add(
            LevelChange(
                case_id=case.id,
                from_niveau=1,
                to_niveau=2,
                reasons="Ny sigtelse",
                on_day=LONG_AGO.date(),
                by_id=case.opened_by_id,
                at=LONG_AGO,
            )
        )

    def contact_point(self, case: Case) -> ContactPoint:
        """A phone number of the case's citizen."""
        return self.make.add(
            ContactPoint(
                citizen_id=case.citizen_id,
                kind=ContactKind.PHONE,
                value="20 30 40 50",
                created_by_id=case.opened_by_id,
                created_at=LONG_AGO,
            )
        )

    def deadline(self, case: Case) -> Deadline:
        """A deadline that runs."""
        subject_id = case.id * 1000 + self.make.number()
        return self.make.add(
            Deadline(**_open_days(case.id), rule_id=self._rule_id, subject_kind="sample", subject_id=subject_id)
        )

    def incident(self, case: Case, **facts: Any) -> Incident:
        """A charge that counts as recidivism from the start of the case."""
        day = case.opened_on + timedelta(days=30)
        known: dict[str, Any] = {
            "kind": IncidentKind.CHARGE,
            "happened_on": day,
            "known_on": day,
            "note": "Butikstyveri",
        }
        known |= {"source": IncidentSource.POLICE, "recorded_by_id": case.opened_by_id, "recorded_at": LONG_AGO}
        return self.make.add(Incident(case_id=case.id, **known | facts))

    def recidivism_review(self, case: Case) -> RecidivismReview:
        """A charge confirmed as recidivism."""
        return self.make.add(
            RecidivismReview(
                case_id=case.id,
                incident_id=self.incident(case).id,
                kind=Recidivism.CHARGE,
                index_on=case.opened_on,
                verdict=Verdict.CONFIRMED,
                reasons="Ny handling",
                decided_by_id=case.opened_by_id,
                decided_at=LONG_AGO,
            )
        )

    def reminder(self, case: Case) -> Reminder:
        """A line of the ledger."""
        deadline = self.deadline(case)
        return self.make.add(
            Reminder(
                deadline_id=deadline.id,
                case_id=case.id,
                due_on=deadline.due_on,
                step=0,
                not_sent=NotSent.NO_OWNER,
                planned_at=LONG_AGO,
            )
        )

    def related_person(self, case: Case) -> RelatedPerson:
        """Somebody without a case."""
        return self.make.add(
            RelatedPerson(
                case_id=case.id,
                name="Storebror Ørsted",
                phone="20 30 40 50",
                delete_on=date(2099, 1, 1),
                created_by_id=case.opened_by_id,
                created_at=LONG_AGO,
            )
        )

    def relation(self, case: Case, **facts: Any) -> Relation:
        """A relation to somebody without a case; or to the citizen whom `facts` name."""
        ends = {} if "other_citizen_id" in facts else {"person_id": self.related_person(case).id}
        return self.make.add(
            Relation(
                **{"kind": RelationKind.SIBLING} | ends | facts,
                case_id=case.id,
                citizen_id=case.citizen_id,
                source=Source.FAMILY,
                note="Bor hos mosteren",
                recorded_by_id=case.opened_by_id,
                recorded_at=LONG_AGO,
            )
        )

    def group(self, unit: Unit, creator: User, **facts: Any) -> Group:
        """A group of the unit; without facts one that the whole unit sees."""
        return self.make.add(
            Group(
                **{"restricted": False, "named_ids": []} | facts,
                unit_id=unit.id,
                title="Torvet",
                concern="Samles hver aften",
                status=GroupStatus.OPEN,
                opened_on=LONG_AGO.date(),
                created_by_id=creator.id,
                created_at=LONG_AGO,
            )
        )

    def member(self, group_id: int, added_by: User, **facts: Any) -> GroupMember:
        """A member of a group: the citizen whom `facts` name, or else somebody without a case."""
        if "citizen_id" not in facts:
            person = RelatedPerson(
                group_id=group_id,
                name="Fætter Ørsted",
                delete_on=date(2099, 1, 1),
                created_by_id=added_by.id,
                created_at=LONG_AGO,
            )
            facts["person_id"] = self.make.add(person).id
        known = {"from_day": LONG_AGO.date(), "added_by_id": added_by.id, "added_at": LONG_AGO}
        return self.make.add(GroupMember(**known | facts, group_id=group_id))

    def review(self, case: Case) -> CaseReview:
        """What was said about the case at a meeting."""
        return self.make.add(
            CaseReview(
                case_id=case.id, on_day=LONG_AGO.date(), note="Ring til skolen", by_id=case.opened_by_id, at=LONG_AGO
            )
        )

    def handover(self, case: Case) -> Handover:
        """That somebody was made to answer for the case."""
        return self.make.add(
            Handover(
                case_id=case.id,
                to_id=case.opened_by_id,
                note="Moderen ringer om fredagen",
                on_day=LONG_AGO.date(),
                by_id=case.opened_by_id,
                at=LONG_AGO,
            )
        )

    def mail(self, case: Case) -> None:
        """A mail that waits."""
        key = f"sample-{case.id}-{self.make.number()}"
        self._insert(
            OutboxMail,
            key=key,
            message_id=f"<{key}@kommune.example>",
            recipient_id=case.opened_by_id,
            subject=MailSubject.DEADLINE_STARTED,
            body="En frist er begyndt",
            secret=False,
            case_id=case.id,
            state=MailState.QUEUED,
            attempts=0,
            created_at=LONG_AGO,
        )

    def note(self, case: Case, author: User | None = None) -> JournalNote:
        """A journal note; by the one who opened the case when no other is named."""
        return self.make.add(
            JournalNote(
                case_id=case.id,
                revision=1,
                kind=NoteKind.PHONE,
                happened_on=LONG_AGO.date(),
                parties="Faren",
                text="Faren ringede",
                author_id=author.id if author else case.opened_by_id,
                written_at=LONG_AGO,
            )
        )

    def letter(self, case: Case) -> JournalLetter:
        """A letter to the home."""
        return self.make.add(
            JournalLetter(
                case_id=case.id,
                kind=LetterKind.INVITATION,
                recipient="Forældrene",
                meeting_on=LONG_AGO.date(),
                meeting_time=LONG_AGO.time(),
                place="Rådhuset",
                contact="22 00 00 00",
                made_by_id=case.opened_by_id,
                made_at=LONG_AGO,
            )
        )

    def event(self, case: Case) -> None:
        """A line of the record."""
        self._insert(AuditEvent, at=LONG_AGO, event=Event.CASE_READ, system="sample", case_id=case.id, details={})

    def _insert(self, model: type[Base], **values: Any) -> None:
        """Insert a row of a table whose rows are not read back when written."""
        with self.owner.begin() as connection:
            connection.execute(insert(model).values(values).inline())


def _open_days(case_id: int) -> dict[str, Any]:
    day = LONG_AGO.date()
    due = day + timedelta(days=7)
    return {"case_id": case_id, "started_at": LONG_AGO, "started_on": day, "due_on": due, "last_workday": due}


SAMPLES: dict[str, Callable[[Sampler, Case], object]] = {
    "assessment_ratings": Sampler.assessment,
    "case_reviews": Sampler.review,
    "handovers": Sampler.handover,
    "assessments": Sampler.assessment,
    "audit_events": Sampler.event,
    "case_decisions": Sampler.decision,
    "case_spells": lambda _sampler, _case: None,  # the trigger has made one
    "case_themes": Sampler.theme,
    "deadlines": Sampler.deadline,
    "handleplans": Sampler.plan,
    "incidents": Sampler.incident,
    "journal_letters": Sampler.letter,
    "journal_notes": Sampler.note,
    "level_changes": Sampler.level_change,
    "netvaerkssamraad": Sampler.samraad,
    "netvaerkssamraad_parties": Sampler.party,
    "outbox_mails": Sampler.mail,
    "plan_acute_lines": Sampler.acute_line,
    "plan_follow_ups": Sampler.follow_up,
    "plan_goals": Sampler.goal,
    "plan_measures": Sampler.measure,
    "recidivism_reviews": Sampler.recidivism_review,
    "related_people": Sampler.related_person,
    "relations": Sampler.relation,
    "reminders": Sampler.reminder,
}
