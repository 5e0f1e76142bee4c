"""The statements of a sign-up, the hottest write of a Saturday morning: built once, at import."""

from typing import cast

from sqlalchemy import (
    Table,
    Update,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    insert,
    literal_column,
    null,
    select,
)

from core.prepared import Prepared
from volunteer import standing
from volunteer.lifecycles import DEAD_SIGNUP, ActivityStatus, SignupStatus
from volunteer.models.activities import Activity
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import eligibility, seats

_shifts = cast(Table, Shift.__table__)
_activities = cast(Table, Activity.__table__)
_signups = cast(Table, Signup.__table__)
_other_shifts = _shifts.alias("other_shifts")
_other_activities = _activities.alias("other_activities")

_stands = and_(*(_signups.c.status != literal_column(f"'{dead.value}'") for dead in DEAD_SIGNUP))

_IN_THE_WAY = (
    select(_signups.c.id)
    .join(_other_shifts, _other_shifts.c.id == _signups.c.shift_id)
    .join(_other_activities, _other_activities.c.id == _other_shifts.c.activity_id)
    .where(
        _signups.c.person_id == bindparam("the_person"),
        _stands,
        _other_shifts.c.starts_at < _shifts.c.ends_at,
        _other_shifts.c.ends_at > _shifts.c.starts_at,
        _other_activities.c.status == ActivityStatus.PUBLISHED,
    )
    .order_by((_signups.c.shift_id == _shifts.c.id).desc())
    .limit(1)
    .correlate(_shifts)
    .scalar_subquery()
)
"""A live sign-up of the person at the same time, first of all one for the same shift."""

_ON_RECORD = (
    select(func.count())
    .select_from(_signups)
    .where(
        _signups.c.person_id == bindparam("the_person"),
        _signups.c.status == literal_column(f"'{SignupStatus.NO_RECORD.value}'"),
        _signups.c.excused_at.is_(None),
        _signups.c.unrecorded_at > bindparam("look_back", type_=_signups.c.unrecorded_at.type),
    )
    .scalar_subquery()
)
"""How often there was no record of the person; with few they can't be paused."""

_IS_SIMPLE = and_(
    eligibility.IS_OPEN, ~_activities.c.needs_approval, _ON_RECORD < standing.ABSENCES
)
"""Nothing more has to be asked about this person or this activity."""

FACTS = Prepared(
    select(
        _activities.c.status,
        _activities.c.published_at,
        _IN_THE_WAY.label("signup_in_the_way"),
        _IS_SIMPLE.label("is_simple"),
    )
    .join_from(_shifts, _activities, _activities.c.id == _shifts.c.activity_id)
    .where(_shifts.c.id == bindparam("the_shift"))
)
"""What is asked where one statement was not enough."""

_NEW = {
    name: bindparam(f"new_{name}", type_=_signups.c[name].type)
    for name in ("id", "shift_id", "person_id", "created_at", "created_by")
}


def _entering(take: Update) -> Prepared:
    """On PostgreSQL: take and enter in one journey to the server, so that a hot shift is held for
    one journey less."""
    taken = take.cte("taken")
    is_seated = taken.c.waiting == 0
    status = case((is_seated, SignupStatus.CONFIRMED.value), else_=SignupStatus.WAITLISTED.value)
    rows = select(
        *_NEW.values(),
        false(),
        status,
        case((is_seated, null()), else_=taken.c.queue_tail),
        case((is_seated, _NEW["created_at"]), else_=null()),
    )
    return Prepared(
        insert(_signups)
        .from_select(
            [*_NEW, "is_told", "status", "position", "confirmed_at"], rows, include_defaults=False
        )
        .returning(_signups.c.status, _signups.c.position, _signups.c.confirmed_at)
    )


ENTER = _entering(seats.TAKE)
ENTER_IF_SIMPLE = _entering(
    seats.TAKE.where(
        _IN_THE_WAY.is_(None),
        exists().where(
            _activities.c.id == _shifts.c.activity_id,
            _activities.c.status == ActivityStatus.PUBLISHED,
            _IS_SIMPLE,
        ),
    )
)
"""What a crowd does, and no question asked ahead: most sign-ups need no other statement. Who gets
nothing by it is asked about as anybody was before."""

TAKE = Prepared(seats.TAKE)
ENTER_TAKEN = insert(_signups)
"""On SQLite: enter what was taken before."""
