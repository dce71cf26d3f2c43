"""The tests' own tools: what they promise to find, they find."""

import smtplib
import socket

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, scoped_session

from app.access.models import Unit, User
from app.cases.models import Case
from app.core import clock
from app.extensions import db
from tests.browser import Browser, _uncommitted
from tests.conftest import ActAs, Freeze
from tests.contents import contents
from tests.databases import Database
from tests.factories import Make
from tests.mailserver import Behaviour, MailServer
from tests.moments import at
from tests.sockets import SocketGuard
from tests.world import World


@pytest.mark.parametrize("attempt", range(2))
def test_every_test_begins_with_an_empty_database(make: Make, owner: Engine, attempt: int) -> None:
    with Session(owner) as session:
        assert session.scalars(select(User)).all() == []
    assert make.user().id == 1


def test_application_works_on_whatever_clone_stands_behind_it(
    database: Database, make: Make, client: Browser, owner: Engine
) -> None:
    client.sign_in(make.user()).get("/")
    database.mark_used()
    database.renew()

    client.sign_in(make.user()).get("/")


def test_database_goes_away_under_an_open_connection(database: Database, web: Engine) -> None:
    with web.connect() as connection:
        database.mark_used()
        database.renew()
        with pytest.raises(OperationalError):
            connection.execute(select(1))
        connection.invalidate()


def test_digest_changes_with_a_row(make: Make, owner: Engine) -> None:
    before = contents(owner)
    unit = make.unit("Nord")
    after = contents(owner)
    with Session(owner) as session:
        session.get_one(Unit, unit.id).name = "Syd"
        session.commit()

    assert {name for name in before if before[name] != after[name]} == {"units"}
    assert contents(owner)["units"] != after["units"]
    assert "units" not in contents(owner, but={"units"})


def test_what_a_request_leaves_uncommitted_is_found(app: Flask) -> None:
    with app.app_context():
        assert _uncommitted() == []
        db.session.add(Unit(name="Glemt"))
        assert "Unit object" in _uncommitted()[0]
        db.session.expunge_all()
        db.session.execute(select(1))
        assert _uncommitted() == ["an open transaction"]


def test_wrong_status_says_what_the_page_said(client: Browser, make: Make) -> None:
    client.sign_in(make.user())

    with pytest.raises(AssertionError, match=r"GET /findes-ikke answered 404, not 200: .*"):
        client.get("/findes-ikke")


def test_two_browsers_are_two_people(make: Make, app: Flask, owner: Engine) -> None:
    one, other = make.user(name="Amir Holm"), make.user(name="Ditte Lund")
    first, second = Browser(app, owner).sign_in(one), Browser(app, owner).sign_in(other)

    assert "Amir Holm" in first.get("/").text
    assert "Ditte Lund" in second.get("/").text
    assert "Amir Holm" in first.get("/").text


def test_request_does_not_borrow_the_session_of_the_test(
    db_session: scoped_session[Session], acting_as: ActAs, client: Browser, world: World
) -> None:
    acting_as(world.nord.leder)
    mine = len(db_session.scalars(select(Case)).all())
    client.sign_in(world.nord.administrator).get("/sager", status=403)

    assert mine > 0
    assert len(db_session.scalars(select(Case)).all()) == mine


def test_clock_stands_still(frozen: Freeze) -> None:
    frozen("2026-03-29 03.30")
    assert clock.now() == at("2026-03-29 03.30")
    frozen("2026-10-25")
    assert clock.local_time(clock.now()).hour == 12


# ---------------------------------------------------------------- sockets and mail


def test_connections_go_only_where_a_fixture_listens(socket_guard: SocketGuard) -> None:
    for address in [("192.0.2.1", 25), ("127.0.0.1", 25), ("localhost", 587)]:
        with socket.socket() as connecting, pytest.raises(AssertionError, match="no fixture has opened"):
            connecting.connect(address)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        socket.create_connection(listening.getsockname()).close()


def send(smtp: MailServer, *recipients: str) -> None:
    with smtplib.SMTP("127.0.0.1", smtp.port, timeout=0.5) as connection:
        connection.sendmail("fra@kommune.example", recipients, "Subject: Emne\r\n\r\nBrødtekst\r\n".encode())


def test_mail_is_kept_as_it_arrived(smtp: MailServer) -> None:
    send(smtp, "til@kommune.example")

    (delivered,) = smtp.to("til@kommune.example")
    assert (delivered.sender, delivered.subject) == ("fra@kommune.example", "Emne")
    assert "Brødtekst".encode() in delivered.raw


@pytest.mark.parametrize(
    ("behaviour", "error", "kept"),
    [
        (Behaviour.TEMPORARY, smtplib.SMTPDataError, 0),
        (Behaviour.PERMANENT, smtplib.SMTPRecipientsRefused, 0),
        (Behaviour.DROP, smtplib.SMTPServerDisconnected, 0),
        (Behaviour.DROP_AFTER, smtplib.SMTPServerDisconnected, 1),
        (Behaviour.HANG, smtplib.SMTPServerDisconnected, 0),
    ],
)
def test_mail_server_misbehaves(
    smtp: MailServer, behaviour: Behaviour, error: type[smtplib.SMTPException], kept: int
) -> None:
    smtp.behaviour = behaviour

    with pytest.raises(error):
        send(smtp, "til@kommune.example")

    assert len(smtp.messages) == kept


def test_mail_server_misbehaves_for_one_alone(smtp: MailServer) -> None:
    smtp.of_recipient["lukket@kommune.example"] = Behaviour.PERMANENT

    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(smtp, "lukket@kommune.example")
    send(smtp, "aaben@kommune.example")

    assert len(smtp.messages) == 1


def test_mail_server_closes_its_port(smtp: MailServer) -> None:
    smtp.refuse()
    with pytest.raises(ConnectionRefusedError):
        send(smtp, "til@kommune.example")

    smtp.open()
    send(smtp, "til@kommune.example")
    assert len(smtp.messages) == 1
