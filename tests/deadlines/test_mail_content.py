"""What a reminder says: number, rule, date and link. Searched for in what the mail server received."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from app.access.models import Role
from app.deadlines import resolvers
from app.outbox.models import MailSubject
from app.people.models import AddressProtection
from tests.deadlines.conftest import MakeDeadline
from tests.factories import Make
from tests.mailserver import MailServer

SUBJECTS = {subject.text for subject in MailSubject}
NASTY = [
    "Fatima Yıldız-Ørsted",
    "Anden\r\nBcc: y@example.org",
    "=?UTF-8?Q?=0A?=Bcc: y@example.org",
    '=HYPERLINK("http://example.org")',
    "{{ config }}{% raw %}",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_personal_in_any_mail(
    nasty: str,
    make: Make,
    make_deadline: MakeDeadline,
    sweep: Callable[[str], None],
    smtp: MailServer,
) -> None:
    leader = make.user(Role.LEDER, name=nasty[:90])
    owner = make.user(Role.KOORDINATOR, leader.unit, name=f"Ansvarlig {nasty}"[:90])
    school = make.school(f"Canaryskolen {nasty}"[:90])
    citizen = make.citizen(nasty, address_protection=AddressProtection.YES, school=school, created_by=owner)
    assert citizen.cpr is not None
    case = make.case(2, owner=owner, citizen=citizen, concern=f"Set med kanariefugl. {nasty}")
    make_deadline(case)
    for day in (3, 7, 9, 10, 11, 12):
        sweep(f"2026-03-{day:02} 08.00")
    assert len(smtp.messages) == 10
    words = {word for word in nasty.split() if len(word) > 3} | {
        citizen.cpr,
        citizen.cpr[:6],
        "kanari",
        "Canary",
        "Ansvarlig F",
    }
    for delivered in smtp.messages:
        plain = f"{delivered.mail}\n{delivered.text}\n{delivered.raw.decode()}"
        assert [word for word in words if word in plain] == []
        assert delivered.subject in SUBJECTS
        assert set(delivered.mail.keys()) == {
            "From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted",
            "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
        }  # fmt: skip
        assert case.number in delivered.text
        assert f"/sager/{case.id}/" in delivered.text


def test_the_whole_text(
    make: Make, make_deadline: MakeDeadline, sweep: Callable[[str], None], smtp: MailServer
) -> None:
    case = make.case(2, owner=make.user())
    make_deadline(case)
    sweep("2026-03-07 08.00")
    assert smtp.messages[0].text.replace("\r\n", "\n") == (
        "Der er 3 dage til en frist.\n"
        "\n"
        f"Sag: {case.number}\n"
        "Frist: Indkaldelse til netværkssamråd\n"
        "Sidste dag: tirsdag 10. marts 2026 (uge 11)\n"
        "\n"
        "Retsgrundlaget er ikke bekræftet. Reglen er læst til og med 2023. Om den er videreført i barnets lov fra "
        "01-01-2024, er ikke bekræftet.\n"
        "\n"
        f"Se fristen: http://localhost/sager/{case.id}/netvaerkssamraad\n"
        "\n"
        "Du får mailen som ansvarlig, leder eller stedfortræder. Den holder op, når fristen er stoppet i Enkeltsag.\n"
    )


def test_the_last_working_day_when_it_is_another(
    make: Make, make_deadline: MakeDeadline, sweep: Callable[[str], None], smtp: MailServer
) -> None:
    make_deadline(make.case(2, owner=make.user()), received="2026-03-01")
    sweep("2026-03-01 12.00")
    assert "Sidste dag: søndag 8. marts 2026 (uge 10)" in smtp.messages[0].text
    assert "Sidste arbejdsdag: fredag 6. marts 2026 (uge 10)" in smtp.messages[0].text


@pytest.mark.parametrize(
    ("received", "sent", "begins"),
    [
        ("2026-03-03", "2026-03-03 08.00", "Der er 7 dage til en frist."),
        ("2026-03-03", "2026-03-09 08.00", "En frist udløber i morgen."),
        ("2026-03-03", "2026-03-10 08.00", "En frist udløber i dag."),
        ("2026-03-03", "2026-03-11 08.00", "En frist er overskredet med 1 dag."),
        ("2026-03-03", "2026-03-12 08.00", "En frist er overskredet med 2 dage."),
    ],
)
def test_how_it_begins(
    received: str,
    sent: str,
    begins: str,
    make: Make,
    make_deadline: MakeDeadline,
    sweep: Callable[[str], None],
    smtp: MailServer,
) -> None:
    make_deadline(make.case(2, owner=make.user()), received=received)
    sweep(sent)
    assert smtp.messages[0].text.splitlines()[0] == begins


@pytest.mark.parametrize("base", ["http://localhost", "https://enkeltsag.kommune.dk/dke"])
def test_the_link_is_built_from_the_setting(base: str, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "BASE_URL", base)
    for kind in ("netvaerkssamraad", "noget-andet"):
        address = resolvers.addresses(app)(kind, 7)
        assert address.startswith(f"{base}/sager/7/")
        assert urlsplit(address).query == ""


def test_no_rule_that_is_not_confirmed_is_called_the_deadline_of_the_law(owner: Engine) -> None:
    with owner.connect() as connection:
        words = " ".join(str(row) for row in connection.execute(text("SELECT * FROM deadline_rules")))
    assert "lovens frist" not in words.lower()
