"""The states of volunteer service and the moves between them. A verb here is also the name of
the service function, of the route, of the permission and of the audit entry."""

from volunteer.lifecycles.activities import (
    ACTIVITY,
    EDITABLE_ACTIVITY,
    SHIFT,
    ActivityStatus,
    ShiftStatus,
)
from volunteer.lifecycles.attendances import (
    ATTENDANCE,
    ONGOING,
    SETTLED_ATTENDANCE,
    AttendanceStatus,
)
from volunteer.lifecycles.hours import (
    BACKFILL,
    CERTIFICATE,
    DISPUTE,
    FLAG,
    BackfillStatus,
    CertificateStatus,
    DisputeStatus,
    FlagStatus,
)
from volunteer.lifecycles.organizations import (
    EDITABLE_PROJECT,
    MEMBERSHIP,
    ORGANIZATION,
    PROJECT,
    MembershipStatus,
    OrganizationStatus,
    ProjectStatus,
)
from volunteer.lifecycles.records import (
    ENDED_IMPORT,
    EXPORT,
    IMPORT,
    SYNC_BATCH,
    ExportStatus,
    ImportStatus,
    SyncBatchStatus,
)
from volunteer.lifecycles.service_requests import (
    ENDED_SERVICE_REQUEST,
    SERVICE_REQUEST,
    ServiceRequestStatus,
)
from volunteer.lifecycles.signups import (
    DEAD_SIGNUP,
    LIVE_SIGNUP,
    SIGNUP,
    UNDECIDED_SIGNUP,
    SignupStatus,
)

__all__ = [
    "ACTIVITY",
    "ATTENDANCE",
    "BACKFILL",
    "CERTIFICATE",
    "DEAD_SIGNUP",
    "DISPUTE",
    "EDITABLE_ACTIVITY",
    "EDITABLE_PROJECT",
    "ENDED_IMPORT",
    "ENDED_SERVICE_REQUEST",
    "EXPORT",
    "FLAG",
    "IMPORT",
    "LIFECYCLES",
    "LIVE_SIGNUP",
    "MEMBERSHIP",
    "ONGOING",
    "ORGANIZATION",
    "PROJECT",
    "SERVICE_REQUEST",
    "SETTLED_ATTENDANCE",
    "SHIFT",
    "SIGNUP",
    "SYNC_BATCH",
    "UNDECIDED_SIGNUP",
    "ActivityStatus",
    "AttendanceStatus",
    "BackfillStatus",
    "CertificateStatus",
    "DisputeStatus",
    "ExportStatus",
    "FlagStatus",
    "ImportStatus",
    "MembershipStatus",
    "OrganizationStatus",
    "ProjectStatus",
    "ServiceRequestStatus",
    "ShiftStatus",
    "SignupStatus",
    "SyncBatchStatus",
]

LIFECYCLES = (
    ORGANIZATION,
    MEMBERSHIP,
    PROJECT,
    ACTIVITY,
    SHIFT,
    SIGNUP,
    ATTENDANCE,
    BACKFILL,
    DISPUTE,
    FLAG,
    CERTIFICATE,
    SERVICE_REQUEST,
    IMPORT,
    EXPORT,
    SYNC_BATCH,
)
"""In the order in which an activity meets them, then what citizens order, then files."""
