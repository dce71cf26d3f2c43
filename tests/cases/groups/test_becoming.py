"""A member without a case gets one, and goes on being a member."""

from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.cases.groups.models import GroupMember
from tests.browser import Browser
from tests.world import World


def test_a_member_gets_a_case_without_retyping(client: Browser, world: World, owner: Engine) -> None:
    client.sign_in(world.nord.koordinator)
    group = client.submit(client.get("/grupper/ny"), {"title": "Torvet", "concern": "Samles hver aften"})
    page = client.submit(
        client.get(f"{group.url}/medlemmer/ny"),
        {"name": "Aya Ørsted", "birth_date": date(2009, 4, 1), "phone": "21 58 50 56"},
    )
    typed = {"address_protection": "nej", "sex": "kvinde", "referrer": "skole", "concern": "Følger med", "niveau": 1}

    opened = client.submit(
        client.get(page.links["Opret sag på Aya Ørsted"]),
        typed | {"suitable": "Vil gerne have hjælp", "themes": ["kriminalitet"]},
    )

    assert "21 58 50 56" in opened.main
    with Session(owner) as session:
        (member,) = session.scalars(select(GroupMember))
        assert member.person_id is None
        assert member.citizen_id is not None
    assert "aktiv" in client.get(group.url).rows()[0][1]
