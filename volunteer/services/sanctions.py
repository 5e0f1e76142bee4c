"""Sanctions: who claimed or approved hours that nobody served does neither for a year, and not
until they have served 100 more hours with check-in and check-out (Chongqing)."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.ids import new_id
from volunteer.errors import BackfillBarred
from volunteer.models.activities import Activity
from volunteer.models.sanctions import Sanction
from volunteer.services import hours

DURATION = timedelta(days=365)
MINUTES_TO_SERVE = 100 * 60


def impose(
    actor: Actor, person_id: UUID, *, backfill_id: UUID, activity: Activity, reason: str
) -> Sanction:
    """Bar a person from backfills after a false one, and tell them."""
    sanction = Sanction(
        id=new_id(),
        person_id=person_id,
        backfill_id=backfill_id,
        reason=reason,
        imposed_by=actor.id,
        imposed_at=clock.now(),
        ends_on=clock.today() + DURATION,
        verified_minutes=hours.verified_minutes(person_id),
    )
    db.session.add(sanction)
    db.session.flush()
    audit.record(actor, sanction, "impose", reason=reason)
    messages.tell(
        person_id,
        "sanction_imposed",
        sanction.id,
        activity=activity.title,
        until=sanction.ends_on.isoformat(),
        note=reason,
    )
    return sanction


def lift(actor: Actor, sanction: Sanction, *, reason: str) -> None:
    """End a sanction because a dispute about it was upheld."""
    sanction.lifted_at = clock.now()
    db.session.flush()
    audit.record(actor, sanction, "lift", reason=reason)


def require_free(person_id: UUID) -> None:
    """Raises BackfillBarred while a sanction of the person is in force."""
    unlifted = select(Sanction).where(Sanction.person_id == person_id, Sanction.lifted_at.is_(None))
    for sanction in db.session.scalars(unlifted):
        if is_in_force(sanction):
            raise BackfillBarred(until=(sanction.ends_on + timedelta(days=1)).isoformat())


def is_in_force(sanction: Sanction) -> bool:
    """Until its last day is over and enough was served since."""
    if sanction.lifted_at is not None:
        return False
    served = hours.verified_minutes(sanction.person_id) - sanction.verified_minutes
    return clock.today() <= sanction.ends_on or served < MINUTES_TO_SERVE


def list_own(actor: Actor) -> Sequence[Sanction]:
    """The actor's sanctions, newest first."""
    query = select(Sanction).where(Sanction.person_id == actor.id)
    return db.session.scalars(query.order_by(Sanction.id.desc())).all()
