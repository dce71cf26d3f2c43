"""Which passwords are taken, and how they are kept."""

from dataclasses import dataclass

import pytest
from argon2 import PasswordHasher

from app.access import passwords
from app.core.errors import DomainError


@dataclass
class Person:
    name: str = "Hans Jørgen Kjærsgaard"
    email: str | None = "hjk.kjaersgaard@kommune.example"


@pytest.mark.parametrize(
    "password",
    [
        "syv grå gæs fløj over Vester Å",
        "syvgraagaesfloej",
        "hans hund spiser grønne æbler",
        "enkeltsag er det, jeg arbejder med hver dag",
        "correct horse battery staple, men med gulerod",
        "密码很长而且没有人会猜到它是什么的",
        " med blanktegn i begge ender ",
        "æ" * 5 + "qwrtpsdfghjklzxcvbnm"[::-1],
        "x7!" * 3 + "Kq2$wLm9#zR",
        "a1" + "bcdefgh kvist og lim" * 9 + "zz",
    ],
)
def test_good_password_is_taken(password: str) -> None:
    passwords.check_new(password, Person())


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("", "mindst 15 tegn"),
        ("fjorten tegn!!", "mindst 15 tegn"),
        ("x1y2z3" + "abc def ghi" * 30, "højst være på 200"),
        ("aaaaaaaaaaaaaaaa", "let at gætte"),
        ("                  ", "let at gætte"),
        ("abcabcabcabcabcabc", "let at gætte"),
        ("Hemmelig1Hemmelig1", "let at gætte"),
        ("123456789012345", "let at gætte"),
        ("987654321098765", "let at gætte"),
        ("qwertyuiopåasdfgh", "let at gætte"),
        ("abcdefghijklmnop", "let at gætte"),
        ("1qaz2wsx3edc4rfv", "let at gætte"),
        ("Correct Horse Battery Staple", "let at gætte"),
        ("Sommerferie 2026!", "let at gætte"),
        ("Ditkodeorderforkert", "let at gætte"),
        ("jegelskerdigforevigt", "let at gætte"),
        ("hjk.kjaersgaard@kommune.example", "dit navn"),
        ("HansJørgenKjærsgaard1", "dit navn"),
        ("Kjærsgaard-Kjærsgaard-42-Hans", "dit navn"),
        ("enkeltsag adgangskode 7", "dit navn"),
    ],
)
def test_bad_password_is_refused_at_its_field(password: str, message: str) -> None:
    with pytest.raises(DomainError, match=message) as refused:
        passwords.check_new(password, Person())

    assert refused.value.field == "password"


def test_person_without_mail_address() -> None:
    passwords.check_new("syv grå gæs fløj over Vester Å", Person(email=None))


def test_kept_as_argon2id_of_the_chosen_strength() -> None:
    kept = passwords.hashed("syv grå gæs fløj")

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept != passwords.hashed("syv grå gæs fløj")
    assert passwords.matches("syv grå gæs fløj", kept)
    assert not passwords.matches("syv grå gæs fløj ", kept)
    assert not passwords.is_outdated(kept)


def test_other_parameters_are_outdated() -> None:
    assert passwords.is_outdated(PasswordHasher(1, 8192, 1).hash("syv grå gæs fløj"))


def test_verifying_against_nobody_takes_the_same_work() -> None:
    assert not passwords.matches("", None)
    assert not passwords.is_outdated(passwords._NOBODYS)


def test_every_listed_password_could_be_met() -> None:
    for line in passwords._commonest():
        assert line == line.casefold()
        assert not passwords._NOT_TEXT.search(line)
        assert passwords._is_common(f"{line.capitalize()}!")
