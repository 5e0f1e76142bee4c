"""Seats of a shift: its counters move here and nowhere else, by conditional UPDATEs.

Rows are always taken in the order person, shifts by id, sign-ups, so that nobody waits in a
circle.
"""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Row, Table, bindparam, case, select, update

from core import audit, clock
from core.actor import Actor
from core.db import current_connection, db, lock_exclusively
from core.errors import NotFound
from volunteer.lifecycles import SignupStatus
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup

_shifts = cast(Table, Shift.__table__)

SEATED = (SignupStatus.CONFIRMED, SignupStatus.OFFERED)
"""These hold a seat; an offered one is kept."""

_has_seat = (_shifts.c.seats_taken < _shifts.c.capacity) & (_shifts.c.waiting == 0)

TAKE = (
    update(_shifts)
    .where(
        _shifts.c.id == bindparam("the_shift"),
        _shifts.c.starts_at > bindparam("the_time"),
        _shifts.c.ended_at.is_(None),
    )
    .values(
        seats_taken=_shifts.c.seats_taken + case((_has_seat, 1), else_=0),
        waiting=_shifts.c.waiting + case((_has_seat, 0), else_=1),
        queue_tail=_shifts.c.queue_tail + case((_has_seat, 0), else_=1),
    )
    .returning(_shifts.c.waiting, _shifts.c.queue_tail)
)
"""Takes a seat, or a place in the queue. A free seat is only for who finds no queue, so after
it nobody waits, and otherwise somebody does: `waiting` tells which of the two happened."""


def take(shift_id: UUID, at: datetime) -> Row[*tuple[Any, ...]] | None:
    """Take what a shift has: a seat if afterwards nobody is `waiting`, else the place
    `queue_tail`. None once it has begun, or was ended early."""
    taking = {"the_shift": shift_id, "the_time": at}
    return current_connection().execute(TAKE, taking).one_or_none()


def occupy(shift_id: UUID, at: datetime) -> bool:
    """Take a seat for somebody who doesn't queue; False if none is free.

    Until the shift begins a seat belongs to those who wait; afterwards to those who are there."""
    taken = cast(
        "CursorResult[Any]",
        db.session.execute(
            update(Shift)
            .where(
                Shift.id == shift_id,
                Shift.seats_taken < Shift.capacity,
                (Shift.waiting == 0) | (Shift.starts_at <= at),
            )
            .values(seats_taken=Shift.seats_taken + 1)
            .execution_options(synchronize_session=False)
        ),
    )
    return taken.rowcount == 1


def count(shift_id: UUID, *, seats_taken: int = 0, waiting: int = 0) -> None:
    """Move the counters of a shift; its CHECKs refuse what can't be."""
    db.session.execute(
        update(Shift)
        .where(Shift.id == shift_id)
        .values(seats_taken=Shift.seats_taken + seats_taken, waiting=Shift.waiting + waiting)
        .execution_options(synchronize_session=False)
    )


def give_back(shift_id: UUID, status: SignupStatus) -> None:
    """Give back what a sign-up of this status held: its seat, or its place in the queue."""
    count(
        shift_id,
        seats_taken=-1 if status in SEATED else 0,
        waiting=-1 if status is SignupStatus.WAITLISTED else 0,
    )


def give_up(
    actor: Actor, signup: Signup, *, reason: str | None = None, is_late: bool = False
) -> None:
    """Cancel a held sign-up and give back what it had, for services that already decided.

    Raises WrongState."""
    before = signup.status
    audit.perform(actor, signup, "cancel", reason=reason, cancelled_at=clock.now(), is_late=is_late)
    give_back(signup.shift_id, before)


def hold(*shift_ids: UUID) -> None:
    """Hold the shifts until the transaction ends."""
    db.session.execute(
        select(Shift.id).where(Shift.id.in_(shift_ids)).order_by(Shift.id).with_for_update()
    )


def held(signup_id: UUID, *, and_shift: UUID | None = None) -> Signup:
    """A sign-up as it is now, with the rows that change with it held, in their order: its person,
    its shift (and another one), itself. Raises NotFound."""
    keys = db.session.execute(
        select(Signup.person_id, Signup.shift_id).where(Signup.id == signup_id)
    ).one_or_none()
    if keys is None:
        raise NotFound
    lock_exclusively(f"person:{keys.person_id}")
    hold(keys.shift_id, and_shift or keys.shift_id)
    return db.session.get_one(Signup, signup_id, populate_existing=True)
