"""Enkeltsag: create_app puts the parts together. What holds for every request stands here."""

import secrets
from typing import Any

from flask import Flask, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import RequestRedirect

from app import cli, error_pages, registration
from app.access import current, front_page, sessions
from app.access.models import User
from app.access.policy import can, permission_of
from app.core import crypto
from app.core.addresses import register_converters
from app.core.filters import register_filters
from app.core.headers import protect_responses
from app.core.logging import configure_logging
from app.core.static_files import serve_static
from app.core.uploads import MemoryRequest
from app.extensions import csrf, db, login_manager, migrate
from config import Config, Part

MEBIBYTE = 1024 * 1024

# Reached without signing in; every other view must carry @requires. A test compares this list with the routes.
PUBLIC = frozenset(
    {"access.sign_in", "access.sign_out", "access.forgotten_password", "access.set_password", "operations.healthz"}
)


def create_app(config: Config, part: Part = "web") -> Flask:
    """Make the application for one part of the installation.

    part decides which database role the process logs in as.
    """
    configure_logging()
    # Static files are WhiteNoise's; Flask's own route would serve them without the headers.
    app = Flask(__name__, static_folder=None)
    app.request_class = MemoryRequest
    app.config.from_mapping(_settings(config, part))
    app.extensions["enkeltsag_config"] = config
    app.extensions["enkeltsag_reader"] = current.reader
    crypto.install(crypto.Keyring.load(config.keyring_file))
    app.session_interface = sessions.DatabaseSessions()
    db.init_app(app)
    migrate.init_app(app, db)
    _number_requests(app)
    csrf.init_app(app)
    _sign_in_with(app)
    register_filters(app)
    register_converters(app)
    _tell_layout(app)
    registration.register(app)
    _deny_by_default(app)
    # Registered before the headers, so that it runs after them: the commit is the last thing before sending.
    _commit_once(app)
    protect_responses(app)
    error_pages.register(app)
    serve_static(app)
    cli.register(app)
    return app


def _settings(config: Config, part: Part) -> dict[str, Any]:
    https = config.base_url.startswith("https://")
    settings: dict[str, Any] = {
        "SECRET_KEY": config.secret_key,
        "BASE_URL": config.base_url,
        "MAIL_FROM": config.mail_from,
        "VAR_DIR": config.var_dir,
        "SQLALCHEMY_DATABASE_URI": config.database_url_for(part),
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_size": 10, "max_overflow": 10, "pool_recycle": 1800, "pool_timeout": 10},
        "SESSION_COOKIE_SECURE": https,
        "MAX_CONTENT_LENGTH": MEBIBYTE,
        "MAX_FORM_MEMORY_SIZE": MEBIBYTE,
        "MAX_FORM_PARTS": 500,
        # The token is bound to the session, which ends by itself; a form may stay open as long as that.
        "WTF_CSRF_TIME_LIMIT": None,
        "PREFERRED_URL_SCHEME": "https" if https else "http",
    }
    if config.statistics_database_url is not None:
        settings["SQLALCHEMY_BINDS"] = {"statistics": config.statistics_database_url}
    return settings


def _sign_in_with(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.session_protection = None

    @login_manager.request_loader
    def load_user(_: Any) -> Any:
        return sessions.browser_session().user


def _tell_layout(app: Flask) -> None:
    @app.context_processor
    def layout() -> dict[str, Any]:
        user = None if "failed" in g else current.user_or_none()
        if user is None:
            return {"account": None, "navigation": [], "banners": []}
        if "layout" not in g:
            g.layout = signed_in(user)
        known: dict[str, Any] = g.layout
        return known

    def signed_in(user: User) -> dict[str, Any]:
        """Put together once, though a page may be made of several templates."""
        reader, registry = current.reader(), front_page.of(app)
        return {
            "account": {"name": user.name, "unit": user.unit.name if user.unit else ""},
            "navigation": [
                {
                    "label": item.label,
                    "url": (url := url_for(item.endpoint)),
                    "current": _is_current(url),
                    "text": item.text,
                }
                for item in sorted(registry.menu, key=lambda item: item.order)
                if any(can(reader, permission) for permission in item.permissions)
            ],
            "banners": [banner for source in registry.banners for banner in source(reader, current.at())],
        }


def _is_current(home: str) -> bool:
    return request.path == home or (home != "/" and request.path.startswith(home + "/"))


def _number_requests(app: Flask) -> None:
    """Give each request an id for log and record, before anything can refuse it."""

    @app.before_request
    def number() -> None:
        g.request_id = secrets.token_hex(8)


def _deny_by_default(app: Flask) -> None:
    @app.before_request
    def require_mark() -> ResponseReturnValue | None:
        if (
            request.endpoint is None
            or request.endpoint in PUBLIC
            or isinstance(request.routing_exception, RequestRedirect)
        ):
            return None
        if current.user_or_none() is None:
            if request.method in {"GET", "HEAD"}:
                return redirect(url_for("access.sign_in", videre=request.full_path.rstrip("?")))
            return error_pages.signed_out_meanwhile() or redirect(url_for("access.sign_in"))
        if permission_of(app.view_functions[request.endpoint]) is None:
            msg = f"the view {request.endpoint} has no permission"
            raise RuntimeError(msg)
        return None


def _commit_once(app: Flask) -> None:
    @app.after_request
    def commit(response: Response) -> Response:
        """Commit after rendering and before sending; an error page has rolled back what came before it."""
        if "failed" not in g:
            sessions.keep(sessions.browser_session(), at=current.at())
            # The session ends with the request, so nobody reads again what a commit would let expire.
            db.session().expire_on_commit = False
            db.session.commit()
        return response
