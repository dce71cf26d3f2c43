"""Documents on paper: what was written stands there, whatever it is, and a screen reader can follow it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.document import Block, Document, Facts, Paragraph, Picture, Section, Table
from app.documents.pdf import render
from tests.paper import alternatives, paper, tags, words

SVG = '<svg viewBox="0 0 100 20" role="img"><rect width="50" height="10"></rect><text y="18">Linje</text></svg>'


def document(*blocks: Block, title: str = "Handleplan", lead: tuple[str, ...] = (), footer: str = "") -> Document:
    return Document(title, lead, [Section("Aftaler", blocks)], footer)


def test_title_lead_sections_and_footer_stand_there() -> None:
    pdf = render(document(Paragraph("Vi mødes."), title="Min plan", lead=("Bo Vest",), footer="Sag 2026-0012"))
    assert words(pdf).startswith("Min plan Bo Vest Aftaler Vi mødes.")
    assert words(pdf).endswith("Sag 2026-0012 Side 1 af 1")


def test_it_says_that_it_is_accessible_danish_and_what_it_is_called() -> None:
    reader = paper(render(document(title="Min plan")))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "da-DK"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Min plan"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_it_tells_nothing_about_who_made_it_when() -> None:
    metadata = paper(render(document())).metadata
    assert metadata is not None
    assert set(metadata) <= {"/Title", "/Creator", "/Keywords"}


def test_each_block_is_tagged_as_what_it_is() -> None:
    blocks: list[Block] = [
        Paragraph("Tekst"),
        Facts([("A", "B")]),
        Table("Mål", ["Hvad"], [["X"]]),
        Picture(SVG, "En linje"),
    ]
    found = tags(render(document(*blocks)))
    assert [kind for kind in found if kind in {"H1", "H2", "P", "L", "Table", "Figure"}][:5] == [
        "H1",
        "H2",
        "P",
        "L",
        "Table",
    ]
    assert {"Caption", "TH", "TD", "Figure", "LI"} <= set(found)


MARKUP = [
    '#panic("x")',
    "#set text(size: 90pt)",
    "*fed* _kursiv_ $x^2$ `kode`",
    "= Overskrift",
    "- punkt",
    "@kilde <mærke>",
    "\\ // kommentar /* mere */",
    '"}],"title":"andet"',
    '#read("/etc/passwd")',
]


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_stays_text(markup: str) -> None:
    blocks: list[Block] = [Paragraph(markup), Facts([(markup, markup)]), Table(markup, [markup], [[markup]])]
    pdf = render(document(*blocks, title=markup, lead=(markup,), footer=markup))
    assert words(pdf).replace(" ", "").count(markup.replace(" ", "")) == 9


@given(st.text(max_size=60))
@settings(max_examples=25, deadline=None)
def test_any_text_can_be_set(text: str) -> None:
    blocks: list[Block] = [Paragraph(text), Facts([(text, text)]), Table(text, [text], [[text]])]
    assert render(document(*blocks, title=text, lead=(text,), footer=text)).startswith(b"%PDF-")


def test_danish_and_neighbouring_letters_are_drawn() -> None:
    letters = "Æbler, Ørsted og Åse; éüß čšž ğş ł Жλ → ✓ ≥ “citat” – …"
    assert letters in words(render(document(Paragraph(letters))))


def test_letters_in_parts_are_put_together() -> None:
    assert "Åse på øen" in words(render(document(Paragraph("A\u030ase pa\u030a øen"))))


def test_a_sign_that_cannot_be_drawn_is_told_of() -> None:
    said = words(render(document(Paragraph("Kaldes 王 hjemme"))))
    assert "Kaldes ? hjemme" in said
    assert "Et spørgsmålstegn kan stå for et tegn" in said


def test_nothing_is_told_when_all_signs_are_drawn() -> None:
    assert "spørgsmålstegn" not in words(render(document(Paragraph("Er det sket?"))))


@pytest.mark.parametrize(
    ("typed", "set_as"), [("bæk\u2011huset", "bæk-huset"), ("10\u202f000", "10 000"), ("a\u200db", "ab")]
)
def test_signs_of_another_form_are_set_as_their_plain_ones(typed: str, set_as: str) -> None:
    assert set_as in words(render(document(Paragraph(typed))))


def test_long_words_stay_on_the_paper() -> None:
    long = "x" * 400
    pdf = render(document(Paragraph(long), Facts([("Ord", long)]), Table("Ord", ["A", "B"], [[long, long]])))
    lines = [line for page in paper(pdf).pages for line in page.extract_text().splitlines()]
    assert words(pdf).count("x") >= 1600
    assert max(map(len, lines)) < 240  # half of them are the marks where a word may be broken


def test_a_table_of_200_rows_runs_over_pages_with_its_headings() -> None:
    pdf = render(document(Table("Aftaler", ["Nummer", "Tekst"], [[str(row), f"Række {row}"] for row in range(200)])))
    pages = [page.extract_text() for page in paper(pdf).pages]
    assert len(pages) > 3
    assert all("Nummer" in page for page in pages)
    assert all(f"Række {row}" in words(pdf) for row in range(200))


def test_line_breaks_are_kept() -> None:
    text = paper(render(document(Paragraph("Første\r\nAnden")))).pages[0].extract_text()
    assert "Første\nAnden" in text


def test_empty_values_are_shown_as_dashes() -> None:
    assert "Telefon –" in words(render(document(Facts([("Telefon", "")]))))
    assert "Hvad Hvem Møde –" in words(render(document(Table("Aftaler", ["Hvad", "Hvem"], [["Møde", " "]]))))


@pytest.mark.parametrize("alt", ["", "  "])
def test_a_picture_without_words_is_refused(alt: str) -> None:
    with pytest.raises(ValueError, match="a picture needs a text"):
        render(document(Picture(SVG, alt)))


def test_a_picture_that_is_not_a_drawing_is_refused() -> None:
    with pytest.raises(ValueError, match="must be SVG"):
        render(document(Picture("<img src=x>", "Et billede")))


def test_a_picture_says_its_words_to_a_screen_reader() -> None:
    pdf = render(document(Picture(SVG, "Risikoen faldt fra 3 til 2")))
    assert "Linje" in words(pdf)
    assert "Risikoen faldt fra 3 til 2" in alternatives(pdf)


def test_a_row_that_does_not_fit_its_headings_is_refused() -> None:
    with pytest.raises(ValueError, match="one cell per heading"):
        render(document(Table("Aftaler", ["Hvad", "Hvem"], [["Møde"]])))


def test_many_short_columns_share_the_width() -> None:
    names = [f"Kolonne {number}" for number in range(9)]
    assert "Kolonne" in words(render(document(Table("Aftaler", names, [names]))))


def test_the_same_document_gives_the_same_bytes() -> None:
    assert render(document(Paragraph("Tekst"))) == render(document(Paragraph("Tekst")))
