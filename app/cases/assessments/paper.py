"""An assessment on paper."""

from app.cases.assessments.models import ItemRating
from app.cases.assessments.reading import Part, Reading
from app.core.danish import format_date
from app.documents.document import Facts, Paragraph, Section, Table

COLUMNS = ("Punkt", "Vurdering", "Kilde og dato", "Begrundelse")


def section(reading: Reading) -> Section:
    """All of a signed assessment: the professional's judgement first, then what it builds on."""
    assessment = reading.assessment
    facts = Facts(
        [
            ("Underskrevet af", assessment.ended_by.name if assessment.ended_by else ""),
            ("Haster", assessment.urgency.label if assessment.urgency else ""),
            ("Hvorfor", assessment.urgency_reasons or ""),
            ("Peger på", f"Niveau {assessment.proposed_niveau}"),
            ("Ny vurdering senest", format_date(assessment.review_on) if assessment.review_on else ""),
            ("Største bekymringer", assessment.concerns or ""),
            ("Ressourcer", assessment.resources or ""),
            ("Øger risikoen", assessment.raises or ""),
            ("Sænker risikoen", assessment.lowers or ""),
            ("Borgerens eget syn", assessment.own_view or ""),
        ]
    )
    note = Paragraph("Vurderingen er et fagligt skøn. Punkterne lægges ikke sammen.", muted=True)
    title = f"Risikovurdering {format_date(assessment.on_day)}"
    return Section(title, [facts, *(_table(part) for part in reading.parts), note])


def _table(part: Part) -> Table:
    rows = [
        (
            answer.item.text,
            answer.said.rating.label if answer.said.rating else "",
            _known_from(answer.said),
            answer.said.reasons or "",
        )
        for answer in part.answers
    ]
    return Table(f"{part.domain.name}: {part.words}", COLUMNS, rows)


def _known_from(said: ItemRating) -> str:
    day = format_date(said.observed_on) if said.observed_on else ""
    return ", ".join(filter(None, [said.source.label if said.source else "", day]))
