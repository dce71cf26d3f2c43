"""Writing many rows in one statement: as columns of arrays, which the database unfolds."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Table, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import Insert, insert


def insert_rows(table: Table, rows: Sequence[Mapping[str, Any]]) -> Insert:
    """The INSERT of these rows, of which there is at least one; all name the same columns.

    A statement for each row costs a round through the whole driver; this is one, whatever the number, and a
    column in which all rows agree travels once.
    """
    types = {name: table.c[name].type for name in rows[0]}
    values = {name: [row[name] for row in rows] for name in types}
    differing = [name for name, found in values.items() if any(value != found[0] for value in found)] or list(types)[:1]
    arrays = (bindparam(name, values[name], type_=ARRAY(types[name])) for name in differing)
    unfolded = func.unnest(*arrays).table_valued(*(column(name, types[name]) for name in differing)).render_derived()
    chosen = (
        unfolded.c[name] if name in differing else bindparam(name, values[name][0], type_=types[name]) for name in types
    )
    return insert(table).from_select(list(types), select(*chosen))
