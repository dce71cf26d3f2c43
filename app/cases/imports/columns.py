"""The columns of the spreadsheet: their headings, and how headings are recognised."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.core import name_tokens
from app.core.danish import and_list
from app.core.errors import DomainError


@dataclass(frozen=True)
class Column:
    """A column. help: what may stand in it. example: as the template shows it. aliases: other names it goes by."""

    key: str
    heading: str
    help: str
    example: str = ""
    required: bool = False
    aliases: tuple[str, ...] = ()
    width: int = 20


COLUMNS: Final = (
    Column(
        "cpr",
        "CPR-nummer",
        "Ti cifre. Lad feltet stå tomt, hvis nummeret ikke kendes, og skriv så fødselsdato og køn.",
        "010190-1239",
        required=True,
        aliases=("cpr", "cprnr", "cpr nr", "personnummer", "cpr nummer"),
        width=14,
    ),
    Column(
        "name",
        "Navn",
        "Borgerens fulde navn.",
        "Eksempel Eksempelsen",
        required=True,
        aliases=("borger", "borgerens navn", "fulde navn"),
        width=28,
    ),
    Column("birth", "Fødselsdato", "Kun når CPR-nummeret ikke kendes: 20-11-2010.", aliases=("født", "fødselsdag")),
    Column("sex", "Køn", "Kvinde eller Mand. Tomt: efter CPR-nummeret.", aliases=("kon",), width=10),
    Column(
        "protection",
        "Navne- og adressebeskyttelse",
        "Ja, Nej eller Ved ikke. Tomt er Ved ikke, og borgeren behandles som beskyttet.",
        "Nej",
        aliases=("adressebeskyttelse", "beskyttelse", "beskyttet adresse"),
    ),
    Column("bydel", "Bydel", "Navnet på en bydel, der er oprettet.", aliases=("område",)),
    Column("school", "Skole", "Navnet på en skole, der er oprettet."),
    Column("niveau", "Niveau", "Sagens niveau, som tal.", "1", required=True, aliases=("sagsniveau",), width=10),
    Column(
        "referrer",
        "Henvendelse fra",
        "Hvem der henvendte sig.",
        "Skole",
        required=True,
        aliases=("henvender", "hvem henvender sig", "henvist af", "kilde"),
    ),
    Column(
        "concern",
        "Bekymring",
        "Kort, og kun det, der har betydning for sagen.",
        "Er holdt op med at komme i skole.",
        required=True,
        aliases=("hvad er bekymringen", "årsag", "baggrund"),
        width=50,
    ),
    Column(
        "themes", "Temaer", "Et eller flere, med semikolon imellem.", "Fravær fra skole eller job", aliases=("tema",)
    ),
    Column(
        "suitable",
        "Hvorfor forebyggelsesegnet",
        "Én linje. Skal udfyldes i alle rækker, når kolonnen er der.",
        "Vil gerne i klub, og forældrene bakker op.",
        aliases=("forebyggelsesegnet", "begrundelse"),
        width=30,
    ),
    Column(
        "basis",
        "Retligt grundlag",
        "Hvorfor enheden må have oplysningerne. Tomt: ikke oplyst.",
        aliases=("grundlag", "hjemmel", "retligt grundlag for at have oplysningerne"),
        width=30,
    ),
    Column(
        "consent",
        "Samtykke",
        "Fra borgeren eller forældremyndigheden. Tomt: ikke oplyst.",
        aliases=("samtykke fra borgeren eller forældremyndigheden",),
    ),
    Column(
        "consent_on",
        "Dato for samtykke",
        "Den dag, samtykket blev givet eller afslået. Tomt: den dag, sagen begyndte.",
        aliases=("samtykkedato", "samtykke dato"),
        width=12,
    ),
    Column(
        "owner",
        "Ansvarlig",
        "Navn eller mailadresse på en koordinator eller leder i enheden. Tomt: ingen endnu.",
        aliases=("sagsansvarlig", "koordinator", "ejer"),
    ),
    Column(
        "members",
        "Navngivne medarbejdere",
        "Navne eller mailadresser med semikolon imellem: dem, der ud over lederen, dig og den ansvarlige skal kunne se "
        "en begrænset sag.",
        aliases=("navngivne", "medarbejdere"),
    ),
    Column(
        "opened",
        "Oprettet",
        "Den dag, sagen begyndte: 20-11-2026. Tomt: i dag.",
        "20-11-2025",
        aliases=("oprettelsesdato", "startdato", "dato", "oprettet den"),
        width=12,
    ),
)
# A file may leave these columns out; where they stand, each row tells.
NEEDED_WHERE_PRESENT: Final = ("suitable",)
BY_KEY: Final = {column.key: column for column in COLUMNS}

MOST_ROWS_ABOVE: Final = 10
_RECOGNISED_BY: Final = 3
_SHOWN: Final = 8


def _compared(text: str) -> str:
    """The heading without spaces, signs, capitals or Danish letters."""
    return name_tokens.fold(text.partition("(")[0].rstrip(" *:")).replace(" ", "")


_KEYS: Final = {
    _compared(name): column.key for column in COLUMNS for name in (column.heading, *column.aliases, column.key)
}


@dataclass(frozen=True)
class Heading:
    """What the headings of a file mean.

    line: where they stand, the first row being 1. places: the column's place by key. unused: those that mean nothing.
    """

    line: int
    places: dict[str, int]
    unused: list[str]


def find(rows: Iterator[tuple[int, Sequence[Any]]]) -> Heading:
    """Read on to the headings, which stand in one of the first rows.

    Raises DomainError when there are none, one that is needed is missing, or two mean the same.
    """
    empty = True
    for line, cells in rows:
        texts = [str(cell).strip() if cell is not None else "" for cell in cells]
        empty = empty and not any(texts)
        if is_heading(texts):
            return _heading(line, texts)
        if line >= MOST_ROWS_ABOVE:
            break
    if empty:
        raise DomainError("Arket er tomt.", "file")
    raise DomainError(
        "Overskrifterne blev ikke fundet. Øverst skal der stå "
        f"{and_list(f'»{column.heading}«' for column in COLUMNS if column.required)}. Hent skabelonen, og brug den.",
        "file",
    )


def is_heading(cells: Iterable[Any]) -> bool:
    """Whether a row is one of headings: several of its cells name columns, each another one."""
    return len({key for cell in cells if (key := _key(cell))}) >= _RECOGNISED_BY


def _key(cell: Any) -> str | None:
    return _KEYS.get(_compared(cell)) if isinstance(cell, str) else None


def _heading(line: int, texts: list[str]) -> Heading:
    places: dict[str, int] = {}
    for place, text in enumerate(texts):
        key = _key(text)
        if key in places:
            first = texts[places[key]]
            raise DomainError(f"Kolonnerne »{first}« og »{text}« betyder det samme. Slet den ene.", "file")
        if key is not None:
            places[key] = place
    missing = [column.heading for column in COLUMNS if column.required and column.key not in places]
    if missing == [BY_KEY["cpr"].heading] and "birth" in places:
        missing = []
    if missing:
        word = "Kolonnen" if len(missing) == 1 else "Kolonnerne"
        raise DomainError(f"{word} {and_list(f'»{name}«' for name in missing)} mangler.", "file")
    unused = [text[:60] for text in texts if text and _key(text) is None]
    return Heading(line, places, unused)


def notices(heading: Heading) -> list[str]:
    """What is worth telling about the headings."""
    told = []
    if heading.line > 1:
        told.append(f"Overskrifterne står i række {heading.line}; rækkerne over dem er ikke læst.")
    if heading.unused:
        names = [f"»{name}«" for name in heading.unused[:_SHOWN]]
        more = len(heading.unused) - len(names)
        rest = [f"{more} til"] if more else []
        told.append(f"Disse kolonner kendes ikke og er ikke læst: {and_list([*names, *rest])}.")
    return told
