"""What a person needs on a Saturday morning, in one call and a handful of queries: where to go,
whom to call, what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import joinedload

from accounts.models.persons import Person
from accounts.services import inbox
from core import clock
from core.actor import Actor
from core.db import db
from volunteer.lifecycles import (
    ActivityStatus,
    AttendanceStatus,
    ServiceRequestStatus,
    SignupStatus,
)
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.service_requests import ServiceRequest
from volunteer.models.shifts import Shift
from volunteer.models.signups import LIVE, Signup
from volunteer.next_step import Matter, Matters, NextStep, next_step
from volunteer.services import presence, shifts

MOST = 50
"""Shifts of today and to come, and open records, that are looked at; nobody has more in mind."""

PHONE_FROM = timedelta(days=1)
"""The leader's phone is shown from the beginning of the day before the shift."""

UNFINISHED = (
    AttendanceStatus.CHECKED_IN,
    AttendanceStatus.PENDING_CHECK_OUT,
    AttendanceStatus.UNCONFIRMED,
)


@dataclass(frozen=True, slots=True)
class Engagement:
    """A sign-up of today or to come, with all that its person needs to get there."""

    signup: Signup
    shift: Shift
    activity: Activity
    attendance: Attendance | None
    leader_name: str | None
    leader_phone: str | None
    """In clear for whoever has a seat, from the day before until the shift ends; else None."""

    @property
    def status(self) -> SignupStatus:
        return self.signup.status

    @property
    def takes_place(self) -> bool:
        return self.activity.status in presence.TAKING_PLACE


@dataclass(frozen=True, slots=True)
class Today:
    engagements: Sequence[Engagement]
    """Of today, in order of time."""
    next: Engagement | None
    """The first one after today."""
    open_attendance: Attendance | None
    offers: Sequence[Engagement]
    """Seats kept for the person, the first to end first."""
    to_confirm: Sequence[Attendance]
    """Attendances that only the leader wrote down."""
    unread: int
    next_step: NextStep


def view(actor: Actor) -> Today:
    """The actor's day. Four queries, whatever the day holds."""
    at = clock.now()
    engagements = _engagements(actor.id, at)
    unfinished = _unfinished(actor.id)
    to_confirm = [a for a in unfinished if a.awaits_person]
    present = [a for a in unfinished if a.status is AttendanceStatus.CHECKED_IN]
    offers = sorted(
        (e for e in engagements if e.status is SignupStatus.OFFERED and e.takes_place),
        key=lambda e: e.signup.offer_expires_at or at,
    )
    matters = Matters(
        offers=[_offer(e) for e in offers],
        presences=[_attended(a) for a in present],
        seats=[
            _seat(e)
            for e in engagements
            if e.status is SignupStatus.CONFIRMED and e.attendance is None and e.takes_place
        ],
        records=[_attended(a) for a in to_confirm],
        orders=_unrated_order(actor.id),
        unresolved=[
            _attended(a) for a in unfinished if a.status is AttendanceStatus.PENDING_CHECK_OUT
        ],
        undecided=[
            _seat(e) for e in engagements if e.status is SignupStatus.PENDING and e.takes_place
        ],
    )
    tomorrow = clock.start_of(clock.day_of(at) + timedelta(days=1))
    return Today(
        [e for e in engagements if e.shift.starts_at < tomorrow],
        next((e for e in engagements if e.shift.starts_at >= tomorrow), None),
        next(iter(present), None),
        offers,
        to_confirm,
        inbox.unread_count(actor),
        next_step(matters, at),
    )


def _engagements(person_id: UUID, at: datetime) -> list[Engagement]:
    """The person's live sign-ups that do not end before today, in order of time."""
    query = (
        select(Signup, Shift, Activity, Attendance, Person)
        .join(Shift, Shift.id == Signup.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .join(Person, Person.id == Activity.leader_id)
        .outerjoin(
            Attendance,
            (Attendance.shift_id == Signup.shift_id) & (Attendance.person_id == Signup.person_id),
        )
        .where(
            Signup.person_id == person_id,
            text(f"signups.{LIVE.text}"),
            Shift.ends_at > clock.start_of(clock.day_of(at)),
            Activity.status != ActivityStatus.CANCELLED,
        )
        .order_by(Shift.starts_at, Signup.id)
        .limit(MOST)
    )
    return [
        Engagement(
            signup,
            shift,
            activity,
            attendance,
            leader.name,
            leader.phone if _may_call(signup, shift, activity, at) else None,
        )
        for signup, shift, activity, attendance, leader in db.session.execute(query)
    ]


def _may_call(signup: Signup, shift: Shift, activity: Activity, at: datetime) -> bool:
    since = clock.start_of(clock.day_of(shift.starts_at) - PHONE_FROM)
    has_seat = signup.status is SignupStatus.CONFIRMED
    takes_place = activity.status is ActivityStatus.PUBLISHED
    return has_seat and takes_place and since <= at < shift.counted_until


def _unfinished(person_id: UUID) -> Sequence[Attendance]:
    """Attendances that somebody has yet to end or to confirm, oldest first."""
    query = (
        select(Attendance)
        .where(Attendance.person_id == person_id, Attendance.status.in_(UNFINISHED))
        .order_by(Attendance.id)
        .limit(MOST)
        .options(
            joinedload(Attendance.shift, innerjoin=True).joinedload(Shift.activity, innerjoin=True)
        )
    )
    return db.session.scalars(query).all()


def _unrated_order(person_id: UUID) -> list[Matter]:
    query = (
        select(ServiceRequest.id, ServiceRequest.title)
        .where(
            ServiceRequest.requester_id == person_id,
            ServiceRequest.status == ServiceRequestStatus.DONE,
        )
        .order_by(ServiceRequest.id)
        .limit(1)
    )
    return [Matter(order_id, title) for order_id, title in db.session.execute(query)]


def _offer(of: Engagement) -> Matter:
    return Matter(of.signup.id, of.activity.title, until=of.signup.offer_expires_at)


def _seat(of: Engagement) -> Matter:
    first, _ = shifts.check_window(of.shift)
    return Matter(
        of.signup.id,
        of.activity.title,
        of.activity.place,
        starts_at=of.shift.starts_at,
        since=first,
        until=of.shift.counted_until,
    )


def _attended(attendance: Attendance) -> Matter:
    _, last = shifts.check_window(attendance.shift)
    return Matter(attendance.id, attendance.shift.activity.title, until=last)
