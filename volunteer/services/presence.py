"""Entering that somebody came or left, on whatever evidence.

A key of the table decides every repeat: one attendance of a person in a shift, one open at a
time. The time that counts is written to the ledger in the transaction of the leaving. Rows are
taken in the order person, shift, attendance, so that nobody waits in a circle.

Arriving is hot (a thousand people at one gate in a minute): the statements are built once, at
import.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select, text
from sqlalchemy.orm import aliased

from accounts.models.roles import RoleGrant
from accounts.permissions import Role
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import current_connection, db, insert_if_absent
from core.errors import NotFound
from core.ids import new_id
from volunteer.errors import (
    ActivityNotOpen,
    CheckedInElsewhere,
    CheckInClosed,
    CheckOutClosed,
    CodeUsed,
    LocationNotEnough,
    NotCheckedIn,
    NotSignedUp,
    OutsideFence,
)
from volunteer.geofence import Fence, Finding, Position, judge
from volunteer.lifecycles import ONGOING, ActivityStatus, AttendanceStatus, ShiftStatus
from volunteer.models.activities import Activity, Deputy
from volunteer.models.attendances import Attendance, CheckMethod
from volunteer.models.hours import Ledger
from volunteer.models.shifts import Shift
from volunteer.models.signups import LIVE, Signup
from volunteer.services import settlements, shifts

TAKING_PLACE = (ActivityStatus.PUBLISHED, ActivityStatus.FINISHED)
"""A finished activity still takes what was kept on a phone without signal."""

_shifts = cast(Table, Shift.__table__)
_activities = cast(Table, Activity.__table__)
_signups = cast(Table, Signup.__table__)
_attendances = cast(Table, Attendance.__table__)
_named = _shifts.alias("named")

_SEAT = (
    select(
        _shifts.c.id,
        _shifts.c.starts_at,
        _shifts.c.ends_at,
        _shifts.c.ended_at,
        _shifts.c.status,
        _activities.c.status.label("activity_status"),
        _activities.c.latitude,
        _activities.c.longitude,
        _activities.c.fence_radius,
        _activities.c.has_location_check_in,
        _signups.c.id.label("signup_id"),
        _attendances.c.id.label("attendance_id"),
    )
    .select_from(_named)
    .join(
        _shifts,
        (_shifts.c.activity_id == _named.c.activity_id)
        & (_shifts.c.starts_at < _named.c.ends_at)
        & (_shifts.c.ends_at > _named.c.starts_at),
    )
    .join(_activities, _activities.c.id == _shifts.c.activity_id)
    .outerjoin(
        _signups,
        (_signups.c.shift_id == _shifts.c.id)
        & (_signups.c.person_id == bindparam("the_person"))
        & text(f"signups.{LIVE.text}")
        & _signups.c.confirmed_at.is_not(None),
    )
    .outerjoin(
        _attendances,
        (_attendances.c.shift_id == _shifts.c.id)
        & (_attendances.c.person_id == bindparam("the_person")),
    )
    .where(
        _named.c.id == bindparam("the_shift"),
        (_shifts.c.id == _named.c.id) | _signups.c.id.is_not(None) | _attendances.c.id.is_not(None),
    )
    .order_by(
        _signups.c.id.is_(None) & _attendances.c.id.is_(None),
        _shifts.c.id != _named.c.id,
        _attendances.c.id.is_(None),
    )
    .limit(1)
    .with_for_update(read=True, of=_shifts)
)
"""The person's own shift by a code of any post of the activity at that time: the one of the code
if they have a seat or an attendance there, else another where they do, else (refused later) the one
of the code. It is held against its closing. The condition on live sign-ups is that of the unique
index, word for word, so that it is used."""


_own_shift, _named_shift = aliased(Shift), aliased(Shift)
_ATTENDED = (
    select(Attendance)
    .join(_own_shift, _own_shift.id == Attendance.shift_id)
    .join(_named_shift, _named_shift.activity_id == _own_shift.activity_id)
    .where(
        Attendance.person_id == bindparam("the_person"),
        _named_shift.id == bindparam("the_shift"),
        _own_shift.starts_at < _named_shift.ends_at,
        _own_shift.ends_at > _named_shift.starts_at,
    )
    .order_by(Attendance.status.not_in(ONGOING), _own_shift.id != _named_shift.id)
    .limit(1)
    .with_for_update(of=Attendance)
)

_LEADS = (
    select(Deputy.person_id)
    .where(
        Deputy.activity_id == bindparam("the_activity"),
        Deputy.person_id == bindparam("the_person"),
    )
    .union_all(
        select(RoleGrant.person_id).where(
            RoleGrant.person_id == bindparam("the_person"),
            RoleGrant.role == Role.ORGANIZER,
            RoleGrant.scope_kind == ScopeKind.ORGANIZATION,
            RoleGrant.scope_id == bindparam("the_organization"),
            RoleGrant.revoked_at.is_(None),
        )
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """How it is known that somebody was there, and when."""

    method: CheckMethod
    at: datetime
    shown_at: datetime | None = None
    """When the code was new."""
    position: Position | None = None
    is_offline: bool = False
    """Kept on a phone without signal and sent later."""


def arrive(actor: Actor, person_id: UUID, shift_id: UUID, evidence: Evidence) -> Attendance:
    """Enter the arrival of a person, whose lock the caller holds. A repeat gives the first.

    Raises NotFound, ActivityNotOpen, CheckInClosed, NotSignedUp, LocationNotEnough, OutsideFence,
    CheckedInElsewhere."""
    asked = {"the_person": person_id, "the_shift": shift_id}
    seat = current_connection().execute(_SEAT, asked).first()
    if seat is None:
        raise NotFound
    if seat.attendance_id is not None:
        return _repeat(actor, db.session.get_one(Attendance, seat.attendance_id), evidence)
    end = seat.ends_at if seat.ended_at is None else min(seat.ends_at, seat.ended_at)
    _require_open(seat, end, evidence)
    finding = _find(seat, evidence)
    is_word = evidence.method is CheckMethod.LEADER
    is_late = is_word and clock.now() >= end + shifts.CHECK_OUT_CLOSES_AFTER
    attendance = _insert(
        can_be_over=evidence.is_offline and clock.now() >= end,
        id=new_id(),
        shift_id=seat.id,
        person_id=person_id,
        checked_in_at=evidence.at,
        check_in_method=evidence.method,
        check_in_inside_fence=finding and finding.is_inside,
        check_in_distance_m=finding and finding.distance_m,
        code_shown_at=evidence.shown_at,
        created_by=None if actor.person_id == person_id else actor.person_id,
        is_offline=evidence.is_offline,
        ledger=Ledger.HONORARY if is_late else Ledger.VERIFIED,
        uncounted=[],
    )
    audit.record(actor, attendance, "check_in", to_status=attendance.status.value)
    return attendance


def _insert(*, can_be_over: bool, **facts: Any) -> Attendance:
    """One attendance is open at a time; but an arrival that is told after the end of its shift
    may stand beside the next shift, waiting for its own check-out. Raises CheckedInElsewhere."""
    is_new = insert_if_absent(Attendance, status=AttendanceStatus.CHECKED_IN, **facts)
    if not is_new and can_be_over:
        is_new = insert_if_absent(Attendance, status=AttendanceStatus.PENDING_CHECK_OUT, **facts)
    if not is_new:
        raise CheckedInElsewhere
    return db.session.get_one(Attendance, facts["id"])


def _require_open(seat: Any, end: datetime, evidence: Evidence) -> None:
    if seat.activity_status not in TAKING_PLACE:
        raise ActivityNotOpen
    if not seat.starts_at - shifts.CHECK_IN_OPENS_BEFORE <= evidence.at < end:
        raise CheckInClosed
    if seat.status is ShiftStatus.ROLL_CLOSED and not evidence.is_offline:
        raise CheckInClosed
    if seat.signup_id is None:
        raise NotSignedUp


def _find(place: Any, evidence: Evidence) -> Finding | None:
    """What the position proves at the place of an activity.

    Raises LocationNotEnough, OutsideFence where it is the only proof."""
    position, finding = evidence.position, None
    if position is not None and place.latitude is not None:
        fence = Fence(place.latitude, place.longitude, place.fence_radius)
        finding = judge(position, fence)
    if evidence.method is CheckMethod.LOCATION:
        if not place.has_location_check_in or finding is None or finding.is_inside is None:
            raise LocationNotEnough
        if not finding.is_inside:
            raise OutsideFence
    return finding


def leave(actor: Actor, person_id: UUID, shift_id: UUID, evidence: Evidence) -> Attendance:
    """Enter that a person left, whose lock the caller holds, and count. A repeat gives the first.

    Raises NotCheckedIn, CodeUsed, CheckOutClosed, LocationNotEnough, OutsideFence."""
    attendance = attended(person_id, shift_id)
    if attendance is None:
        raise NotCheckedIn
    if attendance.status not in ONGOING:
        return _repeat(actor, attendance, evidence)
    shift = shifts.load(attendance.shift_id)
    is_missed = attendance.status is AttendanceStatus.PENDING_CHECK_OUT
    if evidence.at >= shifts.check_window(shift)[1] or (is_missed and not evidence.is_offline):
        raise CheckOutClosed
    shown_at, first_shown_at = evidence.shown_at, attendance.code_shown_at
    if shown_at and first_shown_at and shown_at <= first_shown_at:
        raise CodeUsed
    finding = _find(shift.activity, evidence)
    is_own_word = evidence.method is not CheckMethod.LEADER
    audit.perform(
        actor,
        attendance,
        "check_out",
        checked_out_at=max(evidence.at, attendance.checked_in_at),
        check_out_method=evidence.method,
        check_out_inside_fence=finding and finding.is_inside,
        check_out_distance_m=finding and finding.distance_m,
        self_confirmed_at=clock.now() if is_own_word else attendance.self_confirmed_at,
    )
    return settle(actor, attendance, shift)


def settle(actor: Actor, attendance: Attendance, shift: Shift) -> Attendance:
    """Count an attendance that has ended, unless only the leader says that it was one: then the
    person confirms it first. Where the person leads the shift and took the code from themself,
    the time waits for a review."""
    if attendance.is_by_own_code and _can_show_code(attendance.person_id, shift):
        attendance.is_own_word = True
    if attendance.awaits_person:
        audit.perform(actor, attendance, "ask")
        return attendance
    return settlements.settle(actor, attendance, shift)


def _can_show_code(person_id: UUID, shift: Shift) -> bool:
    """Whether somebody leads the shift, stands in, or organises for its organisation."""
    if person_id == shift.activity.leader_id:
        return True
    asked = {
        "the_person": person_id,
        "the_activity": shift.activity_id,
        "the_organization": shift.activity.project.organization_id,
    }
    return current_connection().execute(_LEADS, asked).first() is not None


def _repeat(actor: Actor, attendance: Attendance, evidence: Evidence) -> Attendance:
    """The first result again; whoever proves now what the leader wrote down has confirmed it."""
    if attendance.awaits_person and evidence.method is not CheckMethod.LEADER:
        return confirm(actor, attendance)
    return attendance


def confirm(actor: Actor, attendance: Attendance) -> Attendance:
    """Take the person's word for what the leader wrote down. The caller holds their lock."""
    at = clock.now()
    if attendance.status is AttendanceStatus.UNCONFIRMED:
        audit.perform(actor, attendance, "confirm", self_confirmed_at=at)
        return settle(actor, attendance, shifts.load(attendance.shift_id))
    attendance.self_confirmed_at = at
    db.session.flush()
    audit.record(actor, attendance, "confirm")
    return attendance


def attended(person_id: UUID, shift_id: UUID) -> Attendance | None:
    """The person's attendance of the shift or of a post beside it, held until the transaction
    ends."""
    return db.session.scalar(_ATTENDED, {"the_person": person_id, "the_shift": shift_id})


def check_out_by_leader(
    actor: Actor, attendance_id: UUID, shift: Shift, *, at: datetime
) -> Attendance:
    """Check out somebody whose lock the caller holds, unless they have just done so themselves."""
    evidence = Evidence(CheckMethod.LEADER, at)
    attendance = hold(attendance_id)
    if attendance.status is not AttendanceStatus.CHECKED_IN:
        return attendance
    return leave(actor, attendance.person_id, shift.id, evidence)


def hold(attendance_id: UUID) -> Attendance:
    """An attendance as it is now, held until the transaction ends. Raises NotFound."""
    attendance = db.session.get(
        Attendance, attendance_id, with_for_update=True, populate_existing=True
    )
    if attendance is None:
        raise NotFound
    return attendance
