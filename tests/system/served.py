"""An installation that answers on a port, as it does in production."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from typing_extensions import override
from werkzeug.serving import WSGIRequestHandler, make_server

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Says nothing about each request."""

    @override
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


def free_port() -> socket.socket:
    """A socket on a port of its own; close it when the server is done with it."""
    return socket.create_server((HOST, 0))


@contextmanager
def serving(app: Flask, listening: socket.socket) -> Iterator[None]:
    """Answer on the socket from several threads, until the end."""
    port = listening.getsockname()[1]
    server = make_server(HOST, port, app, threaded=True, request_handler=_Quiet, fd=listening.fileno())
    thread = threading.Thread(target=server.serve_forever, name="web-server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
