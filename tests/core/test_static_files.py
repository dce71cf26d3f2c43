"""Static files: what is referred to exists, is served compressed, and the first visit is light."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core import static_files
from app.core.static_files import SOURCE, asset, serve_static, version

STYLESHEETS = sorted(path for path in SOURCE.rglob("*.css"))
TEMPLATES = SOURCE.parent / "templates"
KILOBYTE = 1024


def _client(var_dir: Path) -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    app.config.update(BASE_URL="http://127.0.0.1:8000", VAR_DIR=var_dir)
    serve_static(app)
    return app.test_client()


@pytest.mark.parametrize("stylesheet", STYLESHEETS, ids=lambda path: path.name)
def test_stylesheets_refer_to_files_that_exist(stylesheet: Path) -> None:
    for target in re.findall(r"url\(\"?([^)\"]+)\"?\)", stylesheet.read_text()):
        assert (stylesheet.parent / target).is_file(), target


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_templates_draw_icons_that_exist(template: Path) -> None:
    sprite = (SOURCE / "vendor/dkfds/img/icons.svg").read_text()
    drawn = set(re.findall(r"icon\(\"([\w-]*\w)\"[,)]", template.read_text()))
    assert drawn <= set(re.findall(r'<symbol id="([^"]+)"', sprite))


def test_text_is_served_compressed_to_those_who_can_read_it(tmp_path: Path) -> None:
    client = _client(tmp_path)
    packed = client.get(asset("app.css"), headers={"Accept-Encoding": "gzip"}, buffered=True)
    plain = client.get(asset("app.css"), headers={"Accept-Encoding": "identity"}, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == (SOURCE / "app.css").read_bytes()


def test_nothing_outside_the_folder_is_served(tmp_path: Path) -> None:
    client = _client(tmp_path)
    for path in ("../wsgi.py", "%2e%2e/%2e%2e/wsgi.py", "app.css.gz", ""):
        assert client.get(f"/static/{version()}/{path}").status_code == 404


def test_a_second_process_uses_what_the_first_has_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _client(tmp_path)
    monkeypatch.setattr(static_files, "_build", lambda _: pytest.fail("built again"))
    assert _client(tmp_path).get(asset("app.js"), buffered=True).status_code == 200


def test_a_build_that_comes_second_leaves_the_first_alone(tmp_path: Path) -> None:
    target = tmp_path / "static" / version()
    static_files._build(target)
    before = {path: path.stat().st_mtime_ns for path in target.rglob("*")}
    static_files._build(target)
    assert {path: path.stat().st_mtime_ns for path in target.rglob("*")} == before
    assert [path.name for path in target.parent.iterdir()] == [version()]


def test_the_version_follows_the_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_files, "SOURCE", tmp_path)
    monkeypatch.setattr(static_files, "_files", static_files._files.__wrapped__)
    digest = static_files.version.__wrapped__
    (tmp_path / "a.css").write_text("b{}")
    first = digest()
    (tmp_path / "a.css").write_text("c{}")
    second = digest()
    (tmp_path / "a.css").rename(tmp_path / "d.css")
    assert len({first, second, digest()}) == 3


def test_a_misspelt_file_is_found_out() -> None:
    with pytest.raises(LookupError, match=r"ap\.css"):
        asset("ap.css")


def test_the_files_of_a_first_visit_leave_room_for_the_page() -> None:
    fetched = [
        *SOURCE.glob("*.css"),
        *SOURCE.glob("*.js"),
        SOURCE / "favicon.svg",
        SOURCE / "vendor/dkfds/css/dkfds.min.css",
        SOURCE / "vendor/dkfds/js/dkfds.min.js",
        SOURCE / "vendor/dkfds/img/icons.svg",
        *SOURCE.glob("vendor/dkfds/fonts/*-Regular-Latin1.woff2"),
        *SOURCE.glob("vendor/dkfds/fonts/*-SemiBold-Latin1.woff2"),
    ]
    weight = sum(
        len(path.read_bytes() if path.suffix == ".woff2" else gzip.compress(path.read_bytes())) for path in fetched
    )
    assert weight < 115 * KILOBYTE
