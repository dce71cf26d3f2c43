"""The pages of an import: send a file, see what is in it, run it, and fetch the rows that failed."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.audit import log
from app.audit.models import Event
from app.cases.imports import files, progress, queries, reading, services
from app.cases.imports.drafts import Choices
from app.cases.imports.forms import DiscardForm, RunForm, UploadForm
from app.cases.imports.models import KEPT, ImportJob, ImportMode, ImportState
from app.cases.imports.services import CheckedFile
from app.core.errors import DomainError
from app.core.forms import saving
from app.core.pages import page
from app.core.uploads import allow_upload

SHOWN = 50

bp = Blueprint("imports", __name__, url_prefix="/sager/hent-ind")
allow_upload(bp, "imports.upload", most_bytes=reading.MOST_BYTES)


@bp.route("")
@requires(Permission.IMPORT)
def index() -> ResponseReturnValue:
    """Where a file is sent from, and the files that are kept."""
    return _index(UploadForm())


def _index(form: UploadForm) -> ResponseReturnValue:
    return page(
        "cases/imports/index.html",
        form=form,
        imports=queries.own_imports(),
        kept_days=KEPT.days,
        most_bytes=reading.MOST_BYTES,
        too_large=reading.TOO_LARGE,
    )


@bp.route("", methods=["POST"])
@requires(Permission.IMPORT)
def upload() -> ResponseReturnValue:
    """Check a file and keep it."""
    form = UploadForm()
    if form.validate_on_submit():
        checked = _checked(form)
        if checked is not None:
            with saving(form):
                claim(form, by=current.user(), at=current.at())
                job = services.keep(checked, form.file.data.filename, by=current.user(), at=current.at())
                return saved(form, url_for("imports.show", import_id=job.id))
    return _index(form)


def _checked(form: UploadForm) -> CheckedFile | None:
    """The file's rows, checked; None when it cannot be read, and the form says why."""
    try:
        return services.check_file(form.file.data.read(), by=current.user(), at=current.at())
    except DomainError as error:
        form.add_error(error.message, error.field)
        return None


@bp.route("/skabelon.xlsx")
@requires(Permission.IMPORT)
def template() -> ResponseReturnValue:
    """The workbook to fill in."""
    return _file(files.template(Choices.for_user(current.user(), current.today())), "sager-skabelon", "xlsx")


@bp.route("/<int:import_id>")
@requires(Permission.IMPORT, queries.get_import)
def show(job: ImportJob) -> ResponseReturnValue:
    """What is in the file, how far its run has come, or what became of it."""
    return _show(job, _run_form(job))


def _run_form(job: ImportJob) -> RunForm:
    form = RunForm(data={"mode": ImportMode.ALL})
    if job.rows_bad:
        # There is no choice: all of them cannot come.
        del form.mode
    return form


def _show(job: ImportJob, form: RunForm) -> ResponseReturnValue:
    failed = queries.failed_rows(job, SHOWN + 1)
    running = progress.is_alive(job, current.at())
    return page(
        "cases/imports/show.html",
        form=form,
        job=job,
        failed=failed[:SHOWN],
        more=len(failed) > SHOWN,
        running=running,
        cut_off=job.state is ImportState.RUNNING and not running,
    )


@bp.route("/<int:import_id>/hent", methods=["POST"])
@requires(Permission.IMPORT, queries.get_import)
def run(job: ImportJob) -> ResponseReturnValue:
    """Make cases of the rows."""
    by, at = current.user(), current.at()
    if job.state is ImportState.DONE:
        flash(services.IS_DONE, "info")
        return redirect(url_for("imports.show", import_id=job.id))
    form = _run_form(job)
    if form.validate_on_submit():
        try:
            checked = services.begin(job, by=by, at=at)
        except DomainError as error:
            form.add_error(error.message)
            return _show(job, form)
        with saving(form):
            claim(form, by=by, at=at)
            with progress.told(job.id) as tell:
                mode = form.mode.data if "mode" in form else ImportMode.GOOD
                count = services.run(job, checked, mode=mode, by=by, at=at, tell=tell)
            flash(f"{count} sager er oprettet." if count > 1 else "Én sag er oprettet.")
            return saved(form, url_for("imports.show", import_id=job.id))
        services.note_refused(job, checked)
        if job.rows_bad and "mode" in form:
            del form.mode
    return _show(job, form)


@bp.route("/<int:import_id>/fremdrift")
@requires(Permission.IMPORT, queries.get_import)
def how_far(job: ImportJob) -> ResponseReturnValue:
    """How far the run has come, for the progress bar."""
    return jsonify(state=job.state.value, done=job.rows_done, total=job.rows_good)


@bp.route("/<int:import_id>/fejl.xlsx")
@requires(Permission.IMPORT, queries.get_import)
def failed_as_xlsx(job: ImportJob) -> ResponseReturnValue:
    """The rows that could not be imported, with the reason in each, as a workbook."""
    return _failed(job, "xlsx")


@bp.route("/<int:import_id>/fejl.csv")
@requires(Permission.IMPORT, queries.get_import)
def failed_as_csv(job: ImportJob) -> ResponseReturnValue:
    """The same as CSV."""
    return _failed(job, "csv")


def _failed(job: ImportJob, kind: str) -> Response:
    log.record(Event.IMPORT_READ, by=current.user(), at=current.at(), subject=(services.SUBJECT, job.id), format=kind)
    return _file(files.FAILED[kind](queries.failed_rows(job)), f"raekker-med-fejl-{job.id}", kind)


def _file(content: bytes, name: str, kind: str) -> Response:
    headers: dict[str, Any] = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(content, mimetype=None, content_type=files.MIME[kind], headers=headers)


@bp.route("/<int:import_id>/slet", methods=["GET", "POST"])
@requires(Permission.IMPORT, queries.get_import)
def discard(job: ImportJob) -> ResponseReturnValue:
    """Ask whether a file is to be forgotten, and forget it."""
    form = DiscardForm()
    if progress.is_alive(job, current.at()):
        flash(services.AT_WORK, "info")
        return redirect(url_for("imports.show", import_id=job.id))
    if form.validate_on_submit():
        with saving(form):
            claim(form, by=current.user(), at=current.at())
            services.discard(job, by=current.user(), at=current.at())
            flash("Filen er slettet her.")
            return saved(form, url_for("imports.index"))
    return page("cases/imports/discard.html", form=form, job=job)
