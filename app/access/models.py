"""Users, units, roles, and what signing in needs."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.labelled import Labelled
from app.core.model import Base, UtcDateTime


class Role(Labelled):
    """The six roles; what each may do stands in access.policy."""

    MENTOR = "mentor", "Mentor"
    KOORDINATOR = "koordinator", "Koordinator"
    LEDER = "leder", "Leder"
    ANALYTIKER = "analytiker", "Analytiker"
    ADMINISTRATOR = "administrator", "Administrator"
    REVISOR = "revisor", "Revisor"


class Unit(Base):
    """A crime-prevention unit; the first boundary of who sees a case."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration


class User(Base):
    """An employee who can sign in."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    unit: Mapped[Unit | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("active = (disabled_at IS NULL)", name="active_or_disabled"),
        Index("ix_users_unit_id_role", "unit_id", "role"),
    )

    # The four attributes that Flask-Login asks for.
    @property
    def is_authenticated(self) -> bool:
        """A loaded user has signed in."""
        return True

    @property
    def is_active(self) -> bool:
        """Whether the account is open."""
        return self.active

    @property
    def is_anonymous(self) -> bool:
        """Never."""
        return False

    def get_id(self) -> str:
        """The id as text."""
        return str(self.id)


class PasswordCredential(Base):
    """The argon2id hash of a user's password."""

    __tablename__ = "password_credentials"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]


class WebSession(Base):
    """A signed-in browser; the cookie's value is only stored hashed."""

    __tablename__ = "web_sessions"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime] = mapped_column(index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class SignInThrottle(Base):
    """The instants of the latest failures of one account or one address; dead after expires_at."""

    __tablename__ = "sign_in_throttle"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[list[datetime]] = mapped_column(ARRAY(UtcDateTime))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class TokenPurpose(enum.StrEnum):
    """What a mailed link is for."""

    INVITATION = "invitation"
    RESET = "reset"


class AccessToken(Base):
    """A mailed single-use link, stored hashed."""

    __tablename__ = "access_tokens"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[TokenPurpose]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Absence(Base):
    """Days on which a user is away, and who stands in. Why is nobody's business here."""

    __tablename__ = "absences"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    substitute: Mapped[User | None] = relationship(foreign_keys=[substitute_id])

    __table_args__ = (
        CheckConstraint("from_day <= to_day", name="in_order"),
        CheckConstraint("substitute_id <> user_id", name="other_substitute"),
    )


class FormSubmission(Base):
    """A form that was saved, so that a double click or a second tab saves once."""

    __tablename__ = "form_submissions"

    token: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    url: Mapped[str] = mapped_column(String(500))
    saved_at: Mapped[datetime] = mapped_column(index=True)
