"""The two ways in which a request can be refused without being a fault of the program.

Everything that is neither of these is a fault, and ends as a 500 page with a log id.
"""

from typing import TypeVar

T = TypeVar("T")


class DomainError(Exception):
    """A rule of the subject says no, and the person is told why.

    message: the Danish sentence that is shown, complete with its full stop.
    field: name of the form field that the sentence belongs to; None when it is about the whole form.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class ChangedMeanwhileError(DomainError):
    """Somebody else has saved the same thing since it was shown."""

    def __init__(
        self,
        message: str = "Nogen har ændret det samme imens. Intet er gemt: åbn siden igen, og se hvad der er nyt.",
        field: str | None = None,
    ) -> None:
        super().__init__(message, field)


class NotFoundError(Exception):
    """The thing does not exist for the one who asks, which is also said of what is out of sight (404)."""


def found(thing: T | None) -> T:
    """Return the thing, or raise NotFoundError when there is none."""
    if thing is None:
        raise NotFoundError
    return thing
