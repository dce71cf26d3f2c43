"""Uploads: how large they may be where one is expected, and that they never touch the disk in the clear."""

import io
from typing import IO, Any, Final

from flask import Blueprint, Request, request
from typing_extensions import override

MEBIBYTE: Final = 1024 * 1024
# What is too large is read and thrown away up to this, because a browser shows no answer while it still sends.
_MOST_THROWN_AWAY: Final = 200 * MEBIBYTE
_PIECE: Final = 64 * 1024
_FORM_AROUND_FILE: Final = 64 * 1024


class MemoryRequest(Request):
    """A request whose files stay in memory; the library would put larger ones on the disk, readable."""

    @override
    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Keep a file of the form in memory. Its size is bound by MAX_CONTENT_LENGTH."""
        return io.BytesIO()


def allow_upload(bp: Blueprint, endpoint: str, *, most_bytes: int) -> None:
    """Let the view of this endpoint take a form with a file of so many bytes; others keep the general limit.

    It is said before the guard against forged posts reads the form.
    """

    def raise_limit(called: str | None, _values: dict[str, Any] | None) -> None:
        if called != endpoint or request.method != "POST":
            return
        request.max_content_length = most_bytes + _FORM_AROUND_FILE
        if (request.content_length or 0) > request.max_content_length:
            _throw_away()

    bp.url_value_preprocessor(raise_limit)


def _throw_away() -> None:
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, _MOST_THROWN_AWAY)
    while left > 0 and (piece := stream.read(min(_PIECE, left))):
        left -= len(piece)
