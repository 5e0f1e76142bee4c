"""From the wish to take part to having been there."""

from enum import StrEnum

from core.lifecycle import Lifecycle, Transition


class SignupStatus(StrEnum):
    PENDING = "pending"
    """Waits for the organizer's decision, where the activity asks for one."""
    CONFIRMED = "confirmed"
    """Has a seat."""
    WAITLISTED = "waitlisted"
    """Has a place in the queue of the shift."""
    OFFERED = "offered"
    """A freed seat is kept for the person until they take it or the offer ends."""
    DECLINED = "declined"
    EXPIRED = "expired"
    """The offer was not taken in time, or the shift began before there was a seat or a decision."""
    CANCELLED = "cancelled"
    MOVED = "moved"
    """To another shift of the same activity, by those who lead it."""
    ATTENDED = "attended"
    NO_RECORD = "no_record"
    """Without a record of attendance when the roll was closed; not yet an absence (缺席), because
    the record may be what is missing."""


LIVE_SIGNUP = (
    SignupStatus.PENDING,
    SignupStatus.CONFIRMED,
    SignupStatus.WAITLISTED,
    SignupStatus.OFFERED,
)
"""The person counts on these, and may cancel them."""


UNDECIDED_SIGNUP = (SignupStatus.PENDING, SignupStatus.WAITLISTED)
"""Neither has a seat nor knows that there is none; ends when the shift begins."""

DEAD_SIGNUP = (
    SignupStatus.DECLINED,
    SignupStatus.EXPIRED,
    SignupStatus.CANCELLED,
    SignupStatus.MOVED,
)
"""After these the same person may sign up to the same shift again."""


SIGNUP = Lifecycle(
    "signup",
    initial=[SignupStatus.PENDING, SignupStatus.CONFIRMED, SignupStatus.WAITLISTED],
    transitions=[
        Transition("approve", (SignupStatus.PENDING,), SignupStatus.CONFIRMED),
        Transition("waitlist", (SignupStatus.PENDING,), SignupStatus.WAITLISTED),
        Transition("decline", (SignupStatus.PENDING,), SignupStatus.DECLINED),
        Transition("offer", (SignupStatus.WAITLISTED,), SignupStatus.OFFERED),
        Transition("promote", (SignupStatus.WAITLISTED,), SignupStatus.CONFIRMED),
        Transition("take", (SignupStatus.OFFERED,), SignupStatus.CONFIRMED),
        Transition("expire", (SignupStatus.OFFERED,), SignupStatus.EXPIRED),
        Transition("lapse", UNDECIDED_SIGNUP, SignupStatus.EXPIRED),
        Transition("cancel", LIVE_SIGNUP, SignupStatus.CANCELLED),
        Transition("move", (SignupStatus.CONFIRMED,), SignupStatus.MOVED),
        Transition(
            "attend", (SignupStatus.CONFIRMED, SignupStatus.NO_RECORD), SignupStatus.ATTENDED
        ),
        Transition("lack_record", (SignupStatus.CONFIRMED,), SignupStatus.NO_RECORD),
    ],
)
