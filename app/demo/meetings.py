"""What the team's meeting said, cases that changed hands, and a spreadsheet that waits to be fetched in."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from app.cases import handovers, queries
from app.cases.imports import services as imports
from app.cases.models import Case
from app.cases.review import services as reviews
from app.cases.review.queries import FROM_NIVEAU
from app.core import clock
from app.demo.acting import acting
from app.demo.invented import People
from app.demo.unit import DemoUnit

REVIEWED, HANDED_OVER, ROWS = 8, 3, 6
DAYS_AGO = (35, 7)
SAID = (
    "Fremgang i skolen. Mentor fortsætter, vi ser på niveauet næste gang.",
    "Klubben har ikke set ham i to uger. Koordinator ringer hjem i morgen.",
    "Familieafsnittet er med fra på mandag. Intet nyt fra politiet.",
    "Fritidsjob falder på plads. Der skal følges op på rusmidler.",
)
NOTES = (
    "Moren vil helst ringes op om eftermiddagen. Læreren er den, der har kontakten i skolen.",
    "Der er aftalt hjemmebesøg i næste uge. Han kommer, når aftalen er skrevet ned.",
    "Bror har også haft en sag. Tal med klubben, før der ringes hjem.",
)
HEADINGS = ("CPR-nummer", "Navn", "Niveau", "Henvendelse fra", "Bekymring", "Telefon")
CONCERN = "Ses med en gruppe ældre om aftenen."


def make_meetings(
    unit: DemoUnit, cases: Sequence[Case], people: People, random: Random, *, at: datetime
) -> dict[str, int]:
    """Go through some of the open cases, hand some over, and leave a file that has been checked.

    cases: open ones.
    """
    ids = [case.id for case in cases]
    _go_through(unit, [case.id for case in cases if case.niveau >= FROM_NIVEAU], at)
    _hand_over(unit, random.sample(ids, HANDED_OVER), at)
    _send_file(unit, people, at)
    return {"gennemgange": REVIEWED * len(DAYS_AGO), "overdragelser": HANDED_OVER}


def _go_through(unit: DemoUnit, ids: Sequence[int], at: datetime) -> None:
    for days in DAYS_AGO:
        then = at - timedelta(days=days)
        with acting(unit.leader, then):
            for place, case_id in enumerate(ids[:REVIEWED]):
                case, note = queries.get_case(case_id), SAID[(place + days) % len(SAID)]
                if case.opened_on <= clock.local_date(then):
                    reviews.mark_reviewed(case, note=note, by=unit.leader, at=then)


def _hand_over(unit: DemoUnit, ids: Sequence[int], at: datetime) -> None:
    with acting(unit.leader, at):
        for case_id, note in zip(ids, NOTES, strict=True):
            case = queries.get_case(case_id)
            takers = [user for user in unit.coordinators if user.id != case.owner_id]
            if case.owner_id is not None and not case.restricted:
                handovers.hand_over(case, owner_id=takers[0].id, note=note, by=unit.leader, at=at)


def _send_file(unit: DemoUnit, people: People, at: datetime) -> None:
    by, today = unit.employees["koordinator"], clock.local_date(at)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADINGS)
    for place in range(ROWS):
        person = people.of_age(15, today)
        niveau = "fire" if place == 1 else "1"
        number = "" if place == ROWS - 1 else person.cpr.formatted
        writer.writerow([number, person.name, niveau, "Skole", CONCERN, "22 00 00 00"])
    with acting(by, at):
        checked = imports.check_file(text.getvalue().encode("utf-8-sig"), by=by, at=at)
        imports.keep(checked, "henvendelser-fra-skolerne.csv", by=by, at=at)
