"""Reviews of minutes that wait: up to 8 hours of a day count at once, what lies above is let count
or refused by the staff of the activity's site, above 12 hours by those of the city. So is time of
somebody who leads the shift and for which nobody else vouches, from the first minute.

Ten working days after they began the next site up decides. One review covers all minutes of an
attendance that wait; the highest tier among them says who decides.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from accounts.models.sites import Site, SiteLevel
from accounts.permissions import Permission
from accounts.policies import under_sites
from accounts.services import messages
from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from core.errors import NotFound, WrongState
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.accrual import Accrual, Reason, Tier, after_review
from volunteer.errors import HigherTierNeeded, OwnAttendance, ReviewNotIndependent
from volunteer.models.activities import Activity, Deputy
from volunteer.models.attendances import Attendance
from volunteer.models.hours import SourceType
from volunteer.models.reviews import Review
from volunteer.models.shifts import Shift
from volunteer.services import entries, holidays, shifts
from volunteer.services.entries import Source

WORKING_DAYS = 10
"""As long as an organisation has for its records (decree 67, art. 11)."""

BATCH = 500


@dataclass(frozen=True, slots=True)
class Decided:
    """Minutes of one attendance on which reviews were decided."""

    approved: int = 0
    refused: int = 0


NOTHING = Decided()


def begin(attendance: Attendance, accrual: Accrual, shift: Shift) -> None:
    """Have the minutes reviewed that wait. A review that is under way gets the new number, and
    another site only if another tier decides now."""
    site_id = _site_of(accrual.tier, shift).id
    review = _undecided(attendance.id)
    if review is None:
        due = holidays.workdays().after(clock.today(), WORKING_DAYS)
        db.session.add(
            Review(
                id=new_id(),
                attendance_id=attendance.id,
                tier=accrual.tier,
                minutes=accrual.held,
                site_id=site_id,
                since=clock.now(),
                due_on=due.day,
                is_due_certain=due.is_certain,
                escalations=0,
            )
        )
    elif review.tier is accrual.tier:
        review.minutes = accrual.held
    else:
        review.minutes, review.tier, review.site_id = accrual.held, accrual.tier, site_id
    db.session.flush()


def drop(attendance: Attendance) -> None:
    """Nothing waits any more."""
    db.session.execute(
        delete(Review)
        .where(Review.attendance_id == attendance.id, Review.decided_at.is_(None))
        .execution_options(synchronize_session=False)
    )


def _undecided(attendance_id: UUID) -> Review | None:
    return db.session.scalar(
        select(Review).where(Review.attendance_id == attendance_id, Review.decided_at.is_(None))
    )


def _site_of(tier: Tier, shift: Shift) -> Site:
    """Whose staff decide on a tier: the activity's site, or the city."""
    if tier is Tier.SITE:
        return db.session.get_one(Site, shift.activity.project.site_id)
    return db.session.scalars(select(Site).where(Site.level == SiteLevel.CITY)).one()


def decided(attendance_id: UUID) -> Decided:
    """What reviews of an attendance have decided so far."""
    query = (
        select(Review.is_approved, func.sum(Review.minutes))
        .where(Review.attendance_id == attendance_id, Review.decided_at.is_not(None))
        .group_by(Review.is_approved)
    )
    sums = {bool(is_approved): int(minutes) for is_approved, minutes in db.session.execute(query)}
    return Decided(approved=sums.get(True, 0), refused=sums.get(False, 0))


def is_refused_in(accrual: Accrual) -> bool:
    return any(part.reason is Reason.REFUSED for part in accrual.uncounted)


def approve(actor: Actor, attendance_id: UUID) -> Attendance:
    """Let the minutes count that wait.

    Raises NotFound, HigherTierNeeded, OwnAttendance, ReviewNotIndependent, WrongState."""
    attendance, review, shift = _to_decide(
        actor, Permission.VOLUNTEER_ATTENDANCE_APPROVE, attendance_id
    )
    result = after_review(_as_accrual(attendance), approved=review.minutes, refused=0)
    audit.perform(actor, attendance, "approve", **_facts(result))
    _close(actor, review, is_approved=True, reason=None)
    _count(actor, attendance, review, shift)
    _tell(attendance, review, shift, "已计入", "审核通过")
    return attendance


def reject(actor: Actor, attendance_id: UUID, *, reason: str) -> Attendance:
    """Refuse the minutes that wait; what counted at once stays.

    Raises NotFound, HigherTierNeeded, OwnAttendance, ReviewNotIndependent, WrongState."""
    attendance, review, shift = _to_decide(
        actor, Permission.VOLUNTEER_ATTENDANCE_REJECT, attendance_id
    )
    result = after_review(_as_accrual(attendance), approved=0, refused=review.minutes)
    audit.perform(actor, attendance, "reject", reason=reason, **_facts(result))
    _close(actor, review, is_approved=False, reason=reason)
    _tell(attendance, review, shift, "未计入", reason)
    return attendance


