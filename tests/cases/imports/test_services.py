from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select

from app.access.models import User
from app.audit.models import AuditEvent, Event
from app.cases.codes import DecisionKind, Theme
from app.cases.imports import queries, services
from app.cases.imports.models import ImportJob, ImportMode, ImportRow, ImportState
from app.cases.models import CaseDecision, CaseStatus, CaseTheme, Referrer
from app.core.errors import DomainError
from app.extensions import db
from app.outbox.models import OutboxMail
from app.people.models import AddressProtection, Citizen, Sex
from tests.cases.acting import NOON, TODAY, Db, access_of, at_once, events_of, sees
from tests.cases.imports.keeping import kept, new_cases, reasons, run
from tests.cases.imports.spreadsheets import CONCERN, a_row, as_csv, as_xlsx
from tests.conftest import ActAs
from tests.factories import Make
from tests.world import World

pytestmark = pytest.mark.usefixtures("db_session")


def test_every_column_becomes_what_it_says(by: User, world: World, make: Make, owner: Engine) -> None:
    bydel = make.bydel("Røde Vejrmølle Parken")
    make.school("Herstedlund Skole", bydel)
    row = a_row(
        **{
            "CPR-nummer": "010110-4321",
            "Navn": "  Åse   Ærø ",
            "Køn": "pige",
            "Navne- og adressebeskyttelse": "Nej",
            "Bydel": "røde vejrmølle parken",
            "Skole": "Herstedlund skole",
            "Niveau": "Niveau 2",
            "Henvendelse fra": "politi",
            "Temaer": "Vold eller trusler; bande",
            "Hvorfor forebyggelsesegnet": "Vil gerne i klub",
            "Ansvarlig": world.nord.leder.name.upper(),
            "Oprettet": date(2025, 3, 9),
        }
    )

    assert run(kept(by, row), by) == 1

    [case] = new_cases()
    citizen = case.citizen
    assert (citizen.name, citizen.cpr, citizen.sex) == ("Åse Ærø", "0101104321", Sex.FEMALE)
    assert (citizen.address_protection, citizen.birth_month) == (AddressProtection.NO, date(2010, 1, 1))
    assert (citizen.bydel.name, citizen.school.name) == ("Røde Vejrmølle Parken", "Herstedlund Skole")  # type: ignore[union-attr]  # they are there
    assert (case.niveau, case.opened_niveau, case.status) == (2, 2, CaseStatus.ACTIVE)
    assert (case.referrer, case.concern, case.owner_id) == (Referrer.POLICE, CONCERN, world.nord.leder.id)
    assert {case.received_on, case.opened_on, case.accepted_on} == {date(2025, 3, 9)}
    assert case.number == "2025-0001"
    assert (case.unit_id, case.opened_by_id, case.restricted) == (by.unit_id, by.id, False)
    assert access_of(owner, case.id) == {(world.nord.leder.id, "owner", TODAY, None)}
    themes = db.session.scalars(select(CaseTheme.theme).where(CaseTheme.case_id == case.id))
    assert set(themes) == {Theme.VIOLENCE, Theme.GANG}
    [decision] = db.session.scalars(select(CaseDecision).where(CaseDecision.case_id == case.id))
    assert (decision.kind, decision.suitable, decision.reasons) == (DecisionKind.ACCEPTED, True, "Vil gerne i klub")
    assert {event for event, *_ in events_of(owner, case.id)} == {"case.opened", "citizen.created"}


def test_numbers_follow_on_in_each_year(by: User) -> None:
    rows = [a_row(number, Oprettet=f"1.2.{2024 + number % 2}") for number in range(5)]

    run(kept(by, *rows), by)
    run(kept(by, a_row(9, Oprettet="1. februar 2025")), by)

    numbers = [case.number for case in new_cases()]
    assert numbers == ["2024-0001", "2024-0002", "2024-0003", "2025-0001", "2025-0002", "2025-0003"]
    assert len({case.id for case in new_cases()}) == 6


def test_a_case_on_a_restricting_niveau_is_seen_by_the_named_alone(
    by: User, world: World, make: Make, db_session: Db, acting_as: ActAs
) -> None:
    other = make.user(by.role, world.nord.koordinator.unit)
    row = a_row(Niveau=3, **{"Navngivne medarbejdere": world.nord.mentor.name})

    run(kept(by, row, a_row(2, Temaer="Ekstremisme")), by)

    first, second = new_cases()
    ids = [first.id, second.id]
    assert [first.restricted, second.restricted] == [True, True]
    for user, seen in ((by, [True, True]), (world.nord.leder, [True, True]), (other, [False, False])):
        assert [sees(acting_as, db_session, user, case_id) for case_id in ids] == seen
    assert [sees(acting_as, db_session, world.nord.mentor, case_id) for case_id in ids] == [True, False]


