"""The table of permissions, put into words from the table that decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.access.models import Role
from app.access.policy import TABLE, Permission, Reader, Row
from app.core import danish

ALWAYS, SOMETIMES, NEVER = "Ja", "Nogle", "Nej"


@dataclass(frozen=True)
class Right:
    """One permission: `cells` says for each role whether it is held, `conditions` under which conditions by whom."""

    label: str
    cells: Mapping[Role, str]
    conditions: tuple[str, ...]


def rights() -> list[Right]:
    """Every permission there is."""
    return [
        Right(
            label=permission.label,
            cells={role: _cell(TABLE[permission], role) for role in Role},
            conditions=tuple(_words(row) for row in TABLE[permission] if len(row) > 1),
        )
        for permission in Permission
    ]


def _cell(rows: tuple[Row, ...], role: Role) -> str:
    lengths = [len(row) for row in rows if role in _roles(row)]
    if not lengths:
        return NEVER
    return ALWAYS if min(lengths) == 1 else SOMETIMES


def _roles(row: Row) -> list[Role]:
    """Whom the row is about: its first predicate looks at the role and at nothing else."""
    return [role for role in Role if row[0](Reader(0, role, None, active=True, today=date.min), None)]


def _words(row: Row) -> str:
    """Who, and under which conditions: "Leder: sagen hører til egen enhed og ikke inhabil i sagen"."""
    who = danish.and_list(role.value for role in _roles(row)).capitalize()
    conditions = [(predicate.__doc__ or "") for predicate in row[1:]]
    return f"{who}: {danish.and_list(text[:1].lower() + text[1:] for text in conditions)}"
