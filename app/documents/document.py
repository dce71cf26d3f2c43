"""What a letter or report holds, without a word about how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Paragraph:
    """Running text; its line breaks are kept."""

    text: str
    muted: bool = False


@dataclass(frozen=True)
class Facts:
    """Terms with their values; an empty value is shown as a dash."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """Rows under headings. caption: what the table shows, for those who cannot see it whole."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Picture:
    """A drawing with the text that says the same."""

    svg: str
    alt: str


Block = Paragraph | Facts | Table | Picture


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Document:
    """A whole letter or report.

    title: heading of the first page, and the document's own title. lead: lines under it, such as whom it is about and
    when it was made. footer: what stands at the foot of each page, beside its number.
    """

    title: str
    lead: Sequence[str]
    sections: Sequence[Section]
    footer: str = ""
    keywords: Sequence[str] = field(default=())