def test_a_row_without_a_number_needs_a_date_of_birth(by: User) -> None:
    nameless = {"CPR-nummer": "", "Fødselsdato": "24/12 2011", "Køn": "dreng"}

    job = kept(by, a_row(**nameless), a_row(**nameless | {"Fødselsdato": ""}))
    assert reasons(job) == {3: ["»CPR-nummer« mangler. Skriv fødselsdato, hvis nummeret ikke kendes."]}
    run(job, by, ImportMode.GOOD)

    [case] = new_cases()
    assert (case.citizen.cpr, case.citizen.birth_date, case.citizen.sex) == (None, date(2011, 12, 24), Sex.MALE)


def test_a_citizen_who_is_known_gets_a_case(by: User, world: World, make: Make) -> None:
    citizen = make.citizen("Ida Bach Holm")
    make.case(citizen=citizen, unit=world.nord.koordinator.unit, closed=date(2026, 2, 2))
    number = f"{citizen.cpr[:6]}-{citizen.cpr[6:]}"  # type: ignore[index]  # has one
    job = kept(by, a_row(**{"CPR-nummer": number, "Navn": "ida holm"}))
    assert (job.rows_known, job.rows_bad) == (1, 0)

    run(job, by)

    assert [case.citizen_id for case in new_cases()] == [citizen.id]


def test_every_reason_against_a_row_is_told(by: User, make: Make) -> None:
    make.bydel("Syd")
    wrong = {
        "CPR-nummer": "12345",
        "Navn": "",
        "Niveau": "4",
        "Henvendelse fra": "Mars",
        "Bekymring": None,
        "Bydel": "Nord",
        "Ansvarlig": "Ingen Nielsen",
        "Oprettet": "31-02-2025",
    }

    [told] = reasons(kept(by, wrong)).values()

    assert told[0] == "»Navn« mangler."
    text = " ".join(told)
    for part in (
        "»CPR-nummer« kan ikke bruges.",
        "»Niveau« kendes ikke: »4«. Brug en af disse: 1, 2, 3",
        "»Henvendelse fra« kendes ikke: »Mars«",
        "»Bekymring« mangler.",
        "»Bydel« kendes ikke: »Nord«. Brug en af disse: Syd",
        "»Ansvarlig« kendes ikke",
        "»Oprettet« er en dato, der ikke findes: »31-02-2025«.",
    ):
        assert part in text


def test_what_stands_twice_or_is_taken_cannot_come(by: User, world: World, make: Make) -> None:
    unit = world.nord.koordinator.unit
    mine, hidden, named = make.citizen("Ida Holm"), make.citizen("Bo Dal"), make.citizen("Per Lund")
    case = make.case(citizen=mine, unit=unit)
    make.case(citizen=hidden, unit=world.syd.koordinator.unit)
    make.case(citizen=named, unit=unit, closed=date(2026, 2, 2))

    job = kept(
        by,
        a_row(1),
        a_row(1, Navn="Åse Østergård"),
        a_row(**{"CPR-nummer": mine.cpr, "Navn": mine.name}),
        a_row(**{"CPR-nummer": hidden.cpr, "Navn": hidden.name}),
        a_row(**{"CPR-nummer": named.cpr, "Navn": "Lone Lund"}),
    )

    assert reasons(job) == {
        3: ["»CPR-nummer« står også i række 2. Slet den ene række."],
        4: [f"Borgeren har allerede en åben sag, {case.number}."],
        5: ["»CPR-nummer« er i brug i en sag, du ikke kan se. Kontakt din leder."],
        6: ["»Navn« er et andet end det, borgeren med CPR-nummeret er oprettet med. Ret det ene."],
    }


@pytest.mark.parametrize("hidden", ["restricted", "of another unit", None])
def test_an_open_case_out_of_sight_neither_hinders_nor_shows(
    by: User, world: World, make: Make, owner: Engine, hidden: str | None
) -> None:
    citizen = make.citizen("Ida Holm")
    make.case(citizen=citizen, unit=world.nord.koordinator.unit, closed=date(2026, 2, 2))
    if hidden == "restricted":
        make.case(3, citizen=citizen, unit=world.nord.koordinator.unit)
    elif hidden is not None:
        make.case(citizen=citizen, unit=world.syd.koordinator.unit)

    job = kept(by, a_row(**{"CPR-nummer": citizen.cpr, "Navn": citizen.name}))
    assert (job.rows_known, job.rows_bad, reasons(job)) == (1, 0, {})
    assert run(job, by) == 1

    assert [case.citizen_id for case in new_cases()] == [citizen.id]
    with owner.connect() as connection:
        asked = select(func.count()).where(AuditEvent.event == Event.CPR_ASKED.value)
        assert connection.scalar(asked) == 0


