"""Sign-ups: one conditional UPDATE of the shift decides who gets a seat and who waits.

Rows are always taken in the order person, shift, sign-up, so that nobody waits in a circle.
`sign_up` is the hottest write of a Saturday morning: its statements are built once, at import.
"""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Table, bindparam, case, exists, insert, select, update
from sqlalchemy.orm import joinedload

from accounts.permissions import Permission
from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer.errors import ActivityNotOpen, AlreadyCheckedIn, ShiftBegun, SignupOverlaps
from volunteer.lifecycles import ActivityStatus, SignupStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import shifts

BATCH = 500

_shifts = cast(Table, Shift.__table__)
_activities = cast(Table, Activity.__table__)
_signups = cast(Table, Signup.__table__)
_other_shifts = _shifts.alias("other_shifts")
_other_activities = _activities.alias("other_activities")

_IN_THE_WAY = (
    select(_signups.c.id)
    .join(_other_shifts, _other_shifts.c.id == _signups.c.shift_id)
    .join(_other_activities, _other_activities.c.id == _other_shifts.c.activity_id)
    .where(
        _signups.c.person_id == bindparam("the_person"),
        _signups.c.status != SignupStatus.CANCELLED,
        _other_shifts.c.starts_at < _shifts.c.ends_at,
        _other_shifts.c.ends_at > _shifts.c.starts_at,
        _other_activities.c.status == ActivityStatus.PUBLISHED,
    )
    .order_by((_signups.c.shift_id == _shifts.c.id).desc())
    .limit(1)
    .correlate(_shifts)
    .scalar_subquery()
)
"""A live sign-up of the person at the same time, first of all one for the same shift."""

_FACTS = (
    select(
        _shifts.c.starts_at,
        _activities.c.status,
        _activities.c.title,
        _activities.c.place,
        _IN_THE_WAY.label("signup_in_the_way"),
    )
    .join(_activities, _activities.c.id == _shifts.c.activity_id)
    .where(_shifts.c.id == bindparam("the_shift"))
)

_has_seat = (_shifts.c.seats_taken < _shifts.c.capacity) & (_shifts.c.waiting == 0)

_TAKE = (
    update(_shifts)
    .where(_shifts.c.id == bindparam("the_shift"), _shifts.c.starts_at > bindparam("the_time"))
    .values(
        seats_taken=_shifts.c.seats_taken + case((_has_seat, 1), else_=0),
        waiting=_shifts.c.waiting + case((_has_seat, 0), else_=1),
        queue_tail=_shifts.c.queue_tail + case((_has_seat, 0), else_=1),
    )
    .returning(_shifts.c.waiting, _shifts.c.queue_tail)
)
"""Takes a seat, or a place in the queue. A free seat is only for who finds no queue, so after
it nobody waits, and otherwise somebody does: `waiting` tells which of the two happened."""

_ENTER = insert(_signups)


def sign_up(actor: Actor, shift_id: UUID) -> Signup:
    """Take a seat, or a place in the queue when none is free. A repeat gives the first sign-up.

    Raises NotFound, ActivityNotOpen, ShiftBegun, SignupOverlaps."""
    at = clock.now()
    person_id = actor.id
    lock_exclusively(f"person:{person_id}")
    connection = db.session.connection()
    facts = connection.execute(
        _FACTS, {"the_shift": shift_id, "the_person": person_id}
    ).one_or_none()
    if facts is None or facts.status is ActivityStatus.DRAFT:
        raise NotFound
    if facts.signup_in_the_way is not None:
        return _repeated(facts.signup_in_the_way, shift_id)
    if facts.status is not ActivityStatus.PUBLISHED:
        raise ActivityNotOpen
    queue = connection.execute(_TAKE, {"the_shift": shift_id, "the_time": at}).one_or_none()
    if queue is None:
        raise ShiftBegun
    signup = _entered(person_id, shift_id, queue, at)
    connection.execute(_ENTER, signup)
    if signup["status"] is SignupStatus.CONFIRMED:
        _tell_seat(
            "seat_confirmed", signup["id"], person_id, facts.title, facts.place, facts.starts_at
        )
    return Signup(**signup)


def _entered(person_id: UUID, shift_id: UUID, queue: Row[Any], at: datetime) -> dict[str, Any]:
    """The column values of a new sign-up."""
    is_seated = queue.waiting == 0
    return {
        "id": new_id(),
        "shift_id": shift_id,
        "person_id": person_id,
        "status": SignupStatus.CONFIRMED if is_seated else SignupStatus.WAITLISTED,
        "position": None if is_seated else queue.queue_tail,
        "created_at": at,
        "confirmed_at": at if is_seated else None,
    }


def _tell_seat(
    template: str, signup_id: UUID, person_id: UUID, title: str, place: str, starts_at: datetime
) -> None:
    messages.tell(
        person_id,
        template,
        signup_id,
        activity=title,
        starts_at=starts_at.isoformat(),
        place=place,
    )


def _repeated(signup_id: UUID, shift_id: UUID) -> Signup:
    present = db.session.get_one(Signup, signup_id)
    if present.shift_id != shift_id:
        raise SignupOverlaps(signup_id=str(present.id))
    return present


def cancel(actor: Actor, signup_id: UUID) -> Signup:
    """Give up one's own sign-up before the shift begins; its seat goes to the queue.

    Raises NotFound, ShiftBegun, AlreadyCheckedIn, WrongState."""
    signup = _held(signup_id)
    if signup.person_id != actor.person_id:
        raise NotFound
    if signup.shift.starts_at <= clock.now():
        raise ShiftBegun
    if _has_attendance(signup):
        raise AlreadyCheckedIn
    return _cancelled(actor, signup)


