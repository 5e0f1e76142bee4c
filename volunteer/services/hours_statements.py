"""The statements behind a person's own summary of hours, compiled once: everybody looks at it after
every service, and to build and compile them costs more than to run them.
"""

from collections.abc import Callable
from typing import Any, Final, cast

from sqlalchemy import CompoundSelect, Table, Uuid, bindparam, func, or_, select, union

from core.prepared import Prepared
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.evaluations import Evaluation
from volunteer.models.hours import HoursEntry, VolunteerStanding
from volunteer.models.reference import StarLevel
from volunteer.models.service_requests import Rating, ServiceRequest
from volunteer.models.shifts import Shift

LATEST = 50
"""How many attendances with uncounted time a person is shown."""

_entries = cast(Table, HoursEntry.__table__)
_standings = cast(Table, VolunteerStanding.__table__)
_attendances = cast(Table, Attendance.__table__)
_shifts = cast(Table, Shift.__table__)
_activities = cast(Table, Activity.__table__)
_evaluations = cast(Table, Evaluation.__table__)
_requests = cast(Table, ServiceRequest.__table__)
_ratings = cast(Table, Rating.__table__)
_levels = cast(Table, StarLevel.__table__)

_PERSON = bindparam("person", type_=Uuid())


def said_about(is_about: Callable[[Any], Any]) -> CompoundSelect[Any]:
    """Who was judged, by what, with which score: what leaders said of people, and what those whom
    an activity served said of it. That counts once for everybody with time in it, but not for the
    one who said it. `is_about` filters a column of people."""
    of_leaders = select(_evaluations.c.person_id, _evaluations.c.id, _evaluations.c.score).where(
        is_about(_evaluations.c.person_id)
    )
    served = _attendances.c.person_id
    of_served = (
        select(served, _ratings.c.request_id, _ratings.c.score)
        .select_from(_attendances)
        .join(_shifts, _shifts.c.id == _attendances.c.shift_id)
        .join(_requests, _requests.c.activity_id == _shifts.c.activity_id)
        .join(_ratings, _ratings.c.request_id == _requests.c.id)
        .where(
            is_about(served),
            _attendances.c.minutes > 0,
            served != _ratings.c.rated_by,
            served != func.coalesce(_requests.c.requester_id, _ratings.c.rated_by),
        )
    )
    return union(of_leaders, of_served)


_said = said_about(lambda person_id: person_id == _PERSON).subquery("said")

SUMS: Final = Prepared(
    select(_entries.c.ledger, func.sum(_entries.c.minutes).label("minutes"))
    .where(_entries.c.person_id == _PERSON)
    .group_by(_entries.c.ledger)
)
"""Of one id; a person who was merged has several."""

STANDING: Final = Prepared(
    select(_standings.c.star, _standings.c.verified_minutes, _standings.c.honorary_minutes).where(
        _standings.c.person_id == _PERSON
    )
)

PENDING: Final = Prepared(
    select(func.count().label("number")).where(
        _attendances.c.person_id == _PERSON,
        or_(
            _attendances.c.status == AttendanceStatus.PENDING_CHECK_OUT,
            _attendances.c.status == AttendanceStatus.UNCONFIRMED,
        ),
    )
)

UNCOUNTED: Final = Prepared(
    select(
        _attendances.c.uncounted,
        _activities.c.id,
        _activities.c.title,
        _activities.c.place,
        _activities.c.status,
    )
    .select_from(_attendances)
    .join(_shifts, _shifts.c.id == _attendances.c.shift_id)
    .join(_activities, _activities.c.id == _shifts.c.activity_id)
    .where(_attendances.c.person_id == _PERSON, _attendances.c.minutes.is_not(None))
    .order_by(_attendances.c.id.desc())
    .limit(LATEST)
)

SCORE: Final = Prepared(
    select(func.sum(_said.c.score).label("total"), func.count().label("number")).select_from(_said)
)

LEVELS: Final = Prepared(
    select(
        _levels.c.star, _levels.c.minutes, _levels.c.verified_percent, _levels.c.score_tenths
    ).order_by(_levels.c.star)
)
