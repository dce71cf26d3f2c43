"""Delivering mail to a real SMTP server, also to one that misbehaves."""

import re
import ssl
from email import message_from_bytes

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from app.access.models import User
from app.outbox import rechecks
from app.outbox.delivery import Postbox, UnreachableError, is_address, letter
from app.outbox.models import MailState, MailSubject
from tests.factories import Make
from tests.mailserver import Behaviour, MailServer
from tests.moments import at
from tests.outbox.conftest import Deliver, Mails, Put


def test_what_arrives(put: Put, deliver: Deliver, smtp: MailServer, mails: Mails) -> None:
    put()
    assert deliver().done == 1
    delivered = smtp.messages[-1]
    assert delivered.sender == "enkeltsag@kommune.example"
    assert delivered.recipients == ["birthe@kommune.example"]
    assert delivered.mail["To"] == "birthe@kommune.example"
    assert delivered.subject == "En frist udløber i dag"
    assert delivered.text.split() == ["Se", "frist:", "æøå."]
    assert delivered.mail["Auto-Submitted"] == "auto-generated"
    assert delivered.mail["Date"] == "Tue, 03 Mar 2026 11:00:00 +0000"
    assert delivered.mail["Message-ID"].endswith("@kommune.example>")
    assert delivered.mail.get_content_type() == "text/plain"
    assert set(delivered.mail.keys()) == {
        "From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    [mail] = mails()
    assert (mail.state, mail.attempts, mail.sent_at, mail.error) == (MailState.SENT, 1, at("2026-03-03 12.00"), None)


def test_the_name_of_the_recipient_is_nowhere(put: Put, deliver: Deliver, smtp: MailServer) -> None:
    put()
    deliver()
    assert b"birthe" in smtp.messages[-1].raw
    assert "kjær" not in str(smtp.messages[-1].mail).lower()
    assert re.search(rb"kj|=c3=85", smtp.messages[-1].raw, re.IGNORECASE) is None


def test_each_mail_goes_once(put: Put, deliver: Deliver, smtp: MailServer) -> None:
    put("a")
    put("b")
    deliver()
    deliver("2026-03-04 12.00")
    assert len(smtp.messages) == 2


def test_the_same_key_is_refused_and_has_the_same_message_id(put: Put, mails: Mails) -> None:
    put("a")
    with pytest.raises(IntegrityError):
        put("a")
    put("b")
    assert len({mail.message_id for mail in mails()}) == 2


def test_a_refusal_for_now_is_tried_again_ever_more_slowly(
    put: Put, deliver: Deliver, smtp: MailServer, mails: Mails
) -> None:
    smtp.behaviour = Behaviour.TEMPORARY
    put()
    deliver("2026-03-03 12.00")
    [mail] = mails()
    assert (mail.state, mail.error) == (MailState.QUEUED, "postserveren bad om at vente (451)")
    assert mail.next_attempt_at == at("2026-03-03 12.01")
    assert deliver("2026-03-03 12.00").done == 0
    deliver("2026-03-03 12.01")
    assert mails()[0].next_attempt_at == at("2026-03-03 12.03")
    smtp.behaviour = Behaviour.ACCEPT
    deliver("2026-03-03 12.03")
    assert (mails()[0].state, mails()[0].attempts, mails()[0].error) == (MailState.SENT, 3, None)


def test_after_two_days_it_is_given_up(put: Put, deliver: Deliver, smtp: MailServer, mails: Mails) -> None:
    smtp.behaviour = Behaviour.TEMPORARY
    put("untried", when="2026-03-01 11.00")
    put("tried")
    deliver("2026-03-03 12.00")
    deliver("2026-03-05 12.01")
    assert [(mail.state, mail.error) for mail in mails()] == [
        (MailState.FAILED, "postserveren bad om at vente (451)"),
        (MailState.FAILED, "postserveren bad om at vente (451)"),
    ]


def test_one_that_nobody_tried_is_tried_however_old(put: Put, deliver: Deliver, smtp: MailServer) -> None:
    put(when="2026-02-01 12.00")
    assert deliver().done == 1
    assert len(smtp.messages) == 1


def test_a_refusal_for_good(put: Put, deliver: Deliver, smtp: MailServer, mails: Mails) -> None:
    smtp.behaviour = Behaviour.PERMANENT
    put()
    deliver()
    [mail] = mails()
    assert (mail.state, mail.error_code) == (MailState.FAILED, "550")
    assert mail.error == "modtagerens postserver afviste adressen (550)"


def test_one_bad_address_does_not_hold_up_the_others(
    put: Put, deliver: Deliver, smtp: MailServer, mails: Mails, make: Make
) -> None:
    smtp.of_recipient["birthe@kommune.example"] = Behaviour.PERMANENT
    put("a")
    put("b", to=make.user())
    deliver()
    assert [mail.state for mail in mails()] == [MailState.FAILED, MailState.SENT]


def test_an_answer_that_is_lost_means_the_same_mail_again(put: Put, deliver: Deliver, smtp: MailServer) -> None:
    smtp.behaviour = Behaviour.DROP_AFTER
    put()
    deliver(error="forbindelsen til postserveren blev afbrudt")
    smtp.behaviour = Behaviour.ACCEPT
    deliver("2026-03-03 12.01")
    assert len(smtp.messages) == 2
    assert len({delivered.mail["Message-ID"] for delivered in smtp.messages}) == 1


@pytest.mark.parametrize("behaviour", [Behaviour.DROP, Behaviour.HANG])
def test_a_server_that_does_not_answer(
    behaviour: Behaviour, put: Put, deliver: Deliver, smtp: MailServer, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.outbox.delivery.TIMEOUT_SECONDS", 0.3)
    smtp.behaviour = behaviour
    put("a")
    put("b")
    deliver(error="forbindelsen til postserveren blev afbrudt")
    assert [mail.attempts for mail in mails()] == [1, 1]
    smtp.reset()
    deliver("2026-03-03 12.01")
    assert [mail.state for mail in mails()] == [MailState.SENT, MailState.SENT]


def test_a_server_that_is_away_is_said_once_on_every_mail(
    put: Put, deliver: Deliver, smtp: MailServer, mails: Mails
) -> None:
    put("a")
    put("b")
    smtp.refuse()
    for _ in range(3):
        deliver(error="postserveren svarer ikke")
    assert [(mail.attempts, mail.error) for mail in mails()] == [(1, "postserveren svarer ikke")] * 2
    smtp.open()
    assert deliver().done == 2


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ("active = false, disabled_at = created_at", "modtagerens bruger er lukket"),
        ("email = NULL", "modtageren har ingen mailadresse"),
        (r"email = E'x@kommune.example\nbcc: y@example.org'", "modtagerens mailadresse kan ikke bruges"),
    ],
)
def test_a_recipient_whom_no_mail_reaches(
    change: str, error: str, put: Put, deliver: Deliver, smtp: MailServer, mails: Mails, owner: Engine, recipient: User
) -> None:
    put(secret=True)
    with owner.begin() as connection:
        connection.execute(text(f"UPDATE users SET {change} WHERE id = :id").bindparams(id=recipient.id))
    deliver()
    assert smtp.messages == []
    [mail] = mails()
    assert (mail.state, mail.error, mail.body) == (MailState.FAILED, error, None)


