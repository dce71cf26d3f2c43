"""The security headers, the same for pages and for static files."""

from flask import Flask, Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ONE_YEAR = 365 * 24 * 60 * 60
NO_DEVICES = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def security_headers(*, https: bool) -> dict[str, str]:
    """Return what every answer carries.

    https: the installation's address is on HTTPS, so that browsers may be told never to use anything else.
    """
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        # Not no-referrer: on HTTPS the CSRF check compares the referrer.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": NO_DEVICES,
    }
    if https:
        headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
    return headers


def served_over_https(app: Flask) -> bool:
    """Say whether `BASE_URL` is on HTTPS."""
    return str(app.config["BASE_URL"]).startswith("https://")


def protect_responses(app: Flask) -> None:
    """Put the headers on each answer that Flask gives, and keep all of them out of every cache."""
    headers = security_headers(https=served_over_https(app)) | {"Cache-Control": "no-store"}

    @app.after_request
    def add_headers(response: Response) -> Response:
        # Overwrites: sending a file sets `Cache-Control: no-cache`, which still stores the file on disk.
        response.headers.update(headers)
        return response
