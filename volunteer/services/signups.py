"""Sign-ups: one conditional UPDATE of the shift decides who gets a seat and who waits.

`sign_up` is the hottest write of a Saturday morning: its statements are in `signup_statements`.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, exists, select
from sqlalchemy.orm import joinedload

from accounts.models.consents import ConsentKind
from accounts.permissions import Permission
from accounts.services import consents, messages
from core import audit, clock
from core.actor import Actor
from core.db import current_connection, db, finish, lock_exclusively
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from core.prepared import Prepared
from volunteer import policies, standing
from volunteer.errors import ActivityNotOpen, AlreadyCheckedIn, ShiftBegun
from volunteer.lifecycles import DEAD_SIGNUP, LIVE_SIGNUP, ActivityStatus, SignupStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import absences, eligibility, overlaps, seats, shifts
from volunteer.services.signup_statements import ENTER, ENTER_IF_SIMPLE, ENTER_TAKEN, FACTS, TAKE

BATCH = 500


def sign_up(actor: Actor, shift_id: UUID, *, accept_overlap: bool = False) -> Signup:
    """Take a seat, or a place in the queue when none is free; where the activity asks for
    approval, wait for it. A repeat gives the first sign-up.

    `accept_overlap`: the person knows that they are expected elsewhere for a part of an hour.

    Raises NotFound, ActivityNotOpen, ShiftBegun, SignUpPaused, SignupOverlaps, and what
    `eligibility.require` raises."""
    signup, _ = _sign_up(actor.id, shift_id, accept_overlap=accept_overlap, is_all=True)
    return signup


def sign_up_on_behalf(
    actor: Actor, shift_id: UUID, *, person_id: UUID, accept_overlap: bool = False
) -> Signup:
    """Sign up somebody without a phone, by a helper of the site, and tell them.

    Raises NotFound outside the helper's sites, ConsentRequired if the person's consent is not
    on record, and what `sign_up` raises."""
    shift = shifts.load(shift_id)
    policies.require_over_site(
        actor, Permission.VOLUNTEER_SIGNUP_SIGN_UP_ON_BEHALF, shifts.site_of(shift)
    )
    consents.require(person_id, ConsentKind.REAL_NAME)
    signup, is_new = _sign_up(
        person_id, shift_id, accept_overlap=accept_overlap, created_by=actor.id
    )
    if is_new:
        audit.record(actor, signup, "sign_up_on_behalf", to_status=signup.status.value)
        _tell_of_proxy("signed_up_on_behalf", signup, shift)
    return signup


def _tell_of_proxy(template: str, signup: Signup, shift: Shift) -> None:
    messages.tell(
        signup.person_id,
        template,
        signup.id,
        activity=shift.activity.title,
        starts_at=shift.starts_at.isoformat(),
    )


def _sign_up(
    person_id: UUID,
    shift_id: UUID,
    *,
    accept_overlap: bool,
    created_by: UUID | None = None,
    is_all: bool = False,
) -> tuple[Signup, bool]:
    """The sign-up, and whether it is new. `is_all`: the caller writes nothing else."""
    at = clock.now()
    lock_exclusively(f"person:{person_id}")
    asked = {
        "the_shift": shift_id,
        "the_person": person_id,
        "look_back": at - standing.LOOK_BACK,
        "adult_since": clock.day_of(at) - eligibility.SURELY_ADULT,
    }
    new = {
        "id": new_id(),
        "shift_id": shift_id,
        "person_id": person_id,
        "created_at": at,
        "created_by": created_by,
    }
    if current_connection().dialect.name == "postgresql":
        signup = _enter_by(ENTER_IF_SIMPLE, new, asked, is_all=is_all)
        if signup is not None:
            return Signup(**signup), True
    return _sign_up_with_care(new, asked, accept_overlap=accept_overlap)


def _sign_up_with_care(
    new: dict[str, Any], asked: dict[str, Any], *, accept_overlap: bool
) -> tuple[Signup, bool]:
    """The same step by step, with the reason where it can't be."""
    person_id, shift_id, at = new["person_id"], new["shift_id"], new["created_at"]
    lock_exclusively(f"person:{person_id}")  # the first try may have ended its transaction
    connection = current_connection()
    facts = FACTS.first(connection, asked)
    if facts is None or facts.published_at is None:
        raise NotFound
    if facts.signup_in_the_way is not None:
        present = db.session.get_one(Signup, facts.signup_in_the_way)
        if present.shift_id == shift_id:
            return present, False
        overlaps.refuse(person_id, db.session.get_one(Shift, shift_id), is_accepted=accept_overlap)
    if facts.status is not ActivityStatus.PUBLISHED:
        raise ActivityNotOpen
    needs_approval = not facts.is_simple and _require_more(person_id, shift_id, at)
    enter = _enter_pending if needs_approval else _enter
    signup = enter(connection, new)
    if signup is None:
        raise ShiftBegun
    return Signup(**signup), True


def _require_more(person_id: UUID, shift_id: UUID, at: datetime) -> bool:
    """Ask what was left open; gives whether an organizer decides."""
    eligibility.require(person_id, shift_id)
    absences.refuse_if_paused(person_id, at)
    return shifts.load(shift_id).activity.needs_approval


