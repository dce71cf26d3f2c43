"""The log: one JSON object per line on stderr, with nothing in it that names a citizen.

Left out on purpose: query strings (they hold searches), form data, cookies, local variables, and everything of an
exception's message after its first line (that is where the database driver and SQLAlchemy quote rows and parameters).
What is left is masked: CPR numbers, the tokens of single-use links, and quoted input in exceptions.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, TextIO

from flask import g, has_request_context, request
from typing_extensions import override

from app.core import cpr

_TOKEN_PATHS: Final = re.compile(r"(/(?:adgangskode|invitation|kalender)/)[^/\s?\"']+")
# Begins where a word begins, so that a long address is read once and not from each of its characters.
_QUERY_STRING: Final = re.compile(r"(?<![^\s\"'])([^\s?\"']*)\?[^\s\"']+")
_QUOTED: Final = re.compile(r"'[^']*'")
_LONGEST: Final = 500

# In the messages of these, quotation marks hold names of the code; in all others they may hold what somebody typed.
_QUOTES_CODE: Final = (AttributeError, NameError, ImportError, TypeError)

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_Raised = tuple[type[BaseException], BaseException, TracebackType | None]


def configure_logging(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every logger of the process through the JSON lines; calling it again changes nothing but the arguments."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    # Which steps ran is the command's business to say, not the log's.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def masked(text: str) -> str:
    """Return running text without CPR numbers, tokens of single-use links and query strings."""
    addresses = _QUERY_STRING.sub(lambda match: match[1] if "/" in match[1] else match[0], text)
    return cpr.mask(_TOKEN_PATHS.sub(r"\1…", addresses))


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON: what happened, during which request, and where it was raised."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
            **_request_fields(),
            **_extra_fields(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = _exception_fields(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=lambda value: masked(str(value))).translate(_UNWRITABLE)


# A lone surrogate cannot be written to a stream at all, and some readers take these others for the end of a line.
_UNWRITABLE: Final = {
    **dict.fromkeys(range(0xD800, 0xE000), "�"),
    **{code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)},
}


def _request_fields() -> dict[str, Any]:
    if not has_request_context():
        return {}
    return {"request": g.get("request_id"), "method": request.method, "path": masked(request.path)}


def _extra_fields(record: logging.LogRecord) -> dict[str, Any]:
    """Return what the caller gave as `extra`."""
    return {
        name: masked(value) if isinstance(value, str) else value
        for name, value in vars(record).items()
        if name not in _STANDARD
    }


def _exception_fields(error: BaseException) -> dict[str, Any]:
    """Return type, first line of the message and places of an exception, and of the one that caused it."""
    fields: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "message": _first_line(error),
        "places": [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ],
    }
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        fields["cause"] = _exception_fields(cause)
    return fields


def _first_line(error: BaseException) -> str:
    text = str(error).strip().split("\n", 1)[0]
    return masked(text if isinstance(error, _QUOTES_CODE) else _QUOTED.sub("'…'", text))[:_LONGEST]