def _to_decide(
    actor: Actor, permission: Permission, attendance_id: UUID
) -> tuple[Attendance, Review, Shift]:
    """What somebody may decide, held for them until the transaction ends."""
    attendance = db.session.get(Attendance, attendance_id)
    if attendance is None:
        raise NotFound
    shift = shifts.load(attendance.shift_id)
    project = shift.activity.project
    site = db.session.get_one(Site, project.site_id)
    policies.require_over_site(actor, permission, site)
    policies.refuse_if_self(actor, attendance.person_id, OwnAttendance)
    refuse_if_involved(actor, attendance, shift.activity)
    lock_exclusively(f"person:{attendance.person_id}")
    db.session.refresh(attendance)
    review = _undecided(attendance_id)
    if review is None:
        raise WrongState(state=attendance.status.value)
    decides = db.session.get_one(Site, review.site_id)
    if not actor.holds_over_site(permission, decides.path):
        raise HigherTierNeeded(tier=review.tier.value)
    return attendance, review, shift


def refuse_if_involved(actor: Actor, attendance: Attendance, activity: Activity) -> None:
    """Nobody who ran the activity, or confirmed the time, lets it count. Raises
    ReviewNotIndependent."""
    policies.refuse_if_organizer(actor, activity.project.organization_id, ReviewNotIndependent)
    deputies = select(Deputy.person_id).where(Deputy.activity_id == activity.id)
    involved = {activity.leader_id, attendance.confirmed_by, *db.session.scalars(deputies)}
    if actor.person_id in involved:
        raise ReviewNotIndependent


def _as_accrual(attendance: Attendance) -> Accrual:
    planned, minutes = attendance.planned_minutes, attendance.minutes
    return Accrual(planned or 0, minutes or 0, tuple(attendance.not_counted))


def _facts(result: Accrual) -> dict[str, Any]:
    return {
        "minutes": result.minutes,
        "held_minutes": result.held,
        "uncounted": [{"reason": u.reason.value, "minutes": u.minutes} for u in result.uncounted],
    }


def _close(actor: Actor, review: Review, *, is_approved: bool, reason: str | None) -> None:
    review.decided_by, review.decided_at = actor.id, clock.now()
    review.is_approved, review.reason = is_approved, reason
    db.session.flush()


def _count(actor: Actor, attendance: Attendance, review: Review, shift: Shift) -> None:
    """Add the approved minutes to what the attendance earned."""
    entry = entries.earned_from(Source(SourceType.ATTENDANCE, attendance.id))
    if entry is None:
        entries.earn(
            actor,
            attendance.person_id,
            shift,
            minutes=attendance.minutes or 0,
            ledger=attendance.ledger,
            source=Source(SourceType.ATTENDANCE, attendance.id),
        )
        return
    entries.correct(
        actor,
        entry,
        minutes=attendance.minutes or 0,
        source=Source(SourceType.REVIEW, review.id),
        reason="待审核的时间，审核通过",
    )


def _tell(attendance: Attendance, review: Review, shift: Shift, status: str, note: str) -> None:
    messages.tell(
        attendance.person_id,
        "hours_reviewed",
        review.id,
        activity=shift.activity.title,
        minutes=f"{review.minutes} 分钟",
        status=status,
        note=note,
    )


def list_waiting(actor: Actor, page: PageRequest) -> Page[Review]:
    """Reviews on which the actor may decide by their site, oldest first."""
    query = (
        select(Review)
        .join(Review.site)
        .where(
            Review.decided_at.is_(None),
            under_sites(actor, Permission.VOLUNTEER_ATTENDANCE_REVIEW),
        )
        .options(
            joinedload(Review.attendance, innerjoin=True).options(
                joinedload(Attendance.person, innerjoin=True),
                joinedload(Attendance.shift, innerjoin=True).joinedload(
                    Shift.activity, innerjoin=True
                ),
            )
        )
    )
    return paginate(query, page, by=[Review.id])


def to_escalate() -> list[UUID]:
    """Reviews whose site was too slow, below the city."""
    query = (
        select(Review.id)
        .join(Review.site)
        .where(
            Review.decided_at.is_(None),
            Review.due_on < clock.today(),
            Site.parent_id.is_not(None),
        )
    )
    return list(db.session.scalars(query.limit(BATCH)))


def escalate(actor: Actor, review_id: UUID) -> Review:
    """Give a review to the next site up, with ten working days of its own; done by a job.

    While the holidays on the way are not known nothing moves: the day is computed again."""
    review = db.session.get_one(Review, review_id, with_for_update=True)
    calendar = holidays.workdays()
    due = calendar.after(clock.day_of(review.since), WORKING_DAYS)
    review.due_on, review.is_due_certain = due.day, due.is_certain
    if review.decided_at is None and due.is_certain and due.day < clock.today():
        site = db.session.get_one(Site, review.site_id)
        if site.parent_id is not None:
            review.site_id, review.since = site.parent_id, clock.now()
            review.escalations += 1
            due = calendar.after(clock.today(), WORKING_DAYS)
            review.due_on, review.is_due_certain = due.day, due.is_certain
            audit.record(actor, review, "escalate")
    db.session.flush()
    return review
