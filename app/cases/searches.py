"""The words of the latest searches: kept encrypted in the session, so that addresses only say which search it was."""

import secrets
from base64 import b64decode, b64encode
from typing import Final

from flask import session

from app.core import crypto

_KEPT: Final = 5
_KEY: Final = "case_searches"
_PLACE: Final = "web_sessions.content"


def remember(words: str) -> str:
    """Keep the words until there have been some more searches, and return the code that the address names them by."""
    code = secrets.token_hex(4)
    sealed = b64encode(crypto.installed().encrypt(words, _PLACE)).decode()
    # A new list, because the session notices only what is assigned.
    session[_KEY] = [*session.get(_KEY, []), [code, sealed]][-_KEPT:]
    return code


def recall(code: str) -> str | None:
    """The words of a search; None when it is no longer kept."""
    for kept, sealed in session.get(_KEY, []):
        if kept == code:
            return crypto.installed().decrypt(b64decode(sealed), _PLACE)
    return None
