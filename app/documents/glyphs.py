"""Which signs a font can draw, read from the font itself: PDF/UA lets no sign stand that nobody can see."""

import struct
from collections.abc import Iterator
from pathlib import Path

UNICODE_TABLES = {(3, 1), (0, 3)}
SEGMENTS = 4
LAST = 0xFFFF


def drawn_by(font: Path) -> frozenset[int]:
    """The code points of the basic plane that a TrueType font has a glyph for.

    Raises ValueError when the font has no table of them in the usual form (OpenType `cmap`, format 4).
    """
    data = font.read_bytes()
    start = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, start + 2)
    for line in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * line)
        (form,) = struct.unpack_from(">H", data, start + offset)
        if (platform, encoding) in UNICODE_TABLES and form == SEGMENTS:
            return frozenset(_drawn(data, start + offset))
    raise ValueError(f"{font.name} does not tell which signs it draws")


def _table(data: bytes, name: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, 4)
    for line in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * line)
        if tag == name:
            return int(offset)
    raise ValueError(f"no table {name!r}")


def _drawn(data: bytes, start: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", data, start + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", data, start + 14)
    starts_at = start + 16 + doubled
    starts = struct.unpack_from(f">{count}H", data, starts_at)
    deltas = struct.unpack_from(f">{count}H", data, starts_at + doubled)
    offsets_at = starts_at + 2 * doubled
    offsets = struct.unpack_from(f">{count}H", data, offsets_at)
    for segment in range(count):
        for code in range(starts[segment], ends[segment] + 1):
            glyph = code
            if offsets[segment]:
                place = offsets_at + 2 * segment + offsets[segment] + 2 * (code - starts[segment])
                (glyph,) = struct.unpack_from(">H", data, place)
            if code != LAST and (glyph + deltas[segment]) % 0x10000:
                yield code
