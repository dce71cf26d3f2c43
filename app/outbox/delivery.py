"""Speaking SMTP. What can go wrong is sorted into what a later attempt can mend and what it cannot."""

import re
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from app.outbox.models import MailSubject

# Shorter than the database lets a transaction idle, so that a slow server does not cost the row's lock.
TIMEOUT_SECONDS = 10
PERMANENT_FROM = 500
SERVICE_CLOSING = 421
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")


class DeliveryError(Exception):
    """A mail did not go out. code: for the machine; text: in Danish, with nothing personal in it."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class RefusedError(DeliveryError):
    """Refused for good; sending the same again is no use."""


class DeferredError(DeliveryError):
    """Refused for now; this mail may be taken later."""


class UnreachableError(DeliveryError):
    """The mail server is away or does not let us in; no mail would get through at present."""


def is_address(text: str) -> bool:
    """Whether the text can stand in a header and in RCPT TO as an address, and as nothing else."""
    return _ADDRESS.fullmatch(text) is not None


def letter(*, sender: str, to: str, subject: MailSubject, message_id: str, body: str, at: datetime) -> EmailMessage:
    """The mail as it goes out: plain text under a subject from the fixed list."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject.text
    message["Message-ID"] = message_id
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, cte="quoted-printable")
    return message


class Postbox:
    """One connection to the mail server, opened when first needed and kept for many mails."""

    def __init__(self, url: str) -> None:
        """Remember the server. url: as SMTP_URL, see config.py."""
        parts = urlsplit(url)
        self._scheme = parts.scheme
        self._host = parts.hostname or ""
        self._port = parts.port or 0
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Nothing is opened yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Say goodbye to the server."""
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._close()

    def open(self) -> None:
        """Connect, encrypt and log in, unless that has been done. Raises UnreachableError."""
        if self._connection is not None:
            return
        try:
            self._connection = self._connected()
            if self._scheme == "smtp+starttls":
                self._connection.starttls(context=_tls())
            if self._user:
                self._connection.login(self._user, self._password)
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            raise _why_unreachable(error) from error

    def send(self, message: EmailMessage) -> None:
        """Hand over one mail. Raises RefusedError, DeferredError or UnreachableError."""
        if self._connection is None:
            raise UnreachableError("not-open", "der er ingen forbindelse til postserveren")
        try:
            self._connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise self._refusal(code, "modtagerens postserver afviste adressen") from error
        except smtplib.SMTPSenderRefused as error:
            raise self._refusal(error.smtp_code, "postserveren afviste afsenderadressen") from error
        except smtplib.SMTPResponseException as error:
            raise self._refusal(error.smtp_code, "postserveren afviste mailen") from error
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            raise UnreachableError("interrupted", "forbindelsen til postserveren blev afbrudt") from error

    def _connected(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=_tls())
        return smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)

    def _refusal(self, code: int, text: str) -> DeliveryError:
        if code >= PERMANENT_FROM:
            return RefusedError(str(code), f"{text} ({code})")
        if code == SERVICE_CLOSING:
            self._close()
            return UnreachableError(str(code), f"postserveren lukker for nu ({code})")
        return DeferredError(str(code), f"postserveren bad om at vente ({code})")

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _tls() -> ssl.SSLContext:
    """Verify the server's certificate and name: asked-for encryption is never given up silently."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _why_unreachable(error: Exception) -> UnreachableError:
    if isinstance(error, ssl.SSLError):
        return UnreachableError("tls", "postserverens certifikat kan ikke godkendes")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return UnreachableError("log-in", "postserveren afviste vores log ind")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return UnreachableError("no-tls", "postserveren tilbyder ikke det, som SMTP_URL kræver")
    return UnreachableError("away", "postserveren svarer ikke")
