"""The page of the døgnrapport: several names in one go."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.access.submissions import claim, saved
from app.cases.intake.day_report import read_lines
from app.cases.intake.report_rows import MOST_ROWS, DayReportForm
from app.cases.intake.routes.blueprint import ALL, bp
from app.cases.intake.services.reporting import Checked, Person, Report, check, register_people
from app.core.danish import plural
from app.core.errors import DomainError
from app.core.forms import saving
from app.core.pages import page

ACT = "act"
MORE = "flere"


@bp.route(f"{ALL}/doegnrapport", methods=["GET", "POST"])
@requires(Permission.INTAKE)
def day_report() -> ResponseReturnValue:
    """Type or paste the people of a report, and register all of them."""
    form = DayReportForm(request.form, today=current.today())
    if form.is_submitted():
        answer = _answer(form)
        if answer is not None:
            return answer
    return page("cases/intake/day_report.html", form=form, most=MOST_ROWS)


def _answer(form: DayReportForm) -> ResponseReturnValue | None:
    """Do what was asked for; None shows the form, with what is wrong in it."""
    valid = form.validate_on_submit()
    if request.form.get(ACT) == MORE:
        form.add_rows()
        return None
    if form.pasted.data:
        _read_pasted(form, form.pasted.data)
        return None
    return _register(form) if valid and form.validate_rows() else None


def _read_pasted(form: DayReportForm, text: str) -> None:
    """Put the lines into rows; those there is no room for stay where they were pasted."""
    written = [line for line in text.splitlines() if line.strip()]
    taken = form.add_lines(read_lines(text))
    form.pasted.data = "\n".join(written[taken:])
    flash(f"{plural(taken, 'linje', 'linjer')} er læst ind. Se rækkerne igennem.", "info")
    if taken < len(written):
        flash(f"Der er plads til {MOST_ROWS} personer ad gangen. Resten står stadig i feltet.", "warning")


def _register(form: DayReportForm) -> ResponseReturnValue | None:
    by, at = current.user(), current.at()
    rows = form.counting
    people = [Person(row.name.data, row.cpr.data, row.happened.data, row.theme.data) for row in rows]
    try:
        # Before the savepoint: that the questions were asked stands also when their answers refuse the form.
        checked = check(people, by=by, at=at)
    except DomainError as error:
        form.add_error(error.message)
        return None
    if checked.problems:
        for place, problem in checked.problems.items():
            rows[place].add_error(problem, "cpr")
        return None
    return _save(form, people, checked)


def _save(form: DayReportForm, people: list[Person], checked: Checked) -> ResponseReturnValue | None:
    report = Report(
        received_on=form.received_on.data,
        referrer=form.referrer.data,
        contact=form.contact.data,
        legal_basis=form.legal_basis.data,
        consent=form.consent.data,
    )
    with saving(form):
        claim(form, by=current.user(), at=current.at())
        cases = register_people(people, report, checked, by=current.user(), at=current.at())
        flash(f"{plural(len(cases), 'henvendelse', 'henvendelser')} er oprettet.")
        return saved(form, url_for("intake.index"))
    return None
