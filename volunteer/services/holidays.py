"""Holidays loaded by staff, and the working days that follow from them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import uuid5

from sqlalchemy import select

from accounts.permissions import Role
from accounts.services import messages, roles
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import db
from core.ids import new_id
from core.workdays import Workdays
from volunteer.models.holidays import Holiday

ANNOUNCED_BEFORE = 12
"""The month by which the State Council has announced the next year's holidays."""


def load(actor: Actor, days: Iterable[Mapping[str, Any]]) -> list[Holiday]:
    """Store days (`day`, `is_workday`, `name`) that are not what their weekday says; a day that
    is there already is replaced. Gives all of the years concerned, in order."""
    years = set()
    for given in days:
        held = db.session.scalar(select(Holiday).where(Holiday.day == given["day"]))
        if held is None:
            held = Holiday(id=new_id(), day=given["day"])
            db.session.add(held)
        held.is_workday, held.name = given["is_workday"], given["name"]
        held.loaded_by, held.loaded_at = actor.person_id, clock.now()
        years.add(held.day.year)
        audit.record(actor, held, "load", reason=f"{held.day} {held.name}")
    db.session.flush()
    return [held for year in sorted(years) for held in list_year(year)]


def list_year(year: int) -> list[Holiday]:
    """The loaded days of a year."""
    query = select(Holiday).where(
        Holiday.day >= date(year, 1, 1), Holiday.day <= date(year, 12, 31)
    )
    return list(db.session.scalars(query.order_by(Holiday.day)))


def missing_years() -> list[int]:
    """Years on whose holidays a count may rest now, and which nobody knows."""
    today, calendar = clock.today(), workdays()
    near = [today.year, today.year + 1] if today.month >= ANNOUNCED_BEFORE else [today.year]
    return [year for year in near if not calendar.knows(year)]


def warn() -> int:
    """Tell the administrators, once a week, which years are missing; done by a job. Gives the
    number of years."""
    years, (_, week, _) = missing_years(), clock.today().isocalendar()
    for year in years:
        for person_id in roles.holders(Role.ADMIN, ScopeKind.CITY, None):
            cause = uuid5(person_id, f"holidays of {year}, week {week}")
            messages.tell(person_id, "holidays_missing", cause, year=str(year))
    return len(years)


def workdays() -> Workdays:
    """Which days are worked, as far as is known now."""
    return Workdays({h.day: h.is_workday for h in db.session.scalars(select(Holiday))})
