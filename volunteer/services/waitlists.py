"""The queue of a shift: freed seats are offered to those who wait, earliest first.

Nobody jumps the queue: while somebody waits, a free seat is theirs (`Shift.seats_left` is 0).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, update

from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from volunteer import offers
from volunteer.errors import ActivityNotOpen, OfferExpired, ShiftBegun
from volunteer.lifecycles import ActivityStatus, SignupStatus
from volunteer.models.activities import Activity
from volunteer.models.shifts import Shift
from volunteer.models.signups import UNDECIDED, Signup
from volunteer.services import seats, shifts

BATCH = 500

CAN_BEGIN = (ActivityStatus.PUBLISHED, ActivityStatus.FINISHED, ActivityStatus.SETTLED)

UNHEARD = {
    SignupStatus.PENDING: "组织者没有在开始前审核",
    SignupStatus.WAITLISTED: "候补没有等到名额",
}
"""Why a sign-up ended with the beginning of its shift."""


def fill(actor: Actor, shift_id: UUID) -> int:
    """Offer the free seats of a shift to those who wait, earliest first; shortly before it
    begins give them without asking. Done by a job.

    Gives the number of people. Raises NotFound."""
    at = clock.now()
    shift = db.session.get(Shift, shift_id, with_for_update=True, populate_existing=True)
    if shift is None:
        raise NotFound
    activity = db.session.get_one(Activity, shift.activity_id)
    is_open = shift.starts_at > at and shift.ended_at is None
    if not is_open or activity.status is not ActivityStatus.PUBLISHED:
        return 0
    query = (
        select(Signup)
        .where(Signup.shift_id == shift_id, Signup.status == SignupStatus.WAITLISTED)
        .order_by(Signup.position)
        .limit(shift.capacity - shift.seats_taken)
    )
    first = list(db.session.scalars(query))
    until = offers.deadline(at, shift.starts_at)
    for signup in first:
        if until is None:
            audit.perform(actor, signup, "promote", confirmed_at=at)
        else:
            _offer(actor, signup, shift, activity, until)
    seats.count(shift_id, seats_taken=len(first), waiting=-len(first))
    return len(first)


def _offer(actor: Actor, signup: Signup, shift: Shift, activity: Activity, until: datetime) -> None:
    audit.perform(actor, signup, "offer", offer_expires_at=until)
    messages.tell(
        signup.person_id,
        "seat_offered",
        signup.id,
        activity=activity.title,
        starts_at=shift.starts_at.isoformat(),
        until=until.isoformat(),
    )


def to_fill() -> list[UUID]:
    """Shifts to come with a free seat and somebody who waits for it; not one that was called off
    by its leader before it began."""
    query = (
        select(Shift.id)
        .join(Shift.activity)
        .where(
            Shift.waiting > 0,
            Shift.seats_taken < Shift.capacity,
            Shift.starts_at > clock.now(),
            Shift.ended_at.is_(None),
            Activity.status == ActivityStatus.PUBLISHED,
        )
    )
    return list(db.session.scalars(query.limit(BATCH)))


def take(actor: Actor, signup_id: UUID) -> Signup:
    """Take the seat that is kept for the actor. A repeat finds it taken.

    Raises NotFound, OfferExpired, ActivityNotOpen, ShiftBegun, WrongState."""
    signup = seats.held(signup_id)
    if signup.person_id != actor.person_id:
        raise NotFound
    if signup.status is SignupStatus.CONFIRMED and signup.offer_expires_at is not None:
        return signup
    at = clock.now()
    shift = shifts.load(signup.shift_id)
    if shift.activity.status is not ActivityStatus.PUBLISHED:
        raise ActivityNotOpen
    if shift.starts_at <= at:
        raise ShiftBegun
    until = signup.offer_expires_at
    if signup.status is SignupStatus.EXPIRED or (until is not None and until <= at):
        raise OfferExpired(until=shifts.shown(until) if until else None)
    audit.perform(actor, signup, "take", confirmed_at=at)
    return signup


def expire(actor: Actor, signup_id: UUID) -> Signup:
    """End an offer that was not taken in time, and tell the person; its seat goes to the next
    who waits. Done by a job. Raises NotFound, WrongState."""
    signup = seats.held(signup_id)
    shift = shifts.load(signup.shift_id)
    is_kept = signup.offer_expires_at is not None and signup.offer_expires_at > clock.now()
    if is_kept or shift.activity.status is ActivityStatus.POSTPONED:
        raise NotFound
    audit.perform(actor, signup, "expire")
    seats.count(signup.shift_id, seats_taken=-1)
    messages.tell(
        signup.person_id,
        "offer_expired",
        signup.id,
        activity=shift.activity.title,
        starts_at=shift.starts_at.isoformat(),
    )
    return signup


def to_expire() -> list[UUID]:
    """Offers whose end has come; those of a postponed activity, which nobody can take, wait for
    its new times."""
    is_postponed = (
        exists()
        .where(
            Shift.id == Signup.shift_id,
            Activity.id == Shift.activity_id,
            Activity.status == ActivityStatus.POSTPONED,
        )
        .correlate(Signup)
    )
    query = select(Signup.id).where(
        Signup.status == SignupStatus.OFFERED,
        Signup.offer_expires_at <= clock.now(),
        ~is_postponed,
    )
    return list(db.session.scalars(query.order_by(Signup.offer_expires_at).limit(BATCH)))


def extend(shift: Shift, at: datetime) -> None:
    """Keep the seats that are offered in a shift as if they had been offered at `at`, when it got
    its new time; shortly before it begins, until then."""
    until = offers.deadline(at, shift.starts_at) or shift.starts_at
    db.session.execute(
        update(Signup)
        .where(Signup.shift_id == shift.id, Signup.status == SignupStatus.OFFERED)
        .values(offer_expires_at=until)
        .execution_options(synchronize_session=False)
    )


def lapse(actor: Actor, signup_id: UUID) -> Signup:
    """End a sign-up that had neither a seat nor a decision when its shift began, and tell the
    person; whoever is there may still walk in. Done by a job.

    Raises NotFound, WrongState."""
    signup = seats.held(signup_id)
    shift = shifts.load(signup.shift_id)
    if shift.starts_at > clock.now() or shift.activity.status not in CAN_BEGIN:
        raise NotFound
    before = signup.status
    audit.perform(actor, signup, "lapse")
    seats.give_back(signup.shift_id, before)
    messages.tell(
        signup.person_id,
        "signup_lapsed",
        signup.id,
        activity=shift.activity.title,
        starts_at=shift.starts_at.isoformat(),
        reason=UNHEARD[before],
    )
    return signup


def to_lapse() -> list[UUID]:
    """Sign-ups without a seat or a decision whose shift has begun. Those of a postponed activity
    keep their place for its new times; those of a cancelled one are released."""
    has_begun = (
        exists()
        .where(
            Shift.id == Signup.shift_id,
            Activity.id == Shift.activity_id,
            Shift.starts_at <= clock.now(),
            Activity.status.in_(CAN_BEGIN),
        )
        .correlate(Signup)
    )
    query = select(Signup.id).where(UNDECIDED, has_begun)
    return list(db.session.scalars(query.order_by(Signup.id).limit(BATCH)))
