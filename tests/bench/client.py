"""A browser that costs next to nothing.

The bytes of a request are made beforehand, and of an answer only what is needed is looked at: what the client spends is
part of every measurement, and would make the ratios look better than they are.
"""

import re
import socket
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

HOST = "127.0.0.1"
TOKEN = re.compile(rb'name="csrf_token"[^>]* value="([^"]+)"')
_COOKIE = re.compile(rb"^set-cookie: (enkeltsag=[^;]+)", re.IGNORECASE | re.MULTILINE)
_LENGTH = re.compile(rb"^content-length: (\d+)", re.IGNORECASE | re.MULTILINE)
_CHUNK = 1 << 16
_IDLE_SECONDS = 1.0  # gunicorn hangs up after two


class AnswerError(Exception):
    """The server answered something else than what is measured."""


@dataclass(frozen=True)
class Answer:
    """An answer, and how long it took."""

    status: int
    head: bytes
    body: bytes
    seconds: float


class Connection:
    """One connection that is kept open, as a proxy in front keeps it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = _connected(port)
        self._last = time.perf_counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def send(self, request: bytes) -> Answer:
        """Send a request and read the whole answer. Connecting anew after a pause is not part of the time."""
        if time.perf_counter() - self._last > _IDLE_SECONDS:
            self._connect_anew()
        try:
            return self._exchange(request)
        except (AnswerError, ConnectionError):
            # The server hangs up on those who pause, and on a busy machine a pause comes about by itself.
            self._connect_anew()
            return self._exchange(request)

    def _connect_anew(self) -> None:
        self._socket.close()
        self._socket = _connected(self._port)

    def _exchange(self, request: bytes) -> Answer:
        begun = time.perf_counter()
        self._socket.sendall(request)
        received = self._receive()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._receive()
        head = received[:end]
        length = _LENGTH.search(head)
        wanted = end + 4 + (int(length[1]) if length else 0)
        while len(received) < wanted:
            received += self._receive()
        self._last = time.perf_counter()
        return Answer(int(head[9:12]), head, received[end + 4 :], self._last - begun)

    def _receive(self) -> bytes:
        received = self._socket.recv(_CHUNK)
        if not received:
            raise AnswerError("the server closed the connection")
        return received


def _connected(port: int) -> socket.socket:
    connected = socket.create_connection((HOST, port), timeout=60)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


def request(path: str, *, cookie: str = "", form: dict[str, str] | None = None) -> bytes:
    """The bytes of a request; with a form it is posted."""
    content = b"" if form is None else urlencode(form).encode()
    lines = [
        f"{'GET' if form is None else 'POST'} {path} HTTP/1.1",
        f"Host: {HOST}",
        "Accept: text/html",
        *([f"Cookie: {cookie}"] if cookie else []),
        *([] if form is None else ["Content-Type: application/x-www-form-urlencoded"]),
        *([] if form is None else [f"Content-Length: {len(content)}"]),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content


@dataclass(frozen=True)
class SignedIn:
    """Somebody's session: the cookie, and the token that forms carry."""

    cookie: str
    token: str

    def request(self, path: str, form: dict[str, str] | None = None) -> bytes:
        """The bytes of a request in this session."""
        filled = None if form is None else {"csrf_token": self.token, **form}
        return request(path, cookie=self.cookie, form=filled)


def sign_in(port: int, email: str, password: str) -> SignedIn:
    """Sign in as a browser does. Raises AnswerError when the log-in is refused."""
    with Connection(port) as connection:
        shown = connection.send(request("/log-ind"))
        form = {"csrf_token": found(TOKEN, shown.body), "email": email, "password": password}
        answer = connection.send(request("/log-ind", cookie=found(_COOKIE, shown.head), form=form))
        if answer.status != 302:
            raise AnswerError(f"signing in as {email} was answered with {answer.status}")
        cookie = found(_COOKIE, answer.head)
        page = connection.send(request("/min-side", cookie=cookie))
        return SignedIn(cookie, found(TOKEN, page.body))


def found(pattern: re.Pattern[bytes], text: bytes) -> str:
    """What the pattern's group holds. Raises AnswerError when it is nowhere in the text."""
    match = pattern.search(text)
    if match is None:
        raise AnswerError(f"the answer has nothing like {pattern.pattern!r}")
    return match[1].decode()
