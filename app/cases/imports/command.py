"""Importing from the command line: in somebody's name, and within what that person may see."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from tqdm import tqdm

from app.access.models import User
from app.access.policy import Permission, Reader, can
from app.access.queries import user_by_email
from app.cases.imports import files, reading, services
from app.cases.imports.checking import Checked
from app.cases.imports.models import ImportMode
from app.cases.imports.queries import FailedRow
from app.cases.imports.services import CheckedFile
from app.core import clock
from app.core.danish import plural
from app.core.database import RowScope, enter_row_scope
from app.core.errors import DomainError
from app.extensions import db

SHOWN: Final = 20
WAY: Final = "kommandolinje"

Say = Callable[[str], object]


def import_cases(
    file: Path, email: str, failed: Path | None, *, dry_run: bool, good_rows: bool, at: datetime, say: Say
) -> bool:
    """Check a file and make cases of its rows, in the name of a coordinator or leader; return whether it went well.

    failed: where the rows that are not in order are written, as .xlsx or .csv by the name. say: prints a line.
    Raises DomainError when the person may not import, or the file cannot be read.
    """
    by = _acting(email, at)
    kind = _kind(failed)
    if file.stat().st_size > reading.MOST_BYTES:
        raise DomainError(reading.TOO_LARGE)
    checked = services.check_file(
        file.read_bytes(), by=by, at=at, watch=lambda rows: tqdm(rows, "Tjekker", unit=" rækker")
    )
    # What was asked about CPR numbers stands, whatever becomes of the file.
    db.session.commit()
    _tell(checked, say)
    bad = [_failed(each) for each in checked.rows if each.reasons]
    if failed is not None and bad:
        failed.write_bytes(files.FAILED[kind](bad))
        say(f"Rækkerne med fejl er skrevet til {failed}.")
    if dry_run:
        say("Prøvekørsel: intet er hentet ind.")
        return True
    return _run(checked, file.name, ImportMode.GOOD if good_rows else ImportMode.ALL, by=by, at=at, say=say)


def _acting(email: str, at: datetime) -> User:
    user = user_by_email(email)
    today = clock.local_date(at)
    if user is None or not can(Reader.of(user, today), Permission.IMPORT):
        raise DomainError("Der er ingen åben koordinator eller leder med den mailadresse.")
    enter_row_scope(db.session(), RowScope(user.id, today))
    return user


def _kind(failed: Path | None) -> str:
    kind = "xlsx" if failed is None else failed.suffix.lower().removeprefix(".")
    if kind not in files.FAILED:
        raise DomainError("Filen til rækker med fejl skal hedde noget med .xlsx eller .csv.")
    return kind


def _tell(checked: CheckedFile, say: Say) -> None:
    for notice in checked.notices:
        say(notice)
    total = plural(len(checked.rows), "række", "rækker")
    say(f"{total}: {len(checked.rows) - checked.bad} i orden, {checked.bad} ikke i orden.")
    for each in [each for each in checked.rows if each.reasons][:SHOWN]:
        say(f"  Række {each.line}: {' '.join(each.reasons)}")
    if checked.bad > SHOWN:
        say(f"  … og {checked.bad - SHOWN} til.")


def _failed(each: Checked) -> FailedRow:
    return FailedRow(each.line, each.row.cells, each.reasons)


def _run(checked: CheckedFile, name: str, mode: ImportMode, *, by: User, at: datetime, say: Say) -> bool:
    try:
        with tqdm(total=len(checked.rows) - checked.bad, desc="Henter ind", unit=" rækker") as bar:
            job = services.keep(checked, name, by=by, at=at, way=WAY)
            count = services.run(job, checked.rows, mode=mode, by=by, at=at, tell=bar.update)
    except DomainError as error:
        db.session.rollback()
        say(error.message)
        return False
    db.session.commit()
    say(f"{plural(count, 'sag', 'sager')} er oprettet.")
    return True
