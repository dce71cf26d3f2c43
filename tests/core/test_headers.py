"""The security headers, on pages and on files alike."""

from pathlib import Path

import pytest
from flask import Flask, Response, send_file
from flask.testing import FlaskClient

from app.core.headers import protect_responses, security_headers
from app.core.static_files import asset, serve_static

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    app.config.update(BASE_URL="https://enkeltsag.example.dk", VAR_DIR=tmp_path)

    @app.route("/side")
    def page() -> str:
        return "side"

    @app.route("/fil")
    def download() -> Response:
        return send_file(__file__)

    protect_responses(app)
    serve_static(app)
    return app.test_client()


@pytest.mark.parametrize("path", ["/side", "/fil", "/findes-ikke", asset("app.css"), asset("favicon.svg")])
def test_every_answer_carries_the_policy(client: FlaskClient, path: str) -> None:
    headers = client.get(path, buffered=True).headers
    directives = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert directives == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", ["/side", "/fil", "/findes-ikke"])
def test_pages_and_downloads_are_never_stored(client: FlaskClient, path: str) -> None:
    assert client.get(path, buffered=True).headers["Cache-Control"] == "no-store"


def test_files_are_kept_for_good(client: FlaskClient) -> None:
    assert "immutable" in client.get(asset("app.css"), buffered=True).headers["Cache-Control"]


def test_plain_http_is_not_told_to_use_https() -> None:
    assert "Strict-Transport-Security" not in security_headers(https=False)
