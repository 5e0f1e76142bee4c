"""Settling attendances: what of their time counts, what waits, and the entries in the ledger.

One attendance may take minutes from another of the same person, or fill their day, so everything
of the days that it touches is computed together and the ledger is brought to the result. The
order in which records arrive therefore changes nothing: an attendance that becomes known late
adjusts the entries of others, and is the source of those corrections.

What counts of an attendance is `minutes`; what lies above a daily tier is `held_minutes` and
waits for a review while the rest counts already.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from volunteer.accrual import Accrual, Break, Span, accrue, after_review, free_minutes, time_there
from volunteer.lifecycles import SETTLED_ATTENDANCE, AttendanceStatus, BackfillStatus
from volunteer.models.attendances import Attendance
from volunteer.models.backfills import Backfill
from volunteer.models.hours import HoursEntry, SourceType
from volunteer.models.shifts import Shift
from volunteer.services import entries, reviews, shifts
from volunteer.services.entries import Source

ENDED = (AttendanceStatus.CHECKED_OUT, *SETTLED_ATTENDANCE)
OVERLAP = "同一时间或同一天的另一项服务有了记录，时长随之调整"
DAY = timedelta(days=1)

VERBS = {
    AttendanceStatus.COUNTED: "count",
    AttendanceStatus.BELOW_THRESHOLD: "fall_short",
    AttendanceStatus.UNDER_REVIEW: "hold",
}


def settle(actor: Actor, attendance: Attendance, shift: Shift) -> Attendance:
    """Count the time of an attendance that has just ended, and adjust those beside it.

    Expects the shift with its activity and project."""
    source = Source(SourceType.ATTENDANCE, attendance.id)
    _settle_days(actor, attendance, shift, source=source, reason=OVERLAP)
    return attendance


def resettle(
    actor: Actor,
    attendance: Attendance,
    shift: Shift,
    *,
    cause_type: SourceType,
    cause_id: UUID,
    reason: str,
) -> Attendance:
    """Count it again after a correction of its times, or of the end of its shift, was stored.

    Entries are adjusted or reversed until the ledger says what the times say. `cause_id` names
    the correction: the same one changes an entry once. Raises AlreadyCounted if it comes again
    with another result."""
    source = Source(cause_type, cause_id)
    _settle_days(actor, attendance, shift, source=source, reason=reason)
    return attendance


def fix(
    actor: Actor, attendance: Attendance, *, minutes: int, source: Source, reason: str
) -> Attendance:
    """Let an upheld dispute (the source) say what an ended attendance amounts to; no later
    settling changes it. If that is nothing, it takes no minutes from those beside it either.
    The caller holds the lock of the person.

    Raises WrongState while the attendance is open."""
    if attendance.held_minutes:
        reviews.drop(attendance)
    status = AttendanceStatus.COUNTED if minutes else AttendanceStatus.BELOW_THRESHOLD
    shift = shifts.load(attendance.shift_id)
    planned = attendance.planned_minutes
    facts = {
        "planned_minutes": time_there(whole(shift)) if planned is None else planned,
        "minutes": minutes,
        "held_minutes": 0,
        "uncounted": [],
        "dispute_id": source.id,
    }
    _move(actor, attendance, status, reason=reason, **facts)
    _bring_ledger_to(actor, attendance, shift, source, reason)
    _settle_days(actor, attendance, shift, source=source, reason=reason)
    return attendance


def _settle_days(
    actor: Actor, attendance: Attendance, shift: Shift, *, source: Source, reason: str
) -> None:
    lock_exclusively(f"person:{attendance.person_id}")
    db.session.flush()
    near = known = _touching(attendance.person_id, _days(shift))
    if not near:
        return
    if (days := _days(*(a.shift for a in near))) != _days(shift):
        known = _touching(attendance.person_id, days)
    accruals = accrue(map(_span, known))
    for one in near:
        own = shift if one.shift_id == shift.id else None
        _apply(actor, one, accruals[one.id], source=source, reason=reason, shift=own)
    _let_backfills_yield(actor, attendance, shift, source)


def _let_backfills_yield(
    actor: Actor, attendance: Attendance, shift: Shift, source: Source
) -> None:
    """Backfilled minutes at the time of this shift count no more where attendances count now."""
    overlapping = (
        select(Backfill)
        .join(Backfill.shift)
        .where(
            Backfill.person_id == attendance.person_id,
            Backfill.status == BackfillStatus.RECORDED,
            Shift.starts_at < shift.ends_at,
            Shift.ends_at > shift.starts_at,
        )
        .options(joinedload(Backfill.shift, innerjoin=True))
    )
    for backfill in db.session.scalars(overlapping):
        spans = spans_on(attendance.person_id, backfill.shift)
        entry = entries.earned_from(Source(SourceType.BACKFILL, backfill.id))
        if entry is None:
            continue
        free = free_minutes(whole(backfill.shift), spans)
        if free < entries.left_of(entry):
            by = _by(actor, attendance)
            entries.correct(actor, entry, minutes=free, source=source, reason=OVERLAP, by=by)


def _apply(
    actor: Actor,
    attendance: Attendance,
    accrual: Accrual,
    *,
    source: Source,
    reason: str,
    shift: Shift | None,
) -> None:
    """Bring an attendance and its entries to what was computed. `shift` is given if it is known
    with its activity already."""
    if attendance.dispute_id is not None:
        return
    decided = reviews.decided(attendance.id) if accrual.held else reviews.NOTHING
    result = after_review(accrual, approved=decided.approved, refused=decided.refused)
    facts = {
        "planned_minutes": result.planned_minutes,
        "minutes": result.minutes,
        "held_minutes": result.held,
        "uncounted": [{"reason": u.reason.value, "minutes": u.minutes} for u in result.uncounted],
    }
    if all(getattr(attendance, name) == value for name, value in facts.items()):
        return
    was_held = attendance.held_minutes
    is_own = source == Source(SourceType.ATTENDANCE, attendance.id)
    status = _status(attendance, result)
    _move(actor, attendance, status, reason=None if is_own else reason, **facts)
    shift = shift or shifts.load(attendance.shift_id)
    if result.held:
        reviews.begin(attendance, result, shift)
    elif was_held:
        reviews.drop(attendance)
    _bring_ledger_to(actor, attendance, shift, source, reason)


def _status(attendance: Attendance, result: Accrual) -> AttendanceStatus:
    if result.held:
        return AttendanceStatus.UNDER_REVIEW
    if attendance.status is AttendanceStatus.REJECTED and reviews.is_refused_in(result):
        return AttendanceStatus.REJECTED
    return AttendanceStatus.COUNTED if result.minutes else AttendanceStatus.BELOW_THRESHOLD


def _move(
    actor: Actor,
    attendance: Attendance,
    status: AttendanceStatus,
    *,
    reason: str | None,
    **facts: Any,
) -> None:
    """To another status, or to other facts in the same one. Raises WrongState."""
    if attendance.status is not status:
        audit.perform(actor, attendance, VERBS[status], reason=reason, **facts)
        return
    for name, value in facts.items():
        setattr(attendance, name, value)
    db.session.flush()
    audit.record(actor, attendance, "resettle", reason=reason)


def _bring_ledger_to(
    actor: Actor, attendance: Attendance, shift: Shift, source: Source, reason: str
) -> None:
    """Make the entries of an attendance add up to its minutes."""
    minutes = attendance.minutes or 0
    by = _by(actor, attendance)
    entry = entry_of(attendance)
    if entry is not None:
        entries.correct(actor, entry, minutes=minutes, source=source, reason=reason, by=by)
    elif minutes:
        entries.earn(
            actor,
            attendance.person_id,
            shift,
            minutes=minutes,
            ledger=attendance.ledger,
            source=Source(SourceType.ATTENDANCE, attendance.id),
            reason=attendance.confirm_reason,
            by=by,
        )


def _by(actor: Actor, attendance: Attendance) -> UUID:
    """Who says so, where a job does the settling."""
    return actor.person_id or attendance.confirmed_by or attendance.person_id


def entry_of(attendance: Attendance) -> HoursEntry | None:
    """The entry that an attendance earned, which its corrections refer to."""
    return entries.earned_from(Source(SourceType.ATTENDANCE, attendance.id))


def spans_on(person_id: UUID, shift: Shift) -> list[Span]:
    """The time of a person's ended attendances on the days of a shift."""
    return [_span(a) for a in _touching(person_id, _days(shift))]


