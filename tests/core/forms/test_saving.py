"""Saving a form: all of it or nothing, on a real PostgreSQL."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.core.errors import ChangedMeanwhileError, DomainError, NotFoundError
from app.core.forms import Form, TextField, saving
from local.postgres import throwaway_cluster


class Base(DeclarativeBase):
    """Models of these tests alone."""


class Thing(Base):
    __tablename__ = "things"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy wants it


class Titled(Form):
    title = TextField("Titel")


db = SQLAlchemy(metadata=Base.metadata)


@pytest.fixture(scope="module")
def application() -> Iterator[Flask]:
    app = Flask(__name__)
    with throwaway_cluster() as cluster:
        app.config.update(SECRET_KEY="s" * 32, WTF_CSRF_ENABLED=False, SQLALCHEMY_DATABASE_URI=cluster.superuser_url())
        db.init_app(app)
        with app.app_context():
            db.create_all()
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def form(application: Flask) -> Iterator[Titled]:
    """A form in a request whose transaction is thrown away."""
    with application.test_request_context("/", method="POST"):
        db.session.add(Thing(id=1, title="første"))
        db.session.flush()
        yield Titled()
        db.session.rollback()


def titles() -> list[str]:
    return list(db.session.scalars(select(Thing.title).order_by(Thing.id)))


def rename(title: str, then: Callable[[], None] = lambda: None) -> None:
    """Act as a service does: change, flush; then do what the test wants."""
    db.session.get_one(Thing, 1).title = title
    db.session.flush()
    then()


def refuse(error: Exception) -> Callable[[], None]:
    def raising() -> None:
        raise error

    return raising


def view(form: Titled, act: Callable[[], None]) -> str:
    """A view as they are all written."""
    with saving(form):
        act()
        return "saved"
    return "shown again"


def test_what_succeeds_is_kept(form: Titled) -> None:
    assert view(form, lambda: rename("ny")) == "saved"
    assert titles() == ["ny"]
    assert not form.failed


@pytest.mark.parametrize(
    ("error", "summary"),
    [
        (DomainError("Titlen er optaget.", "title"), [("title", "Titlen er optaget.")]),
        (DomainError("Sagen er lukket."), [(None, "Sagen er lukket.")]),
        (DomainError("Ukendt felt.", "nowhere"), [(None, "Ukendt felt.")]),
        (ChangedMeanwhileError(), [(None, ChangedMeanwhileError().message)]),
    ],
)
def test_a_refusal_is_shown_on_the_form_and_undone(
    form: Titled, error: Exception, summary: list[tuple[str | None, str]]
) -> None:
    assert view(form, lambda: rename("ny", refuse(error))) == "shown again"
    assert form.error_summary() == summary
    assert titles() == ["første"]


def test_the_page_can_still_read_what_it_shows(form: Titled) -> None:
    thing = db.session.get_one(Thing, 1)

    view(form, lambda: rename("ny", refuse(DomainError("Nej."))))

    assert (thing.title, thing.version) == ("første", 1)


def test_a_row_that_somebody_else_has_changed_is_told_and_left_as_it_is(form: Titled) -> None:
    def somebody_else_was_faster() -> None:
        thing = db.session.get_one(Thing, 1)
        db.session.execute(
            update(Thing).values(title="andens", version=7), execution_options={"synchronize_session": False}
        )
        thing.title = "min"
        db.session.flush()

    assert view(form, somebody_else_was_faster) == "shown again"
    assert form.error_summary() == [(None, ChangedMeanwhileError().message)]


@pytest.mark.parametrize("error", [NotFoundError(), ValueError("fejl")])
def test_everything_else_goes_on_and_is_undone(form: Titled, error: Exception) -> None:
    with pytest.raises(type(error)):
        view(form, lambda: rename("ny", refuse(error)))

    assert titles() == ["første"]


def test_a_broken_rule_of_the_database_is_a_fault(form: Titled) -> None:
    def twice() -> None:
        db.session.add(Thing(id=2, title="første"))
        db.session.flush()

    with pytest.raises(IntegrityError):
        view(form, twice)

    assert titles() == ["første"]


def _change() -> None:
    db.session.get_one(Thing, 1).title = "ny"


def _add() -> None:
    db.session.add(Thing(id=2, title="anden"))


def _delete() -> None:
    db.session.delete(db.session.get_one(Thing, 1))


@pytest.mark.parametrize("act", [_change, _add, _delete])
def test_a_service_that_has_not_flushed_is_found_out(form: Titled, act: Callable[[], Any]) -> None:
    with pytest.raises(RuntimeError, match="must flush"):
        view(form, act)


def test_setting_what_is_set_already_is_no_change(form: Titled) -> None:
    def same() -> None:
        db.session.get_one(Thing, 1).title = "første"

    assert view(form, same) == "saved"


def test_what_was_done_before_is_kept_when_the_service_refuses(form: Titled) -> None:
    _change()

    view(form, refuse(DomainError("Nej.")))

    assert titles() == ["ny"]