def test_questions_about_people_out_of_sight_are_counted_and_told(
    by: User, world: World, make: Make, owner: Engine
) -> None:
    hidden = [make.citizen() for _ in range(22)]
    for citizen in hidden:
        make.case(citizen=citizen, unit=world.syd.koordinator.unit)
    rows = [a_row(**{"CPR-nummer": citizen.cpr, "Navn": citizen.name}) for citizen in hidden]

    assert len(reasons(kept(by, *rows[:12]))) == 12
    with pytest.raises(DomainError, match="Mere end 20 af CPR-numrene er i brug"):
        services.check_file(as_xlsx(*rows[10:]), by=by, at=NOON + timedelta(minutes=9))
    db.session.commit()

    with owner.connect() as connection:
        asked = select(AuditEvent.details).where(AuditEvent.event == Event.CPR_ASKED.value)
        answers = [details["taken"] for details in connection.scalars(asked)]
        mails = connection.scalar(select(func.count()).select_from(OutboxMail))
    assert answers == [True] * 12 + [None]
    assert mails == 2  # one for each file, to the leader


def test_all_or_nothing_makes_nothing_when_a_row_is_bad(by: User) -> None:
    job = kept(by, a_row(1), a_row(2, Niveau="8"))
    before = db.session.scalar(select(func.count()).select_from(Citizen))

    checked = services.begin(job, by=by, at=NOON)
    with pytest.raises(DomainError, match="Intet er hentet ind"):
        services.run(job, checked, mode=ImportMode.ALL, by=by, at=NOON)

    assert new_cases() == []
    assert db.session.scalar(select(func.count()).select_from(Citizen)) == before


def test_good_rows_come_and_the_others_stay_with_their_reasons(by: User) -> None:
    job = kept(by, a_row(1), a_row(2, Niveau="8"), a_row(3))

    assert run(job, by, ImportMode.GOOD) == 2

    assert (job.state, job.rows_good, job.rows_bad, job.rows_done) == (ImportState.DONE, 2, 1, 2)
    assert list(db.session.scalars(select(ImportRow.line))) == [3]
    assert len(new_cases()) == 2
    with pytest.raises(DomainError, match="Filen er hentet ind"):
        run(job, by, ImportMode.GOOD)


def test_what_has_changed_since_the_check_is_found(by: User, make: Make, world: World) -> None:
    job = kept(by, a_row(1), a_row(2))
    run(kept(by, a_row(2)), by)

    checked = services.begin(job, by=by, at=NOON)
    with pytest.raises(DomainError, match="Intet er hentet ind"):
        services.run(job, checked, mode=ImportMode.ALL, by=by, at=NOON)
    services.note_refused(job, checked)
    db.session.commit()

    number = new_cases()[0].number
    assert reasons(job) == {3: [f"Borgeren har allerede en åben sag, {number}."]}
    assert (job.state, job.rows_bad) == (ImportState.CHECKED, 1)


def test_two_runs_of_one_file_make_its_cases_once(app: Flask, by: User) -> None:
    # Without CPR numbers, of which the second set would be refused anyway.
    born = {"CPR-nummer": "", "Fødselsdato": "1-2-2011"}
    job_id = kept(by, *(a_row(number, **born) for number in range(30))).id

    def once() -> None:
        run(queries.get_import(job_id), by)

    errors = at_once(app, [once, once], by)

    assert sum(error is not None for error in errors) == 1
    assert len(new_cases()) == 30


def test_two_files_with_the_same_person_make_one_citizen(app: Flask, by: User) -> None:
    ids = [kept(by, *(a_row(number) for number in range(start, start + 20))).id for start in (0, 19)]

    errors = at_once(app, [lambda job_id=job_id: run(queries.get_import(job_id), by) for job_id in ids], by)  # type: ignore[misc]  # mypy cannot infer it

    refused = [error for error in errors if error is not None]
    assert len(refused) == 1
    assert len(new_cases()) == 20


def test_only_the_sender_sees_a_file(by: User, world: World, acting_as: ActAs) -> None:
    job_id = kept(by, a_row(1), a_row(2, Niveau="8")).id
    for user in [*world.nord, *world.syd]:
        acting_as(user, TODAY)
        db.session.expunge_all()
        own = user.id == by.id
        assert bool(db.session.get(ImportJob, job_id)) is own
        assert bool(db.session.scalars(select(ImportRow)).all()) is own


def test_a_file_is_forgotten_with_its_rows(by: User) -> None:
    job = kept(by, a_row(1))

    services.discard(job, by=by, at=NOON)

    assert (db.session.scalars(select(ImportJob)).all(), db.session.scalars(select(ImportRow)).all()) == ([], [])


def test_whoever_has_no_unit_imports_nothing(by: User) -> None:
    by.unit_id = None
    with pytest.raises(DomainError, match="Du hører ikke til en enhed"):
        services.check_file(as_csv(a_row()), by=by, at=NOON)
