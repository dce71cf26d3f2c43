"""The closed sets of a handleplan."""

from app.core.labelled import Labelled


class PlanKind(Labelled):
    """Which kind of plan."""

    PLAN = "plan", "Handleplan"
    ACUTE = "akut", "Akuthandleplan"


class GoalState(Labelled):
    """How far a goal is."""

    OPEN = "igang", "I gang"
    REACHED = "naaet", "Nået"
    PARTLY = "delvist", "Delvist nået"
    GIVEN_UP = "opgivet", "Opgivet"


class MeasureState(Labelled):
    """Where a measure stands."""

    PLANNED = "planlagt", "Planlagt"
    RUNNING = "igang", "I gang"
    ENDED = "afsluttet", "Gennemført"
    BROKEN_OFF = "afbrudt", "Afbrudt"


ENDINGS = (MeasureState.ENDED, MeasureState.BROKEN_OFF)


class MeasureResult(Labelled):
    """What a measure led to, as the case worker sees it."""

    GOOD = "god", "God virkning"
    SOME = "nogen", "Nogen virkning"
    NONE = "ingen", "Ingen virkning"
    NEVER_BEGUN = "ikke_begyndt", "Kom ikke i gang"
    UNKNOWN = "ved_ikke", "Kan ikke vurderes"


class LineOutcome(Labelled):
    """How a line of an akuthandleplan ended."""

    DONE = "udfoert", "Udført"
    NOT_NEEDED = "ikke_relevant", "Ikke relevant"


TERMS = {24: "Inden for 24 timer", 72: "Inden for 72 timer"}
