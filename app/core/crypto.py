"""Encryption of personal data, and the keyed codes by which encrypted data is found again.

The only importer of `cryptography`. One keyring serves one installation, so it is installed once per process; columns
of type `EncryptedText` reach it through `installed()`.

A value reads: format (1 byte), key id (2 bytes), nonce (12 bytes), ciphertext with tag. Format, key id and place
("table.column") are bound in as additional data, so a value that is moved to another column does not open. Nonces are
random, which is sound for four thousand million values under one key. What a value does show is its key, and how long
the text is.
"""

import base64
import hmac
import json
import os
import stat
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_FORMAT: Final = 1
_HEADER: Final = struct.Struct(">BH")
_BODY: Final = _HEADER.size + _NONCE_BYTES
_KEY_IDS: Final = range(1, 1 << 16)
_OPEN_TO_OTHERS: Final = 0o077


class KeyringError(Exception):
    """The keyring cannot be used; the message is one line for the person who runs the installation."""


class DecryptionError(Exception):
    """A stored value does not open: wrong key, moved from another column, or changed."""


class Keyring:
    """The keys of one installation."""

    def __init__(self, current: int, keys: Mapping[int, bytes], index: bytes) -> None:
        """Take the id of the key that encrypts, all keys by id (1-65535), and the key of the search codes.

        Raises KeyError when the key that encrypts is not among the keys.
        """
        self._header = _HEADER.pack(_FORMAT, current)
        self._ciphers = {_HEADER.pack(_FORMAT, kid): AESGCM(key) for kid, key in keys.items()}
        self._current = self._ciphers[self._header]
        self._index = index
        self._subkeys: dict[bytes, bytes] = {}

    @classmethod
    def create(cls, path: Path) -> Self:
        """Write a new keyring that only this OS user can read, and return it.

        The file appears complete or not at all, and never replaces another: a lost keyring is lost data.
        Raises KeyringError when there is one already, or when the folder cannot be written.
        """
        content = {
            "current": 1,
            "keys": {"1": _encoded(os.urandom(_KEY_BYTES))},
            "index": _encoded(os.urandom(_KEY_BYTES)),
        }
        unfinished = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
        try:
            _write_private(unfinished, json.dumps(content, indent=2) + "\n")
            try:
                os.link(unfinished, path)
            finally:
                unfinished.unlink()
        except FileExistsError:
            raise KeyringError(f"Keyring {path} exists already and is not replaced") from None
        except OSError as error:
            raise KeyringError(f"Keyring {path} cannot be created: {error.strerror}") from None
        return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the keyring; raise KeyringError when it is missing, readable by others or malformed."""
        text = _read_private(path)
        try:
            content = json.loads(text)
            keys = {_key_id(kid): _decoded(key) for kid, key in content["keys"].items()}
            return cls(_key_id(str(content["current"])), keys, _decoded(content["index"]))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            # The cause is dropped on purpose: its text could quote a key.
            raise KeyringError(
                f'Keyring {path} is malformed: expected {{"current": id, "keys": {{id: 32 bytes in base64}}, '
                '"index": 32 bytes in base64}'
            ) from None

    def encrypt(self, text: str, place: str) -> bytes:
        """Return the text encrypted for the place, which is "table.column".

        Raises ValueError for text that is not valid Unicode (a lone surrogate).
        """
        nonce = os.urandom(_NONCE_BYTES)
        header = self._header
        return header + nonce + self._current.encrypt(nonce, _utf8(text), header + place.encode())

    def decrypt(self, data: bytes, place: str) -> str:
        """Return the text of a value that was encrypted for the place.

        Raises DecryptionError for everything else; the message tells the place and never the content.
        """
        header = data[: _HEADER.size]
        cipher = self._ciphers.get(header)
        if cipher is None:
            raise DecryptionError(f"The value in {place} was written with a key that the keyring does not hold")
        try:
            return cipher.decrypt(data[_HEADER.size : _BODY], data[_BODY:], header + place.encode()).decode()
        except (InvalidTag, ValueError):
            raise DecryptionError(f"The value in {place} does not open: changed, moved or cut") from None

    def blind_index(self, value: str, purpose: str) -> bytes:
        """Return the 32 bytes by which exactly this value is found again; another purpose gives other bytes."""
        return hmac.digest(self._subkey(b"blind index:" + purpose.encode()), _utf8(value), "sha256")

    def short_token(self, value: str, purpose: str, bits: int) -> int:
        """Return a keyed code so short (1-32 bits) that several values share it."""
        code = hmac.digest(self._subkey(b"short token:" + purpose.encode()), _utf8(value), "sha256")
        return int.from_bytes(code[:4], "big") >> (32 - bits)

    def _subkey(self, label: bytes) -> bytes:
        """Derive the key of one purpose, once (HKDF-Expand of one block, RFC 5869)."""
        subkey = self._subkeys.get(label)
        if subkey is None:
            subkey = self._subkeys[label] = hmac.digest(self._index, label + b"\x01", "sha256")
        return subkey


_installed: Keyring | None = None


def install(keyring: Keyring) -> None:
    """Make the keyring the one of this process."""
    global _installed  # noqa: PLW0603 - one keyring per process, set once at start-up
    _installed = keyring


def installed() -> Keyring:
    """Return the keyring of this process; raise KeyringError when none is installed."""
    if _installed is None:
        raise KeyringError("No keyring is installed in this process")
    return _installed


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Without the cause: a UnicodeEncodeError carries the whole text.
        raise ValueError("the text holds a lone surrogate") from None


def _encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _decoded(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError("wrong key length")
    return key


def _key_id(text: str) -> int:
    kid = int(text)
    if kid not in _KEY_IDS:
        raise ValueError("key id out of range")
    return kid


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _read_private(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & _OPEN_TO_OTHERS:
                raise KeyringError(f"Keyring {path} is open to others (mode {mode:04o}): run chmod 600 on it")
            return file.read()
    except OSError as error:
        raise KeyringError(f"Keyring {path} cannot be read: {error.strerror}") from None
