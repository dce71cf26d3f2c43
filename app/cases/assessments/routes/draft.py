"""Writing the draft: the form, what it saves by itself meanwhile, and giving it up."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.audit.models import Event
from app.cases import history, niveauer
from app.cases.assessments import queries, services
from app.cases.assessments.forms import DiscardForm, DraftForm, draft_form, stored
from app.cases.assessments.models import Assessment, Rating
from app.cases.assessments.reading import Part, Reading, read
from app.cases.assessments.routes.frame import ONE, TAB, bp, url_of, url_of_all
from app.cases.assessments.said import Said
from app.cases.conflicts import conflict, require_same_version
from app.cases.pages import case_page
from app.core.danish import format_time
from app.core.errors import DomainError
from app.core.forms import saving
from app.extensions import db

TO_SIGNING = "underskriv"
OVERALL = "samlet"


@bp.route(f"{ONE}/kladde", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_CHANGE, queries.get_draft)
def edit(draft: Assessment) -> ResponseReturnValue:
    """The draft as a form. Every button saves it; they differ in where they lead."""
    form = _form(draft)
    if form.validate_on_submit():
        with saving(form):
            require_same_version(form, draft)
            answers = _with_wishes(form, form.answers(draft), read(draft))
            services.save_draft(draft, facts=form.facts, answers=answers, by=current.user(), at=current.at())
            return _onwards(draft, form)
    against = None
    if form.is_submitted():
        against = conflict(form, draft, lambda _: stored(_again(draft)), lambda: _last_saved(draft))
        draft = _again(draft)
    reading = read(draft)
    return case_page(
        "cases/assessments/draft.html",
        draft.case,
        tab=TAB,
        form=form,
        reading=reading,
        earlier=queries.latest_signed(draft.case),
        conflict=against,
        opened=_opened(form, reading),
        latest_review=services.latest_review_day(draft.case, draft.proposed_niveau, current.at()),
    )


@bp.route(f"{ONE}/gem", methods=["POST"])
@requires(Permission.ASSESSMENT_CHANGE, queries.get_draft)
def autosave(draft: Assessment) -> ResponseReturnValue:
    """Save what has been written so far, and say so. What cannot be read waits for the person to mend it.

    Answers with JSON, and 200 also when nothing was saved: `saved` tells, `message` is the line to show.
    """
    form = _form(draft)
    form.validate_on_submit()
    if form.version.errors or form.version.data != draft.version:
        return jsonify(saved=False, message=_not_saved(draft))
    try:
        with db.session.begin_nested():
            services.save_draft(
                draft, facts=form.facts, answers=form.answers(draft), by=current.user(), at=current.at()
            )
    except (DomainError, StaleDataError) as error:
        db.session.expire_all()
        message = error.message if isinstance(error, DomainError) else "En anden gemte i samme øjeblik. Åbn siden igen."
        return jsonify(saved=False, message=f"Ikke gemt. {message}")
    reading = read(draft)
    return jsonify(
        saved=True,
        message=f"Gemt {format_time(current.at())}" + _but(form.unreadable),
        version=draft.version,
        answered=reading.answered,
        total=reading.total,
        domains={part.domain.code: _progress(part) for part in reading.parts},
    )


@bp.route(f"{ONE}/kasser", methods=["GET", "POST"])
@requires(Permission.ASSESSMENT_CHANGE, queries.get_draft)
def discard(draft: Assessment) -> ResponseReturnValue:
    """Give the draft up, after a question."""
    form = DiscardForm(data={"version": draft.version})
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            form.require_same_version(draft)
            services.discard_draft(draft, by=current.user(), at=current.at())
            flash("Kladden er kasseret.")
            return saved(form, url_of_all(draft.case))
    return case_page("cases/assessments/discard.html", draft.case, tab=TAB, form=form, reading=read(draft))


def _form(draft: Assessment) -> DraftForm:
    return draft_form(draft, queries.checklist_of(draft), niveauer.names(), current.today())


def _with_wishes(form: DraftForm, answers: dict[str, Said], reading: Reading) -> dict[str, Said]:
    """The answers, with what the buttons of a domain do to all of it.

    Another answer than last time does not come from where and when the last one came from.
    """
    for code, answer in reading.answers.items():
        stored_one, new = answer.said, answers[code]
        same_source = (new.source, new.observed_on) == (stored_one.source, stored_one.observed_on)
        if stored_one.carried and new.rating != stored_one.rating and same_source:
            answers[code] = replace(new, source=None, observed_on=None)
    for code in _codes_in(reading, form.bekraeft.data):
        answers[code] = replace(answers[code], confirmed=True)
    for code in _codes_in(reading, form.uoplyst.data):
        if answers[code].rating is None:
            answers[code] = replace(answers[code], rating=Rating.UNKNOWN)
    return answers


def _codes_in(reading: Reading, domain: str | None) -> Iterable[str]:
    return [answer.item.code for part in reading.parts if part.domain.code == domain for answer in part.answers]


def _onwards(draft: Assessment, form: DraftForm) -> ResponseReturnValue:
    """To signing, or back to the form with the domain open that the button named."""
    if form.videre.data == TO_SIGNING:
        return redirect(url_of(draft, "sign"))
    flash("Kladden er gemt.")
    known = {domain.code for domain in queries.checklist_of(draft).domains} | {OVERALL}
    domain = form.videre.data or form.bekraeft.data or form.uoplyst.data
    if domain not in known:
        return redirect(url_of(draft, "edit"))
    return redirect(url_of(draft, "edit", aaben=domain, _anchor=f"omraade-{domain}"))


def _opened(form: DraftForm, reading: Reading) -> set[str]:
    """Which domains stand open: the one that is asked for, those with errors, else the first that is not done."""
    wrong = {
        part.domain.code
        for part in reading.parts
        if any(field.errors for field in form if field.name.partition("-")[2] in {a.item.code for a in part.answers})
    }
    if form.errors:
        return wrong | {OVERALL}
    asked = request.args.get("aaben", "")
    if asked:
        return {asked}
    return {next((part.domain.code for part in reading.parts if not part.is_done), OVERALL)}


def _again(draft: Assessment) -> Assessment:
    """The draft as it stands in the database now."""
    return queries.get_draft(draft.case_id, draft.id)


def _last_saved(draft: Assessment) -> Any:
    return history.last_change(draft.case_id, Event.ASSESSMENT_SAVED, Event.ASSESSMENT_STARTED)


def _not_saved(draft: Assessment) -> str:
    who = "Du" if draft.saved_by_id == current.user().id else draft.saved_by.name
    return (
        f"Ikke gemt: {who} gemte kladden kl. {format_time(draft.saved_at)} et andet sted. "
        "Tryk Gem kladde for at se forskellen."
    )


def _but(labels: list[str]) -> str:
    return f", undtagen: {'; '.join(labels)}" if labels else ""


def _progress(part: Part) -> dict[str, Any]:
    words = f"{part.answered} af {len(part.answers)}"
    return {"words": words, "done": part.is_done, "carried": part.carried}
