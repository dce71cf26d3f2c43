"""The Jinja filters as templates use them."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string

from app.core.filters import register_filters

DAY = date(2026, 11, 20)
LATE = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)  # half past midnight of the 20th in Denmark


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask(__name__)
    register_filters(app)
    return app


@pytest.mark.parametrize(
    ("template", "value", "shown"),
    [
        ("{{ value | dato }}", DAY, "20-11-2026"),
        ("{{ value | dato }}", LATE, "20-11-2026"),
        ("{{ value | tidspunkt }}", LATE, "20-11-2026 kl. 00.30"),
        ("{{ value | klokkeslaet }}", LATE, "00.30"),
        ("{{ value | lang_dato }}", DAY, "fredag 20. november 2026 (uge 47)"),
        ("{{ value | lang_dato }}", LATE, "fredag 20. november 2026 (uge 47)"),
        ("{{ value | ugedag }}", DAY, "fredag"),
        ("{{ value | uge }}", DAY, "uge 47"),
        ("{{ value | antal }}", 12345, "12.345"),
        ("{{ value | flertal('dag', 'dage') }}", 1, "1 dag"),
        ("{{ value | flertal('dag', 'dage') }}", 0, "0 dage"),
        ("{{ value | opremsning }}", ["Vester", "Øster", "Lund"], "Vester, Øster og Lund"),
        ("{{ value | opremsning }}", ["<b>", "Lund"], "&lt;b&gt; og Lund"),
    ],
)
def test_a_filter_writes_danish(app: Flask, template: str, value: object, shown: str) -> None:
    with app.app_context():
        assert render_template_string(template, value=value) == shown


@pytest.mark.parametrize(
    "name",
    ["dato", "tidspunkt", "klokkeslaet", "lang_dato", "ugedag", "uge", "antal", "flertal('dag', 'dage')", "opremsning"],
)
def test_nothing_is_shown_for_none(app: Flask, name: str) -> None:
    with app.app_context():
        assert render_template_string(f"[{{{{ none | {name} }}}}]", none=None) == "[]"
