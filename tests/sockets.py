"""No test speaks to anything but what it started itself.

PostgreSQL's driver connects in C, over the socket of the run's own server; everything written in Python passes here.
"""

import socket
from typing import Any

import pytest

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SocketGuard:
    """Refuses connections, except to a port that this process listens on or that `allow` has named."""

    def __init__(self) -> None:
        self._ports: set[int] = set()

    def allow(self, port: int) -> None:
        """Let tests connect to the port of a process that a fixture has started."""
        self._ports.add(port)

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Stand between Python and its sockets."""
        listen, connect, connect_ex = socket.socket.listen, socket.socket.connect, socket.socket.connect_ex

        def noting_listen(listening: socket.socket, *arguments: Any) -> None:
            listen(listening, *arguments)
            if listening.family in {socket.AF_INET, socket.AF_INET6}:
                self.allow(listening.getsockname()[1])

        def guarded_connect(connecting: socket.socket, address: Any) -> None:
            self.check(connecting, address)
            connect(connecting, address)

        def guarded_connect_ex(connecting: socket.socket, address: Any) -> int:
            self.check(connecting, address)
            return connect_ex(connecting, address)

        patch.setattr(socket.socket, "listen", noting_listen)
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)

    def check(self, connecting: socket.socket, address: Any) -> None:
        """Raise AssertionError for an address that no fixture has opened."""
        if connecting.family == socket.AF_UNIX:
            return
        host, port = address[:2]
        if host not in _LOOPBACK or port not in self._ports:
            connecting.close()
            raise AssertionError(f"a test connects to {host}:{port}, which no fixture has opened")
