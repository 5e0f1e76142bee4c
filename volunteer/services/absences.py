"""Sign-ups without a record of attendance: written down when a roll is closed, told, explained,
and taken off the record again where they were nobody's fault.

What follows from them is computed from the rows (`volunteer.standing`), so excusing one lifts a
pause at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from accounts.permissions import Permission
from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import WrongState
from volunteer import policies, standing
from volunteer.errors import OwnSignup, SignUpPaused
from volunteer.lifecycles import SignupStatus
from volunteer.models.attendances import Attendance
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import seats, shifts

HOW_TO_APPEAL = (
    "如果您到过现场，或有特殊情况没能提前取消，可以对这条记录提出异议，"
    "也可以请活动负责人或所在的文明实践阵地核实后撤销；撤销后立即恢复报名"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is told about their record. `absences`, oldest first, are those of the last
    180 days and those on which a pause of today rests."""

    absences: Sequence[Signup]
    paused_until: datetime | None
    pause_after: int = standing.ABSENCES
    within_days: int = standing.WITHIN.days
    pause_days: int = standing.PAUSE.days
    how_to_appeal: str = HOW_TO_APPEAL

    @property
    def count(self) -> int:
        return len(self.absences)


def close_roll(actor: Actor, shift_id: UUID) -> None:
    """Write down who attended and of whom there is no record, once the roll of a shift is closed.

    Of a shift that ended early, or whose activity was called off meanwhile, nobody is without a
    record: who came late or was turned away (rain) is not missed, and their sign-up is cancelled
    with the reason.

    For the service that closes rolls, which already decided who may. Raises NotFound."""
    seats.hold(shift_id)
    shift = shifts.load(shift_id)
    came = set(
        db.session.scalars(select(Attendance.person_id).where(Attendance.shift_id == shift_id))
    )
    query = (
        select(Signup)
        .where(Signup.shift_id == shift_id, Signup.status == SignupStatus.CONFIRMED)
        .order_by(Signup.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    at = clock.now()
    why_not = shift.end_reason or shift.activity.cancel_reason
    for signup in list(db.session.scalars(query)):
        if signup.person_id in came:
            audit.perform(actor, signup, "attend")
        elif why_not is not None:
            seats.give_up(actor, signup, reason=why_not)
        else:
            audit.perform(actor, signup, "lack_record", unrecorded_at=at)
            messages.tell(
                signup.person_id,
                "record_missing",
                signup.id,
                activity=shift.activity.title,
                starts_at=shift.starts_at.isoformat(),
            )


def attend_after_all(actor: Actor, person_id: UUID, shift_id: UUID) -> None:
    """Take a missing record back when the roll of a phone without signal shows that the person
    came. The caller holds the lock of the person."""
    query = select(Signup).where(
        Signup.person_id == person_id,
        Signup.shift_id == shift_id,
        Signup.status == SignupStatus.NO_RECORD,
    )
    signup = db.session.scalar(query.with_for_update())
    if signup is not None:
        nothing: dict[str, Any] = dict.fromkeys(
            ("unrecorded_at", "excused_at", "excused_by", "excuse_reason")
        )
        audit.perform(actor, signup, "attend", **nothing)


def excuse(actor: Actor, signup_id: UUID, *, reason: str) -> Signup:
    """Take a missing record off a person's record. A repeat gives the first result.

    Raises NotFound unless the actor leads the shift or works for its site, OwnSignup,
    WrongState for a sign-up of another status."""
    signup = seats.held(signup_id)
    shift = shifts.load(signup.shift_id)
    site = shifts.site_of(shift)
    if not actor.holds_over_site(Permission.VOLUNTEER_SIGNUP_EXCUSE, site.path):
        policies.require_lead(actor, Permission.VOLUNTEER_SIGNUP_EXCUSE, shift.activity)
    policies.refuse_if_self(actor, signup.person_id, OwnSignup)
    if signup.status is not SignupStatus.NO_RECORD:
        raise WrongState(state=signup.status.value)
    if signup.excused_at is None:
        signup.excused_at = clock.now()
        signup.excused_by = actor.id
        signup.excuse_reason = reason
        db.session.flush()
        audit.record(actor, signup, "excuse", reason=reason)
    return signup


def view_standing(actor: Actor) -> Standing:
    """The actor's own standing."""
    at = clock.now()
    query = (
        select(Signup)
        .where(*_on_record(actor.id))
        .order_by(Signup.unrecorded_at)
        .options(
            joinedload(Signup.shift, innerjoin=True).joinedload(Shift.activity, innerjoin=True)
        )
    )
    on_record = list(db.session.scalars(query))
    until = standing.paused_until((s.unrecorded_at for s in on_record if s.unrecorded_at), at)
    since = at - (standing.WITHIN if until is None else standing.LOOK_BACK)
    return Standing([s for s in on_record if s.unrecorded_at and s.unrecorded_at > since], until)


def _on_record(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Signup.person_id == person_id,
        Signup.status == SignupStatus.NO_RECORD,
        Signup.excused_at.is_(None),
    )


def refuse_if_paused(person_id: UUID, at: datetime) -> None:
    """Raises SignUpPaused while missing records keep the person from signing up."""
    instants = db.session.scalars(select(Signup.unrecorded_at).where(*_on_record(person_id)))
    until = standing.paused_until(filter(None, instants), at)
    if until is not None:
        raise SignUpPaused(until=shifts.shown(until))
