"""Finding citizens. What exists for whom is the row scope's business, never the query's."""

from sqlalchemy import ARRAY, Select, SmallInteger, cast, func, or_, select

from app.core import crypto, danish, name_tokens
from app.core.cpr import Cpr
from app.core.errors import found
from app.extensions import db
from app.people.models import Citizen, CprChange
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
