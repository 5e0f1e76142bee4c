"""Seats that the leader gives on site: to people who walk in, and from one shift to another.

Only while seats remain, and never past those who wait for them.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from accounts.errors import RealNameRequired
from accounts.permissions import Permission
from accounts.services import messages, persons
from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from core.errors import NotFound, WrongState
from core.ids import new_id
from volunteer import personal_codes, policies
from volunteer.errors import (
    ActivityNotOpen,
    AlreadyCheckedIn,
    AlreadySignedUp,
    AnotherActivity,
    OwnSignup,
    ShiftEnded,
    ShiftFull,
    WalkInClosed,
    WalkInUninsured,
)
from volunteer.lifecycles import DEAD_SIGNUP, ActivityStatus, ShiftStatus, SignupStatus
from volunteer.models.activities import RiskLevel
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import eligibility, overlaps, seats, shifts, signups

RUNNING = (ShiftStatus.OPEN, ShiftStatus.BEGUN)


def walk_in(
    actor: Actor, shift_id: UUID, *, person_id: UUID | None = None, code: str | None = None
) -> Signup:
    """Admit somebody who came without a sign-up, and tell them: by their id, or by the personal
    code on their phone. A repeat gives the seat they have.

    Who still waits in the queue of a shift that has begun is admitted like anybody. A pause does
    not matter here: the person is there.

    Raises NotFound unless the actor leads the shift or for no person, PersonalCodeInvalid,
    OwnSignup, RealNameRequired, ActivityNotOpen, WalkInClosed, WalkInUninsured, AlreadySignedUp
    for somebody whose sign-up is still to be decided, SignupOverlaps, ShiftFull, and what
    `eligibility.require` raises."""
    shift = shifts.get_led(actor, Permission.VOLUNTEER_SIGNUP_WALK_IN, shift_id)
    if code is not None:
        person_id = personal_codes.read(shifts.code_key(), code, clock.now()).person_id
    if person_id is None:
        raise NotFound
    policies.refuse_if_self(actor, person_id, OwnSignup)
    if persons.get(person_id).registered_at is None:
        raise RealNameRequired
    at = clock.now()
    lock_exclusively(f"person:{person_id}")
    seats.hold(shift_id)
    present = _standing(person_id, shift_id)
    if present is not None and present.status is SignupStatus.CONFIRMED:
        return present
    _require_gate(shift, at)
    eligibility.require(person_id, shift_id)
    overlaps.refuse(person_id, shift, is_accepted=True)
    if present is not None:
        if shift.starts_at > at:
            raise AlreadySignedUp
        seats.give_up(actor, present)
    signup = _seated(actor, person_id, shift_id, at, is_walk_in=True)
    audit.record(actor, signup, "walk_in", to_status=signup.status.value)
    messages.tell(
        person_id,
        "walked_in",
        signup.id,
        activity=shift.activity.title,
        starts_at=shift.starts_at.isoformat(),
    )
    return signup


def _standing(person_id: UUID, shift_id: UUID) -> Signup | None:
    return db.session.scalar(
        select(Signup)
        .where(
            Signup.person_id == person_id,
            Signup.shift_id == shift_id,
            Signup.status.not_in(DEAD_SIGNUP),
        )
        .execution_options(populate_existing=True)
    )


def _require_gate(shift: Shift, at: datetime) -> None:
    """People walk in while they could check in, and not where only the listed are insured."""
    if shift.activity.status is not ActivityStatus.PUBLISHED:
        raise ActivityNotOpen
    since = shift.starts_at - shifts.CHECK_IN_OPENS_BEFORE
    if not since <= at < shift.ends_at or shift.status not in RUNNING:
        raise WalkInClosed(since=shifts.shown(since), until=shifts.shown(shift.ends_at))
    if shift.activity.risk_level is not RiskLevel.NONE:
        raise WalkInUninsured


def move(actor: Actor, signup_id: UUID, *, shift_id: UUID) -> Signup:
    """Move a person to another shift of the same activity, and tell them; gives the new sign-up.
    A repeat gives it again.

    Raises NotFound unless the actor leads the activity, AnotherActivity, ActivityNotOpen,
    ShiftEnded, AlreadyCheckedIn, AlreadySignedUp, SignupOverlaps, ShiftFull, WrongState."""
    signup = seats.held(signup_id, and_shift=shift_id)
    origin = shifts.get_led(actor, Permission.VOLUNTEER_SIGNUP_MOVE, signup.shift_id)
    shift = db.session.get(Shift, shift_id)
    if shift is None:
        raise NotFound
    if signup.moved_to_id is not None:
        moved = db.session.get_one(Signup, signup.moved_to_id)
        if moved.shift_id == shift_id:
            return moved
    at = clock.now()
    _require_movable(signup, origin, shift, at)
    overlaps.refuse(signup.person_id, shift, is_accepted=True, leaving=signup.id)
    moved = _seated(actor, signup.person_id, shift_id, at, is_walk_in=signup.is_walk_in)
    audit.perform(actor, signup, "move", moved_to_id=moved.id)
    seats.give_back(origin.id, SignupStatus.CONFIRMED)
    messages.tell(
        signup.person_id,
        "signup_moved",
        moved.id,
        activity=origin.activity.title,
        starts_at=shift.starts_at.isoformat(),
        place=origin.activity.place,
    )
    return moved


def _require_movable(signup: Signup, origin: Shift, shift: Shift, at: datetime) -> None:
    if signup.status is not SignupStatus.CONFIRMED:
        raise WrongState(state=signup.status.value)
    if shift.activity_id != origin.activity_id:
        raise AnotherActivity
    if origin.activity.status is not ActivityStatus.PUBLISHED:
        raise ActivityNotOpen
    if at >= shift.ends_at or shift.status not in RUNNING:
        raise ShiftEnded
    if signups.has_attendance(signup):
        raise AlreadyCheckedIn
    if _standing(signup.person_id, shift.id) is not None:
        raise AlreadySignedUp


def _seated(
    actor: Actor, person_id: UUID, shift_id: UUID, at: datetime, *, is_walk_in: bool
) -> Signup:
    """A new confirmed sign-up, of which the person is told by the caller. Raises ShiftFull."""
    if not seats.occupy(shift_id, at):
        raise ShiftFull
    signup = Signup(
        id=new_id(),
        shift_id=shift_id,
        person_id=person_id,
        status=SignupStatus.CONFIRMED,
        created_at=at,
        confirmed_at=at,
        created_by=actor.id,
        is_walk_in=is_walk_in,
        is_told=True,
        is_late=False,
    )
    db.session.add(signup)
    db.session.flush()
    return signup