_UNSEATED = {
    "is_told": False,
    "is_late": False,
    "is_walk_in": False,
    "position": None,
    "confirmed_at": None,
}
"""Columns of a new sign-up that holds nothing yet."""


def _enter(connection: Connection, new: dict[str, Any]) -> dict[str, Any] | None:
    """Take what the shift has, and enter the `new` sign-up for it; None once the shift has begun.

    Gives the column values of the row."""
    shift_id, at = new["shift_id"], new["created_at"]
    taking = {"the_shift": shift_id, "the_time": at}
    if connection.dialect.name == "postgresql":
        return _enter_by(ENTER, new, {})
    queue = TAKE.first(connection, taking)
    if queue is None:
        return None
    is_seated = queue.waiting == 0
    signup = {
        **new,
        **_UNSEATED,
        "status": SignupStatus.CONFIRMED if is_seated else SignupStatus.WAITLISTED,
        "position": None if is_seated else queue.queue_tail,
        "confirmed_at": at if is_seated else None,
    }
    connection.execute(ENTER_TAKEN, signup)
    return signup


def _enter_by(
    statement: Prepared, new: dict[str, Any], asked: dict[str, Any], *, is_all: bool = False
) -> dict[str, Any] | None:
    named = {f"new_{name}": value for name, value in new.items()}
    taking = {"the_shift": new["shift_id"], "the_time": new["created_at"]}
    told = asked | taking | named
    entered = finish(statement, told) if is_all else statement.first(current_connection(), told)
    return None if entered is None else new | _UNSEATED | entered._asdict()


def _enter_pending(connection: Connection, new: dict[str, Any]) -> dict[str, Any] | None:
    """The same for one to be decided on, which holds nothing of the shift."""
    if db.session.get_one(Shift, new["shift_id"]).starts_at <= new["created_at"]:
        return None
    signup = {**new, **_UNSEATED, "status": SignupStatus.PENDING}
    connection.execute(ENTER_TAKEN, signup)
    return signup


def cancel(actor: Actor, signup_id: UUID) -> Signup:
    """Give up a sign-up before the shift begins, one's own or on somebody's behalf; its seat goes
    to the queue. A seat given up after the activity's deadline is marked as late, unless the
    activity was postponed meanwhile.

    Raises NotFound, ShiftBegun, AlreadyCheckedIn, WrongState."""
    signup = seats.held(signup_id)
    shift = shifts.load(signup.shift_id)
    is_own = signup.person_id == actor.person_id
    if not is_own:
        policies.require_over_site(actor, Permission.VOLUNTEER_SIGNUP_CANCEL, shifts.site_of(shift))
    at = clock.now()
    if shift.starts_at <= at and shift.activity.status is not ActivityStatus.POSTPONED:
        raise ShiftBegun
    if has_attendance(signup):
        raise AlreadyCheckedIn
    is_late = (
        signup.status is SignupStatus.CONFIRMED
        and at > shift.starts_at - timedelta(hours=shift.activity.cancel_hours)
        and not _was_postponed(signup, shift.activity)
    )
    seats.give_up(actor, signup, is_late=is_late)
    if not is_own:
        _tell_of_proxy("cancelled_on_behalf", signup, shift)
    return signup


def has_attendance(signup: Signup) -> bool:
    """Whether the person checked in to the shift."""
    query = select(Attendance.id).where(
        Attendance.shift_id == signup.shift_id, Attendance.person_id == signup.person_id
    )
    return db.session.scalar(query) is not None


def _was_postponed(signup: Signup, activity: Activity) -> bool:
    """Whether the activity is no longer what the person signed up to."""
    if activity.status is ActivityStatus.POSTPONED:
        return True
    return activity.rescheduled_at is not None and signup.created_at < activity.rescheduled_at


def release(actor: Actor, signup_id: UUID) -> Signup:
    """Cancel a sign-up because its activity was called off, and tell the person; by a job.

    Raises NotFound, WrongState."""
    signup = seats.held(signup_id)
    shift = shifts.load(signup.shift_id)
    activity = shift.activity
    if activity.status is not ActivityStatus.CANCELLED:
        raise NotFound
    messages.tell(
        signup.person_id,
        "activity_cancelled",
        signup.id,
        activity=activity.title,
        starts_at=shift.starts_at.isoformat(),
        reason=activity.cancel_reason or "",
    )
    seats.give_up(actor, signup, reason=activity.cancel_reason)
    return signup


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
            Signup.status.in_(LIVE_SIGNUP),
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


def list_of_shift(
    actor: Actor, shift_id: UUID, page: PageRequest, *, status: SignupStatus | None = None
) -> Page[Signup]:
    """The sign-ups of a shift that the actor leads, in order of arrival: those of a status, or
    all that stand. Raises NotFound."""
    shifts.get_led(actor, Permission.VOLUNTEER_SIGNUP_VIEW_SHIFT, shift_id)
    wanted = Signup.status.not_in(DEAD_SIGNUP) if status is None else Signup.status == status
    query = (
        select(Signup)
        .where(Signup.shift_id == shift_id, wanted)
        .options(joinedload(Signup.person, innerjoin=True))
    )
    return paginate(query, page, by=[Signup.id])
