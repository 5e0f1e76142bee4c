"""Refused attempts to check in or out: kept, counted, shown to the leader, forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from accounts.permissions import Permission
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import DomainError
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer.errors import CodeInvalid, TooManyAttempts
from volunteer.models.attendances import CheckMethod, Direction
from volunteer.models.check_attempts import CheckAttempt
from volunteer.services import shifts

KEPT = timedelta(days=180)

DIGITS_TRIES = 5
DIGITS_WINDOW = timedelta(minutes=10)
"""So many wrong digits of a person for a shift within this time; of a million, at most three
are right at a time."""


@dataclass
class Attempt:
    """One that is being made; whoever makes it says which shift is meant once that is known."""

    person_id: UUID
    direction: Direction
    method: CheckMethod
    shift_id: UUID | None = None


@contextmanager
def kept(attempt: Attempt) -> Iterator[Attempt]:
    """Keep the attempt if what is done inside is refused, and the refusal keeps its writes."""
    try:
        yield attempt
    except DomainError as refusal:
        if refusal.keeps_writes:
            named = refusal.details.get("shift_id")
            row = CheckAttempt(
                id=new_id(),
                person_id=attempt.person_id,
                shift_id=UUID(named) if named else attempt.shift_id,
                at=clock.now(),
                direction=attempt.direction,
                method=attempt.method,
                outcome=refusal.code,
            )
            db.session.add(row)
        raise


def require_few(person_id: UUID, shift_id: UUID, at: datetime) -> None:
    """Raises TooManyAttempts after five wrong digits in ten minutes.

    Exact, because the caller holds the lock of the person."""
    query = (
        select(CheckAttempt.at)
        .where(
            CheckAttempt.person_id == person_id,
            CheckAttempt.shift_id == shift_id,
            CheckAttempt.at > at - DIGITS_WINDOW,
            CheckAttempt.method == CheckMethod.DIGITS,
            CheckAttempt.outcome == CodeInvalid.code,
        )
        .order_by(CheckAttempt.at.desc())
        .limit(DIGITS_TRIES)
    )
    failed = list(db.session.scalars(query))
    if len(failed) == DIGITS_TRIES:
        wait = failed[-1] + DIGITS_WINDOW - at
        raise TooManyAttempts(retry_after=ceil(wait.total_seconds()))


def list_of_shift(actor: Actor, shift_id: UUID, page: PageRequest) -> Page[CheckAttempt]:
    """The refused attempts at a shift that the actor leads, newest first. Raises NotFound."""
    shifts.get_led(actor, Permission.VOLUNTEER_SIGNUP_VIEW_SHIFT, shift_id)
    query = (
        select(CheckAttempt)
        .where(CheckAttempt.shift_id == shift_id)
        .options(joinedload(CheckAttempt.person, innerjoin=True))
    )
    return paginate(query, page, by=[CheckAttempt.id], descending=True)


def purge(before: datetime) -> int:
    """Forget the attempts before this instant; gives their number."""
    result = db.session.execute(delete(CheckAttempt).where(CheckAttempt.at < before))
    return int(result.rowcount)  # type: ignore[attr-defined]
