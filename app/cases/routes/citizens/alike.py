"""The warning while typing: citizens who are likely the same person."""

from flask import jsonify, url_for
from flask.typing import ResponseReturnValue

from app.access import current
from app.access.policy import Permission, requires
from app.audit.models import Event
from app.cases.citizens import case_lines
from app.cases.routes.citizens.frame import bp, number_of, record_reading
from app.people.forms.citizens import AlikeForm
from app.people.likeness import alike


@bp.route("/borgere/ligner", methods=["POST"])
@requires(Permission.CASE_OPEN)
def look_alike() -> ResponseReturnValue:
    """Who in sight looks like the one that is being typed; nobody while too little is typed."""
    form = AlikeForm(today=current.today())
    form.validate()
    described = form.described
    found = [] if described is None else alike(described)
    lines = case_lines([citizen.id for citizen in found])
    if found:
        record_reading(Event.CITIZENS_COMPARED, [case.id for cases in lines.values() for case in cases])
    return jsonify(
        [
            {
                "name": citizen.name,
                "number": number_of(citizen),
                "url": url_for("citizens.show", citizen_id=citizen.id),
                "cases": [case.number for case in lines[citizen.id]],
            }
            for citizen in found
        ]
    )
