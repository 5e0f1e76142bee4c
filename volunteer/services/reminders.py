"""What people are told about their shifts, each once, by jobs, off the path of signing up. What
is told of a time is told again of another one, to which the shift was moved."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy import select, update

from accounts.services import messages
from core import clock
from core.db import db
from volunteer.lifecycles import ActivityStatus, SignupStatus
from volunteer.models.activities import Activity
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import shifts

BATCH = 500

REMINDED_AT = timedelta(hours=18)
"""After the start of the day before, in Shanghai: people are home and can still give notice."""

THIN_BEFORE = timedelta(hours=24)
"""So long before a shift its organizer can still find more people."""


def tell_seat(signup_id: UUID) -> None:
    """Tell a person that they have a seat, once."""
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
    template = "seat_confirmed" if told.position is None else "seat_promoted"
    messages.tell(told.person_id, template, signup_id, **_where_and_when(shift))


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


def remind(signup_id: UUID) -> None:
    """Remind a person of the shift of the next day, once."""
    reminded = db.session.execute(
        update(Signup)
        .where(Signup.id == signup_id, ~Signup.is_reminded)
        .values(is_reminded=True)
        .returning(Signup.person_id, Signup.shift_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if reminded is not None:
        shift = shifts.load(reminded.shift_id)
        cause = uuid5(signup_id, shift.starts_at.isoformat())
        messages.tell(reminded.person_id, "shift_tomorrow", cause, **_where_and_when(shift))


def to_remind() -> list[UUID]:
    """Seats in shifts of which the evening before has come; who got theirs later knows it."""
    at = clock.now()
    evening = clock.start_of(clock.day_of(at - REMINDED_AT)) + REMINDED_AT
    next_midnight = clock.start_of(clock.day_of(evening) + timedelta(days=2))
    query = (
        select(Signup.id)
        .join(Signup.shift)
        .join(Shift.activity)
        .where(
            Signup.status == SignupStatus.CONFIRMED,
            ~Signup.is_reminded,
            Signup.confirmed_at <= evening,
            Shift.ends_at > at,
            Shift.starts_at > at,
            Shift.starts_at >= clock.start_of(clock.day_of(evening) + timedelta(days=1)),
            Shift.starts_at < next_midnight,
            Activity.status == ActivityStatus.PUBLISHED,
        )
        .order_by(Signup.id)
    )
    return list(db.session.scalars(query.limit(BATCH)))


def forget(shift_ids: Collection[UUID]) -> None:
    """Let people be reminded of the new times of these shifts, and thin staffing be told anew."""
    for model, owner, flag in (
        (Signup, Signup.shift_id, Signup.is_reminded),
        (Shift, Shift.id, Shift.is_thin_told),
    ):
        db.session.execute(
            update(model)
            .where(owner.in_(shift_ids), flag)
            .values({flag: False})
            .execution_options(synchronize_session=False)
        )


def warn_thin(shift_id: UUID) -> None:
    """Tell the leader and the organizer that too few have signed up, once."""
    warned = db.session.execute(
        update(Shift)
        .where(Shift.id == shift_id, ~Shift.is_thin_told)
        .values(is_thin_told=True)
        .returning(Shift.seats_taken, Shift.min_people)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if warned is None:
        return
    shift = shifts.load(shift_id)
    cause = uuid5(shift_id, shift.starts_at.isoformat())
    for person_id in {shift.activity.leader_id, shift.activity.created_by}:
        messages.tell(
            person_id,
            "shift_thin",
            cause,
            activity=shift.activity.title,
            starts_at=shift.starts_at.isoformat(),
            staffing=f"至少 {warned.min_people} 人，现有 {warned.seats_taken} 人",
        )


def to_warn_thin() -> list[UUID]:
    """Shifts of the next day with fewer people than they need."""
    at = clock.now()
    query = (
        select(Shift.id)
        .join(Shift.activity)
        .where(
            Shift.seats_taken < Shift.min_people,
            ~Shift.is_thin_told,
            Shift.ends_at > at,
            Shift.starts_at > at,
            Shift.starts_at <= at + THIN_BEFORE,
            Activity.status == ActivityStatus.PUBLISHED,
        )
    )
    return list(db.session.scalars(query.limit(BATCH)))


def _where_and_when(shift: Shift) -> Mapping[str, str]:
    return {
        "activity": shift.activity.title,
        "starts_at": shift.starts_at.isoformat(),
        "place": shift.activity.place,
    }
