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
    """Too little time served for any of it to count."""


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
        Transition("count", (AttendanceStatus.CHECKED_OUT,), AttendanceStatus.COUNTED),
        Transition("fall_short", (AttendanceStatus.CHECKED_OUT,), AttendanceStatus.BELOW_THRESHOLD),
    ],
)


class ExportStatus(StrEnum):
    REQUESTED = "requested"
    READY = "ready"
    FAILED = "failed"
    """Tried several times in vain; the log says why."""
    EXPIRED = "expired"
    """Its file was removed."""


EXPORT = Lifecycle(
    "export",
    initial=[ExportStatus.REQUESTED],
    transitions=[
        Transition("finish", (ExportStatus.REQUESTED,), ExportStatus.READY),
        Transition("fail", (ExportStatus.REQUESTED,), ExportStatus.FAILED),
        Transition("expire", (ExportStatus.READY,), ExportStatus.EXPIRED),
    ],
)


class SyncBatchStatus(StrEnum):
    PREPARING = "preparing"
    EXPORTED = "exported"
    ACKNOWLEDGED = "acknowledged"
    """The system that Civil Affairs designates has taken the records."""
    ABANDONED = "abandoned"


SYNC_BATCH = Lifecycle(
    "sync_batch",
    initial=[SyncBatchStatus.PREPARING],
    transitions=[
        Transition("export", (SyncBatchStatus.PREPARING,), SyncBatchStatus.EXPORTED),
        Transition("abandon", (SyncBatchStatus.PREPARING,), SyncBatchStatus.ABANDONED),
        Transition("acknowledge", (SyncBatchStatus.EXPORTED,), SyncBatchStatus.ACKNOWLEDGED),
    ],
)


class ImportStatus(StrEnum):
    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    """Every row was judged; nothing but the report was written."""
    UNREADABLE = "unreadable"
    CONFIRMED = "confirmed"
    IMPORTING = "importing"
    DONE = "done"
    CANCELLED = "cancelled"


ENDED_IMPORT = (ImportStatus.UNREADABLE, ImportStatus.DONE, ImportStatus.CANCELLED)

IMPORT = Lifecycle(
    "import",
    initial=[ImportStatus.UPLOADED],
    transitions=[
        Transition("begin_check", (ImportStatus.UPLOADED,), ImportStatus.CHECKING),
        Transition("finish_check", (ImportStatus.CHECKING,), ImportStatus.CHECKED),
        Transition("refuse", (ImportStatus.CHECKING,), ImportStatus.UNREADABLE),
        Transition("confirm", (ImportStatus.CHECKED,), ImportStatus.CONFIRMED),
        Transition("begin", (ImportStatus.CONFIRMED,), ImportStatus.IMPORTING),
        Transition("finish", (ImportStatus.IMPORTING,), ImportStatus.DONE),
        Transition(
            "cancel",
            (
                ImportStatus.UPLOADED,
                ImportStatus.CHECKING,
                ImportStatus.CHECKED,
                ImportStatus.CONFIRMED,
            ),
            ImportStatus.CANCELLED,
        ),
    ],
)

LIFECYCLES = (ORGANIZATION, PROJECT, ACTIVITY, SIGNUP, ATTENDANCE, EXPORT, SYNC_BATCH, IMPORT)
