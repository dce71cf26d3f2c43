"""What every model is made of: the declarative base and the column types."""

import enum
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Enum, LargeBinary, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from app.core import crypto

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: timezone-aware on the way in, UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuse a naive instant: its meaning would depend on the machine."""
        if value is not None and value.tzinfo is None:
            msg = "an instant needs a timezone"
            raise ValueError(msg)
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Give UTC whatever timezone the connection speaks."""
        return value if value is None else value.astimezone(UTC)


class EncryptedText(TypeDecorator[str]):
    """Text that the database only ever sees encrypted, bound to its table and column.

    place: "table.column". A value moved to another column does not decrypt.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        """Remember the place that is bound into every value."""
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Encrypt."""
        return None if value is None else crypto.installed().encrypt(value, self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Decrypt; a value that does not belong here raises."""
        return None if value is None else crypto.installed().decrypt(value, self.place)


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


class Base(DeclarativeBase):
    """The declarative base of all models."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    registry = registry(
        metadata=metadata,
        type_annotation_map={
            datetime: UtcDateTime,
            # By value, not native: a new member needs no change of type in the database, and what is
            # not a member is refused on the way in instead of failing on the way out.
            enum.StrEnum: Enum(
                enum.StrEnum,
                native_enum=False,
                length=40,
                create_constraint=False,
                validate_strings=True,
                values_callable=_values,
            ),
            dict[str, Any]: JSONB,
        },
    )
