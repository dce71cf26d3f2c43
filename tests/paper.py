"""Reads PDFs back: what stands in them, and how they are tagged for a screen reader."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject


def paper(pdf: bytes) -> PdfReader:
    """The PDF, opened."""
    return PdfReader(BytesIO(pdf))


def words(pdf: bytes) -> str:
    """All text of all pages in one line, without the breaks that the paper's width gave it."""
    text = " ".join(page.extract_text() for page in paper(pdf).pages)
    return re.sub(r"\s+", " ", re.sub("\N{SOFT HYPHEN}\\s*|\N{ZERO WIDTH SPACE}", "", text))


def tags(pdf: bytes) -> list[str]:
    """The kinds of the PDF's parts in reading order: H1, P, Table ..."""
    root: Any = paper(pdf).trailer["/Root"]
    return list(_kinds(root["/StructTreeRoot"]))


def _kinds(node: Any) -> Iterator[str]:
    seen = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(seen, ArrayObject):
        for child in seen:
            yield from _kinds(child)
    elif isinstance(seen, DictionaryObject):
        if "/S" in seen:
            yield str(seen["/S"]).removeprefix("/")
        yield from _kinds(seen.get("/K", ArrayObject()))
