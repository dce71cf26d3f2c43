"""Documents set as PDF that a screen reader can follow: PDF/UA-1 (DS/EN 301 549 § 10), in Danish.

The text goes to the typesetter as data, so whatever stands in a case is set as it was written.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from app.documents.document import Block, Document, Facts, Paragraph, Picture, Section, Table
from app.documents.glyphs import drawn_by

HERE = Path(__file__).parent
TEMPLATE = HERE / "document.typ"
FONTS = HERE / "fonts"
PICTURE_STYLES = HERE / "pictures.css"
SHORT_CELL = 14
LINE = 64
WIDEST = 4
NAMESPACE = "http://www.w3.org/2000/svg"
SVG_START = re.compile(r"<svg\b([^>]*)>")
DASH = "–"
UNSEEN = "\N{REPLACEMENT CHARACTER}"
UNSEEN_ON_PAPER = "?"


def render(document: Document) -> bytes:
    """The document as PDF/UA-1; the same document gives the same bytes.

    Raises ValueError when a picture has no text that says the same, or when a table's rows do not fit its headings.
    """
    return typst.compile(
        str(TEMPLATE),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"document": _as_json(document)},
    )


def _as_json(document: Document) -> str:
    paper = json.dumps(_document(document), ensure_ascii=False)
    unseen = UNSEEN in paper
    return json.dumps({**json.loads(paper.replace(UNSEEN, UNSEEN_ON_PAPER)), "unseen": unseen})


def _document(document: Document) -> dict[str, Any]:
    return {
        "title": _text(document.title) or DASH,
        "lead": [_text(line) for line in document.lead],
        "sections": [_section(section) for section in document.sections],
        "footer": _text(document.footer),
        "keywords": [_text(word) for word in document.keywords],
    }


def _section(section: Section) -> dict[str, Any]:
    return {"title": _text(section.title) or DASH, "blocks": [_block(block) for block in section.blocks]}


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"kind": "paragraph", "text": _text(block.text), "muted": block.muted}
        case Facts():
            rows = [[_text(term), _text(value) or DASH] for term, value in block.rows]
            return {"kind": "facts", "rows": rows}
        case Table():
            return _table(block)
        case Picture():
            return _picture(block)


def _table(table: Table) -> dict[str, Any]:
    if any(len(row) != len(table.columns) for row in table.rows):
        raise ValueError(f"a row of {table.caption!r} has not one cell per heading")
    columns = [_text(name) for name in table.columns]
    rows = [[_text(cell) or DASH for cell in row] for row in table.rows]
    widths = _widths([columns, *rows])
    return {"kind": "table", "caption": _text(table.caption), "columns": columns, "rows": rows, "widths": widths}


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns' widths: 0 as wide as what stands in it, otherwise its share of what is left."""
    longest = [max(map(len, column)) for column in zip(*rows, strict=True)]
    shares = [min(WIDEST, 1 + size // SHORT_CELL) for size in longest]
    short = [size <= SHORT_CELL for size in longest]
    if sum(size for size, is_short in zip(longest, short, strict=True) if is_short) > LINE:
        return shares
    widths = [0 if is_short else share for share, is_short in zip(shares, short, strict=True)]
    return widths if any(widths) else [*widths[:-1], 1]


def _picture(picture: Picture) -> dict[str, Any]:
    if not picture.alt.strip():
        raise ValueError("a picture needs a text that says the same")
    start = SVG_START.search(picture.svg)
    if start is None:
        raise ValueError("a picture must be SVG")
    attributes = start[1] if "xmlns=" in start[1] else f'{start[1]} xmlns="{NAMESPACE}"'
    svg = f"<svg{attributes}><style>{_picture_styles()}</style>{picture.svg[start.end() :]}"
    return {"kind": "picture", "svg": _text(svg), "alt": _text(picture.alt)}


@cache
def _picture_styles() -> str:
    """The look of drawings on paper: those on the screen take theirs from the pages' own style sheets."""
    return PICTURE_STYLES.read_text(encoding="utf-8")


def _text(text: str) -> str:
    """The text as it can stand on paper; a sign that the font cannot draw becomes a replacement character."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(map(_sign, composed)).strip()


@cache
def _sign(sign: str) -> str:
    if sign.isspace():
        return sign if sign == "\n" else " "
    if sign.isprintable() and ord(sign) in _drawn():
        return sign
    match unicodedata.category(sign):
        case "Cf" | "Cc":
            return ""
        case "Pd":
            return "-"
    plain = unicodedata.normalize("NFKC", sign)
    return plain if all(ord(each) in _drawn() for each in plain) else UNSEEN


@cache
def _drawn() -> frozenset[int]:
    return frozenset.intersection(*(drawn_by(font) for font in sorted(FONTS.glob("*.ttf"))))
