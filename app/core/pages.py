"""Pages as responses."""

from typing import Any

from flask import render_template

from app.core.forms import Form

UNPROCESSABLE = 422


def page(template: str, *, form: Form | None = None, **context: Any) -> tuple[str, int]:
    """Render a page; one whose form has errors answers 422, so that nobody takes it for saved."""
    failed = form is not None and form.failed
    return render_template(template, form=form, **context), UNPROCESSABLE if failed else 200
