"""A local mail server that delivers nothing and keeps each mail as a file."""

import asyncio
import os
import re
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


class SmtpSink:
    """Writes each mail to `folder` as `<number>-<first recipient>.eml`, readable by this user alone.

    A context manager that listens on a free port while it is open; numbering goes on from what the folder holds.
    """

    def __init__(self, folder: Path) -> None:
        """Open the port; mail is accepted from `__enter__` on."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._number = max((int(file.name.partition("-")[0]) for file in folder.glob("[0-9]*-*.eml")), default=0)
        self._socket = socket.create_server((HOST, 0))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="smtp-sink", daemon=True)

    @property
    def url(self) -> str:
        """The sink's address, as SMTP_URL takes it."""
        return f"smtp://{HOST}:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Accept mail; what was sent before waits at the open port."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the port."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one mail and answer the client; called by aiosmtpd."""
        self._keep(envelope.rcpt_tos[0], envelope.original_content or b"")
        return "250 kept"

    def _keep(self, recipient: str, content: bytes) -> None:
        """Write one mail; it appears under its name only when complete."""
        self._number += 1
        name = f"{self._number:04d}-{re.sub(r'[^a-z0-9@._+-]', '_', recipient.lower())[:80]}.eml"
        unfinished = self._folder / f".{name}"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        unfinished.rename(self._folder / name)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(lambda: SMTP(self, hostname="localhost", loop=self._loop), sock=self._socket)
        )
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(server.wait_closed())
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()
