"""Two shifts of one person at the same time.

A shared hour is a matter between the person and their leaders, so they are warned and may accept
it; a shift inside another, or more than an hour, is refused. Whatever is accepted, an overlapping
minute counts once, for the first check-in.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from core.db import db
from volunteer.errors import SignupOverlaps
from volunteer.lifecycles import DEAD_SIGNUP, ActivityStatus
from volunteer.models.activities import Activity
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup

ACCEPTABLE = timedelta(minutes=60)


def refuse(
    person_id: UUID, shift: Shift, *, is_accepted: bool = False, leaving: UUID | None = None
) -> None:
    """Raises SignupOverlaps for a live sign-up of the person to another shift at the same time,
    unless it shares a part of an hour with this one and that `is_accepted`; `leaving` is a
    sign-up that makes room."""
    for present in _at_the_same_time(person_id, shift):
        if present.id == leaving:
            continue
        other = present.shift
        begin, end = max(shift.starts_at, other.starts_at), min(shift.ends_at, other.ends_at)
        is_within = (begin, end) in (
            (shift.starts_at, shift.ends_at),
            (other.starts_at, other.ends_at),
        )
        can_accept = not is_within and end - begin <= ACCEPTABLE
        if not (can_accept and is_accepted):
            raise SignupOverlaps(
                signup_id=str(present.id),
                minutes=(end - begin) // timedelta(minutes=1),
                can_accept=can_accept,
            )


def _at_the_same_time(person_id: UUID, shift: Shift) -> Iterable[Signup]:
    query = (
        select(Signup)
        .join(Signup.shift)
        .join(Shift.activity)
        .where(
            Signup.person_id == person_id,
            Signup.shift_id != shift.id,
            Signup.status.not_in(DEAD_SIGNUP),
            Shift.starts_at < shift.ends_at,
            Shift.ends_at > shift.starts_at,
            Activity.status == ActivityStatus.PUBLISHED,
        )
        .order_by(Signup.id)
        .options(contains_eager(Signup.shift))
    )
    return db.session.scalars(query)
