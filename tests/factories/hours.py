"""Time served, as the records of an attendance leave it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from accounts.permissions import Role
from core.actor import SYSTEM, Actor
from core.db import db
from core.ids import new_id
from tests.factories.accounts import actor_of, grant, person, site
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.attendances import Attendance, CheckMethod
from volunteer.models.hours import HoursEntry
from volunteer.services import holidays, settlements, shifts

MINUTE = timedelta(minutes=1)


def served(volunteer: Actor, shift_id: UUID, came: datetime, left: datetime) -> Attendance:
    """An attendance that has become known now, with these times, settled."""
    shift = shifts.load(shift_id)
    attendance = Attendance(
        id=new_id(),
        shift=shift,
        person_id=volunteer.id,
        status=AttendanceStatus.CHECKED_OUT,
        checked_in_at=came,
        checked_out_at=left,
        check_out_method=CheckMethod.CODE,
        uncounted=[],
    )
    db.session.add(attendance)
    db.session.flush()
    return settlements.settle(volunteer, attendance, shift)


def entries_of(volunteer: Actor) -> list[HoursEntry]:
    """In the order in which they were written."""
    query = select(HoursEntry).where(HoursEntry.person_id == volunteer.id).order_by(HoursEntry.id)
    return list(db.session.scalars(query))


def city_staff(name: str = "钱市级") -> Actor:
    """Staff over the site of the city, and so over all."""
    return actor_of(person(name), grant(Role.SITE_STAFF, over=site("411000")))


def know_holidays(*years: int) -> None:
    """Have the holidays of these years announced: New Year's Day alone."""
    days = [{"day": date(y, 1, 1), "is_workday": False, "name": "元旦"} for y in years]
    holidays.load(SYSTEM, days)