def test_a_secret_is_wiped_once_it_has_been_sent(put: Put, deliver: Deliver, mails: Mails, smtp: MailServer) -> None:
    put("secret", secret=True, body="http://localhost/adgangskode/abc")
    put("open", body="Se frist.")
    deliver()
    assert [mail.body for mail in mails()] == [None, "Se frist."]


def test_bodies_are_encrypted(put: Put, owner: Engine) -> None:
    put(body="Se fristen på sagen.")
    with owner.connect() as connection:
        assert b"fristen" not in bytes(connection.scalar(text("SELECT body FROM outbox_mails")) or b"")


def test_what_no_longer_holds_is_withdrawn(
    put: Put, deliver: Deliver, smtp: MailServer, mails: Mails, job_app: Flask
) -> None:
    rechecks.register(job_app, "egg", lambda egg: "ægget er spist" if egg == 7 else None)
    put("a", about=("egg", 7))
    put("b", about=("egg", 8))
    deliver()
    assert len(smtp.messages) == 1
    assert [(mail.state, mail.error) for mail in mails()] == [
        (MailState.WITHDRAWN, "ægget er spist"),
        (MailState.SENT, None),
    ]


def test_a_mail_with_a_fault_does_not_hold_up_the_others(
    put: Put, deliver: Deliver, smtp: MailServer, mails: Mails, owner: Engine
) -> None:
    put("a")
    put("b")
    with owner.begin() as connection:
        connection.execute(text("UPDATE outbox_mails SET body = 'garbled' WHERE key = 'a'"))
    deliver()
    assert len(smtp.messages) == 1
    with owner.connect() as connection:
        rows = connection.execute(text("SELECT state, error_code FROM outbox_mails ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("queued", "fault"), ("sent", None)]


# ---------------------------------------------------------------- headers

NASTY = [
    "x\r\nBcc: y@example.org",
    "x\nBcc: y@example.org",
    "x=?UTF-8?Q?=0A?=Bcc: y@example.org",
    "=?utf-8?q?=0d=0abcc:_y@example.org?=",
    "=cmd|' /C calc'!A0",
    "\u2028Bcc: y@example.org",
    ".\r\n.\r\nMAIL FROM:<y@example.org>",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_in_a_body_becomes_a_header_or_a_command(
    nasty: str, put: Put, deliver: Deliver, smtp: MailServer
) -> None:
    put(body=f"{nasty}\nslut")
    deliver()
    assert len(smtp.messages) == 1
    assert smtp.messages[-1].recipients == ["birthe@kommune.example"]
    assert smtp.messages[-1].mail["Bcc"] is None
    assert "slut" in smtp.messages[-1].text


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_nasty_passes_as_an_address(nasty: str) -> None:
    assert not is_address(nasty)
    assert not is_address(f"{nasty}@example.org")
    assert not is_address(f"x@example.org{nasty}")


@pytest.mark.parametrize("subject", list(MailSubject))
def test_subjects_come_from_the_fixed_list(subject: MailSubject) -> None:
    message = letter(
        sender="a@kommune.example",
        to="b@kommune.example",
        subject=subject,
        message_id="<x@kommune.example>",
        body="Hej.",
        at=at("2026-03-03 12.00"),
    )
    raw = message.as_bytes()
    assert raw.count(b"\nSubject:") == 1
    assert message_from_bytes(raw, policy=message.policy)["Subject"] == subject.text


# ---------------------------------------------------------------- encryption on the way


def test_starttls_is_demanded_when_it_was_asked_for(smtp: MailServer) -> None:
    with Postbox(smtp.url.replace("smtp://", "smtp+starttls://")) as postbox, pytest.raises(UnreachableError) as away:
        postbox.open()
    assert away.value.code == "no-tls"


def test_smtps_to_a_server_without_tls(smtp: MailServer) -> None:
    with Postbox(smtp.url.replace("smtp://", "smtps://")) as postbox, pytest.raises(UnreachableError) as away:
        postbox.open()
    assert away.value.code == "tls"


def test_certificates_are_verified(monkeypatch: pytest.MonkeyPatch, smtp: MailServer) -> None:
    asked: list[ssl.SSLContext] = []
    monkeypatch.setattr("smtplib.SMTP.starttls", lambda _self, *, context: asked.append(context))
    with Postbox(smtp.url.replace("smtp://", "smtp+starttls://")) as postbox:
        postbox.open()
    assert asked[0].verify_mode is ssl.CERT_REQUIRED
    assert asked[0].check_hostname
    assert asked[0].minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_server_that_does_not_let_us_in(smtp: MailServer) -> None:
    with (
        Postbox(smtp.url.replace("smtp://", "smtp://bruger:forkert@")) as postbox,
        pytest.raises(UnreachableError) as away,
    ):
        postbox.open()
    assert away.value.code in {"log-in", "no-tls"}
