"""From the check-in to minutes in the ledger."""

from enum import StrEnum

from core.lifecycle import Lifecycle, Transition


class AttendanceStatus(StrEnum):
    CHECKED_IN = "checked_in"
    PENDING_CHECK_OUT = "pending_check_out"
    """The check-out was missed: the leader confirms a time, it is never given by itself. So begins
    an arrival without signal that is told while the person is checked in elsewhere."""
    CHECKED_OUT = "checked_out"
    """Left; lasts only until the same transaction has counted the time."""
    UNCONFIRMED = "unconfirmed"
    """Left; only the leader says so, and the person has yet to confirm it."""
    COUNTED = "counted"
    BELOW_THRESHOLD = "below_threshold"
    """Nothing of it counts: too little time, or time that counts elsewhere."""
    UNDER_REVIEW = "under_review"
    """A part above a daily tier waits for a named approver; the rest counts already."""
    REJECTED = "rejected"
    """The part that waited was refused, with the reason; what counted before stays."""


SETTLED_ATTENDANCE = (
    AttendanceStatus.COUNTED,
    AttendanceStatus.BELOW_THRESHOLD,
    AttendanceStatus.UNDER_REVIEW,
    AttendanceStatus.REJECTED,
)
"""Its minutes stand in the ledger; a correction may lead from any of these to another."""


def _ended_but(status: AttendanceStatus) -> tuple[AttendanceStatus, ...]:
    return (AttendanceStatus.CHECKED_OUT, *(s for s in SETTLED_ATTENDANCE if s is not status))


ONGOING = (AttendanceStatus.CHECKED_IN, AttendanceStatus.PENDING_CHECK_OUT)
"""Nobody knows yet when the person left; a check-out scanned without signal arrives as late as
this."""


ATTENDANCE = Lifecycle(
    "attendance",
    initial=[AttendanceStatus.CHECKED_IN, AttendanceStatus.PENDING_CHECK_OUT],
    transitions=[
        Transition("check_out", ONGOING, AttendanceStatus.CHECKED_OUT),
        Transition(
            "miss_check_out", (AttendanceStatus.CHECKED_IN,), AttendanceStatus.PENDING_CHECK_OUT
        ),
        Transition(
            "confirm_time", (AttendanceStatus.PENDING_CHECK_OUT,), AttendanceStatus.CHECKED_OUT
        ),
        Transition("ask", (AttendanceStatus.CHECKED_OUT,), AttendanceStatus.UNCONFIRMED),
        Transition("confirm", (AttendanceStatus.UNCONFIRMED,), AttendanceStatus.CHECKED_OUT),
        Transition("lapse", (AttendanceStatus.UNCONFIRMED,), AttendanceStatus.CHECKED_OUT),
        Transition("count", _ended_but(AttendanceStatus.COUNTED), AttendanceStatus.COUNTED),
        Transition(
            "fall_short",
            _ended_but(AttendanceStatus.BELOW_THRESHOLD),
            AttendanceStatus.BELOW_THRESHOLD,
        ),
        Transition(
            "hold", _ended_but(AttendanceStatus.UNDER_REVIEW), AttendanceStatus.UNDER_REVIEW
        ),
        Transition("approve", (AttendanceStatus.UNDER_REVIEW,), AttendanceStatus.COUNTED),
        Transition("reject", (AttendanceStatus.UNDER_REVIEW,), AttendanceStatus.REJECTED),
    ],
)
