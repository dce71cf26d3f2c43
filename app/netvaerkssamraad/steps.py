"""Which step may follow where a netværkssamråd stands. The whole of it is one match."""

import enum

from app.core.errors import DomainError
from app.netvaerkssamraad.models import Netvaerkssamraad, Stage


class Step(enum.Enum):
    """What can be done with a netværkssamråd after the documentation has been registered."""

    CHANGE_PARTIES = enum.auto()
    SUMMON = enum.auto()
    EXEMPT = enum.auto()
    CHANGE_MEASURES = enum.auto()
    RECORD_HELD = enum.auto()
    RECORD_NOT_HELD = enum.auto()
    UNDO_SUMMONS = enum.auto()
    UNDO_MEETING = enum.auto()
    # Also of changed measures, and of documentation that was cancelled: whatever ended it before the summons.
    UNDO_EXEMPTION = enum.auto()


def follows(stage: Stage, step: Step) -> bool:
    """Whether the step can be taken from the stage."""
    match stage, step:
        case Stage.AWAITS_SUMMONS, Step.CHANGE_PARTIES | Step.SUMMON | Step.EXEMPT | Step.CHANGE_MEASURES:
            return True
        case Stage.SUMMONED, Step.CHANGE_PARTIES | Step.RECORD_HELD | Step.RECORD_NOT_HELD | Step.UNDO_SUMMONS:
            return True
        # A meeting that came to nothing may be held another day.
        case Stage.NOT_HELD, Step.RECORD_HELD | Step.UNDO_MEETING:
            return True
        case Stage.HELD, Step.UNDO_MEETING:
            return True
        case Stage.EXEMPT | Stage.MEASURES | Stage.CANCELLED, Step.UNDO_EXEMPTION:
            return True
        case _:
            return False


def _why_not(stage: Stage, step: Step) -> str:
    match stage, step:
        case Stage.HELD | Stage.NOT_HELD, Step.UNDO_SUMMONS:
            return "Fortryd mødet, før du fortryder indkaldelsen."
        case _, Step.UNDO_SUMMONS | Step.UNDO_MEETING | Step.UNDO_EXEMPTION:
            return f"Der er intet at fortryde her. Netværkssamrådet står som: {stage.label}."
        case Stage.AWAITS_SUMMONS, _:
            return "Registrér indkaldelsen, før du registrerer mødet."
        case _, Step.SUMMON if stage in {Stage.SUMMONED, Stage.HELD, Stage.NOT_HELD}:
            return "Indkaldelsen er allerede registreret."
        case Stage.SUMMONED, _:
            return "Der er allerede indkaldt. Registrér i stedet, om mødet blev holdt."
        case _:
            return f"Netværkssamrådet er allerede afsluttet: {stage.label[0].lower()}{stage.label[1:]}."


def refusal(samraad: Netvaerkssamraad, step: Step) -> str | None:
    """Why the step cannot be taken now, or None when it can."""
    return None if follows(samraad.stage, step) else _why_not(samraad.stage, step)


def require(samraad: Netvaerkssamraad, step: Step) -> None:
    """Raise DomainError when the step cannot be taken now."""
    message = refusal(samraad, step)
    if message is not None:
        raise DomainError(message)
