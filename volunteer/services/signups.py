"""Sign-ups: one conditional UPDATE of the shift decides who gets a seat and who waits.

Rows are always taken in the order person, shift, sign-up, so that nobody waits in a circle.
`sign_up` is the hottest write of a Saturday morning: its statements are built once, at import.
"""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    Table,
    bindparam,
    case,
    exists,
    false,
    insert,
    null,
    select,
    update,
)
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
        _activities.c.status,
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

_NEW = {
    name: bindparam(f"new_{name}", type_=_signups.c[name].type)
    for name in ("id", "shift_id", "person_id", "created_at")
}

_taken = _TAKE.cte("taken")
_is_seated = _taken.c.waiting == 0
_ENTER = (
    insert(_signups)
    .from_select(
        [*_NEW, "is_told", "status", "position", "confirmed_at"],
        select(
            *_NEW.values(),
            false(),
            case((_is_seated, SignupStatus.CONFIRMED.value), else_=SignupStatus.WAITLISTED.value),
            case((_is_seated, null()), else_=_taken.c.queue_tail),
            case((_is_seated, _NEW["created_at"]), else_=null()),
        ),
        include_defaults=False,
    )
    .returning(_signups.c.status, _signups.c.position, _signups.c.confirmed_at)
)
"""On PostgreSQL: take and enter in one journey to the server, so that a hot shift is held for
one journey less."""

_ENTER_TAKEN = insert(_signups)
"""On SQLite: enter what was taken before."""


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
    signup = _enter(connection, person_id, shift_id, at)
    if signup is None:
        raise ShiftBegun
    return Signup(**signup)


def _enter(
    connection: Connection, person_id: UUID, shift_id: UUID, at: datetime
) -> dict[str, Any] | None:
    """Take what the shift has, and enter the sign-up for it; None once the shift has begun.

    Gives the column values of the new row."""
    new = {"id": new_id(), "shift_id": shift_id, "person_id": person_id, "created_at": at}
    taking = {"the_shift": shift_id, "the_time": at}
    if connection.dialect.name == "postgresql":
        named = {f"new_{name}": value for name, value in new.items()}
        entered = connection.execute(_ENTER, taking | named).one_or_none()
        return None if entered is None else {**new, "is_told": False, **entered._mapping}
    queue = connection.execute(_TAKE, taking).one_or_none()
    if queue is None:
        return None
    is_seated = queue.waiting == 0
    signup = {
        **new,
        "is_told": False,
        "status": SignupStatus.CONFIRMED if is_seated else SignupStatus.WAITLISTED,
        "position": None if is_seated else queue.queue_tail,
        "confirmed_at": at if is_seated else None,
    }
    connection.execute(_ENTER_TAKEN, signup)
    return signup


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


def tell_seat(signup_id: UUID) -> None:
    """Tell a person that they have a seat, once; done by a job, off the path of signing up."""
    told = db.session.execute(
        update(Signup)
        .where(Signup.id == signup_id, ~Signup.is_told)
        .values(is_told=True)
        .returning(Signup.person_id, Signup.shift_id, Signup.position)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if told is None:
        return
    shift = shifts.load(told.shift_id)
    messages.tell(
        told.person_id,
        "seat_confirmed" if told.position is None else "seat_promoted",
        signup_id,
        activity=shift.activity.title,
        starts_at=shift.starts_at.isoformat(),
        place=shift.activity.place,
    )


def to_tell() -> list[UUID]:
    """Sign-ups with a seat in a shift to come, whose person was not told yet."""
    query = (
        select(Signup.id)
        .join(Signup.shift)
        .where(
            Signup.status == SignupStatus.CONFIRMED,
            ~Signup.is_told,
            Shift.starts_at > clock.now(),
        )
        .order_by(Signup.id)
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
