"""The append-only record of what was done and who looked."""

import enum
from datetime import datetime
from typing import Any, Self

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Identity, Index, String, desc
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Base


class Event(enum.StrEnum):
    """Every event that is recorded, named subject.past-tense.

    The label is what the tab Historik writes.
    """

    label: str
    is_reading: bool

    def __new__(cls, value: str, label: str, is_reading: bool = False) -> Self:  # noqa: FBT001, FBT002 - a table
        """Keep the Danish label beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.is_reading = is_reading
        return member

    SIGNED_IN = "session.signed-in", "Loggede ind"
    SIGNED_OUT = "session.signed-out", "Loggede ud"
    SIGN_IN_FAILED = "session.sign-in-failed", "Mislykket log ind"
    SIGN_IN_THROTTLED = "session.sign-in-throttled", "Log ind afvist efter for mange forsøg"
    ACCESS_DENIED = "access.denied", "Afvist opslag"

    USER_INVITED = "user.invited", "Inviterede bruger"
    USER_CHANGED = "user.changed", "Ændrede bruger"
    USER_DISABLED = "user.disabled", "Lukkede bruger"
    USER_ENABLED = "user.enabled", "Åbnede bruger igen"
    PASSWORD_LINK_SENT = "user.password-link-sent", "Sendte link til ny adgangskode"
    PASSWORD_SET = "user.password-set", "Satte adgangskode"
    ABSENCE_ADDED = "absence.added", "Registrerede fravær"
    ABSENCE_REMOVED = "absence.removed", "Fjernede fravær"
    PLACE_ADDED = "place.added", "Oprettede sted"
    PLACE_CHANGED = "place.changed", "Ændrede sted"
    UNIT_ADDED = "unit.added", "Oprettede enhed"
    UNIT_CHANGED = "unit.changed", "Ændrede enhed"

    CASE_OPENED = "case.opened", "Oprettede sagen"
    CASE_CHANGED = "case.changed", "Rettede sagens oplysninger"
    CASE_RESTRICTED = "case.restricted", "Begrænsede sagen til navngivne"
    CASE_UNRESTRICTED = "case.unrestricted", "Ophævede sagens begrænsning"
    CASE_TRANSFERRED = "case.transferred", "Overførte sagen til en anden enhed"
    REFERRAL_REGISTERED = "referral.registered", "Registrerede henvendelsen"
    REFERRAL_TO_VISITATION = "referral.to-visitation", "Tog henvendelsen til visitation"
    REFERRAL_ACCEPTED = "referral.accepted", "Fandt henvendelsen forebyggelsesegnet"
    REFERRAL_REJECTED = "referral.rejected", "Afviste henvendelsen"
    CASE_CLOSED = "case.closed", "Afsluttede sagen"
    CASE_REOPENED = "case.reopened", "Genåbnede sagen"
    LEVEL_CHANGED = "case.level-changed", "Ændrede niveau"
    NIVEAU_ADDED = "niveau.added", "Oprettede niveau"
    NIVEAU_CHANGED = "niveau.changed", "Ændrede niveau i opsætningen"
    CASE_OWNER_ASSIGNED = "case.owner-assigned", "Valgte ansvarlig"
    CASE_ACCESS_GIVEN = "case.access-given", "Gav adgang til sagen"
    CASE_ACCESS_ENDED = "case.access-ended", "Afsluttede adgang til sagen"
    CASE_READ = "case.read", "Så sagen", True
    CASES_LISTED = "case.listed", "Så sagen i en liste", True
    CASES_SEARCHED = "case.searched", "Fandt sagen i en søgning", True
    CITIZEN_CREATED = "citizen.created", "Oprettede borgeren"
    CITIZEN_CHANGED = "citizen.changed", "Rettede borgerens oplysninger"
    CPR_ASKED = "citizen.cpr-asked", "Spurgte om et CPR-nummer er i brug"
    CPR_CHANGED = "citizen.cpr-changed", "Rettede CPR-nummeret"
    CONTACT_ADDED = "citizen.contact-added", "Tilføjede kontaktoplysning"
    CONTACT_CHANGED = "citizen.contact-changed", "Rettede kontaktoplysning"
    CONTACT_VOIDED = "citizen.contact-voided", "Fjernede fejlregistreret kontaktoplysning"
    CITIZENS_MERGED = "citizen.merged", "Lagde borgeren sammen med en anden"
    CITIZEN_READ = "citizen.read", "Så borgerens side", True
    CITIZENS_SEARCHED = "citizen.searched", "Fandt borgeren i en søgning", True
    CITIZENS_COMPARED = "citizen.compared", "Fik borgeren vist som mulig dublet", True

    DOCUMENTATION_REGISTERED = "netvaerkssamraad.documentation-registered", "Registrerede dokumentation fra politiet"
    PARTY_ADDED = "netvaerkssamraad.party-added", "Tilføjede part"
    PARTY_CHANGED = "netvaerkssamraad.party-changed", "Rettede part"
    PARTY_REMOVED = "netvaerkssamraad.party-removed", "Fjernede part"
    SUMMONS_SENT = "netvaerkssamraad.summons-sent", "Registrerede indkaldelsen"
    SAMRAAD_HELD = "netvaerkssamraad.held", "Registrerede afholdt netværkssamråd"
    SAMRAAD_NOT_HELD = "netvaerkssamraad.not-held", "Registrerede at netværkssamrådet ikke blev holdt"
    SAMRAAD_EXEMPTED = "netvaerkssamraad.exempted", "Undtog fra netværkssamråd"
    SAMRAAD_CANCELLED = "netvaerkssamraad.cancelled", "Annullerede fejlregistreret dokumentation"
    SUMMONS_UNDONE = "netvaerkssamraad.summons-undone", "Fortrød indkaldelsen"
    SAMRAAD_UNDONE = "netvaerkssamraad.meeting-undone", "Fortrød registreringen af mødet"
    EXEMPTION_UNDONE = "netvaerkssamraad.exemption-undone", "Fortrød at der ikke skulle indkaldes"
    MEASURES_CHANGED = "netvaerkssamraad.measures-changed", "Ændrede foranstaltninger i stedet for nyt netværkssamråd"

    ASSESSMENT_STARTED = "assessment.started", "Begyndte en risikovurdering"
    ASSESSMENT_SAVED = "assessment.saved", "Skrev i kladden til risikovurderingen"
    ASSESSMENT_SIGNED = "assessment.signed", "Underskrev risikovurderingen"
    ASSESSMENT_DISCARDED = "assessment.discarded", "Kasserede kladden til risikovurderingen"
    CHECKLIST_RENEWED = "checklist.renewed", "Satte en ny tjekliste i kraft"

    RELATION_ADDED = "network.relation-added", "Tilføjede relation"
    RELATION_CHANGED = "network.relation-changed", "Rettede relation"
    RELATION_ENDED = "network.relation-ended", "Afsluttede relation"
    RELATION_REMOVED = "network.relation-removed", "Fjernede fejlregistreret relation"
    PERSON_BECAME_CITIZEN = "network.person-became-citizen", "Relationens person fik en sag"
    PEOPLE_FORGOTTEN = "network.people-forgotten", "Slettede personer uden sag"
    GROUP_OPENED = "group.opened", "Oprettede gruppe"
    GROUP_CHANGED = "group.changed", "Rettede gruppe"
    GROUP_CLOSED = "group.closed", "Afsluttede gruppe"
    GROUP_REOPENED = "group.reopened", "Genåbnede gruppe"
    GROUP_READ = "group.read", "Så gruppe", True
    GROUP_MEMBER_ADDED = "group.member-added", "Tilføjede medlem af gruppe"
    GROUP_MEMBER_CHANGED = "group.member-changed", "Rettede medlem af gruppe"
    GROUP_MEMBER_REMOVED = "group.member-removed", "Fjernede fejlregistreret medlem af gruppe"
    GROUP_NOTE_ADDED = "group.note-added", "Skrev notat om gruppe"
    GROUP_ACTED = "group.acted", "Skrev i flere sager eller oprettede henvendelser fra gruppe"

    DEADLINE_STARTED = "deadline.started", "Fristen begyndte"
    DEADLINE_STOPPED = "deadline.stopped", "Fristen stoppede"
    DEADLINE_REOPENED = "deadline.reopened", "Fristen begyndte at løbe igen"
    REMINDER_PLANNED = "reminder.planned", "Påmindelse lagt til afsendelse"
    REMINDER_NOT_SENT = "reminder.not-sent", "Påmindelse ikke sendt"

    NOTE_ADDED = "journal.note-added", "Skrev journalnotat"
    NOTE_CORRECTED = "journal.note-corrected", "Rettede journalnotat"
    LETTER_MADE = "journal.letter-made", "Lavede brev til hjemmet"
    LETTER_READ = "journal.letter-read", "Hentede brev til hjemmet", True
    CASE_FILED = "case.filed", "Hentede sagen som PDF", True

    INCIDENT_REGISTERED = "incident.registered", "Registrerede hændelse"
    INCIDENT_CHANGED = "incident.changed", "Rettede hændelse"
    INCIDENT_VOIDED = "incident.voided", "Annullerede fejlregistreret hændelse"
    RECIDIVISM_REVIEWED = "recidivism.reviewed", "Vurderede recidiv"

    CASE_REVIEWED = "case.reviewed", "Gennemgik sagen"

    IMPORT_CHECKED = "import.checked", "Tjekkede et regneark med sager"
    IMPORT_RUN = "import.run", "Hentede sager ind fra et regneark"
    IMPORT_DISCARDED = "import.discarded", "Slettede et regneark, der var tjekket"
    IMPORT_READ = "import.read", "Hentede de rækker af et regneark, der ikke kunne hentes ind", True

    PLAN_STARTED = "handleplan.started", "Begyndte handleplan"
    PLAN_CHANGED = "handleplan.changed", "Rettede handleplanen"
    PLAN_CLOSED = "handleplan.closed", "Afsluttede planen"
    PLAN_REOPENED = "handleplan.reopened", "Genåbnede planen"
    PLAN_PRINTED = "handleplan.printed", "Hentede borgerens udgave af handleplanen", True
    GOAL_ADDED = "handleplan.goal-added", "Satte et mål"
    GOAL_CHANGED = "handleplan.goal-changed", "Rettede et mål"
    MEASURE_ADDED = "handleplan.measure-added", "Aftalte en indsats"
    MEASURE_CHANGED = "handleplan.measure-changed", "Rettede en indsats"
    MEASURE_ENDED = "handleplan.measure-ended", "Skrev resultatet af en indsats"
    MEASURE_REOPENED = "handleplan.measure-reopened", "Genoptog en indsats"
    FOLLOW_UP_PLANNED = "handleplan.follow-up-planned", "Aftalte opfølgning"
    FOLLOW_UP_MOVED = "handleplan.follow-up-moved", "Flyttede opfølgning"
    FOLLOW_UP_HELD = "handleplan.follow-up-held", "Holdt opfølgning"
    FOLLOW_UP_CANCELLED = "handleplan.follow-up-cancelled", "Aflyste opfølgning"
    ACUTE_STARTED = "handleplan.acute-started", "Begyndte akuthandleplan"
    LINE_ADDED = "handleplan.line-added", "Tilføjede en linje til akuthandleplanen"
    LINE_CHANGED = "handleplan.line-changed", "Rettede en linje i akuthandleplanen"
    LINE_ENDED = "handleplan.line-ended", "Markerede en linje i akuthandleplanen"
    LINE_REOPENED = "handleplan.line-reopened", "Fortrød en linje i akuthandleplanen"
    MEASURE_KIND_ADDED = "measure-kind.added", "Tilføjede en slags indsats"
    MEASURE_KIND_CHANGED = "measure-kind.changed", "Ændrede en slags indsats"

    FIGURES_READ = "figures.read", "Så statistikken"
    FIGURES_EXPORTED = "figures.exported", "Hentede statistikken"


class AuditEvent(Base):
    """One event. Holds ids and codes, never names or free text.

    There are no foreign keys: the record outlives what it speaks of.
    """

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[int | None]
    system: Mapped[str | None] = mapped_column(String(40))
    case_id: Mapped[int | None]
    subject_type: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    basis: Mapped[str | None] = mapped_column(String(40))
    listed_case_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (
        CheckConstraint("num_nonnulls(user_id, system) = 1", name="one_actor"),
        Index("ix_audit_events_case_id_at", "case_id", desc("at")),
        Index("ix_audit_events_listed_case_ids", "listed_case_ids", postgresql_using="gin"),
        Index("ix_audit_events_user_id_at", "user_id", desc("at")),
        # A writer may record what it is not allowed to read back.
        {"implicit_returning": False},
    )
