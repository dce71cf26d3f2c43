"""The import as its pages show it."""

import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, func, select, update
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.audit.models import AuditEvent, Event
from app.cases.imports import writing
from app.cases.imports.models import ImportJob, ImportRow, ImportState
from app.cases.models import Case
from app.core import clock
from app.core.uploads import MEBIBYTE
from tests.browser import Browser
from tests.cases.imports.spreadsheets import a_row, as_csv, as_xlsx
from tests.page import Page
from tests.world import World

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def coordinator(client: Browser, world: World) -> Browser:
    return client.sign_in(world.nord.koordinator)


def a_file(content: bytes, name: str = "sager.xlsx") -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


def send(client: Browser, content: bytes, name: str = "sager.xlsx", *, status: int | None = None) -> Page:
    """Send a file, and go where it leads."""
    page = client.get("/sager/hent-ind")
    return client.submit(page, {"file": a_file(content, name)}, form="Tjek filen", status=status)


def count(owner: Engine, model: type[Any]) -> int:
    with owner.connect() as connection:
        return connection.scalar(select(func.count()).select_from(model)) or 0


def workbook(page: Page) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(page.response.data))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def test_a_file_is_checked_and_fetched(coordinator: Browser, owner: Engine) -> None:
    before = count(owner, Case)
    page = send(coordinator, as_xlsx(a_row(1), a_row(2)))
    assert page.h1 == "Filen er tjekket"
    assert "sager.xlsx" in page.main
    assert count(owner, Case) == before

    page = coordinator.submit(page, form="Hent sagerne ind")

    assert page.h1 == "Hentet ind"
    assert "2 sager er oprettet." in page.text
    assert count(owner, Case) == before + 2
    assert count(owner, ImportRow) == 0
    assert "Åse Østergård b" in coordinator.get("/sager").main


def test_a_file_with_a_bad_row_offers_the_good_ones(coordinator: Browser, owner: Engine) -> None:
    before = count(owner, Case)
    page = send(coordinator, as_csv(a_row(1), a_row(2, Navn="", Bekymring='=HYPERLINK("x")'), a_row(3)), "liste.csv")

    assert ["3", "»Bekymring« er en formel. Sæt den ind som værdi."] in page.rows()
    assert page.texts("main//div[@class='form-group-radio']/label") == []
    assert "2 af rækkerne bliver til sager, og 1 springes over." in page.main
    failed = workbook(coordinator.get(page.links["Hent dem som regneark"]))
    assert failed[0][:3] == ["Hvorfor rækken ikke kunne hentes ind", "Række i filen", "CPR-nummer"]
    assert failed[1][:2] == ["»Bekymring« er en formel. Sæt den ind som værdi.", "3"]
    as_text = coordinator.get(page.links["som CSV"]).response.data.decode("utf-8-sig")
    assert "'=HYPERLINK" in as_text.replace('""', '"')
    assert "=HYPERLINK" in failed[1] or any(str(cell).startswith("=HYPERLINK") for cell in failed[1])

    page = coordinator.submit(page, form="Hent sagerne ind")

    assert count(owner, Case) == before + 2
    assert page.links["Hent dem som regneark"]
    with owner.connect() as connection:
        read = connection.scalar(
            select(func.count()).where(AuditEvent.event == Event.IMPORT_READ.value).select_from(AuditEvent)
        )
    assert read == 2


def test_corrected_rows_can_be_sent_as_they_came(coordinator: Browser) -> None:
    page = send(coordinator, as_xlsx(a_row(1), a_row(2, Niveau="9")))
    content = coordinator.get(page.links["Hent dem som regneark"]).response.data
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    column = [cell.value for cell in sheet[1]].index("Niveau") + 1
    sheet.cell(2, column).value = "2"
    corrected = io.BytesIO()
    book.save(corrected)

    page = send(coordinator, corrected.getvalue())

    assert "»Hvorfor rækken ikke kunne hentes ind« og »Række i filen«" in page.main
    assert page.rows() == []


