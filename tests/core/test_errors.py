"""Errors that a person is shown."""

import pytest

from app.core.errors import ChangedMeanwhileError, DomainError, NotFoundError, found


def test_a_domain_error_tells_its_message_and_field() -> None:
    error = DomainError("Sagen er lukket.", "status")

    assert (error.message, error.field, str(error)) == ("Sagen er lukket.", "status", "Sagen er lukket.")


def test_a_domain_error_may_be_about_the_whole_form() -> None:
    assert DomainError("Sagen er lukket.").field is None


def test_changed_meanwhile_explains_itself() -> None:
    error = ChangedMeanwhileError()

    assert isinstance(error, DomainError)
    assert error.message.startswith("Nogen har ændret")
    assert ChangedMeanwhileError("Ali har ændret sagen.").message == "Ali har ændret sagen."


@pytest.mark.parametrize("thing", [0, "", [], False])
def test_found_returns_what_is_there_even_when_it_is_falsy(thing: object) -> None:
    assert found(thing) is thing


def test_found_raises_for_none() -> None:
    with pytest.raises(NotFoundError):
        found(None)
