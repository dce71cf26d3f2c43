"""Bydele and schools."""

from sqlalchemy import ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.model import Base


class Bydel(Base):
    """A district of the municipality, by which figures are told."""

    __tablename__ = "bydele"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration


class School(Base):
    """A school; its bydel is that of its district."""

    __tablename__ = "schools"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    bydel_id: Mapped[int] = mapped_column(ForeignKey("bydele.id"))
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    bydel: Mapped[Bydel] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's declaration
