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


SHIFT = Lifecycle(
    "shift",
    initial=[ShiftStatus.OPEN],
    transitions=[
        Transition("begin", (ShiftStatus.OPEN,), ShiftStatus.BEGUN),
        Transition("end", (ShiftStatus.BEGUN,), ShiftStatus.ENDED),
        Transition("close_roll", (ShiftStatus.ENDED,), ShiftStatus.ROLL_CLOSED),
    ],
)


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
    """The check-out was missed: the leader confirms a time, it is never given by itself. So begins
    an arrival without signal that is told while the person is checked in elsewhere."""
    CHECKED_OUT = "checked_out"
    """Left; lasts only until the same transaction has counted the time."""
    UNCONFIRMED = "unconfirmed"
    """Left; only the leader says so, and the person has yet to confirm it."""
    COUNTED = "counted"
    BELOW_THRESHOLD = "below_threshold"
    """Too little time served for any of it to count."""


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
        Transition("count", (AttendanceStatus.CHECKED_OUT,), AttendanceStatus.COUNTED),
        Transition("fall_short", (AttendanceStatus.CHECKED_OUT,), AttendanceStatus.BELOW_THRESHOLD),
    ],
)

LIFECYCLES = (ORGANIZATION, PROJECT, ACTIVITY, SHIFT, SIGNUP, ATTENDANCE)