def release(actor: Actor, signup_id: UUID) -> Signup:
    """Cancel a sign-up because its activity was called off, and tell the person; by a job.

    Raises NotFound, WrongState."""
    signup = _held(signup_id)
    activity = shifts.load(signup.shift_id).activity
    if activity.status is not ActivityStatus.CANCELLED:
        raise NotFound
    messages.tell(
        signup.person_id,
        "activity_cancelled",
        signup.id,
        activity=activity.title,
        starts_at=signup.shift.starts_at.isoformat(),
        reason=activity.cancel_reason or "",
    )
    return _cancelled(actor, signup, reason=activity.cancel_reason)


def _held(signup_id: UUID) -> Signup:
    """A sign-up as it is now, with the rows that change with it held, in their order."""
    keys = db.session.execute(
        select(Signup.person_id, Signup.shift_id).where(Signup.id == signup_id)
    ).one_or_none()
    if keys is None:
        raise NotFound
    lock_exclusively(f"person:{keys.person_id}")
    shift = db.session.get_one(Shift, keys.shift_id, with_for_update=True, populate_existing=True)
    signup = db.session.get_one(Signup, signup_id, populate_existing=True)
    signup.shift = shift
    return signup


def _has_attendance(signup: Signup) -> bool:
    query = select(Attendance.id).where(
        Attendance.shift_id == signup.shift_id, Attendance.person_id == signup.person_id
    )
    return db.session.scalar(query) is not None


def _cancelled(actor: Actor, signup: Signup, *, reason: str | None = None) -> Signup:
    had_seat = signup.status is SignupStatus.CONFIRMED
    audit.perform(actor, signup, "cancel", reason=reason, cancelled_at=clock.now())
    _count(
        signup.shift_id,
        seats_taken=-1 if had_seat else 0,
        waiting=0 if had_seat else -1,
    )
    return signup


def _count(shift_id: UUID, *, seats_taken: int, waiting: int) -> None:
    """Move the counters of a shift; its CHECKs refuse what can't be."""
    db.session.execute(
        update(Shift)
        .where(Shift.id == shift_id)
        .values(seats_taken=Shift.seats_taken + seats_taken, waiting=Shift.waiting + waiting)
        .execution_options(synchronize_session=False)
    )


def promote(actor: Actor, shift_id: UUID) -> int:
    """Give the free seats of a shift to those who wait, earliest first; done by a job.

    Gives the number of people promoted. Raises NotFound."""
    at = clock.now()
    shift = db.session.get(Shift, shift_id, with_for_update=True, populate_existing=True)
    if shift is None:
        raise NotFound
    activity = db.session.get_one(Activity, shift.activity_id)
    if shift.starts_at <= at or activity.status is not ActivityStatus.PUBLISHED:
        return 0
    query = (
        select(Signup)
        .where(Signup.shift_id == shift_id, Signup.status == SignupStatus.WAITLISTED)
        .order_by(Signup.position)
        .limit(shift.capacity - shift.seats_taken)
    )
    promoted = list(db.session.scalars(query))
    for signup in promoted:
        audit.perform(actor, signup, "promote", confirmed_at=at)
        _tell_seat(
            "seat_promoted",
            signup.id,
            signup.person_id,
            activity.title,
            activity.place,
            shift.starts_at,
        )
    _count(shift_id, seats_taken=len(promoted), waiting=-len(promoted))
    return len(promoted)


def to_promote() -> list[UUID]:
    """Shifts to come with a free seat and somebody who waits for it."""
    query = (
        select(Shift.id)
        .join(Shift.activity)
        .where(
            Shift.waiting > 0,
            Shift.seats_taken < Shift.capacity,
            Shift.starts_at > clock.now(),
            Activity.status == ActivityStatus.PUBLISHED,
        )
    )
    return list(db.session.scalars(query.limit(BATCH)))


def to_release() -> list[UUID]:
    """Live sign-ups of activities that were called off; who has checked in keeps theirs."""
    came = exists().where(
        Attendance.shift_id == Signup.shift_id, Attendance.person_id == Signup.person_id
    )
    query = (
        select(Signup.id)
        .join(Signup.shift)
        .join(Shift.activity)
        .where(
            Activity.status == ActivityStatus.CANCELLED,
            Signup.status != SignupStatus.CANCELLED,
            ~came,
        )
        .order_by(Signup.id)
    )
    return list(db.session.scalars(query.limit(BATCH)))


def list_mine(actor: Actor, page: PageRequest) -> Page[Signup]:
    """The actor's sign-ups, newest first."""
    query = (
        select(Signup)
        .where(Signup.person_id == actor.id)
        .options(
            joinedload(Signup.shift, innerjoin=True).joinedload(Shift.activity, innerjoin=True)
        )
    )
    return paginate(query, page, by=[Signup.id], descending=True)


def list_of_shift(actor: Actor, shift_id: UUID, page: PageRequest) -> Page[Signup]:
    """The live sign-ups of a shift that the actor leads, in order of arrival. Raises NotFound."""
    shifts.get_led(actor, Permission.VOLUNTEER_SIGNUP_VIEW_SHIFT, shift_id)
    query = (
        select(Signup)
        .where(Signup.shift_id == shift_id, Signup.status != SignupStatus.CANCELLED)
        .options(joinedload(Signup.person, innerjoin=True))
    )
    return paginate(query, page, by=[Signup.id])
