"""What an upheld dispute makes of minutes: of one record, or of many attendances of an activity
that was not as recorded (it never took place, or at another time).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy import select

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput
from volunteer import policies
from volunteer.accrual import CURRENT_RULES
from volunteer.errors import DisputeNotIndependent
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.attendances import Attendance, CheckMethod
from volunteer.models.backfills import Backfill
from volunteer.models.disputes import Dispute, DisputeAbout
from volunteer.models.hours import HoursEntry, Ledger, SourceType
from volunteer.models.shifts import Shift
from volunteer.services import entries, settlements, shifts
from volunteer.services.entries import Source

FOUND_OTHERWISE = "活动情况经核查与记录不符"
"""Said to everybody whose time changes; the answer itself is the business of the one who asked."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What an attendance amounts to from now on."""

    attendance_id: UUID
    minutes: int


def check(
    actor: Actor, site: Site, person_id: UUID, target: Attendance | HoursEntry, minutes: int
) -> None:
    """No more than the shift without its breaks, the time there where that was longer, or what
    an imported record said; and more than before only from whoever may let the day of the person
    have so many.

    Raises InvalidInput, HigherTierNeeded."""
    if isinstance(target, Attendance):
        shift, before = shifts.load(target.shift_id), target.minutes or 0
        day = clock.day_of(shift.starts_at)
        there = settlements.present_minutes(target, shift)
        most = max(there, settlements.planned_minutes(shift))
    else:
        day, before, most = target.served_on, entries.left_of(target), target.minutes
        if target.source_type is SourceType.BACKFILL:
            backfill = db.session.get_one(Backfill, target.source_id)
            most = settlements.planned_minutes(shifts.load(backfill.shift_id))
    if minutes > most:
        raise InvalidInput.at("minutes", "不能超过场次时长和在场时间")
    if minutes > before:
        of_day = entries.minutes_of_day(person_id, day) - before + minutes
        tier = CURRENT_RULES.tier_of(of_day)
        policies.require_tier(actor, Permission.VOLUNTEER_DISPUTE_UPHOLD, tier, site)


def end(actor: Actor, attendance: Attendance, *, minutes: int, reason: str) -> None:
    """End one that still waits for somebody's word, as the dispute about it found: say when the
    person left whose check-out was missed, at the latest when the shift ended; and take what the
    person did not confirm for what the leader alone says."""
    if attendance.status is AttendanceStatus.UNCONFIRMED:
        audit.perform(actor, attendance, "lapse", reason=reason, ledger=Ledger.HONORARY)
    if attendance.status is not AttendanceStatus.PENDING_CHECK_OUT:
        return
    shift = shifts.load(attendance.shift_id)
    served_until = max(attendance.checked_in_at, shift.starts_at) + timedelta(minutes=minutes)
    left_at = max(attendance.checked_in_at, min(served_until, shift.counted_until))
    audit.perform(
        actor,
        attendance,
        "confirm_time",
        reason=reason,
        checked_out_at=left_at,
        check_out_method=CheckMethod.LEADER,
        confirmed_by=actor.id,
        confirm_reason=reason,
    )


def people_of(actor: Actor, dispute: Dispute, corrections: Sequence[Correction]) -> set[UUID]:
    """Whose attendances change. Nobody rewrites those of an activity of their own organisation.

    Raises DisputeNotIndependent, also for an attendance of the actor or that they wrote down;
    InvalidInput unless each is of the activity and named once."""
    if not corrections:
        return set()
    if dispute.about_type is not DisputeAbout.ACTIVITY:
        raise InvalidInput.at("corrections", "只有对活动的申诉才更正多人的记录")
    policies.refuse_if_organizer(actor, dispute.organization_id, DisputeNotIndependent)
    ids = {correction.attendance_id for correction in corrections}
    query = (
        select(Attendance)
        .join(Attendance.shift)
        .where(Attendance.id.in_(ids), Shift.activity_id == dispute.about_id)
    )
    found = db.session.scalars(query).all()
    if len(found) < len(corrections):
        raise InvalidInput.at("corrections", "应为这个活动的签到记录，且每条只写一次")
    if actor.person_id in {p for a in found for p in (a.person_id, a.created_by, a.confirmed_by)}:
        raise DisputeNotIndependent
    return {attendance.person_id for attendance in found}


def correct(actor: Actor, dispute: Dispute, corrections: Sequence[Correction]) -> None:
    """Write a correcting entry for each attendance, which revokes the certificates that rest on
    it, and tell the people. The caller holds their locks.

    Raises InvalidInput, HigherTierNeeded as `check` does, WrongState for an open attendance."""
    source = Source(SourceType.DISPUTE, dispute.id)
    for correction in corrections:
        attendance = db.session.get_one(
            Attendance, correction.attendance_id, populate_existing=True
        )
        check(actor, dispute.site, attendance.person_id, attendance, correction.minutes)
        settlements.fix(
            actor, attendance, minutes=correction.minutes, source=source, reason=FOUND_OTHERWISE
        )
        messages.tell(
            attendance.person_id,
            "hours_corrected",
            uuid5(dispute.id, attendance.id.hex),
            activity=shifts.load(attendance.shift_id).activity.title,
            minutes=f"{correction.minutes} 分钟",
            reason=FOUND_OTHERWISE,
        )
