"""Stylesheets, scripts, fonts and icons: served by WhiteNoise, compressed, and kept by browsers for good.

All files stand under one address that holds a digest of them all (`/static/<version>/app.css`), so that a changed file
is fetched anew together with what refers to it. The compressed files are made in `VAR_DIR` at the first start, never in
the source tree: there a stale `app.css.gz` beside a newer `app.css` would be served without anybody noticing.
"""

import gzip
import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from app.core.headers import security_headers, served_over_https

SOURCE = Path(__file__).resolve().parent.parent / "static"
VERSION_LENGTH = 12
COMPRESSED = {".css", ".js", ".svg"}


@cache
def _files() -> dict[str, Path]:
    paths = (path for path in sorted(SOURCE.rglob("*")) if path.is_file())
    return {path.relative_to(SOURCE).as_posix(): path for path in paths}


@cache
def version() -> str:
    """Return a digest of all names and contents, which changes when any of them does."""
    digest = hashlib.sha256()
    for name, path in _files().items():
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:VERSION_LENGTH]


def asset(name: str) -> str:
    """Return the address of one static file, such as `app.css`.

    Raises `LookupError` when there is no such file, so that a misspelt name is found by the first test of the page.
    """
    if name not in _files():
        raise LookupError(f"no static file {name!r}")
    return f"/static/{version()}/{name}"


def _build(target: Path) -> None:
    """Fill `target` with the files and their compressed twins, in one step as others see it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        built = Path(scratch) / target.name
        for name, path in _files().items():
            copy = built / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            if path.suffix in COMPRESSED:
                copy.with_name(copy.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        try:
            built.rename(target)
        except OSError:
            # Another process of the same version was first.
            if not target.is_dir():
                raise


def serve_static(app: Flask) -> None:
    """Let WhiteNoise answer for `/static/<version>/` before Flask is asked, and give templates `asset`.

    The app is made with `static_folder=None`, as Flask's own route would serve the files without these headers.
    """
    target = Path(app.config["VAR_DIR"]) / "static" / version()
    if not target.is_dir():
        _build(target)
    security = security_headers(https=served_over_https(app))

    def add_headers(headers: Headers, _path: str, _url: str) -> None:
        for name, value in security.items():
            headers[name] = value

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # the documented way to wrap a Flask app
        app.wsgi_app,
        root=target,
        prefix=f"static/{version()}/",
        add_headers_function=add_headers,
        allow_all_origins=False,
        immutable_file_test=lambda _path, _url: True,
    )
    app.jinja_env.globals["asset"] = asset
