"""Who takes part."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent, Event
from app.core.errors import DomainError
from app.netvaerkssamraad import services
from app.netvaerkssamraad.models import Party, PartyRole
from tests.netvaerkssamraad.conftest import RECEIVED, Desk


def test_party_is_added_with_what_is_known(desk: Desk) -> None:
    samraad = desk.register()

    services.add_party(
        samraad,
        role=PartyRole.PROFESSIONAL,
        name="Lars Lærer",
        contact="12 34 56 78",
        organisation="Vester Skole",
        by=desk.by,
        at=RECEIVED,
    )
    desk.session.expire_all()

    party = samraad.parties[1]
    assert (party.name, party.contact, party.organisation) == ("Lars Lærer", "12 34 56 78", "Vester Skole")
    assert (party.role, party.summoned, party.case_id) == (PartyRole.PROFESSIONAL, False, desk.case.id)


def test_nobody_is_party_twice_in_the_same_role(desk: Desk) -> None:
    samraad = desk.register()
    desk.parent(samraad, "Mona Holm")

    with pytest.raises(DomainError, match="Mona HOLM er allerede part") as refusal:
        desk.parent(samraad, "Mona HOLM")
    assert refusal.value.field == "name"
    services.add_party(samraad, role=PartyRole.PROFESSIONAL, name="Mona Holm", by=desk.by, at=RECEIVED)
    assert len(samraad.parties) == 3


def test_second_young_person_is_refused(desk: Desk) -> None:
    samraad = desk.register()

    with pytest.raises(DomainError) as refusal:
        services.add_party(samraad, role=PartyRole.YOUNG_PERSON, name="Ali", by=desk.by, at=RECEIVED)
    assert refusal.value.field == "role"


def test_party_is_corrected(desk: Desk) -> None:
    party = desk.parent(desk.register(), "Mona Hol")

    services.change_party(
        party,
        role=PartyRole.NETWORK,
        name="Mona Holm",
        contact="mona@example.dk",
        organisation=None,
        by=desk.by,
        at=RECEIVED,
    )

    assert (party.role, party.name, party.contact) == (PartyRole.NETWORK, "Mona Holm", "mona@example.dk")


def test_of_the_young_person_only_contact_is_corrected(desk: Desk) -> None:
    young = desk.register().parties[0]

    services.change_party(
        young, role=PartyRole.NETWORK, name="En anden", contact="12 34", organisation="x", by=desk.by, at=RECEIVED
    )

    assert (young.role, young.name, young.contact) == (PartyRole.YOUNG_PERSON, "Fatima Yıldız", "12 34")
    assert young.organisation is None


def test_nobody_is_made_a_young_person(desk: Desk) -> None:
    party = desk.parent(desk.register())

    with pytest.raises(DomainError):
        services.change_party(
            party, role=PartyRole.YOUNG_PERSON, name="x", contact=None, organisation=None, by=desk.by, at=RECEIVED
        )


def test_removed_party_is_gone_but_kept(desk: Desk) -> None:
    samraad = desk.register()
    party = desk.parent(samraad)

    services.remove_party(party, by=desk.by, at=RECEIVED)

    assert [each.role for each in samraad.parties] == [PartyRole.YOUNG_PERSON]
    assert desk.session.get(Party, party.id) is party
    assert desk.parent(samraad).id != party.id


def test_young_person_and_the_summoned_cannot_be_removed(desk: Desk) -> None:
    samraad = desk.summoned()
    young, parent = samraad.parties

    with pytest.raises(DomainError, match="altid part"):
        services.remove_party(young, by=desk.by, at=RECEIVED)
    with pytest.raises(DomainError, match="er indkaldt"):
        services.remove_party(parent, by=desk.by, at=RECEIVED)


def test_before_the_summons_nobody_is_marked_as_summoned(desk: Desk) -> None:
    samraad = desk.register()

    party = services.add_party(samraad, role=PartyRole.NETWORK, name="Onkel Bo", summoned=True, by=desk.by, at=RECEIVED)

    assert not party.summoned


def test_after_the_summons_another_may_be_summoned_too(desk: Desk) -> None:
    samraad = desk.summoned()
    added = {"role": PartyRole.NETWORK, "by": desk.by, "at": RECEIVED}

    uncle = services.add_party(samraad, name="Onkel Bo", summoned=True, **added)  # type: ignore[arg-type]  # mixed
    aunt = services.add_party(samraad, name="Tante Åse", **added)  # type: ignore[arg-type]
    known = {"role": aunt.role, "name": aunt.name, "contact": None, "organisation": None, "by": desk.by, "at": RECEIVED}
    services.change_party(aunt, summoned=True, **known)  # type: ignore[arg-type]

    assert (uncle.summoned, aunt.summoned) == (True, True)
    services.change_party(aunt, summoned=False, **known)  # type: ignore[arg-type]
    assert aunt.summoned


def test_every_act_is_recorded_without_a_name(desk: Desk) -> None:
    samraad = desk.register()
    party = desk.parent(samraad, "Mona Holm")
    known = {"role": party.role, "name": "Mona Bech", "contact": "12 34", "organisation": None}
    services.change_party(party, **known, by=desk.by, at=RECEIVED)  # type: ignore[arg-type]
    services.remove_party(party, by=desk.by, at=RECEIVED)

    rows = [row for row in desk.session.scalars(select(AuditEvent)) if row.details.get("party") == party.id]
    assert {row.event for row in rows} == {Event.PARTY_ADDED, Event.PARTY_CHANGED, Event.PARTY_REMOVED}
    assert "Mona" not in str([row.details for row in rows])


def test_young_persons_name_follows_the_citizens(desk: Desk) -> None:
    samraad = desk.register()
    parent = desk.parent(samraad, "Mona Holm")
    desk.case.citizen.name = "Fatima Holm"

    assert [party.full_name for party in samraad.parties] == ["Fatima Holm", "Mona Holm"]
    assert parent.full_name == parent.name