def test_the_template_can_be_sent_back(coordinator: Browser) -> None:
    template = coordinator.get("/sager/hent-ind/skabelon.xlsx")
    assert template.response.headers["Content-Disposition"] == 'attachment; filename="sager-skabelon.xlsx"'
    refused = send(coordinator, template.response.data, status=422)
    assert refused.errors == ["Der er ingen rækker under overskrifterne."]

    book = openpyxl.load_workbook(io.BytesIO(template.response.data))
    assert book.sheetnames == ["Sager", "Hvad kan der stå"]
    row = a_row(1, **{"Hvorfor forebyggelsesegnet": "Vil gerne i klub"})
    for cell in book.worksheets[0][1]:
        heading = str(cell.value).removesuffix(" *")
        book.worksheets[0].cell(3, cell.column or 0).value = row.get(heading)
    content = io.BytesIO()
    book.save(content)
    page = send(coordinator, content.getvalue())
    assert "Skabelonens eksempel er sprunget over." in page.main
    assert page.h1 == "Filen er tjekket"
    assert page.rows() == []


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "Filen er tom."),
        (b"%PDF-1.7", "Filen er en PDF. Gem regnearket som .xlsx eller .csv."),
        (as_xlsx(), "Arket er tomt."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_reason(
    coordinator: Browser, owner: Engine, content: bytes, error: str
) -> None:
    page = send(coordinator, content, status=422)
    assert page.errors == [error]
    assert count(owner, ImportJob) == 0
    page = send(coordinator, as_xlsx(a_row(1)))
    assert page.h1 == "Filen er tjekket"


def test_no_file_is_asked_for(coordinator: Browser) -> None:
    page = coordinator.submit(coordinator.get("/sager/hent-ind"), form="Tjek filen", status=422)
    assert page.errors == ["Vælg en fil."]


def test_a_refused_form_can_be_sent_again_with_another_file(coordinator: Browser) -> None:
    page = coordinator.get("/sager/hent-ind")
    coordinator.submit(page, {"file": a_file(b"%PDF")}, form="Tjek filen", status=422)
    page = coordinator.submit(page, {"file": a_file(as_xlsx(a_row(1)))}, form="Tjek filen")
    assert page.h1 == "Filen er tjekket"


@pytest.mark.parametrize(("size", "status"), [(20 * MEBIBYTE + 70_000, 413), (2 * MEBIBYTE, 422)])
def test_only_a_file_over_the_bound_is_refused_for_its_size(coordinator: Browser, size: int, status: int) -> None:
    # Put together here: the client would leave a file behind.
    once = {"csrf_token": coordinator.csrf_token(), "submission": str(uuid.uuid4())}
    values = once | {"file": a_file(b"x;y\n" * (size // 4))}
    boundary, body = encode_multipart(values)

    answer = coordinator.client.post(
        "/sager/hent-ind", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )

    assert answer.status_code == status
    assert ("Det fylder for meget" in answer.text) is (status == 413)
    assert ("Overskrifterne blev ikke fundet" in answer.text) is (status == 422)


def test_other_forms_keep_the_general_bound(coordinator: Browser) -> None:
    coordinator.post("/sager", {"words": "x" * (2 * MEBIBYTE)}, status=413)


def test_a_second_click_makes_no_second_set_of_cases(coordinator: Browser, owner: Engine) -> None:
    page = send(coordinator, as_xlsx(a_row(1)))
    before = count(owner, Case)
    coordinator.submit(page, form="Hent sagerne ind")

    again = coordinator.submit(page, form="Hent sagerne ind")

    assert "Filen er hentet ind." in again.text
    assert count(owner, Case) == before + 1


def test_a_run_that_goes_on_shows_how_far_it_is(coordinator: Browser, owner: Engine) -> None:
    page = send(coordinator, as_xlsx(a_row(1), a_row(2)))
    with owner.begin() as connection:
        running = {"state": ImportState.RUNNING, "rows_done": 1, "seen_at": clock.now()}
        connection.execute(update(ImportJob).values(running))

    shown = coordinator.get(page.url)
    assert shown.h1 == "Sagerne hentes ind"
    assert not shown.all("main//form")
    assert coordinator.get(f"{page.url}/fremdrift").response.json == {"state": "i_gang", "done": 1, "total": 2}
    assert "ved at blive hentet ind" in coordinator.follow(coordinator.get(f"{page.url}/slet", status=302)).text

    with owner.begin() as connection:
        connection.execute(update(ImportJob).values(seen_at=clock.now() - timedelta(minutes=5)))
    shown = coordinator.get(page.url)
    assert "Kørslen blev afbrudt, og intet er hentet ind." in shown.main
    assert coordinator.submit(shown, form="Hent sagerne ind").h1 == "Hentet ind"


def test_a_run_tells_how_far_it_is_while_it_works(
    coordinator: Browser, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cases.imports.services.CHUNK", 2)
    page = send(coordinator, as_xlsx(*(a_row(number) for number in range(5))))
    seen: list[tuple[str, int]] = []
    write = writing.write

    def watched(*args: Any, **kwargs: Any) -> list[int]:
        with owner.connect() as connection:
            job = connection.execute(select(ImportJob.state, ImportJob.rows_done)).one()
        seen.append((job.state, job.rows_done))
        return write(*args, **kwargs)

    monkeypatch.setattr("app.cases.imports.writing.write", watched)
    coordinator.submit(page, form="Hent sagerne ind")

    assert seen == [(ImportState.RUNNING, 0), (ImportState.RUNNING, 2), (ImportState.RUNNING, 4)]


def test_a_run_that_fails_leaves_nothing_and_can_be_begun_again(
    coordinator: Browser, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, before = send(coordinator, as_xlsx(a_row(1), a_row(2))), count(owner, Case)

    def broken(*_: Any, **__: Any) -> list[int]:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("app.cases.imports.writing.write", broken)
        with pytest.raises(ZeroDivisionError):
            coordinator.submit(page, form="Hent sagerne ind")

    assert count(owner, Case) == before
    assert coordinator.get(page.url).h1 == "Filen er tjekket"
    assert coordinator.submit(coordinator.get(page.url), form="Hent sagerne ind").h1 == "Hentet ind"


def test_a_row_that_has_gone_bad_stops_all_and_is_shown(coordinator: Browser, browser: Callable[[], Browser]) -> None:
    page = send(coordinator, as_xlsx(a_row(1), a_row(2)))
    second = send(coordinator, as_xlsx(a_row(2)))
    coordinator.submit(second, form="Hent sagerne ind")

    refused = coordinator.submit(page, form="Hent sagerne ind", status=422)

    assert refused.errors == ["Intet er hentet ind, for ikke alle rækker er i orden. Se hvorfor herunder."]
    assert refused.rows()[0][0] == "3"
    assert coordinator.submit(refused, form="Hent sagerne ind").h1 == "Hentet ind"


def test_a_file_is_forgotten_on_request(coordinator: Browser, owner: Engine) -> None:
    page = send(coordinator, as_xlsx(a_row(1)))
    asked = coordinator.get(page.links["Slet filen her"])
    assert asked.h1 == "Slet filen her?"
    page = coordinator.submit(asked, form="Slet filen")
    assert "Filen er slettet her." in page.text
    assert (count(owner, ImportJob), count(owner, ImportRow)) == (0, 0)


def test_what_was_sent_is_kept_encrypted(coordinator: Browser, owner: Engine) -> None:
    send(coordinator, as_xlsx(a_row(1, Niveau="fire")), "Åse Østergårds venner.xlsx")
    with owner.connect() as connection:
        kept = [
            bytes(value)
            for table in ("import_jobs", "import_rows")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
            for value in row
            if isinstance(value, bytes | memoryview)
        ]
    assert len(kept) == 3
    for secret in ("Østergård", "0201", "fire", "Niveau"):
        assert not any(secret.encode() in value for value in kept)
