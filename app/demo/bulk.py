"""Many rows at once, for measurements: COPY, with the models' own column types, so that encryption is real."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from psycopg import Cursor
from sqlalchemy import Connection, Table


def copy_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows by COPY; return how many.

    connection: the owner's. rows: values as the models hold them, in the order of columns; columns that
    are left out take their defaults.
    """
    convert = [_converter(connection, table, name) for name in columns]
    cursor = cast("Cursor[Any]", connection.connection.cursor())
    count = 0
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f'COPY "{table.name}" ({names}) FROM STDIN'
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([fit(value) for fit, value in zip(convert, row, strict=True)])
            count += 1
    return count


def _converter(connection: Connection, table: Table, name: str) -> Callable[[Any], Any]:
    """What turns a value of the model into what the driver takes."""
    process = table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return process or (lambda value: value)


def restart_identity(connection: Connection, table: Table) -> None:
    """Let the next id follow the ones that were copied in."""
    connection.exec_driver_sql(
        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM \"{table.name}\"))"  # noqa: S608 - our own names
    )
