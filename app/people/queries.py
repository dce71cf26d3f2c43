"""Finding citizens. What exists for whom is the row scope's business, never the query's."""

from sqlalchemy import ARRAY, Select, SmallInteger, cast, func, or_, select
from sqlalchemy.orm import joinedload

from app.access.models import User
from app.core import crypto, danish, name_tokens
from app.core.cpr import Cpr
from app.core.errors import found
from app.extensions import db
from app.people.models import Citizen, ContactPoint, CprChange, Merge
from app.places.models import Bydel, School

CPR_PURPOSE = "cpr"


def cpr_index(cpr: Cpr) -> bytes:
    """What a CPR number is found again by."""
    return crypto.installed().blind_index(cpr.digits, CPR_PURPOSE)


def get_citizen(citizen_id: int) -> Citizen:
    """The citizen.

    Raises NotFoundError when there is none, which is also said of one out of sight.
    """
    return found(db.session.get(Citizen, citizen_id))


def find_by_cpr(cpr: Cpr) -> Citizen | None:
    """The citizen who has this number, or had it before another, if the reader sees one."""
    index = cpr_index(cpr)
    found = db.session.scalar(select(Citizen).where(Citizen.cpr_index == index))
    if found is not None:
        return found
    former = select(CprChange.citizen_id).where(CprChange.former_index == index)
    return db.session.scalar(select(Citizen).where(Citizen.id.in_(former)))


def contact_points(*citizen_ids: int, voided: bool = False) -> list[ContactPoint]:
    """How the citizens can be reached: phones first, of each kind what holds now, the newest first.

    voided: also what was a mistake.
    """
    wanted = select(ContactPoint).where(ContactPoint.citizen_id.in_(citizen_ids))
    if not voided:
        wanted = wanted.where(ContactPoint.voided_at.is_(None))
    # Phones first: they are what one looks for in the street.
    order = ContactPoint.kind.desc(), ContactPoint.to_day.desc().nulls_first(), ContactPoint.id.desc()
    return list(db.session.scalars(wanted.order_by(*order)))


def get_contact_point(citizen_id: int, point_id: int) -> ContactPoint:
    """The contact point of the citizen, with the citizen.

    Raises NotFoundError when there is none in sight, or it was taken out.
    """
    wanted = select(ContactPoint).where(
        ContactPoint.id == point_id, ContactPoint.citizen_id == citizen_id, ContactPoint.voided_at.is_(None)
    )
    return found(db.session.scalar(wanted.options(joinedload(ContactPoint.citizen))))


def cpr_changes(citizen_id: int) -> list[CprChange]:
    """How the citizen came to other numbers, the newest first."""
    wanted = select(CprChange).where(CprChange.citizen_id == citizen_id).order_by(CprChange.changed_at.desc())
    return list(db.session.scalars(wanted.options(joinedload(CprChange.changed_by).lazyload(User.unit))))


def merges_into(citizen_id: int) -> list[Merge]:
    """Who was merged into the citizen, the newest first."""
    wanted = select(Merge).where(Merge.kept_id == citizen_id).order_by(Merge.merged_at.desc())
    return list(db.session.scalars(wanted.options(joinedload(Merge.merged_by).lazyload(User.unit))))


def merged_into(citizen_id: int) -> int | None:
    """The id of the visible citizen into whom this one was merged."""
    return db.session.scalar(select(Merge.kept_id).where(Merge.gone_id == citizen_id))


def named_like(name: str, *, in_active_case: bool) -> Select[int]:
    """Ids of the citizens who may be meant: their names have the codes of the words, which several words share.

    The decrypted name decides, with `name_tokens.matches`, and the policies decide who is seen at all.
    in_active_case: look only among those who have an open case, which are few however long the history.
    """
    codes = cast(name_tokens.search_tokens(name, crypto.installed()), ARRAY(SmallInteger))
    return select(func.ek_name_candidates(codes, in_active_case).column_valued("candidate"))


def bydele_to_choose(now: int | None = None) -> dict[int, str]:
    """The bydele in use by name, and the one that is chosen now."""
    bydele = db.session.scalars(select(Bydel).where(or_(Bydel.active, Bydel.id == now)))
    return {bydel.id: bydel.name for bydel in sorted(bydele, key=lambda bydel: danish.sort_key(bydel.name))}


def schools_to_choose(now: int | None = None) -> dict[int, str]:
    """The schools in use by name, and the one that is chosen now."""
    schools = db.session.scalars(select(School).where(or_(School.active, School.id == now)))
    return {school.id: school.name for school in sorted(schools, key=lambda school: danish.sort_key(school.name))}
