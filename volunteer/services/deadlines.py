"""Deadlines: the record of service is entered within ten working days after an activity ends
(decree 67, art. 11). The organisers see what is missing, and hear of it in time.

Nothing closes by itself when a deadline passes: it is shown as overdue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from accounts.models.sites import Site
from accounts.permissions import Permission, Role
from accounts.services import messages, roles
from core import clock
from core.actor import Actor, ScopeKind
from core.db import db
from core.errors import NotFound
from core.workdays import Deadline
from volunteer import policies
from volunteer.lifecycles import ActivityStatus, AttendanceStatus, BackfillStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.backfills import Backfill
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.shifts import Shift
from volunteer.services import holidays

WORKING_DAYS = 10
REMINDS_AFTER = (8, 5)
"""Working days after the end on which the organisers are told what is missing."""
SHOWN_FOR = timedelta(days=90)
BATCH = 500

OPEN_ATTENDANCE = (AttendanceStatus.CHECKED_IN, AttendanceStatus.PENDING_CHECK_OUT)
HELD = (ActivityStatus.PUBLISHED, ActivityStatus.FINISHED)


@dataclass(frozen=True, slots=True)
class Outstanding:
    """An activity that ended and whose records are not complete."""

    activity: Activity
    open_attendances: int
    """Without a time of leaving."""
    claimed_backfills: int
    """Not decided yet."""
    has_no_records: bool
    """Seats were taken, and nobody has any record."""
    deadline: Deadline
    is_overdue: bool

    @property
    def number(self) -> int:
        return self.open_attendances + self.claimed_backfills + self.has_no_records


def list_outstanding(actor: Actor, organization_id: UUID) -> list[Outstanding]:
    """What an organisation still has to record, the most urgent first.

    Raises NotFound unless the actor organises for it or is staff over its site."""
    permission = Permission.VOLUNTEER_ORGANIZATION_VIEW_DEADLINES
    site = db.session.scalar(
        select(Site).join(Organization).where(Organization.id == organization_id)
    )
    if site is None:
        raise NotFound
    if not actor.holds_over(permission, ScopeKind.ORGANIZATION, organization_id):
        policies.require_over_site(actor, permission, site)
    return _outstanding(Project.organization_id == organization_id)


def _outstanding(*conditions: ColumnElement[bool]) -> list[Outstanding]:
    calendar, today = holidays.workdays(), clock.today()
    found = []
    for activity, open_number, claimed, has_none in db.session.execute(_incomplete(*conditions)):
        deadline = calendar.after(_ended_on(activity), WORKING_DAYS)
        is_overdue = deadline.is_certain and today > deadline.day
        found.append(
            Outstanding(activity, open_number, claimed, bool(has_none), deadline, is_overdue)
        )
    return found


def _incomplete(
    *conditions: ColumnElement[bool],
) -> Select[Activity, int, int, bool]:
    """Activities that ended and lack something, with what they lack."""
    attendances = (
        select(func.count())
        .select_from(Attendance)
        .join(Attendance.shift)
        .where(Shift.activity_id == Activity.id)
        .correlate(Activity)
    )
    open_ones = attendances.where(Attendance.status.in_(OPEN_ATTENDANCE)).scalar_subquery()
    claimed = _of_activity(
        select(func.count()).select_from(Backfill),
        Backfill.activity_id,
        Backfill.status == BackfillStatus.CLAIMED,
    )
    seats = _of_activity(select(func.coalesce(func.sum(Shift.seats_taken), 0)), Shift.activity_id)
    unrecorded = and_(seats > 0, attendances.scalar_subquery() == 0)
    at = clock.now()
    return (
        select(Activity, open_ones, claimed, unrecorded)
        .join(Activity.project)
        .where(
            Activity.status.in_(HELD),
            Activity.ends_at <= at,
            Activity.ends_at > at - SHOWN_FOR,
            or_(open_ones > 0, claimed > 0, unrecorded),
            *conditions,
        )
        .options(joinedload(Activity.project, innerjoin=True))
        .order_by(Activity.ends_at, Activity.id)
    )


def _of_activity(
    number: Select[int], activity_id: Any, *conditions: ColumnElement[bool]
) -> ScalarSelect[int]:
    """A number for each activity of the query around it."""
    wanted = number.where(activity_id == Activity.id, *conditions)
    return wanted.correlate(Activity).scalar_subquery()


def _ended_on(activity: Activity) -> date:
    if activity.ends_at is None:
        raise ValueError("it has not been published")
    return clock.day_of(activity.ends_at)


def to_chase() -> list[UUID]:
    """Activities of whose missing records the organisers should hear now."""
    calendar, today = holidays.workdays(), clock.today()
    return [
        found.activity.id
        for found in _outstanding()
        if calendar.between(_ended_on(found.activity), today) >= min(REMINDS_AFTER)
    ][:BATCH]


def chase(activity_id: UUID) -> None:
    """Tell the leader and the organizers what is missing, once for each mark; done by a job."""
    found = _outstanding(Activity.id == activity_id)
    if not found:
        return
    (missing,) = found
    passed = holidays.workdays().between(_ended_on(missing.activity), clock.today())
    mark = next((mark for mark in REMINDS_AFTER if passed >= mark), None)
    if mark is None:
        return
    for person_id in _responsible(missing.activity):
        messages.tell(
            person_id,
            "records_due",
            uuid5(activity_id, str(mark)),
            activity=missing.activity.title,
            number=str(missing.number),
            until=missing.deadline.day.isoformat(),
        )


def _responsible(activity: Activity) -> Sequence[UUID]:
    organizers = roles.holders(
        Role.ORGANIZER, ScopeKind.ORGANIZATION, activity.project.organization_id
    )
    return sorted({activity.leader_id, *organizers})
