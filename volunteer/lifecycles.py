"""The states of volunteer service and the moves between them. A verb here is also the name of
the service function, of the route, of the permission and of the audit entry."""

from enum import StrEnum

from core.lifecycle import Lifecycle, Transition


class OrganizationStatus(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    REJECTED = "rejected"


ORGANIZATION = Lifecycle(
    "organization",
    initial=[OrganizationStatus.APPLIED],
    transitions=[
        Transition("approve", (OrganizationStatus.APPLIED,), OrganizationStatus.APPROVED),
        Transition("reject", (OrganizationStatus.APPLIED,), OrganizationStatus.REJECTED),
    ],
)


class MembershipStatus(StrEnum):
    APPLIED = "applied"
    ACTIVE = "active"
    DECLINED = "declined"
    LEFT = "left"
    REMOVED = "removed"


class ProjectStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"


EDITABLE_PROJECT = (ProjectStatus.DRAFT, ProjectStatus.SENT_BACK)
"""In these states the organisation may still change the text."""

PROJECT = Lifecycle(
    "project",
    initial=[ProjectStatus.DRAFT],
    transitions=[
        Transition("submit", EDITABLE_PROJECT, ProjectStatus.SUBMITTED),
        Transition("approve", (ProjectStatus.SUBMITTED,), ProjectStatus.APPROVED),
        Transition("send_back", (ProjectStatus.SUBMITTED,), ProjectStatus.SENT_BACK),
        Transition("reject", (ProjectStatus.SUBMITTED,), ProjectStatus.REJECTED),
    ],
)


class ActivityStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    FINISHED = "finished"


ACTIVITY = Lifecycle(
    "activity",
    initial=[ActivityStatus.DRAFT],
    transitions=[
        Transition("publish", (ActivityStatus.DRAFT,), ActivityStatus.PUBLISHED),
        Transition("cancel", (ActivityStatus.PUBLISHED,), ActivityStatus.CANCELLED),
        Transition("finish", (ActivityStatus.PUBLISHED,), ActivityStatus.FINISHED),
    ],
)


class ShiftStatus(StrEnum):
    OPEN = "open"
    BEGUN = "begun"
    ENDED = "ended"
    """Perhaps early, with the reason."""
    ROLL_CLOSED = "roll_closed"
    """Who was there is settled; only now can anybody be without a record of attendance."""


class SignupStatus(StrEnum):
    CONFIRMED = "confirmed"
    """Has a seat."""
    WAITLISTED = "waitlisted"
    """Has a place in the queue of the shift."""
    CANCELLED = "cancelled"


SIGNUP = Lifecycle(
    "signup",
    initial=[SignupStatus.CONFIRMED, SignupStatus.WAITLISTED],
    transitions=[
        Transition("promote", (SignupStatus.WAITLISTED,), SignupStatus.CONFIRMED),
        Transition(
            "cancel", (SignupStatus.CONFIRMED, SignupStatus.WAITLISTED), SignupStatus.CANCELLED
        ),
    ],
)


class AttendanceStatus(StrEnum):
    CHECKED_IN = "checked_in"
    PENDING_CHECK_OUT = "pending_check_out"
    """The check-out was missed: the leader confirms a time, it is never given by itself."""
    CHECKED_OUT = "checked_out"
    """Left; lasts only until the same transaction has counted the time."""
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


ATTENDANCE = Lifecycle(
    "attendance",
    initial=[AttendanceStatus.CHECKED_IN],
    transitions=[
        Transition("check_out", (AttendanceStatus.CHECKED_IN,), AttendanceStatus.CHECKED_OUT),
        Transition(
            "miss_check_out", (AttendanceStatus.CHECKED_IN,), AttendanceStatus.PENDING_CHECK_OUT
        ),
        Transition(
            "confirm_time", (AttendanceStatus.PENDING_CHECK_OUT,), AttendanceStatus.CHECKED_OUT
        ),
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


class BackfillStatus(StrEnum):
    CLAIMED = "claimed"
    ON_NOTICE = "on_notice"
    """Approved by a second person, and listed inside the organisation; not in the ledger yet."""
    CONTESTED = "contested"
    """Somebody objected within the notice; site staff look into it."""
    RECORDED = "recorded"
    """An entry in the honorary ledger."""
    REJECTED = "rejected"
    LAPSED = "lapsed"
    """By the end of the notice the same time had been counted from an attendance."""
    VOIDED = "voided"
    """Found false."""


BACKFILL = Lifecycle(
    "backfill",
    initial=[BackfillStatus.CLAIMED],
    transitions=[
        Transition("approve", (BackfillStatus.CLAIMED,), BackfillStatus.ON_NOTICE),
        Transition("reject", (BackfillStatus.CLAIMED,), BackfillStatus.REJECTED),
        Transition("contest", (BackfillStatus.ON_NOTICE,), BackfillStatus.CONTESTED),
        Transition("clear", (BackfillStatus.CONTESTED,), BackfillStatus.ON_NOTICE),
        Transition("record", (BackfillStatus.ON_NOTICE,), BackfillStatus.RECORDED),
        Transition("lapse", (BackfillStatus.ON_NOTICE,), BackfillStatus.LAPSED),
        Transition(
            "void",
            (BackfillStatus.ON_NOTICE, BackfillStatus.CONTESTED, BackfillStatus.RECORDED),
            BackfillStatus.VOIDED,
        ),
    ],
)


class DisputeStatus(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


DISPUTE = Lifecycle(
    "dispute",
    initial=[DisputeStatus.OPEN],
    transitions=[
        Transition("uphold", (DisputeStatus.OPEN,), DisputeStatus.UPHELD),
        Transition("dismiss", (DisputeStatus.OPEN,), DisputeStatus.DISMISSED),
    ],
)


class FlagStatus(StrEnum):
    RAISED = "raised"
    CLOSED = "closed"


FLAG = Lifecycle(
    "flag",
    initial=[FlagStatus.RAISED],
    transitions=[Transition("close", (FlagStatus.RAISED,), FlagStatus.CLOSED)],
)

LIFECYCLES = (ORGANIZATION, PROJECT, ACTIVITY, SIGNUP, ATTENDANCE, BACKFILL, DISPUTE, FLAG)
