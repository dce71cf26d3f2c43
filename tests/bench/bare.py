"""The yardstick: a bare Flask + SQLAlchemy page on the same PostgreSQL, served by the same gunicorn.

It selects one row and five notes by ORM and renders a small template. Nobody signs in, nothing is decrypted, and
nothing is recorded. A second address also commits one row, to show how much of a page is waiting for the disk.
"""

from flask import Flask, abort, render_template
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

TEMPLATE = """<!DOCTYPE html>
<html lang="en">
  <head><title>{{ row.title }}</title></head>
  <body>
    <h1>{{ row.title }}</h1>
    <ul>{% for note in notes %}<li>{{ note.position }}. {{ note.text }}</li>{% endfor %}</ul>
  </body>
</html>
"""

MAKE_TABLES = """
CREATE SCHEMA bare;
CREATE TABLE bare.rows (id integer PRIMARY KEY, title text NOT NULL);
CREATE TABLE bare.notes (
  id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  row_id integer NOT NULL REFERENCES bare.rows,
  position integer NOT NULL,
  text text NOT NULL
);
INSERT INTO bare.rows SELECT number, 'Row ' || number FROM generate_series(1, {rows}) AS number;
INSERT INTO bare.notes (row_id, position, text)
  SELECT number, position, repeat('Some words of a note. ', 5)
  FROM generate_series(1, {rows}) AS number, generate_series(1, 5) AS position;
CREATE INDEX ON bare.notes (row_id);
CREATE TABLE bare.records (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, row_id integer NOT NULL);
GRANT USAGE ON SCHEMA bare TO {app};
GRANT SELECT ON bare.rows, bare.notes TO {app};
GRANT SELECT, INSERT ON bare.records TO {app};
"""


class _Base(DeclarativeBase):
    __abstract__ = True


class Row(_Base):
    __tablename__ = "rows"
    __table_args__ = {"schema": "bare"}  # noqa: RUF012 - SQLAlchemy's declaration

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


class Note(_Base):
    __tablename__ = "notes"
    __table_args__ = {"schema": "bare"}  # noqa: RUF012 - SQLAlchemy's declaration

    id: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(ForeignKey(Row.id))
    position: Mapped[int]
    text: Mapped[str]


class Record(_Base):
    __tablename__ = "records"
    __table_args__ = {"schema": "bare"}  # noqa: RUF012 - SQLAlchemy's declaration

    id: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[int]


def create_app(database_url: str) -> Flask:
    """Make the application on a database in which MAKE_TABLES has been run."""
    app = Flask(__name__, static_folder=None)
    app.jinja_loader = DictLoader({"row.html": TEMPLATE})
    engine = create_engine(database_url, pool_size=10, max_overflow=10)

    def rendered(session: Session, row_id: int) -> str:
        row = session.get(Row, row_id)
        if row is None:
            abort(404)
        notes = session.scalars(select(Note).where(Note.row_id == row_id).order_by(Note.position)).all()
        return render_template("row.html", row=row, notes=notes)

    @app.route("/<int:row_id>")
    def show(row_id: int) -> str:
        with Session(engine) as session:
            return rendered(session, row_id)

    @app.route("/<int:row_id>/recorded")
    def show_recorded(row_id: int) -> str:
        with Session(engine) as session:
            session.add(Record(row_id=row_id))
            answer = rendered(session, row_id)
            session.commit()
            return answer

    return app
