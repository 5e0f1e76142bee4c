"""Holidays loaded by staff, and the working days that follow from them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from core import audit, clock
from core.actor import Actor
from core.db import db
from core.ids import new_id
from core.workdays import Workdays
from volunteer.models.holidays import Holiday


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


def workdays() -> Workdays:
    """Which days are worked, as far as is known now."""
    return Workdays({h.day: h.is_workday for h in db.session.scalars(select(Holiday))})