def whole(shift: Shift) -> Span:
    """A shift as somebody served it who was there from the first minute to the last."""
    end = shift.counted_until
    return Span(shift.id, shift.starts_at, end, shift.starts_at, end, breaks_of(shift))


def planned_minutes(shift: Shift) -> int:
    """What a shift was planned to take, even if it ended early; without its breaks."""
    plan = (shift.starts_at, shift.ends_at)
    return time_there(Span(shift.id, *plan, *plan, breaks_of(shift)))


def present_minutes(attendance: Attendance, shift: Shift) -> int:
    """Minutes between coming and leaving, without breaks; none while nobody knows when."""
    if attendance.checked_out_at is None:
        return 0
    there = (attendance.checked_in_at, attendance.checked_out_at)
    span = Span(attendance.id, *there, shift.starts_at, shift.counted_until, breaks_of(shift))
    return time_there(span)


def breaks_of(shift: Shift) -> tuple[Break, ...]:
    """As the accrual takes them."""
    return tuple((first, after) for first, after in shift.break_minutes)


def _days(*of: Shift) -> tuple[date, date]:
    """First and last day in Shanghai on which minutes of these shifts lie."""
    first = min(s.starts_at for s in of)
    last = max(s.ends_at for s in of)
    return clock.day_of(first), clock.day_of(last)


def _touching(person_id: UUID, days: tuple[date, date]) -> list[Attendance]:
    """Ended attendances of a person with shifts on these days, in order of check-in; but none
    of which a dispute found that nothing of it was served."""
    query = (
        select(Attendance)
        .join(Attendance.shift)
        .where(
            Attendance.person_id == person_id,
            Attendance.status.in_(ENDED),
            or_(Attendance.dispute_id.is_(None), Attendance.minutes > 0),
            Shift.starts_at < clock.start_of(days[1] + DAY),
            Shift.ends_at > clock.start_of(days[0]),
        )
        .options(joinedload(Attendance.shift, innerjoin=True))
        .order_by(Attendance.checked_in_at, Attendance.id)
    )
    return list(db.session.scalars(query))


def _span(attendance: Attendance) -> Span:
    if attendance.checked_out_at is None:
        raise ValueError("an open attendance has no span")
    return Span(
        id=attendance.id,
        checked_in_at=attendance.checked_in_at,
        checked_out_at=attendance.checked_out_at,
        starts_at=attendance.shift.starts_at,
        ends_at=attendance.shift.counted_until,
        breaks=breaks_of(attendance.shift),
        is_own_word=attendance.is_own_word,
    )
