"""Seats of minors whose guardian took the consent back (Henan art. 8).

The consent is what the seat rests on. Another guardian has a day to give theirs; of a shift that
begins within a day the seat is given up at once.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from accounts.identity import age_on
from accounts.models.guardians import Guardianship
from accounts.models.persons import Person
from accounts.services import guardians, messages
from accounts.services.persons import ADULT_AGE, adult_if_born_by
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from volunteer.lifecycles import LIVE_SIGNUP
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import seats, shifts, signups

GRACE = timedelta(hours=24)
REASON = "监护人撤回了同意"
BATCH = 500


def to_release() -> list[UUID]:
    """Sign-ups to come of people under age whose guardian's consent was withdrawn, and not given
    again."""
    at = clock.now()
    again = aliased(Guardianship)
    has_another = select(again.id).where(
        again.ward_id == Guardianship.ward_id, again.withdrawn_at.is_(None)
    )
    query = (
        select(Signup.id, Shift.starts_at, Person.born_on)
        .distinct()
        .select_from(Guardianship)
        .join(Signup, Signup.person_id == Guardianship.ward_id)
        .join(Shift, Shift.id == Signup.shift_id)
        .join(Person, Person.id == Guardianship.ward_id)
        .where(
            Signup.status.in_(LIVE_SIGNUP),
            Guardianship.withdrawn_at.is_not(None),
            or_(Guardianship.withdrawn_at <= at - GRACE, Shift.starts_at <= at + GRACE),
            ~has_another.exists(),
            Shift.starts_at > at,
            Person.born_on > adult_if_born_by(clock.day_of(at)),
        )
        .order_by(Signup.id)
        .limit(BATCH)
    )
    return [
        signup_id
        for signup_id, starts_at, born_on in db.session.execute(query)
        if born_on is not None and age_on(born_on, clock.day_of(starts_at)) < ADULT_AGE
    ]


def release(actor: Actor, signup_id: UUID) -> Signup:
    """Give up such a sign-up, and tell its person; done by a job.

    Raises NotFound if the consent was given again meanwhile or the person has come, WrongState."""
    signup = seats.held(signup_id)
    shift = shifts.load(signup.shift_id)
    if guardians.has_consented(signup.person_id) or signups.has_attendance(signup):
        raise NotFound
    seats.give_up(actor, signup, reason=REASON)
    messages.tell(
        signup.person_id,
        "ward_released",
        signup.id,
        activity=shift.activity.title,
        starts_at=shift.starts_at.isoformat(),
    )
    return signup
