"""The states of volunteer service and the moves between them. A verb here is also the name of
the service function, of the route, of the permission and of the audit entry."""

from enum import StrEnum

from core.lifecycle import Lifecycle, Transition


class OrganizationStatus(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    """Keeps what it has published, and begins nothing new."""
    DISSOLVED = "dissolved"


ORGANIZATION = Lifecycle(
    "organization",
    initial=[OrganizationStatus.APPLIED],
    transitions=[
        Transition("approve", (OrganizationStatus.APPLIED,), OrganizationStatus.APPROVED),
        Transition("reject", (OrganizationStatus.APPLIED,), OrganizationStatus.REJECTED),
        Transition("suspend", (OrganizationStatus.APPROVED,), OrganizationStatus.SUSPENDED),
        Transition("restore", (OrganizationStatus.SUSPENDED,), OrganizationStatus.APPROVED),
        Transition(
            "dissolve",
            (OrganizationStatus.APPROVED, OrganizationStatus.SUSPENDED),
            OrganizationStatus.DISSOLVED,
        ),
    ],
)


class MembershipStatus(StrEnum):
    APPLIED = "applied"
    ACTIVE = "active"
    DECLINED = "declined"
    LEFT = "left"
    """The person went, or took the application back."""
    REMOVED = "removed"


MEMBERSHIP = Lifecycle(
    "membership",
    initial=[MembershipStatus.APPLIED, MembershipStatus.ACTIVE],
    transitions=[
        Transition("accept", (MembershipStatus.APPLIED,), MembershipStatus.ACTIVE),
        Transition("decline", (MembershipStatus.APPLIED,), MembershipStatus.DECLINED),
        Transition(
            "leave", (MembershipStatus.APPLIED, MembershipStatus.ACTIVE), MembershipStatus.LEFT
        ),
        Transition("remove", (MembershipStatus.ACTIVE,), MembershipStatus.REMOVED),
    ],
)


class ProjectStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    REJECTED = "rejected"
    CLOSED = "closed"
    """Over: no new activities."""


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
        Transition("close", (ProjectStatus.APPROVED,), ProjectStatus.CLOSED),
    ],
)


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


class ServiceRequestStatus(StrEnum):
    SUBMITTED = "submitted"
    """The staff of the site decide who serves."""
    REJECTED = "rejected"
    DISPATCHED = "dispatched"
    """A team was asked and answers."""
    OPENED = "opened"
    """On the board, for teams to take."""
    DECLINED = "declined"
    """The team that was asked can't, or never answered: the staff look for another way."""
    ACCEPTED = "accepted"
    IN_SERVICE = "in_service"
    DONE = "done"
    """Served and reported; the requester may rate."""
    RATED = "rated"
    FOLLOW_UP = "follow_up"
    """Rated low: not closed before the staff wrote down what was done about it."""
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


ENDED_SERVICE_REQUEST = (
    ServiceRequestStatus.REJECTED,
    ServiceRequestStatus.CLOSED,
    ServiceRequestStatus.WITHDRAWN,
)

SERVICE_REQUEST = Lifecycle(
    "service_request",
    initial=[ServiceRequestStatus.SUBMITTED],
    transitions=[
        Transition(
            "reject",
            (
                ServiceRequestStatus.SUBMITTED,
                ServiceRequestStatus.OPENED,
                ServiceRequestStatus.DECLINED,
            ),
            ServiceRequestStatus.REJECTED,
        ),
        Transition("dispatch", (ServiceRequestStatus.SUBMITTED,), ServiceRequestStatus.DISPATCHED),
        Transition(
            "redispatch",
            (
                ServiceRequestStatus.DISPATCHED,
                ServiceRequestStatus.OPENED,
                ServiceRequestStatus.DECLINED,
                ServiceRequestStatus.ACCEPTED,
                ServiceRequestStatus.IN_SERVICE,
            ),
            ServiceRequestStatus.DISPATCHED,
        ),
        Transition(
            "open",
            (ServiceRequestStatus.SUBMITTED, ServiceRequestStatus.DECLINED),
            ServiceRequestStatus.OPENED,
        ),
        Transition("claim", (ServiceRequestStatus.OPENED,), ServiceRequestStatus.ACCEPTED),
        Transition("accept", (ServiceRequestStatus.DISPATCHED,), ServiceRequestStatus.ACCEPTED),
        Transition("decline", (ServiceRequestStatus.DISPATCHED,), ServiceRequestStatus.DECLINED),
        Transition("lapse", (ServiceRequestStatus.DISPATCHED,), ServiceRequestStatus.DECLINED),
        Transition("start", (ServiceRequestStatus.ACCEPTED,), ServiceRequestStatus.IN_SERVICE),
        Transition("link", (ServiceRequestStatus.ACCEPTED,), ServiceRequestStatus.IN_SERVICE),
        Transition("unlink", (ServiceRequestStatus.IN_SERVICE,), ServiceRequestStatus.ACCEPTED),
        Transition("complete", (ServiceRequestStatus.IN_SERVICE,), ServiceRequestStatus.DONE),
        Transition("rate", (ServiceRequestStatus.DONE,), ServiceRequestStatus.RATED),
        Transition("escalate", (ServiceRequestStatus.RATED,), ServiceRequestStatus.FOLLOW_UP),
        Transition("resolve", (ServiceRequestStatus.FOLLOW_UP,), ServiceRequestStatus.CLOSED),
        Transition(
            "close",
            (ServiceRequestStatus.DONE, ServiceRequestStatus.RATED),
            ServiceRequestStatus.CLOSED,
        ),
        Transition(
            "withdraw",
            (
                ServiceRequestStatus.SUBMITTED,
                ServiceRequestStatus.DISPATCHED,
                ServiceRequestStatus.OPENED,
                ServiceRequestStatus.DECLINED,
            ),
            ServiceRequestStatus.WITHDRAWN,
        ),
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


class CertificateStatus(StrEnum):
    ISSUED = "issued"
    REVOKED = "revoked"
    """An entry on which it rests was corrected."""


CERTIFICATE = Lifecycle(
    "certificate",
    initial=[CertificateStatus.ISSUED],
    transitions=[
        Transition("revoke", (CertificateStatus.ISSUED,), CertificateStatus.REVOKED),
    ],
)

LIFECYCLES = (
    ORGANIZATION,
    PROJECT,
    ACTIVITY,
    SIGNUP,
    ATTENDANCE,
    SERVICE_REQUEST,
    MEMBERSHIP,
    SHIFT,
    BACKFILL,
    DISPUTE,
    FLAG,
    CERTIFICATE,
    EXPORT,
    SYNC_BATCH,
    IMPORT,
)
