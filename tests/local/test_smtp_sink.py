"""The local mail server keeps what a real client sends."""

import smtplib
import socket
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.smtp_sink import SmtpSink


def send(url: str, recipient: str, text: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "enkeltsag@kommune.example", recipient, "Frist nærmer sig"
    mail.set_content(text)
    address = urlsplit(url)
    assert address.hostname
    with smtplib.SMTP(address.hostname, address.port or 0, timeout=5) as client:
        client.send_message(mail)


def test_each_mail_is_a_private_file(tmp_path: Path) -> None:
    with SmtpSink(tmp_path / "mail") as sink:
        send(sink.url, "Koordinator@kommune.example", "Første")
        send(sink.url, "leder@kommune.example", "Anden\n.\n..\nslut")

    first, second = sorted((tmp_path / "mail").iterdir())
    assert first.name == "0001-koordinator@kommune.example.eml"
    assert second.name == "0002-leder@kommune.example.eml"
    assert first.stat().st_mode & 0o777 == 0o600
    kept = message_from_bytes(second.read_bytes(), policy=default)
    assert isinstance(kept, EmailMessage)
    assert kept.get_content() == "Anden\r\n.\r\n..\r\nslut\r\n"


def test_numbering_goes_on_after_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        with SmtpSink(tmp_path) as sink:
            send(sink.url, "a@b.example", "x")

    assert sorted(file.name for file in tmp_path.iterdir()) == ["0001-a@b.example.eml", "0002-a@b.example.eml"]


def test_recipient_cannot_choose_the_folder(tmp_path: Path) -> None:
    with SmtpSink(tmp_path / "mail") as sink:
        send(sink.url, '"../../x"@b.example', "x")

    assert [file.name for file in (tmp_path / "mail").iterdir()] == ["0001-.._.._x@b.example.eml"]


def test_port_is_closed_afterwards_even_with_a_client_hanging_on(tmp_path: Path) -> None:
    with SmtpSink(tmp_path) as sink:
        address = urlsplit(sink.url)
        client = socket.create_connection((address.hostname, address.port or 0), timeout=5)
        assert client.recv(100).startswith(b"220 ")

    with client, pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname, address.port or 0), timeout=5)
