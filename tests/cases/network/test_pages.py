"""The tab Netværk: recording, correcting and ending relations, and what the page says of them."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent, Event
from app.cases.models import Case
from app.cases.network.models import RelatedPerson, Relation, RelationKind, Source
from tests.browser import Browser
from tests.cases.pages import statements
from tests.factories import Make
from tests.page import Page
from tests.samples import Sampler
from tests.world import World

SISTER = {"name": "Aya Ørsted", "kind": RelationKind.SIBLING, "source": Source.FAMILY}


@pytest.fixture
def case(world: World) -> Case:
    return world.cases["unit"]


@pytest.fixture
def tab(case: Case) -> str:
    return f"/sager/{case.id}/netvaerk"


@pytest.fixture
def client(client: Browser, world: World) -> Browser:
    return client.sign_in(world.nord.koordinator)


def drawn(page: Page) -> list[str]:
    """The words of the picture."""
    return page.texts("{http://www.w3.org/2000/svg}text")


def relations(owner: Engine) -> list[Relation]:
    with Session(owner, expire_on_commit=False) as session:
        return list(session.scalars(select(Relation).order_by(Relation.id)))


def people(owner: Engine) -> list[RelatedPerson]:
    with Session(owner) as session:
        return list(session.scalars(select(RelatedPerson).order_by(RelatedPerson.id)))


def events(owner: Engine, *wanted: Event) -> list[AuditEvent]:
    with Session(owner) as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.event.in_(wanted)).order_by(AuditEvent.id)))


def test_empty_tab_says_what_to_do_next(client: Browser, tab: str) -> None:
    page = client.get(tab)

    assert "Ingen relationer endnu" in page.main
    assert page.links["Tilføj relation"] == f"{tab}/ny"


def test_a_person_without_a_case_is_kept_until_a_day(client: Browser, tab: str, owner: Engine) -> None:
    known = {"phone": "20 30 40 50", "address": "Nørregade 1", "birth_date": date(2008, 2, 29)}
    page = client.submit(client.get(f"{tab}/ny"), SISTER | known | {"delete_on": date(2027, 6, 1)})

    (row,) = page.rows()
    assert row[:2] == ["Aya Ørsted", "Søskende"]
    assert "Født 29-02-2008" in row[4]
    assert "Slettes 01-06-2027" in row[4]
    assert drawn(page)[-2:] == ["Aya Ørsted", "Søskende"]
    (event,) = events(owner, Event.RELATION_ADDED)
    assert (event.subject_type, event.details) == ("related_person", {"relation": "soeskende"})


def test_the_cpr_number_gives_the_birth_date(client: Browser, tab: str, owner: Engine, make: Make) -> None:
    cpr = make.cpr(date(2009, 4, 1))
    client.submit(client.get(f"{tab}/ny"), SISTER | {"cpr": cpr.digits})

    assert [(person.cpr, person.birth_date) for person in people(owner)] == [(cpr.digits, "2009-04-01")]


def test_a_citizen_in_sight_is_offered_and_chosen(
    client: Browser, tab: str, world: World, make: Make, owner: Engine
) -> None:
    friend = make.citizen("Bilal Sahin")
    case = make.case(unit=world.nord.unit, citizen=friend)
    page = client.submit(
        client.get(f"{tab}/ny"), {"name": "bilal", "kind": RelationKind.FRIEND, "source": Source.OWN}, status=422
    )
    assert page.errors == ["Vælg, om det er en af dem, der allerede er kendt."]
    assert case.number in page.main

    shown = client.submit(page, {"existing": str(friend.id)})

    assert shown.rows()[0][:2] == ["Bilal Sahin", "Ven"]
    assert shown.links["Bilal Sahin"] == f"/sager/{case.id}/netvaerk"
    assert people(owner) == []
    assert [event.listed_case_ids for event in events(owner, Event.CASES_SEARCHED)] == [[case.id], [case.id]]
    assert [case.id] in [event.listed_case_ids for event in events(owner, Event.CASES_LISTED)]


def test_the_one_who_is_offered_may_be_somebody_else(
    client: Browser, tab: str, world: World, make: Make, owner: Engine
) -> None:
    make.case(unit=world.nord.unit, citizen=make.citizen("Bilal Sahin"))
    typed = SISTER | {"name": "Bilal Sahin"}

    client.submit(client.submit(client.get(f"{tab}/ny"), typed, status=422), {"existing": "ny"})

    assert [person.name for person in people(owner)] == ["Bilal Sahin"]


def test_the_same_friend_is_not_recorded_twice(client: Browser, tab: str, world: World, make: Make) -> None:
    friend = make.citizen("Bilal Sahin")
    make.case(unit=world.nord.unit, citizen=friend)
    typed = {"name": "Bilal Sahin", "kind": RelationKind.FRIEND, "source": Source.OWN}
    page, again = (client.submit(client.get(f"{tab}/ny"), typed, status=422) for _ in range(2))
    client.submit(page, {"existing": str(friend.id)})

    refused = client.submit(again, {"existing": str(friend.id)}, status=422)

    assert refused.errors == ["Bilal Sahin står allerede som ven."]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"delete_on": date(2020, 1, 1)}, "Skriv en dag efter i dag. Den dag slettes personen."),
        ({"delete_on": date(2090, 1, 1)}, "En person uden sag kan højst gemmes i to år ad gangen."),
        ({"from_day": date(2026, 2, 2), "to_day": date(2026, 2, 1)}, "Den sidste dag ligger før den første."),
        ({"name": ""}, "Skriv personens navn."),
        ({"birth_date": date(2099, 1, 1)}, "Fødselsdatoen ligger i fremtiden."),
    ],
)
def test_what_cannot_be_right_comes_back(
    client: Browser, tab: str, owner: Engine, typed: dict[str, object], message: str
) -> None:
    page = client.submit(client.get(f"{tab}/ny"), SISTER | {"note": "Bor alene"} | typed, status=422)

    assert page.errors == [message]
    assert "Bor alene" in page.html
    assert relations(owner) == []


def test_correcting_a_person_and_the_relation(client: Browser, tab: str, owner: Engine) -> None:
    page = client.submit(client.get(f"{tab}/ny"), SISTER)
    page = client.get(page.links["Ret relationen til Aya Ørsted"])

    shown = client.submit(page, {"name": "Aya Holm", "kind": RelationKind.PROFESSIONAL, "profession": "Lærer"})

    assert shown.rows()[0][:2] == ["Aya Holm", "Fagperson"]
    assert "Lærer" in shown.rows()[0][4]
    assert [event.event for event in events(owner, Event.RELATION_CHANGED)] == [Event.RELATION_CHANGED]


def test_profession_is_kept_of_professionals_alone(client: Browser, tab: str, owner: Engine) -> None:
    client.submit(client.get(f"{tab}/ny"), SISTER | {"profession": "Lærer", "organisation": "Vesterskolen"})

    assert [(one.profession, one.organisation) for one in relations(owner)] == [(None, None)]


def test_two_who_correct_the_same_person_are_told(client: Browser, tab: str) -> None:
    page = client.submit(client.get(f"{tab}/ny"), SISTER)
    first, second = (client.get(page.links["Ret relationen til Aya Ørsted"]) for _ in range(2))
    client.submit(first, {"phone": "11 11 11 11"})

    refused = client.submit(second, {"phone": "22 22 22 22"}, status=422)

    assert ["Telefon", "11 11 11 11", "22 22 22 22"] in refused.rows()
    assert "22 22 22 22" in client.submit(refused, {}).main


def test_an_ended_relation_stands_as_a_former_one(client: Browser, tab: str) -> None:
    page = client.submit(client.get(f"{tab}/ny"), SISTER | {"from_day": date(2020, 1, 1)})
    ending = client.get(page.links["Afslut relationen til Aya Ørsted"])
    assert client.submit(ending, {"to_day": date(2019, 1, 1)}, status=422).errors == [
        "Den sidste dag ligger før den første."
    ]

    shown = client.submit(ending, {"to_day": date(2021, 1, 1)})

    assert "Tidligere" in shown.main
    assert shown.rows()[0][2] == "01-01-2020 – 01-01-2021"
    assert drawn(shown) == []


def test_a_mistake_goes_out_of_every_list(client: Browser, tab: str, owner: Engine) -> None:
    page = client.submit(client.get(f"{tab}/ny"), SISTER)
    page = client.get(page.links["Ret relationen til Aya Ørsted"])

    shown = client.submit(client.get(page.links["Registreret ved en fejl? Fjern relationen"]))

    assert "Aya Ørsted" not in shown.main
    assert relations(owner)[0].removed_at is not None


def test_a_relation_stands_in_the_other_ones_case_too(
    client: Browser, case: Case, world: World, make: Make, owner: Engine
) -> None:
    child = make.case(unit=world.nord.unit, citizen=make.citizen("Bilal Sahin"))
    Sampler(make, owner).relation(case, other_citizen_id=child.citizen_id, kind=RelationKind.PARENT)

    page = client.get(f"/sager/{child.id}/netvaerk")

    assert page.rows()[0][:2] == [case.citizen.name, "Barn"]
    assert page.links["Skrevet i en anden sag"] == f"/sager/{case.id}/netvaerk"


def test_the_second_degree_is_drawn_and_told(
    client: Browser, tab: str, case: Case, world: World, make: Make, owner: Engine
) -> None:
    sampler = Sampler(make, owner)
    friend, far = (make.case(unit=world.nord.unit, citizen=make.citizen(name)) for name in ("Nær Ven", "Fjern Ven"))
    sampler.relation(case, other_citizen_id=friend.citizen_id, kind=RelationKind.FRIEND)
    sampler.relation(friend, other_citizen_id=far.citizen_id, kind=RelationKind.CO_OFFENDER)

    page = client.get(tab)

    assert ["Fjern Ven", "Medgerningsperson", "Nær Ven"] in page.rows()
    assert {"Nær Ven", "Fjern Ven", "Medgerningsperson"} <= set(drawn(page))
    assert client.get(tab).html.count("Fjern Ven") == page.html.count("Fjern Ven")


def test_a_person_gets_a_case_without_retyping(client: Browser, tab: str, owner: Engine, make: Make) -> None:
    cpr = make.cpr(date(2009, 4, 1))
    reached = {"phone": "21 58 50 56", "address": "Åvej 12, 2. th."}
    page = client.submit(client.get(f"{tab}/ny"), SISTER | reached | {"cpr": cpr.digits})
    form = client.get(page.links["Opret sag på Aya Ørsted"])
    assert 'value="Aya Ørsted"' in form.html
    typed = {"address_protection": "nej", "referrer": "skole", "concern": "Følger med de ældre", "niveau": 1}

    typed |= {"suitable": "Vil gerne have hjælp", "themes": ["kriminalitet"]}

    opened = client.submit(form, typed)

    assert client.submit(form, typed).url == opened.url
    assert [opened.main.count(value) for value in reached.values()] == [1, 1]
    shown = client.get(tab)
    assert shown.rows()[0][:2] == ["Aya Ørsted", "Søskende"]
    assert "Uden sag" not in shown.main
    assert shown.links["Aya Ørsted"].endswith("/netvaerk")
    (relation,) = relations(owner)
    assert relation.person_id is None
    assert [person.became_citizen_id for person in people(owner)] == [relation.other_citizen_id]
    # Nobody becomes a citizen twice.
    client.get(f"/sager/ny?person={people(owner)[0].id}", status=404)


@pytest.mark.parametrize("person", ["99999", "x", "-1"])
def test_a_person_who_is_not_there_opens_nothing(client: Browser, person: str) -> None:
    client.get(f"/sager/ny?person={person}", status=404)


def test_a_referral_begins_with_what_is_known(client: Browser, tab: str) -> None:
    page = client.submit(client.get(f"{tab}/ny"), SISTER)

    form = client.get(page.links["Opret henvendelse på Aya Ørsted"])

    assert 'value="Aya Ørsted"' in form.html


def test_the_profession_of_a_professional_is_shown(client: Browser, tab: str) -> None:
    typed = {"kind": RelationKind.PROFESSIONAL, "profession": "Lærer", "organisation": "Vesterskolen"}

    assert "Lærer, Vesterskolen" in client.submit(client.get(f"{tab}/ny"), SISTER | typed).rows()[0][4]


def test_the_citizen_is_no_relation_of_oneself(
    client: Browser, tab: str, case: Case, world: World, make: Make, owner: Engine
) -> None:
    page = client.submit(client.get(f"{tab}/ny"), SISTER | {"name": case.citizen.name})
    assert page.rows()[0][0] == case.citizen.name
    # A merge can leave a relation whose two ends are one: it is shown nowhere.
    Sampler(make, owner).relation(case, other_citizen_id=case.citizen_id, kind=RelationKind.FRIEND)

    assert len(client.get(tab).rows()) == 1


def test_correcting_a_relation_to_a_citizen_asks_nothing_about_the_person(
    client: Browser, tab: str, case: Case, world: World, make: Make, owner: Engine
) -> None:
    friend = make.case(unit=world.nord.unit, citizen=make.citizen("Bilal Sahin"))
    one = Sampler(make, owner).relation(case, other_citizen_id=friend.citizen_id, kind=RelationKind.FRIEND)
    page = client.get(f"{tab}/{one.id}")
    assert page.all("input[@name='name']") == []

    shown = client.submit(page, {"kind": RelationKind.PARTNER, "from_day": date(2026, 1, 1)})

    assert shown.rows()[0][1:3] == ["Kæreste", "Fra 01-01-2026"]
    (event,) = events(owner, Event.RELATION_CHANGED)
    assert (event.subject_type, event.subject_id) == ("relation", one.id)


def test_a_day_of_forgetting_that_stands_may_stay_and_a_new_one_must_be_ahead(
    client: Browser, tab: str, case: Case, make: Make, owner: Engine
) -> None:
    one = Sampler(make, owner).relation(case)
    client.submit(client.get(f"{tab}/{one.id}"), {"note": "Flyttet hjem"})

    refused = client.submit(client.get(f"{tab}/{one.id}"), {"delete_on": date(2098, 1, 1)}, status=422)

    assert refused.errors == ["En person uden sag kan højst gemmes i to år ad gangen."]


def test_a_mentor_reads_and_changes_nothing(
    browser: Callable[[], Browser], world: World, make: Make, owner: Engine
) -> None:
    case = world.cases["mentor"]
    mentor = browser().sign_in(world.nord.mentor)
    tab = f"/sager/{case.id}/netvaerk"
    assert "En koordinator skriver dem her" in mentor.get(tab).main
    one = Sampler(make, owner).relation(case)

    page = mentor.get(tab)

    assert "Storebror Ørsted" in page.main
    assert not {"Tilføj relation", "Opret sag på Storebror Ørsted"} & set(page.links)
    mentor.get(f"{tab}/{one.id}", status=403)
    mentor.get(f"/sager/ny?person={one.person_id}", status=403)


def test_the_tab_needs_few_statements_whatever_it_shows(
    client: Browser, tab: str, case: Case, world: World, make: Make, owner: Engine
) -> None:
    sampler = Sampler(make, owner)
    counts = []
    for _ in range(2):
        for number in range(3):
            friend = make.case(unit=world.nord.unit, citizen=make.citizen(f"Ven {number}"))
            sampler.relation(case, other_citizen_id=friend.citizen_id, kind=RelationKind.FRIEND)
            sampler.relation(friend)
        with statements() as sent:
            client.get(tab)
        counts.append(len(sent))

    assert counts[0] == counts[1] <= 15
