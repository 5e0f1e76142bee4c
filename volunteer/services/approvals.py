"""Decisions on sign-ups, where an activity asks for them."""

from uuid import UUID

from accounts.permissions import Permission
from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.errors import WrongState
from volunteer import policies
from volunteer.errors import ActivityNotOpen, OwnSignup, ShiftBegun
from volunteer.lifecycles import ActivityStatus, SignupStatus
from volunteer.models.signups import Signup
from volunteer.services import seats, shifts


def approve(actor: Actor, signup_id: UUID) -> Signup:
    """Give a pending sign-up a seat, or a place in the queue when none is free.

    Raises NotFound unless the actor leads the shift, OwnSignup, ActivityNotOpen, ShiftBegun,
    WrongState."""
    signup = _pending(actor, Permission.VOLUNTEER_SIGNUP_APPROVE, signup_id)
    at = clock.now()
    queue = seats.take(signup.shift_id, at)
    if queue is None:
        raise ShiftBegun
    if queue.waiting == 0:
        audit.perform(actor, signup, "approve", confirmed_at=at, decided_by=actor.id)
    else:
        audit.perform(actor, signup, "waitlist", position=queue.queue_tail, decided_by=actor.id)
    return signup


def decline(actor: Actor, signup_id: UUID, *, reason: str) -> Signup:
    """Refuse a pending sign-up, and tell the person why.

    Raises NotFound unless the actor leads the shift, OwnSignup, ActivityNotOpen, WrongState."""
    signup = _pending(actor, Permission.VOLUNTEER_SIGNUP_DECLINE, signup_id)
    audit.perform(
        actor, signup, "decline", reason=reason, decided_by=actor.id, decision_reason=reason
    )
    shift = shifts.load(signup.shift_id)
    messages.tell(
        signup.person_id,
        "signup_declined",
        signup.id,
        activity=shift.activity.title,
        starts_at=shift.starts_at.isoformat(),
        reason=reason,
    )
    return signup


def _pending(actor: Actor, permission: Permission, signup_id: UUID) -> Signup:
    signup = seats.held(signup_id)
    shift = shifts.get_led(actor, permission, signup.shift_id)
    policies.refuse_if_self(actor, signup.person_id, OwnSignup)
    if shift.activity.status is not ActivityStatus.PUBLISHED:
        raise ActivityNotOpen
    if signup.status is not SignupStatus.PENDING:
        raise WrongState(state=signup.status.value)
    return signup
