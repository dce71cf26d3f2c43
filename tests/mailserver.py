"""A real SMTP server for the tests: it keeps what is delivered, and misbehaves on demand."""

import asyncio
import enum
import socket
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


class Behaviour(enum.Enum):
    """What the server does with a mail."""

    ACCEPT = "take it"
    TEMPORARY = "451: come back later"
    PERMANENT = "550 at the recipient"
    DROP = "close the connection before taking it"
    DROP_AFTER = "take it, and close the connection before saying so"
    HANG = "never answer"


@dataclass(frozen=True)
class Delivered:
    """A mail that the server has taken."""

    sender: str
    recipients: list[str]
    mail: EmailMessage
    raw: bytes

    @property
    def subject(self) -> str:
        """The subject."""
        return str(self.mail["Subject"])

    @property
    def text(self) -> str:
        """The plain text body."""
        body = self.mail.get_body(("plain",))
        return "" if body is None else str(body.get_content())


class MailServer:
    """Listens on one port for the whole run of a worker; `smtp` (a fixture) is this, emptied for each test."""

    def __init__(self) -> None:
        self.messages: list[Delivered] = []
        self.behaviour = Behaviour.ACCEPT
        self.of_recipient: dict[str, Behaviour] = {}
        self._socket = socket.create_server((HOST, 0))
        self.port: int = self._socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._transports: set[asyncio.BaseTransport] = set()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._run, name="mail-server", daemon=True)
        self._thread.start()
        self._call(self._listen(self._socket))

    @property
    def url(self) -> str:
        """The address, as SMTP_URL takes it."""
        return f"smtp://{HOST}:{self.port}"

    def to(self, address: str) -> list[Delivered]:
        """What was delivered to the address."""
        return [delivered for delivered in self.messages if address in delivered.recipients]

    def reset(self) -> None:
        """Forget everything and behave."""
        self._call(self._hang_up())
        self.messages.clear()
        self.of_recipient.clear()
        self.behaviour = Behaviour.ACCEPT
        if self._server is None:
            self.open()

    def refuse(self) -> None:
        """Close the port: connections are refused until `open`."""
        self._call(self._close())

    def open(self) -> None:
        """Open the same port again."""
        self._call(self._listen(socket.create_server((HOST, self.port))))

    def stop(self) -> None:
        """End the server."""
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _of(self, recipient: str) -> Behaviour:
        return self.of_recipient.get(recipient, self.behaviour)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer one recipient; called by aiosmtpd."""
        if self._of(address) is Behaviour.PERMANENT:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Answer one mail; called by aiosmtpd."""
        behaviour = self._of(envelope.rcpt_tos[0])
        if behaviour is Behaviour.TEMPORARY:
            return "451 4.3.0 try again later"
        if behaviour is Behaviour.HANG:
            await asyncio.Event().wait()
        if behaviour is not Behaviour.DROP:
            self._keep(envelope)
        if behaviour in {Behaviour.DROP, Behaviour.DROP_AFTER}:
            cast("asyncio.Transport", server.transport).abort()
        return "250 taken"

    def _keep(self, envelope: Envelope) -> None:
        raw = envelope.original_content or b""
        mail = message_from_bytes(raw, policy=policy.default)
        self.messages.append(Delivered(envelope.mail_from or "", list(envelope.rcpt_tos), mail, raw))

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _call(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _listen(self, listening: socket.socket) -> None:
        self._server = await self._loop.create_server(self._protocol, sock=listening)

    def _protocol(self) -> SMTP:
        server = self

        class Protocol(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                server._transports.add(transport)
                super().connection_made(transport)

        return Protocol(self, hostname="localhost", loop=self._loop)

    async def _hang_up(self) -> None:
        for transport in self._transports:
            cast("asyncio.Transport", transport).abort()
        self._transports.clear()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._hang_up()
