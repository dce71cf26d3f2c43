"""Encryption of fields, search codes, and the file that holds the keys."""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import crypto
from app.core.crypto import DecryptionError, Keyring, KeyringError

PLACE = "citizens.name"
KEYRING = Keyring(1, {1: b"k" * 32}, b"i" * 32)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
def test_what_is_encrypted_opens_again(text: str) -> None:
    assert KEYRING.decrypt(KEYRING.encrypt(text, PLACE), PLACE) == text


def test_the_same_text_never_looks_the_same() -> None:
    values = {KEYRING.encrypt("Fatima", PLACE) for _ in range(100)}

    assert len(values) == 100
    assert not any(b"Fatima" in value for value in values)


@given(TEXTS, st.data())
def test_a_value_with_any_bit_changed_does_not_open(text: str, data: st.DataObject) -> None:
    value = bytearray(KEYRING.encrypt(text, PLACE))
    bit = data.draw(st.integers(0, len(value) * 8 - 1))
    value[bit // 8] ^= 1 << bit % 8

    with pytest.raises(DecryptionError):
        KEYRING.decrypt(bytes(value), PLACE)


@given(st.binary(max_size=60))
def test_bytes_that_were_never_encrypted_do_not_open(data: bytes) -> None:
    with pytest.raises(DecryptionError):
        KEYRING.decrypt(data, PLACE)


@given(st.integers(0, 33))
def test_a_value_that_was_cut_does_not_open(length: int) -> None:
    with pytest.raises(DecryptionError):
        KEYRING.decrypt(KEYRING.encrypt("Fatima", PLACE)[:length], PLACE)


def test_a_value_from_another_column_does_not_open() -> None:
    with pytest.raises(DecryptionError, match="does not open"):
        KEYRING.decrypt(KEYRING.encrypt("Fatima", PLACE), "parties.name")


def test_a_value_under_another_key_of_the_same_id_does_not_open() -> None:
    with pytest.raises(DecryptionError, match="does not open"):
        Keyring(1, {1: b"x" * 32}, b"i" * 32).decrypt(KEYRING.encrypt("Fatima", PLACE), PLACE)


def test_a_value_under_an_unknown_key_says_so() -> None:
    with pytest.raises(DecryptionError, match="does not hold"):
        Keyring(2, {2: b"k" * 32}, b"i" * 32).decrypt(KEYRING.encrypt("Fatima", PLACE), PLACE)


def test_a_value_cannot_be_relabelled_with_another_key_that_is_held() -> None:
    both = Keyring(1, {1: b"k" * 32, 2: b"k" * 32}, b"i" * 32)
    value = both.encrypt("Fatima", PLACE)

    with pytest.raises(DecryptionError):
        both.decrypt(value[:1] + (2).to_bytes(2, "big") + value[3:], PLACE)


def test_older_keys_still_open_and_the_current_one_encrypts() -> None:
    rotated = Keyring(2, {1: b"k" * 32, 2: b"n" * 32}, b"i" * 32)
    old = KEYRING.encrypt("Fatima", PLACE)

    assert rotated.decrypt(old, PLACE) == "Fatima"
    with pytest.raises(DecryptionError):
        KEYRING.decrypt(rotated.encrypt("Fatima", PLACE), PLACE)


def test_the_error_quotes_neither_text_nor_value_nor_cause() -> None:
    value = KEYRING.encrypt("Fatima", PLACE)

    with pytest.raises(DecryptionError) as caught:
        KEYRING.decrypt(value, "parties.name")

    assert "Fatima" not in str(caught.value)
    assert repr(value) not in str(caught.value)
    assert caught.value.__suppress_context__


def test_text_with_a_lone_surrogate_is_refused_without_being_quoted() -> None:
    with pytest.raises(ValueError, match="lone surrogate") as caught:
        KEYRING.encrypt("Fatima \ud800", PLACE)

    assert "Fatima" not in str(caught.value)
    assert caught.value.__suppress_context__


@given(TEXTS, TEXTS)
def test_the_blind_index_finds_exactly_the_same_value(one: str, other: str) -> None:
    assert (KEYRING.blind_index(one, "cpr") == KEYRING.blind_index(other, "cpr")) == (one == other)


def test_the_blind_index_depends_on_purpose_and_installation_but_not_on_the_encryption_key() -> None:
    index = KEYRING.blind_index("0101051234", "cpr")

    assert len(index) == 32
    assert index != KEYRING.blind_index("0101051234", "phone")
    assert index != Keyring(1, {1: b"k" * 32}, b"j" * 32).blind_index("0101051234", "cpr")
    assert index == Keyring(2, {2: b"n" * 32}, b"i" * 32).blind_index("0101051234", "cpr")


@given(TEXTS, st.integers(1, 32))
def test_a_short_token_keeps_within_its_bits(value: str, bits: int) -> None:
    token = KEYRING.short_token(value, "name", bits)

    assert 0 <= token < 2**bits
    assert token == KEYRING.short_token(value, "name", bits)


def test_short_tokens_spread_over_their_whole_range() -> None:
    assert {KEYRING.short_token(str(number), "name", 4) for number in range(500)} == set(range(16))


def test_a_short_token_is_not_the_beginning_of_the_blind_index() -> None:
    start = int.from_bytes(KEYRING.blind_index("fat", "name")[:4], "big")

    assert KEYRING.short_token("fat", "name", 32) != start


# --- the file


def test_a_new_keyring_is_private_complete_and_different_each_time(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        one = Keyring.create(tmp_path / "one.json")
    finally:
        os.umask(umask)
    other = Keyring.create(tmp_path / "other.json")

    assert (tmp_path / "one.json").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.json", "other.json"]
    assert Keyring.load(tmp_path / "one.json").decrypt(one.encrypt("Fatima", PLACE), PLACE) == "Fatima"
    assert one.blind_index("a", "cpr") != other.blind_index("a", "cpr")
    with pytest.raises(DecryptionError):
        other.decrypt(one.encrypt("Fatima", PLACE), PLACE)


def test_an_existing_keyring_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keyring.json"
    Keyring.create(path)
    before = path.read_bytes()

    with pytest.raises(KeyringError, match="exists already"):
        Keyring.create(path)

    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["keyring.json"]


def test_a_keyring_in_a_missing_folder_is_one_plain_line(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match="cannot be created: No such file") as caught:
        Keyring.create(tmp_path / "missing" / "keyring.json")

    assert "\n" not in str(caught.value)


def test_a_missing_keyring_is_one_plain_line(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match=r"keyring\.json cannot be read: No such file") as caught:
        Keyring.load(tmp_path / "keyring.json")

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602, 0o610, 0o601])
def test_a_keyring_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keyring.json"
    Keyring.create(path)
    path.chmod(mode)

    with pytest.raises(KeyringError, match=r"open to others.*chmod 600"):
        Keyring.load(path)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_private_keyring_is_accepted(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keyring.json"
    Keyring.create(path)
    path.chmod(mode)

    Keyring.load(path)


def _key(length: int = 32) -> str:
    return base64.b64encode(b"s" * length).decode()


MALFORMED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "not an object": lambda _: ["keys"],
    "no current": lambda content: content.pop("current"),
    "no index": lambda content: content.pop("index"),
    "no keys": lambda content: content.pop("keys"),
    "keys is a list": lambda content: content.update(keys=[_key()]),
    "keys is empty": lambda content: content.update(keys={}),
    "current is not held": lambda content: content.update(current=2),
    "current is null": lambda content: content.update(current=None),
    "short key": lambda content: content.update(keys={"1": _key(31)}),
    "long index": lambda content: content.update(index=_key(33)),
    "not base64": lambda content: content.update(index=f"!{_key()}"),
    "key is a number": lambda content: content.update(keys={"1": 7}),
    "id is a word": lambda content: content.update(keys={"one": _key()}, current="one"),
    "id is zero": lambda content: content.update(keys={"0": _key()}, current=0),
    "id is too large": lambda content: content.update(keys={"65536": _key()}, current=65536),
}


@pytest.mark.parametrize("damage", MALFORMED)
def test_a_malformed_keyring_is_one_plain_line_without_the_keys(tmp_path: Path, damage: str) -> None:
    content: dict[str, Any] = {"current": 1, "keys": {"1": _key()}, "index": _key()}
    replacement = MALFORMED[damage](content)
    path = tmp_path / "keyring.json"
    path.write_text(json.dumps(replacement if isinstance(replacement, list) else content))
    path.chmod(0o600)

    with pytest.raises(KeyringError, match="malformed") as caught:
        Keyring.load(path)

    assert "\n" not in str(caught.value)
    assert _key() not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"null", b"[" * 100_000])
def test_a_file_that_is_not_json_is_malformed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keyring.json"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(KeyringError, match="malformed"):
        Keyring.load(path)


def test_a_process_has_the_keyring_that_was_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "_installed", None)
    with pytest.raises(KeyringError, match="No keyring"):
        crypto.installed()

    crypto.install(KEYRING)

    assert crypto.installed() is KEYRING
