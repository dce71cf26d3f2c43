"""What the pages of the tab share."""

from flask import Blueprint, Response, url_for

from app.cases.models import Case

bp = Blueprint("journal", __name__)

TAB = "journal"
JOURNAL = "/sager/<int:case_id>/journal"
NOTE = f"{JOURNAL}/<int:note_id>"


def home(case_id: int) -> str:
    """The address of the tab."""
    return url_for("journal.index", case_id=case_id)


def pdf(content: bytes, name: str) -> Response:
    """A file to be saved. name: without anything about the citizen, because it ends up in a folder of downloads."""
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def file_name(what: str, case: Case) -> str:
    """What a file about the case is called."""
    return f"{what}-{case.number}"
