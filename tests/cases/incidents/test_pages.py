"""The tab Hændelser in a browser."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.access.models import Role, User
from app.cases.incidents.models import Incident, IncidentKind, IncidentSource, OffenceGroup, RecidivismReview
from app.cases.models import Case
from tests.browser import Browser
from tests.cases.incidents.conftest import NOW
from tests.cases.pages import statements
from tests.factories import Make
from tests.page import Page

SEVERAL = 40
SVG = "{http://www.w3.org/2000/svg}"


def put(make: Make, case: Case, kind: IncidentKind, happened_on: date, **facts: Any) -> Incident:
    """An event that has been registered."""
    known: dict[str, Any] = {"known_on": happened_on, "source": IncidentSource.POLICE}
    known |= {"recorded_by_id": case.opened_by_id, "recorded_at": NOW}
    return make.add(Incident(case_id=case.id, kind=kind, happened_on=happened_on, **known | facts))


def register(browse: Browser, tab: str, **typed: Any) -> Page:
    filled = {"kind": "sigtelse", "happened_on": date(2026, 11, 19), "source": "politi"} | typed
    return browse.submit(browse.get(f"{tab}/ny"), filled)


def test_an_empty_tab_says_what_to_do_next(browse: Browser, tab: str) -> None:
    page = browse.get(tab)
    assert "Ingen hændelser i sagen" in page.main
    assert page.links["Registrér hændelse"] == f"{tab}/ny"


def test_an_event_is_registered_and_shown(browse: Browser, tab: str) -> None:
    page = register(
        browse, tab, offence_group="vold", against_person="ja", act_on=date(2026, 11, 17), note="Slag\nved stationen"
    )
    assert page.url == tab
    assert "Hændelsen er registreret." in page.text
    row = next(line for line in page.rows() if line[0] == "19-11-2026")
    assert row[1].startswith("Sigtelse Vold, personfarlig")
    assert row[2:4] == ["17-11-2026", "20-11-2026 Politiet"]
    assert next(line for line in page.rows() if line[0] == "Sigtelsesrecidiv")[1].startswith("Nej")


def test_recidivism_is_shown_with_its_definition_and_judged(browse: Browser, tab: str, owner: Engine) -> None:
    page = register(browse, tab, happened_on=date(2026, 3, 10))
    row = next(line for line in page.rows() if line[0] == "Sigtelsesrecidiv")
    assert row[1:] == ["Ja til 05-07-2026", "Ja til 05-01-2027", "Ja til 05-01-2028", "Ikke endnu"]
    assert "Mistanke tæller ikke" in page.main
    form = browse.get(page.links["Bekræft eller sæt til side: Sigtelse 10-03-2026"])
    assert "sagens start 05-01-2026" in form.main

    page = browse.submit(form, {"verdict": "tilsidesat", "reasons": "Handlingen er ældre end sagen"})

    assert next(line for line in page.rows() if line[0] == "Sigtelsesrecidiv")[1].startswith("Nej")
    assert "Handlingen er ældre end sagen" in page.main
    with owner.connect() as connection:
        assert connection.scalars(select(RecidivismReview.index_on)).all() == [date(2026, 1, 5)]


def test_a_judgement_needs_reasons(browse: Browser, tab: str, make: Make, case: Case) -> None:
    charge = put(make, case, IncidentKind.CHARGE, date(2026, 3, 10))
    page = browse.submit(browse.get(f"{tab}/{charge.id}/recidiv"), {}, status=422)
    assert page.errors == ["Vælg, om det er recidiv.", "Skriv en begrundelse."]


def test_a_judgement_is_about_the_day_that_was_shown(browse: Browser, tab: str, make: Make, case: Case) -> None:
    charge = put(make, case, IncidentKind.CHARGE, date(2026, 3, 10))
    sentence = put(make, case, IncidentKind.SENTENCE, date(2026, 2, 10))
    shown = browse.get(f"{tab}/{charge.id}/recidiv?indeks={sentence.id}")
    browse.submit(browse.get(f"{tab}/{sentence.id}"), {"happened_on": date(2026, 2, 11), "known_on": date(2026, 2, 11)})

    page = browse.submit(shown, {"verdict": "bekraeftet", "reasons": "Ny"}, status=422)

    assert page.errors == ["Dagen, der regnes fra, er ændret imens. Se på hændelserne igen."]


def test_what_does_not_count_is_refused_kindly(browse: Browser, tab: str, make: Make, case: Case) -> None:
    suspicion = put(make, case, IncidentKind.SUSPICION, date(2026, 3, 10))
    page = browse.get(f"{tab}/{suspicion.id}/recidiv")
    page = browse.submit(page, {"verdict": "bekraeftet", "reasons": "–"}, status=422)
    assert page.errors == ["Hændelsen tæller ikke som recidiv fra den dag."]


def test_the_reader_chooses_the_day_that_is_counted_from(browse: Browser, tab: str, make: Make, case: Case) -> None:
    release = put(make, case, IncidentKind.RELEASE, date(2026, 5, 1))
    put(make, case, IncidentKind.CHARGE, date(2026, 3, 10))
    page = browse.get(tab)
    assert "Recidiv regnet fra sagens start 05-01-2026" in page.main, "the newest day against which there is any"
    page = browse.get(tab, {"indeks": str(release.id)})
    assert "Recidiv regnet fra løsladelse 01-05-2026" in page.main
    assert next(line for line in page.rows() if line[0] == "Sigtelsesrecidiv")[1].startswith("Nej")


@pytest.mark.parametrize("nonsense", ["", "99999", "dom", "\x00", "sag&indeks=7"])
def test_a_day_that_there_is_not_is_left_out(browse: Browser, tab: str, make: Make, case: Case, nonsense: str) -> None:
    put(make, case, IncidentKind.CHARGE, date(2026, 3, 10))
    assert "Recidiv regnet fra sagens start" in browse.get(tab, {"indeks": nonsense}).main


def test_a_charge_is_withdrawn_from_its_row(browse: Browser, tab: str) -> None:
    page = register(browse, tab, happened_on=date(2026, 3, 10))
    form = browse.get(page.links["Frafald Sigtelse 10-03-2026"])

    page = browse.submit(form, {"happened_on": date(2026, 6, 1), "source": "anklagemyndighed"})

    row = next(line for line in page.rows() if line[0] == "10-03-2026")
    assert row[1] == "Sigtelse Frafaldet 01-06-2026"
    assert "Frafald Sigtelse 10-03-2026" not in page.links
    assert next(line for line in page.rows() if line[0] == "Sigtelsesrecidiv")[1].startswith("Nej")


def test_a_withdrawal_without_what_is_withdrawn_is_refused(browse: Browser, tab: str) -> None:
    typed = {"kind": "frafald", "happened_on": date(2026, 11, 19), "source": "politi", "note": "Ingen beviser"}
    page = browse.submit(browse.get(f"{tab}/ny"), typed, status=422)
    assert page.errors == ["Vælg, hvad der er frafaldet."]
    assert "Ingen beviser" in page.html


def test_mistakes_are_told_at_their_fields_and_nothing_is_saved(browse: Browser, tab: str, owner: Engine) -> None:
    page = browse.submit(browse.get(f"{tab}/ny"), {"happened_on": date(2026, 11, 21)}, status=422)
    assert page.errors == [
        "Datoen ligger i fremtiden.",
        "Vælg, hvor I har det fra.",
        "Vælg, hvad der er sket.",
    ]
    early = {"kind": "dom", "happened_on": date(2026, 3, 1), "known_on": date(2026, 2, 1), "source": "domstol"}
    page = browse.submit(browse.get(f"{tab}/ny"), early, status=422)
    assert page.errors == ["I kan ikke have kendt hændelsen, før den skete."]
    with owner.connect() as connection:
        assert connection.scalars(select(Incident.id)).all() == []


def test_a_double_click_registers_once(browse: Browser, tab: str, owner: Engine) -> None:
    page = browse.get(f"{tab}/ny")
    typed = {"kind": "dom", "happened_on": date(2026, 3, 1), "source": "domstol"}
    assert browse.submit(page, typed).url == browse.submit(page, typed).url
    with owner.connect() as connection:
        assert len(connection.scalars(select(Incident.id)).all()) == 1


def test_the_end_that_is_hidden_is_not_kept(browse: Browser, tab: str, owner: Engine) -> None:
    register(browse, tab, until_day=date(2026, 12, 1))
    register(browse, tab, kind="varetaegt", until_day=date(2026, 12, 1))
    with owner.connect() as connection:
        rows = connection.execute(select(Incident.kind, Incident.until_day).order_by(Incident.id)).all()
    assert [row.until_day for row in rows] == [None, date(2026, 12, 1)]


def test_two_who_correct_the_same_event(browse: Browser, tab: str, make: Make, case: Case) -> None:
    charge = put(make, case, IncidentKind.CHARGE, date(2026, 3, 10))
    mine = browse.get(f"{tab}/{charge.id}")
    browse.submit(browse.get(f"{tab}/{charge.id}"), {"act_on": date(2026, 2, 1)})

    page = browse.submit(mine, {"act_on": date(2026, 2, 2)}, status=422)

    assert "Karin Kjær rettede hændelsen" in page.main
    assert ["Gerningsdag", "01-02-2026", "02-02-2026"] in page.rows()
    assert "Hændelsen er rettet." in browse.submit(page, {}).text


def test_nothing_changed_says_so(browse: Browser, tab: str, make: Make, case: Case) -> None:
    charge = put(make, case, IncidentKind.CHARGE, date(2026, 3, 10), against_person=False)
    assert "Der var ingen ændringer" in browse.submit(browse.get(f"{tab}/{charge.id}"), {}).text


def test_a_mistake_is_voided_with_a_reason(browse: Browser, tab: str, make: Make, case: Case) -> None:
    charge = put(make, case, IncidentKind.CHARGE, date(2026, 3, 10), offence_group=OffenceGroup.THEFT)
    form = browse.get(browse.get(tab).links["Annullér Sigtelse 10-03-2026"])
    page = browse.submit(form, {"reason": "Forkert bror"})
    assert "Forkert bror" in page.main
    assert "Ingen, der gælder." in page.main
    browse.get(f"{tab}/{charge.id}", status=404)


def test_the_line_of_life_is_told_in_words_too(browse: Browser, tab: str, make: Make, case: Case) -> None:
    put(make, case, IncidentKind.REMAND, date(2026, 3, 10), until_day=date(2026, 4, 7))
    put(make, case, IncidentKind.RELEASE, date(2026, 4, 1))
    put(make, case, IncidentKind.IMPRISONMENT, date(2026, 6, 1))
    put(make, case, IncidentKind.SENTENCE, date(2013, 6, 1))
    page = browse.get(tab)
    svg = page.one(f"main//{SVG}svg[@role='img']")
    assert "style" not in svg.attrib
    titles = page.texts(f"main//{SVG}title")
    assert "Varetægt 10-03-2026, til 01-04-2026" in titles
    assert "Indsættelse til afsoning 01-06-2026, endnu" in titles
    assert "Løsladelse 01-04-2026" in titles
    assert any("4 hændelser siden 01-06-2013" in text for text in page.texts(f"main//{SVG}desc"))


def test_a_mentor_reads_and_changes_nothing(client: Browser, tab: str, make: Make, case: Case) -> None:
    charge = put(make, case, IncidentKind.CHARGE, date(2026, 3, 10))
    mentor = make.user(Role.MENTOR, case.unit)
    make.access(case, mentor)
    page = client.sign_in(mentor).get(tab)
    assert "Ja" in next(line for line in page.rows() if line[0] == "Sigtelsesrecidiv")[1]
    assert not [text for text in page.links if text.startswith(("Ret", "Annullér", "Bekræft", "Registrér"))]
    client.get(f"{tab}/{charge.id}", status=403)


def test_a_mentor_with_an_empty_tab_is_not_asked_to_do_anything(
    client: Browser, tab: str, make: Make, case: Case
) -> None:
    mentor = make.user(Role.MENTOR, case.unit)
    make.access(case, mentor)
    assert "når en koordinator registrerer dem" in client.sign_in(mentor).get(tab).main


def test_recidivism_stands_on_the_case_and_in_the_list(browse: Browser, tab: str, make: Make, case: Case) -> None:
    put(make, case, IncidentKind.CHARGE, date(2026, 3, 10))
    put(make, case, IncidentKind.REIMPRISONMENT, date(2026, 10, 10))
    words = "Recidiv: indsættelse inden for 12 mdr., ikke vurderet"
    assert words in browse.get(f"/sager/{case.id}").main
    assert words in browse.get("/sager").main


def test_the_page_asks_the_database_as_often_however_many_events(
    browse: Browser, tab: str, make: Make, case: Case
) -> None:
    put(make, case, IncidentKind.CHARGE, date(2026, 3, 10))
    with statements() as few:
        browse.get(tab)
    for number in range(SEVERAL):
        put(make, case, IncidentKind.CHARGE, date(2026, 4, 1 + number % 28), note=f"Nr. {number}")
    with statements() as many:
        browse.get(tab)
    assert len(many) == len(few) <= 15


def test_a_serious_event_offers_an_acute_plan(browse: Browser, tab: str) -> None:
    page = register(browse, tab, offence_group="vaaben")
    assert page.html.count("Start akuthandleplan") == 1
    page = register(browse, tab, kind="mistanke", offence_group="tyveri")
    page = register(
        browse, tab, kind="tiltale", offence_group="vold", known_on=date(2026, 11, 16), happened_on=date(2026, 11, 16)
    )
    assert page.html.count("Start akuthandleplan") == 1, "neither what is minor nor what has been known for long"

    page = browse.submit(page, {}, form="Start akuthandleplan")

    assert page.url.endswith("/handleplan")


@pytest.mark.parametrize(("happened_on", "offered"), [(date(2026, 11, 6), 1), (date(2026, 11, 5), 0)])
def test_what_is_long_past_offers_no_plan_however_late_it_is_known(
    browse: Browser, tab: str, happened_on: date, offered: int
) -> None:
    page = register(browse, tab, offence_group="vaaben", happened_on=happened_on, known_on=date(2026, 11, 20))
    assert page.html.count("Start akuthandleplan") == offered


def test_a_closed_case_takes_events_but_offers_no_plan(browse: Browser, make: Make, koordinator: User) -> None:
    closed = make.case(2, owner=koordinator, closed=date(2026, 6, 1))
    page = register(browse, f"/sager/{closed.id}/haendelser", offence_group="vaaben")
    assert "Hændelsen er registreret." in page.text
    assert "Start akuthandleplan" not in page.html
