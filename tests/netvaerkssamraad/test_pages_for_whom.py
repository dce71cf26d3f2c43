"""Several people at once, and people who may see less."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.access.models import Role, User
from app.audit.models import AuditEvent, Event
from app.cases.models import AccessKind, Case
from app.netvaerkssamraad.models import Documentation, Netvaerkssamraad
from tests.browser import Browser
from tests.factories import Make
from tests.netvaerkssamraad.conftest import RECEIVED, TYPED

CHANGES = ("indkaldelse", "undtag", "afholdt", "foranstaltninger", "parter/ny")


def number_of_samraad(owner: Engine) -> int:
    with Session(owner) as session:
        return session.scalar(select(func.count()).select_from(Netvaerkssamraad)) or 0


@pytest.fixture
def colleague(browser: Callable[[], Browser], browse: Browser, make: Make, case: Case) -> Browser:
    """Another coordinator of the unit, in a browser of their own."""
    return browser().sign_in(make.user(unit=case.unit, name="Kim Kollega"))


def test_double_click_saves_once(browse: Browser, tab: str, owner: Engine) -> None:
    page = browse.get(f"{tab}/ny")
    first = browse.submit(page, TYPED)

    again = browse.submit(page, TYPED)

    assert again.url == first.url
    assert "Det var allerede gemt" in again.main
    assert number_of_samraad(owner) == 1


def test_double_click_on_the_summons_is_no_quarrel_with_oneself(browse: Browser, samraad_url: str) -> None:
    page = browse.get(f"{samraad_url}/indkaldelse")
    browse.submit(page, {"no_custody_holder": "Død"})

    assert "Det var allerede gemt" in browse.submit(page, {"no_custody_holder": "Død"}).main


def test_of_two_who_summon_one_wins_and_the_other_is_told(
    browse: Browser, colleague: Browser, samraad_url: str
) -> None:
    mine, theirs = (each.get(f"{samraad_url}/indkaldelse") for each in (browse, colleague))
    browse.submit(mine, {"means": "brev", "no_custody_holder": "Død"})

    answer = colleague.submit(theirs, {"means": "telefon", "no_custody_holder": "Ukendt"}, status=422)

    assert "Nogen har ændret det samme imens" in answer.errors[0]
    assert answer.one("input[@name='means'][@checked]").get("value") == "telefon"
    assert "Brev Indkaldelse sendt Samme dag" in browse.get(samraad_url).main


def test_summons_and_exemption_at_once(browse: Browser, colleague: Browser, samraad_url: str) -> None:
    summons, exemption = browse.get(f"{samraad_url}/indkaldelse"), colleague.get(f"{samraad_url}/undtag")
    browse.submit(summons, {"no_custody_holder": "Død"})

    answer = colleague.submit(exemption, {"exemption": "andet", "reason": "Flyttet"}, status=422)

    assert "Nogen har ændret det samme imens" in answer.errors[0]
    assert "Indkaldt, afventer møde" in browse.get(samraad_url).main


def test_of_two_who_correct_a_party_one_wins(browse: Browser, colleague: Browser, samraad_url: str) -> None:
    address = browse.get(samraad_url).links["Ret Fatima Yıldız"]
    mine, theirs = browse.get(address), colleague.get(address)
    browse.submit(mine, {"contact": "11 11 11 11"})

    answer = colleague.submit(theirs, {"contact": "22 22 22 22"}, status=422)

    assert "Nogen har ændret det samme imens" in answer.errors[0]
    assert "11 11 11 11" in browse.get(samraad_url).main


def test_of_two_who_register_the_same_one_wins(browse: Browser, colleague: Browser, tab: str, owner: Engine) -> None:
    mine, theirs = browse.get(f"{tab}/ny"), colleague.get(f"{tab}/ny")
    browse.submit(mine, TYPED)

    answer = colleague.submit(theirs, TYPED, status=422)

    assert "allerede registreret" in answer.errors[0]
    assert number_of_samraad(owner) == 1


def test_of_two_at_the_same_moment_one_waits_and_is_told(browse: Browser, tab: str, owner: Engine, case: Case) -> None:
    page = browse.get(f"{tab}/ny")
    rival = Netvaerkssamraad(
        case_id=case.id,
        documentation=Documentation.POLICE_LIST,
        received_at=RECEIVED,
        received_from="Politiet",
        why_serious="Røveri",
        age=15,
        registered_by_id=case.opened_by_id,
        registered_at=RECEIVED,
    )
    with ThreadPoolExecutor() as pool, Session(owner) as session:
        session.execute(select(Case.id).where(Case.id == case.id).with_for_update(of=Case, key_share=True))
        mine = pool.submit(browse.submit, page, TYPED, status=422)
        assert not wait([mine], timeout=1).done
        session.add(rival)
        session.commit()

        assert "allerede registreret" in mine.result(timeout=30).errors[0]
    assert number_of_samraad(owner) == 1


def test_another_cases_samraad_in_the_path_is_not_found(
    browse: Browser, samraad_url: str, make: Make, koordinator: User
) -> None:
    other = make.case(1, owner=koordinator)
    samraad_id = samraad_url.rsplit("/", 1)[1]
    party = browse.get(samraad_url).links["Ret Fatima Yıldız"].rsplit("/", 1)[1]

    for path in ("", *(f"/{name}" for name in (*CHANGES, f"parter/{party}", f"parter/{party}/fjern"))):
        browse.get(f"/sager/{other.id}/netvaerkssamraad/{samraad_id}{path}", status=404)


def test_another_samraads_party_in_the_path_is_not_found(browse: Browser, tab: str, samraad_url: str) -> None:
    browse.submit(browse.get(f"{tab}/ny"), TYPED | {"documentation": "dom"})
    other_url = browse.get(tab).links["Ret Fatima Yıldız"].split("/parter/")[0]
    party = browse.get(samraad_url).links["Ret Fatima Yıldız"].rsplit("/", 1)[1]

    assert other_url != samraad_url
    browse.get(f"{other_url}/parter/{party}", status=404)


@pytest.fixture
def mentor(browser: Callable[[], Browser], browse: Browser, make: Make, case: Case) -> Browser:
    """The browser of a mentor who is on the case."""
    user = make.user(Role.MENTOR, case.unit)
    make.access(case, user, AccessKind.MENTOR)
    return browser().sign_in(user)


def test_mentor_reads_and_does_not_change(mentor: Browser, tab: str, samraad_url: str) -> None:
    assert "7 dage tilbage" in mentor.get(samraad_url).main
    assert "7 dage tilbage" in mentor.get(tab).main
    links = {*mentor.get(samraad_url).links, *mentor.get(tab).links}
    assert not {"Registrér indkaldelsen", "Tilføj part", "Der skal ikke indkaldes", "Registrér dokumentation"} & links
    for url in (f"{tab}/ny", *(f"{samraad_url}/{name}" for name in CHANGES)):
        mentor.get(url, status=403)
        mentor.post(url, TYPED, status=403)


def test_restricted_case_is_out_of_sight(browse: Browser, make: Make, case: Case) -> None:
    restricted = make.case(3, unit=case.unit)

    browse.get(f"/sager/{restricted.id}/netvaerkssamraad", status=404)
    browse.get(f"/sager/{restricted.id}/netvaerkssamraad/ny", status=404)
    browse.post(f"/sager/{restricted.id}/netvaerkssamraad/ny", TYPED, status=404)


def test_every_reading_is_recorded(browse: Browser, tab: str, samraad_url: str, owner: Engine, case: Case) -> None:
    def readings() -> int:
        read = select(func.count()).where(AuditEvent.event == Event.CASE_READ.value, AuditEvent.case_id == case.id)
        with owner.connect() as connection:
            return connection.scalar(read) or 0

    for url in (tab, f"{tab}/ny", samraad_url, f"{samraad_url}/indkaldelse", f"{samraad_url}/parter/ny"):
        before = readings()
        browse.get(url)
        assert readings() == before + 1
