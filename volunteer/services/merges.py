"""What volunteer service moves when two accounts of one person become one."""

from uuid import UUID

from accounts.services import merges
from volunteer.models.activities import Activity, Deputy
from volunteer.models.attendances import Attendance
from volunteer.models.backfills import Backfill
from volunteer.models.calendars import CalendarFeed
from volunteer.models.certificates import Certificate
from volunteer.models.check_attempts import CheckAttempt
from volunteer.models.disputes import Dispute
from volunteer.models.memberships import Membership
from volunteer.models.organizations import Organization
from volunteer.models.profiles import VolunteerProfile
from volunteer.models.qualifications import Qualification
from volunteer.models.sanctions import Sanction
from volunteer.models.service_requests import ServiceRequest
from volunteer.models.signups import Signup
from volunteer.services import hours

FOLLOWING: tuple[merges.Column, ...] = (
    Activity.leader_id,
    Deputy.person_id,
    Backfill.person_id,
    Dispute.person_id,
    Sanction.person_id,
    Attendance.person_id,
    CalendarFeed.person_id,
    Certificate.person_id,
    CheckAttempt.person_id,
    Membership.person_id,
    Organization.applicant_id,
    VolunteerProfile.person_id,
    Qualification.person_id,
    ServiceRequest.requester_id,
    Signup.person_id,
)


def follow(lost: UUID, kept: UUID) -> None:
    """Point what is the person's to the one who stays, and add up their sums of hours."""
    merges.repoint(FOLLOWING, lost, kept)
    hours.join_standings(lost, kept)
