"""Activities and the shifts in which they take place."""

from enum import StrEnum

from core.lifecycle import Lifecycle, Transition


class ActivityStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    """By somebody else at the site; the organisation may publish it."""
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    """Nobody signs up or checks in until it has new times."""
    CANCELLED = "cancelled"
    FINISHED = "finished"
    SETTLED = "settled"
    """Nothing about its attendances is open any more."""


EDITABLE_ACTIVITY = (ActivityStatus.DRAFT, ActivityStatus.SENT_BACK)
"""In these states the organisation may still change the text and the shifts."""


ACTIVITY = Lifecycle(
    "activity",
    initial=[ActivityStatus.DRAFT],
    transitions=[
        Transition("submit", EDITABLE_ACTIVITY, ActivityStatus.SUBMITTED),
        Transition("approve", (ActivityStatus.SUBMITTED,), ActivityStatus.APPROVED),
        Transition("send_back", (ActivityStatus.SUBMITTED,), ActivityStatus.SENT_BACK),
        Transition("publish", (ActivityStatus.APPROVED,), ActivityStatus.PUBLISHED),
        Transition("postpone", (ActivityStatus.PUBLISHED,), ActivityStatus.POSTPONED),
        Transition("reschedule", (ActivityStatus.POSTPONED,), ActivityStatus.PUBLISHED),
        Transition(
            "cancel",
            (ActivityStatus.APPROVED, ActivityStatus.PUBLISHED, ActivityStatus.POSTPONED),
            ActivityStatus.CANCELLED,
        ),
        Transition("finish", (ActivityStatus.PUBLISHED,), ActivityStatus.FINISHED),
        Transition("settle", (ActivityStatus.FINISHED,), ActivityStatus.SETTLED),
    ],
)


class ShiftStatus(StrEnum):
    OPEN = "open"
    BEGUN = "begun"
    ENDED = "ended"
    """Perhaps early, with the reason."""
    ROLL_CLOSED = "roll_closed"
    """Who was there is settled; only now can anybody be without a record of attendance."""


SHIFT = Lifecycle(
    "shift",
    initial=[ShiftStatus.OPEN],
    transitions=[
        Transition("begin", (ShiftStatus.OPEN,), ShiftStatus.BEGUN),
        Transition("end", (ShiftStatus.BEGUN,), ShiftStatus.ENDED),
        Transition("close_roll", (ShiftStatus.ENDED,), ShiftStatus.ROLL_CLOSED),
    ],
)
