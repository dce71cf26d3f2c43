"""What each figure counts. The words stand beside the number wherever it is shown or exported."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """One figure: its key in exports, its heading, and what is counted."""

    key: str
    title: str
    counted: str

    @property
    def words(self) -> tuple[str, str]:
        """Heading and what is counted, as a list of terms shows them."""
        return self.title, self.counted


CASES_OPENED_YEAR = Definition(
    "cases_opened_year",
    "Sager oprettet i året",
    "Sager, der blev aktive fra 1. januar i periodens år til opgørelsesdagen, efter det niveau de begyndte på; "
    "henvendelser, der ikke er blevet til en sag, er ikke talt med.",
)
CASES_OPENED_HALF_YEAR = Definition(
    "cases_opened_half_year",
    "Sager oprettet i halvåret",
    "Sager, der blev aktive i halvåret, dog senest opgørelsesdagen, efter det niveau de begyndte på; "
    "henvendelser, der ikke er blevet til en sag, er ikke talt med.",
)
CASES_ACTIVE = Definition(
    "cases_active",
    "Aktive sager",
    "Sager, der var aktive ved udgangen af halvåret, eller af opgørelsesdagen, hvis den ligger før; efter det niveau "
    "sagen havde den dag.",
)
KNOWN_THEN = "Det, som enheden først fik at vide efter opgørelsesdagen, og det, der er annulleret, er ikke talt med."
CUSTODY = (
    Definition(
        "level2_served_or_serving",
        "Niveau 2: har afsonet eller afsoner",
        "Borgere med en sag, der blev aktiv på niveau 2 fra 1. januar i periodens år til opgørelsesdagen, og som "
        f"senest den dag er indsat til afsoning. Varetægt er ikke talt med. {KNOWN_THEN}",
    ),
    Definition(
        "remand_under_18",
        "Varetægt, under 18 år",
        "Borgere, der var i varetægt i halvåret, dog senest på opgørelsesdagen, og var under 18 år, da den begyndte. "
        "Alderen regnes fra den 1. i fødselsmåneden, for statistikken kender ikke fødselsdagen: den, der fylder 18 "
        f"senere i måneden, tæller som 18. {KNOWN_THEN}",
    ),
)
NETVAERKSSAMRAAD = (
    Definition(
        "documentation_received",
        "Dokumentation modtaget",
        "Dokumentationer fra politiet, modtaget i halvåret og senest på opgørelsesdagen; ikke de fejlregistrerede.",
    ),
    Definition("summoned_in_time", "Indkaldt i tide", "Heraf indkaldt senest på fristens sidste dag."),
    Definition("summoned_late", "Indkaldt for sent", "Heraf indkaldt efter fristens sidste dag."),
    Definition("exempt", "Undtaget", "Heraf undtaget fra netværkssamråd, eller besvaret med ændrede foranstaltninger."),
    Definition(
        "waiting_in_time",
        "Afventer, inden for fristen",
        "Heraf ikke indkaldt på opgørelsesdagen; fristen er ikke gået.",
    ),
    Definition(
        "waiting_overdue", "Afventer, over fristen", "Heraf ikke indkaldt på opgørelsesdagen, og fristen er gået."
    ),
    Definition(
        "median_days",
        "Median, dage til indkaldelse",
        "Midterste antal kalenderdage fra modtagelse til indkaldelse, blandt de indkaldte.",
    ),
)
BY_NIVEAU = (CASES_OPENED_YEAR, CASES_OPENED_HALF_YEAR, CASES_ACTIVE)
ALL = (*BY_NIVEAU, *CUSTODY, *NETVAERKSSAMRAAD)
