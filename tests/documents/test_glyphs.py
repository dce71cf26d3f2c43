"""Which signs a font draws, told by the font."""

from pathlib import Path

import pytest

from app.documents.glyphs import drawn_by
from app.documents.pdf import FONTS


@pytest.mark.parametrize("weight", ["Regular", "SemiBold"])
def test_the_kept_fonts_draw_danish_but_not_everything(weight: str) -> None:
    drawn = drawn_by(FONTS / f"IBMPlexSans-{weight}.ttf")
    assert {ord(sign) for sign in "aåæøÅÆØé 09–✓"} <= drawn
    assert not {ord(sign) for sign in "王م\uffff"} & drawn


def test_a_font_that_does_not_tell_is_refused(tmp_path: Path) -> None:
    font = tmp_path / "tom.ttf"
    font.write_bytes(b"\0\1\0\0" + b"\0" * 40)
    with pytest.raises(ValueError, match="no table"):
        drawn_by(font)


def test_a_font_that_tells_in_another_form_is_refused(tmp_path: Path) -> None:
    known = (FONTS / "IBMPlexSans-Regular.ttf").read_bytes()
    at = known.index(b"cmap")
    start = int.from_bytes(known[at + 8 : at + 12])
    font = tmp_path / "anden.ttf"
    font.write_bytes(known[: start + 2] + b"\0\0" + known[start + 4 :])
    with pytest.raises(ValueError, match="does not tell"):
        drawn_by(font)
