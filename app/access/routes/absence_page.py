"""The page on which days away are registered, for oneself or for an employee."""

from datetime import date
from typing import cast

from flask import flash
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.forms import AbsenceForm, names
from app.access.models import User
from app.access.queries import colleagues
from app.access.services.absences import add_absence
from app.access.submissions import claim, saved
from app.core.forms import saving
from app.core.pages import page


def register_absence(user: User, *, back: str) -> ResponseReturnValue:
    """Show the form and save it; `back` is the page that shows the user's absence."""
    substitutes = {other.id: other for other in colleagues(user)}
    form, by, at = AbsenceForm(), current.user(), current.at()
    form.substitute.choices = names(substitutes.values())
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=by, at=at)
            add_absence(
                user,
                from_day=cast("date", form.from_day.data),
                to_day=cast("date", form.to_day.data),
                substitute=substitutes.get(form.substitute.data),
                today=current.today(),
                by=by,
                at=at,
            )
            flash("Fraværet er registreret.")
            return saved(form, back)
    return page("access/absence.html", form=form, user=user, own=user.id == by.id, back=back)
