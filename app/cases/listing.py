"""The list of cases: filtered, searched, sorted, a page at a time.

First the ids of the page are found, in index order and under the policies, then their cases are loaded. A search by
name decrypts candidates in batches until the page is full, so that its time does not grow with the closed history.
"""

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select

from app.access.policy import Reader
from app.cases.models import Case, CaseStatus
from app.cases.paging import PAGE_SIZE
from app.cases.searching import Search, SearchKind
from app.cases.summaries import Summary, summaries
from app.cases.worklist import hint_named
from app.core import danish, name_tokens
from app.deadlines.models import Deadline
from app.extensions import db
from app.people.models import Citizen
from app.people.queries import cpr_index, named_like

MOST_SORTED_BY_NAME: Final = 500
_BATCH: Final = 200
NOBODY: Final = 0


class Sort(enum.StrEnum):
    """What the list can be sorted by."""

    NUMBER = "nummer"
    NIVEAU = "niveau"
    OPENED = "oprettet"
    DEADLINE = "frist"
    NAME = "navn"


@dataclass(frozen=True)
class Wanted:
    """What the reader wants to see.

    status: None is all. owner_id: NOBODY is nobody, None anybody.
    """

    today: date
    status: CaseStatus | None = CaseStatus.ACTIVE
    niveau: int | None = None
    owner_id: int | None = None
    overdue: bool = False
    search: Search | None = None
    sort: Sort = Sort.NUMBER
    descending: bool = True
    offset: int = 0


@dataclass(frozen=True)
class Listing:
    """One page of cases. too_many: sorting by name was refused, and they stand by number."""

    cases: list[Summary]
    more: bool
    too_many: bool = False


def find(wanted: Wanted, reader: Reader) -> Listing:
    """The page of cases that is wanted, each with its most pressing deadline."""
    statement = _matching(wanted, reader)
    if wanted.sort is Sort.NAME:
        ids = _ids_by_name(statement, wanted)
        too_many = ids is None
        if ids is None:
            ids = _ids(_sorted(statement, Sort.NUMBER, descending=True), wanted)
    else:
        too_many = False
        ids = _ids(_sorted(statement, wanted.sort, descending=wanted.descending), wanted)
    return Listing(list(summaries(ids[:PAGE_SIZE], wanted.today).values()), len(ids) > PAGE_SIZE, too_many)


def _matching(wanted: Wanted, reader: Reader) -> Select[Any]:
    """Ids of the cases that the filters let through; of a search by name the candidates."""
    return select(Case.id).where(*hint_named(reader, Case.id), *_filters(wanted), *_searched(wanted))


def _filters(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.status is not None:
        yield Case.status == wanted.status
    if wanted.niveau is not None:
        yield Case.niveau == wanted.niveau
    if wanted.owner_id is not None:
        yield Case.owner_id.is_(None) if wanted.owner_id == NOBODY else Case.owner_id == wanted.owner_id
    if wanted.overdue:
        late = select(Deadline.case_id).where(Deadline.stopped_at.is_(None), Deadline.due_on < wanted.today)
        yield Case.id.in_(late)


def _searched(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    search = wanted.search
    if search is None:
        return
    if search.kind is SearchKind.NUMBER:
        yield Case.number == search.text
    elif search.cpr is not None:
        yield Case.citizen_id.in_(select(Citizen.id).where(Citizen.cpr_index == cpr_index(search.cpr)))
    else:
        active = wanted.status is CaseStatus.ACTIVE
        yield Case.citizen_id.in_(named_like(search.text, in_active_case=active))


def _sorted(statement: Select[Any], sort: Sort, *, descending: bool) -> Select[Any]:
    """In an order that an index gives; equals stand by number in the same direction."""
    if sort is Sort.DEADLINE:
        due = (
            select(func.min(Deadline.due_on))
            .where(Deadline.case_id == Case.id, Deadline.stopped_at.is_(None))
            .scalar_subquery()
        )
        return statement.order_by((due.desc() if descending else due.asc()).nulls_last(), Case.number.desc())
    columns = {Sort.NIVEAU: [Case.niveau, Case.number], Sort.OPENED: [Case.opened_on, Case.number]}
    order = columns.get(sort, [Case.number])
    return statement.order_by(*(column.desc() if descending else column.asc() for column in order))


def _ids(statement: Select[Any], wanted: Wanted) -> list[int]:
    """The ids of the page, and one more when there are more."""
    search = wanted.search
    if search is None or search.kind is not SearchKind.NAME:
        return list(db.session.scalars(statement.offset(wanted.offset).limit(PAGE_SIZE + 1)))
    found: list[int] = []
    with _candidates(statement, few=wanted.status is CaseStatus.ACTIVE) as candidates:
        for case_id, name in candidates:
            if name_tokens.matches(name, search.text):
                found.append(case_id)
            if len(found) > wanted.offset + PAGE_SIZE:
                break
    return found[wanted.offset :]


@contextmanager
def _candidates(statement: Select[Any], *, few: bool) -> Iterator[Iterator[tuple[int, str]]]:
    """Case and name of those who may be meant; fetched and decrypted batch by batch, as far as somebody reads.

    few: get them all at once, as batches cost a cursor that is planned anew each time.
    """
    named = statement.add_columns(Citizen.name).join(Citizen, Citizen.id == Case.citizen_id)
    with db.session.execute(named if few else named.execution_options(yield_per=_BATCH)) as rows:
        yield ((case_id, name) for case_id, name in rows)


def _ids_by_name(statement: Select[Any], wanted: Wanted) -> list[int] | None:
    """The ids of the page in Danish order of the names; None when there are too many to decrypt them all."""
    named = statement.add_columns(Citizen.name).join(Citizen, Citizen.id == Case.citizen_id)
    rows = [(case_id, name) for case_id, name in db.session.execute(named.limit(MOST_SORTED_BY_NAME + 1))]
    if len(rows) > MOST_SORTED_BY_NAME:
        return None
    if wanted.search is not None and wanted.search.kind is SearchKind.NAME:
        rows = [(case_id, name) for case_id, name in rows if name_tokens.matches(name, wanted.search.text)]
    rows.sort(key=lambda row: (danish.sort_key(row[1]), row[0]), reverse=wanted.descending)
    return [case_id for case_id, _ in rows][wanted.offset : wanted.offset + PAGE_SIZE + 1]
