"""Closed sets whose members carry the Danish word that the screens write."""

import enum
from typing import Self


class Labelled(enum.StrEnum):
    """A StrEnum of pairs: the value that is stored, and its label."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Keep the label beside the value. Looking a member up takes the value alone, hence the default."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
