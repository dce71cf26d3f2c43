"""Names are found however they are spelled, and their codes tell little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import name_tokens
from app.core.crypto import Keyring
from app.core.name_tokens import fold, matches, search_tokens, tokens

KEYRING = Keyring(1, {1: b"k" * 32}, b"i" * 32)


@pytest.mark.parametrize(
    "spellings",
    [
        ["Sørensen", "Soerensen", "Sorensen", "Sörensen", "SØRENSEN", "So\u0308rensen"],
        ["Åse", "Aase", "Ase", "A\u030ase", "åSE"],
        ["Jæger", "Jaeger", "Jäger", "Jager"],
        ["Đorđević", "Dordevic"],
        ["Łukasz", "lukasz"],
        ["Weiß", "Weiss", "WEISS"],
        ["İpek", "ipek", "Ipek"],
        ["Işık", "Isik"],
        ["Søe", "Soe", "Sø"],
        ["O'Neil", "O’Neil", "ONeil"],
        ["Anne-Marie", "anne marie", "  Anne   Marie "],
        ["Þóra", "Thora"],
    ],
)
def test_spellings_of_one_name_agree(spellings: list[str]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


@given(st.text())
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aeoåøæäöAEO ñ"))
def test_folding_runs_of_danish_letters_settles_at_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_words_are_parted_by_blanks_hyphens_and_signs() -> None:
    assert name_tokens.words("Anne-Marie d'Arcy, f. Bo/Lund") == ["anne", "marie", "darcy", "f", "bo", "lund"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("fati", True),
        ("FATIMA", True),
        ("fatimas", False),
        ("bo", True),
        ("bod", False),
        ("al", False),
        ("al hassan", False),
        ("hassan fat", True),
        ("bo fatima", True),
        ("ssan", False),
        ("soeren", True),
        ("søren", True),
        ("fat søren has bo", True),
        ("fat jens", False),
        ("", True),
        (" - ", True),
    ],
)
def test_each_word_of_a_query_begins_some_word_of_the_name(query: str, found: bool) -> None:
    assert matches("Fatima Bo Al-Hassan Sørensen".replace("Al-", "Ali-"), query) is found


def test_a_short_word_is_found_only_whole() -> None:
    assert matches("Bo Lund", "bo")
    assert not matches("Bodil Lund", "bo")


NAMES = st.lists(
    st.text(st.characters(categories=["L"], max_codepoint=0x24F), min_size=1, max_size=12), min_size=1, max_size=4
)


@given(NAMES, st.data())
def test_the_codes_never_hide_a_name_that_matches(name: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(name))
    query = word[: data.draw(st.integers(1, len(word)))]

    if matches(" ".join(name), query):
        assert set(search_tokens(query, KEYRING)) <= set(tokens(" ".join(name), KEYRING))


@given(NAMES, st.data())
def test_the_beginning_of_a_word_finds_the_name(name: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(name))
    query = word[: data.draw(st.integers(1, len(word)))]

    if len(fold(query)) >= 3 and " " not in fold(query):
        assert matches(" ".join(name), query)


def test_codes_are_few_short_sorted_and_keyed() -> None:
    codes = tokens("Fatima Fatih Bo Fa-Sørensen", KEYRING)

    assert codes == sorted(set(codes))
    assert len(codes) == 4
    assert all(0 <= code < 1024 for code in codes)
    assert codes != tokens("Fatima Fatih Bo Fa-Sørensen", Keyring(1, {1: b"k" * 32}, b"j" * 32))


def test_words_with_the_same_beginning_share_a_code() -> None:
    assert tokens("Fatima", KEYRING) == tokens("Fatih", KEYRING) == search_tokens("fat", KEYRING)
    assert tokens("Fa", KEYRING) != tokens("Fat", KEYRING)


def test_unrelated_words_share_codes_too() -> None:
    beginnings = [a + b + c for a in "abcdefghij" for b in "aeiou" for c in "klmnoprst"]
    codes = {code for word in beginnings for code in tokens(word, KEYRING)}

    assert len(beginnings) - len(codes) > 50


def test_an_empty_query_has_no_codes() -> None:
    assert search_tokens(" - ", KEYRING) == []
