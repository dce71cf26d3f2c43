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
    return [str(node["/S"]).removeprefix("/") for node in _nodes(root["/StructTreeRoot"]) if "/S" in node]


def alternatives(pdf: bytes) -> list[str]:
    """What the PDF's pictures say to those who cannot see them."""
    root: Any = paper(pdf).trailer["/Root"]
    return [str(node["/Alt"]) for node in _nodes(root["/StructTreeRoot"]) if "/Alt" in node]


def _nodes(node: Any) -> Iterator[DictionaryObject]:
    """The parts in reading order."""
    seen = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(seen, ArrayObject):
        for child in seen:
            yield from _nodes(child)
    elif isinstance(seen, DictionaryObject):
        yield seen
        yield from _nodes(seen.get("/K", ArrayObject()))
