"""The log is one JSON object per line, and names nobody."""

import io
import json
import logging
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, g

from app.core.logging import configure_logging, masked

CPR = "010105-1234"


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("DEBUG", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


Lines = Callable[[], list[dict[str, Any]]]
LOGGER = logging.getLogger("enkeltsag.test")


def test_a_record_is_one_line_of_json(lines: Lines) -> None:
    LOGGER.info("Sweep done:\n%s planned", 7, extra={"job": "sweep", "count": 7, "note": CPR})

    (line,) = lines()
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "enkeltsag.test",
        "message": "Sweep done:\n7 planned",
        "job": "sweep",
        "count": 7,
        "note": "[cpr]",
    }


def test_cpr_numbers_are_masked_in_message_and_arguments(lines: Lines) -> None:
    LOGGER.warning("opslag på %s og 0101051234", CPR)

    assert lines()[0]["message"] == "opslag på [cpr] og [cpr]"


def test_a_request_is_told_by_id_method_and_path_alone(lines: Lines) -> None:
    app = Flask(__name__)

    with app.test_request_context(
        f"/adgangskode/s3cret-token?navn=Fatima&cpr={CPR}", method="POST", data={"note": "Fatima"}
    ):
        g.request_id = "abc"
        LOGGER.info("shown")

    (line,) = lines()
    assert (line["request"], line["method"], line["path"]) == ("abc", "POST", "/adgangskode/…")
    assert "Fatima" not in json.dumps(line)
    assert "s3cret" not in json.dumps(line)
    assert "1234" not in json.dumps(line["path"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('"GET /sager?navn=Fatima&side=2 HTTP/1.1" 200', '"GET /sager HTTP/1.1" 200'),
        ("POST /adgangskode/abc-DEF_123 302", "POST /adgangskode/… 302"),
        ("https://enkeltsag.example/invitation/abc", "https://enkeltsag.example/invitation/…"),
        ("GET /kalender/abc.ics?x=1", "GET /kalender/…"),
        ("GET /sager/7/historik", "GET /sager/7/historik"),
        ("Hvad nu? Sag 2026-0001", "Hvad nu? Sag 2026-0001"),
        ("ja?nej /sager?navn=Fatima", "ja?nej /sager"),
    ],
)
def test_addresses_lose_their_tokens_and_queries(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_a_very_long_address_is_masked_at_once() -> None:
    before = time.perf_counter()
    masked("/" * 1_000_000 + " " + "/?" * 500_000)

    assert time.perf_counter() - before < 2


def _fail() -> None:
    secret_local = "Fatima"  # noqa: F841 - must not be seen
    raise RuntimeError(f"duplicate key for {CPR}\nDETAIL: Key (name)=(Fatima) exists\n[parameters: ('Fatima',)]")


def test_an_exception_keeps_its_first_line_and_places_only(lines: Lines) -> None:
    try:
        _fail()
    except RuntimeError:
        LOGGER.exception("failed")

    (line,) = lines()
    assert line["exception"]["type"] == "builtins.RuntimeError"
    assert line["exception"]["message"] == "duplicate key for [cpr]"
    assert line["exception"]["places"][-1].endswith(" _fail")
    assert "Fatima" not in json.dumps(line)


def test_the_cause_of_an_exception_is_told_as_well(lines: Lines) -> None:
    try:
        try:
            int("Fatima Sørensen")
        except ValueError as error:
            raise LookupError("no such row") from error
    except LookupError:
        LOGGER.exception("failed")

    exception = lines()[0]["exception"]
    assert exception["cause"]["type"] == "builtins.ValueError"
    assert exception["cause"]["message"] == "invalid literal for int() with base 10: '…'"


def test_a_suppressed_context_is_not_told(lines: Lines) -> None:
    try:
        try:
            int("Fatima")
        except ValueError:
            raise LookupError("no such row") from None
    except LookupError:
        LOGGER.exception("failed")

    assert "cause" not in lines()[0]["exception"]


def test_names_of_the_code_stay_readable(lines: Lines) -> None:
    try:
        object().nothing  # type: ignore[attr-defined]  # noqa: B018 - the point
    except AttributeError:
        LOGGER.exception("failed")

    assert lines()[0]["exception"]["message"] == "'object' object has no attribute 'nothing'"


def test_a_long_message_is_cut_after_it_is_masked(lines: Lines) -> None:
    LOGGER.error("failed", exc_info=RuntimeError("x" * 494 + CPR))

    message = lines()[0]["exception"]["message"]
    assert len(message) <= 500
    assert "0101" not in message


@pytest.mark.parametrize("odd", ["\ud800", "\x00\x1b[31m", "\u2028", "linje\r\nto"])
def test_any_text_stays_on_one_line(lines: Lines, odd: str) -> None:
    LOGGER.info("før %s efter", odd)

    (line,) = lines()
    assert line["message"].startswith("før ")
    assert line["message"].endswith(" efter")


def test_what_json_does_not_know_is_written_as_masked_text(lines: Lines) -> None:
    LOGGER.info("x", extra={"thing": {CPR}})

    assert lines()[0]["thing"] == "{'[cpr]'}"


def test_warnings_go_the_same_way(lines: Lines) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"old {CPR}", stacklevel=1)
        logging.captureWarnings(capture=False)

    assert lines()[0]["logger"] == "py.warnings"
    assert CPR not in lines()[0]["message"]


def test_the_log_goes_to_stderr_by_default(monkeypatch: pytest.MonkeyPatch, lines: Lines) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logging()

    LOGGER.info("hej")
    LOGGER.debug("not at this level")

    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == ["hej"]
