"""One row of each table that hangs on a case, and the check that a reader sees exactly the rows of the cases in sight.

Which tables these are is read from the models: a new one fails the tests until it has a sample here.
"""

from collections.abc import Sequence

from sqlalchemy import Engine, Table, func, select

from app.access.policy import Permission, Reader, can
from app.cases.models import Case
from app.core.database import RowScope, set_settings
from app.core.model import Base

NOT_BY_SIGHT = {"case_access": "a reader sees the rows about himself, of whatever case"}


def case_tables() -> list[Table]:
    """Every table with a case_id."""
    return [table for table in Base.metadata.sorted_tables if "case_id" in table.c]


def assert_sight_agrees(web: Engine, reader: Reader, cases: Sequence[Case]) -> set[int]:
    """Raise AssertionError unless policies, owner-side function and permission table say the same about every case.

    Returns the ids of those in sight.
    """
    ids = [case.id for case in cases]
    permitted = {case.id for case in cases if can(reader, Permission.CASE_READ, case)}
    with web.connect() as connection:
        connection.execute(set_settings(RowScope(reader.user_id, reader.today)))
        exist = set(connection.scalars(select(Case.id).where(Case.id.in_(ids))))
        in_function = {case_id for case_id in ids if connection.scalar(select(func.ek_case_in_sight(case_id)))}
        assert exist == permitted, f"rows exist for {sorted(exist)}, permitted are {sorted(permitted)}: {reader}"
        assert in_function == permitted, f"the function sees {sorted(in_function)}, permitted are {sorted(permitted)}"
        for table in case_tables():
            if table.name in NOT_BY_SIGHT:
                continue
            found = set(connection.scalars(select(table.c.case_id).where(table.c.case_id.in_(ids))))
            assert found == permitted, f"{table.name}: rows of {sorted(found)}, permitted are {sorted(permitted)}"
    return permitted


def ids_seen(engine: Engine, table: Table, scope: RowScope) -> set[int]:
    """The ids of the table's rows that exist in the scope."""
    with engine.connect() as connection:
        connection.execute(set_settings(scope))
        return set(connection.scalars(select(table.c.id)))
