"""Pages of a long list, which never count how many there are in all."""

from dataclasses import dataclass

from flask import request, url_for

PAGE_SIZE = 50
LAST_PAGE = 200
"""Nobody reads on to here; further on a list is narrowed down instead."""
PARAMETER = "side"


@dataclass(frozen=True)
class Paging:
    """One page of a list, as the macro `pagination` knows it."""

    number: int
    shown: int
    more: bool

    @property
    def first(self) -> int:
        """Number of the first line shown."""
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        """Number of the last line shown; nothing where none is."""
        return (self.number - 1) * PAGE_SIZE + self.shown if self.shown else 0

    @property
    def prev_url(self) -> str | None:
        """The page before, with the same filters."""
        return _url(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        """The page after, with the same filters."""
        return _url(self.number + 1) if self.more and self.number < LAST_PAGE else None


def page_number() -> int:
    """The number of the page that the address asks for; the first when that is none."""
    text = request.args.get(PARAMETER, "1")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_PAGE)) else 1
    return min(max(number, 1), LAST_PAGE)


def offset(number: int) -> int:
    """How many lines stand on the pages before."""
    return (number - 1) * PAGE_SIZE


def _url(number: int) -> str:
    arguments = {**(request.view_args or {}), **request.args.to_dict(flat=True), PARAMETER: number}
    return url_for(str(request.endpoint), **{name: value for name, value in arguments.items() if value})
