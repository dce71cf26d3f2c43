"""Searching bytes for many texts at once, in every way in which a careless program could have written them."""

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

# A text is as good as found when so much of it is.
LONGEST = 48
# Fewer characters of base64 are found in any text.
SHORTEST_BASE64 = 6
# "signe" and "clara" are parts of what the database itself writes, and it compresses words into parts.
SHORTEST_IN_OTHER_LETTERS = 6

_END = -1
_Tree = dict[int, Any]


def ways_of_writing(text: str) -> Iterator[bytes]:
    """The text as UTF-8 and UTF-16, in hex, in a web address, and in base64 wherever in a longer text it stands."""
    raw = text.encode()
    yield raw
    yield text.encode("utf-16-le")
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield quote(text).encode()
    for before in range(3):
        # Characters that also hold bits of what stands before or after are not known.
        known = base64.b64encode(bytes(before) + raw)[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        if len(known) >= SHORTEST_BASE64:
            yield known


class Search:
    """Finds the texts it was made for; in small or capital letters too, as long as they are whole words."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._as_it_is: dict[bytes, set[str]] = {}
        self._other_letters: dict[bytes, set[str]] = {}
        for text in texts:
            for written in ways_of_writing(text):
                self._as_it_is.setdefault(written[:LONGEST], set()).add(text)
            for letters in (text.lower(), text.upper()) if len(text) >= SHORTEST_IN_OTHER_LETTERS else ():
                self._other_letters.setdefault(letters.encode()[:LONGEST], set()).add(text)
        self._pattern = re.compile(_pattern(_tree([*self._as_it_is, *self._other_letters])), re.DOTALL)

    def found_in(self, content: bytes) -> set[str]:
        """Those of the texts that stand in the content."""
        found: set[str] = set()
        for match in self._pattern.finditer(content):
            found |= self._as_it_is.get(match[0], set())
            if _is_whole_word(content, match):
                found |= self._other_letters.get(match[0], set())
        return found


def _is_whole_word(content: bytes, match: re.Match[bytes]) -> bool:
    around = content[max(match.start() - 1, 0) : match.start()], content[match.end() : match.end() + 1]
    return not any(neighbour.isalpha() for neighbour in around)


def _tree(needles: Iterable[bytes]) -> _Tree:
    root: _Tree = {}
    for needle in needles:
        node = root
        for byte in needle:
            node = node.setdefault(byte, {})
        node[_END] = None
    return root


def _pattern(node: _Tree) -> bytes:
    """One expression for all needles, which tries a beginning that many of them share only once."""
    literal = b""
    while len(node) == 1 and _END not in node:
        byte, node = next(iter(node.items()))
        literal += re.escape(bytes([byte]))
    if _END in node:
        return literal
    branches = (re.escape(bytes([byte])) + _pattern(following) for byte, following in node.items())
    return literal + b"(?:" + b"|".join(branches) + b")"
