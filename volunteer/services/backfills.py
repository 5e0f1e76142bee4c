"""Backfills (补记): hours that no check-in recorded, claimed afterwards.

A claim needs evidence, a reason and a second person; then it lies open inside the organisation
(see `notices`) before it becomes an entry in the honorary ledger. Found false, the entry is
reversed, and those who claimed and approved it are barred for a time.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from accounts.permissions import Permission
from accounts.policies import under_sites
from accounts.services import messages
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import db, insert_if_absent, lock_exclusively
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.accrual import CURRENT_RULES, free_minutes
from volunteer.errors import (
    ActivityNotOpen,
    AlreadyBackfilled,
    BackfillNotIndependent,
    BackfillTooLong,
    BackfillWindowClosed,
    NotInvolved,
)
from volunteer.lifecycles import (
    DEAD_SIGNUP,
    ActivityStatus,
    AttendanceStatus,
    BackfillStatus,
    ShiftStatus,
    SignupStatus,
)
from volunteer.models.activities import Activity, Deputy
from volunteer.models.attendances import Attendance
from volunteer.models.backfills import DEAD_BACKFILL, Backfill
from volunteer.models.hours import SourceType
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import entries, memberships, sanctions, settlements, shifts
from volunteer.services.entries import Source

CLAIM_DAYS = 30
"""How long after a shift its hours can be claimed."""
NOTICE_DAYS = 7
AT_MOST = 50
"""People in one claim."""
BATCH = 500

APPROVED = (BackfillStatus.ON_NOTICE, BackfillStatus.CONTESTED)
"""Approved, and not in the ledger yet."""
WITHOUT_A_SEAT = (
    *DEAD_SIGNUP,
    SignupStatus.PENDING,
    SignupStatus.WAITLISTED,
    SignupStatus.OFFERED,
)
OPEN_ATTENDANCE = (AttendanceStatus.CHECKED_IN, AttendanceStatus.PENDING_CHECK_OUT)


class Part(StrEnum):
    """What a sanctioned person had to do with a false backfill."""

    CLAIMANT = "claimant"
    APPROVER = "approver"


def claim(
    actor: Actor,
    *,
    activity_id: UUID,
    shift_id: UUID,
    minutes: int,
    evidence: str,
    reference: str,
    reason: str,
    person_ids: Iterable[UUID] = (),
) -> list[Backfill]:
    """Claim minutes of a shift, for oneself or for others whom one leads. The same claim again
    gives the first one.

    Raises NotFound for a shift that is not there or, for others, that the actor does not lead;
    ActivityNotOpen, BackfillBarred, BackfillWindowClosed, NotInvolved, BackfillTooLong,
    AlreadyBackfilled."""
    shift = shifts.load(shift_id)
    if shift.activity_id != activity_id or shift.activity.published_at is None:
        raise NotFound
    people = sorted(set(person_ids) or {actor.id})
    if people != [actor.id]:
        policies.require_lead(actor, Permission.VOLUNTEER_BACKFILL_CLAIM, shift.activity)
    if not _was_held(shift):
        raise ActivityNotOpen
    sanctions.require_free(actor.id)
    _require_window(shift)
    facts = {
        "minutes": minutes,
        "evidence": evidence,
        "reference": reference,
        "reason": reason,
    }
    return [_claim_one(actor, person_id, shift, facts) for person_id in people]


def _was_held(shift: Shift) -> bool:
    """A shift put off before it began will be held at another time."""
    if shift.activity.status is ActivityStatus.POSTPONED:
        return shift.status is not ShiftStatus.OPEN
    return shift.activity.status is not ActivityStatus.CANCELLED


def _require_window(shift: Shift) -> None:
    end = shift.counted_until
    first, last = clock.day_of(end), clock.day_of(end) + timedelta(days=CLAIM_DAYS)
    if clock.now() < end or clock.today() > last:
        raise BackfillWindowClosed(since=first.isoformat(), until=last.isoformat())


def _claim_one(actor: Actor, person_id: UUID, shift: Shift, facts: dict[str, Any]) -> Backfill:
    if person_id != actor.id:
        _require_involved(person_id, shift)
    lock_exclusively(f"person:{person_id}")
    held = _live(person_id, shift.id)
    if held is not None:
        if held.claimed_by == actor.id and all(getattr(held, k) == v for k, v in facts.items()):
            return held
        raise AlreadyBackfilled
    _require_free(person_id, shift, facts["minutes"])
    made = insert_if_absent(
        Backfill,
        id=new_id(),
        activity_id=shift.activity_id,
        shift_id=shift.id,
        person_id=person_id,
        organization_id=shift.activity.project.organization_id,
        site_id=shift.activity.project.site_id,
        served_on=clock.day_of(shift.starts_at),
        status=BackfillStatus.CLAIMED,
        claimed_by=actor.id,
        claimed_at=clock.now(),
        **facts,
    )
    backfill = _live(person_id, shift.id)
    if backfill is None or not made:
        raise AlreadyBackfilled
    audit.record(actor, backfill, "claim", to_status=backfill.status.value)
    if person_id != actor.id:
        messages.tell(
            person_id,
            "backfill_claimed",
            backfill.id,
            activity=shift.activity.title,
            minutes=f"{backfill.minutes} 分钟",
        )
    return backfill


def _require_involved(person_id: UUID, shift: Shift) -> None:
    """Who signed up for the shift, or joined the organisation, consented to its records."""
    signed_up = select(Signup.id).where(
        Signup.person_id == person_id,
        Signup.shift_id == shift.id,
        Signup.status.not_in(WITHOUT_A_SEAT),
    )
    if db.session.scalar(signed_up) is None and not memberships.is_member(
        person_id, shift.activity.project.organization_id
    ):
        raise NotInvolved


def _live(person_id: UUID, shift_id: UUID) -> Backfill | None:
    return db.session.scalar(
        select(Backfill)
        .where(
            Backfill.person_id == person_id,
            Backfill.shift_id == shift_id,
            Backfill.status.not_in(DEAD_BACKFILL),
        )
        .options(joinedload(Backfill.person, innerjoin=True), joinedload(Backfill.activity))
    )


def _require_free(person_id: UUID, shift: Shift, minutes: int) -> None:
    free = free_of(person_id, shift)
    if minutes > free:
        raise BackfillTooLong(free_minutes=free)


def free_of(person_id: UUID, shift: Shift, *, but: UUID | None = None) -> int:
    """Minutes of a shift in which nothing of the person counts or is claimed; none while an
    attendance of theirs is open."""
    is_open = select(Attendance.id).where(
        Attendance.person_id == person_id,
        Attendance.shift_id == shift.id,
        Attendance.status.in_(OPEN_ATTENDANCE),
    )
    if db.session.scalar(is_open) is not None:
        return 0
    others = select(func.coalesce(func.sum(Backfill.minutes), 0)).join(Backfill.shift)
    others = others.where(
        Backfill.person_id == person_id,
        Backfill.status.not_in(DEAD_BACKFILL),
        Backfill.id.is_distinct_from(but),
        Shift.starts_at < shift.ends_at,
        Shift.ends_at > shift.starts_at,
    )
    claimed = int(db.session.execute(others).scalar_one())
    free = free_minutes(settlements.whole(shift), settlements.spans_on(person_id, shift))
    return max(0, free - claimed)


def approve(actor: Actor, backfill_id: UUID) -> Backfill:
    """Be the second person; the notice inside the organisation begins.

    Raises NotFound, BackfillNotIndependent, BackfillBarred, HigherTierNeeded where the day
    would pass a tier, WrongState."""
    backfill = _to_decide(actor, Permission.VOLUNTEER_BACKFILL_APPROVE, backfill_id)
    sanctions.require_free(actor.id)
    lock_exclusively(f"person:{backfill.person_id}")
    tier = CURRENT_RULES.tier_of(_minutes_of_day(backfill))
    policies.require_tier(actor, Permission.VOLUNTEER_BACKFILL_APPROVE, tier, backfill.site)
    ends_on = clock.today() + timedelta(days=NOTICE_DAYS)
    audit.perform(
        actor,
        backfill,
        "approve",
        decided_by=actor.id,
        decided_at=clock.now(),
        notice_ends_on=ends_on,
    )
    tell(backfill, "公示中", f"在组织内公示至 {ends_on}，无异议后计入")
    return backfill


def _minutes_of_day(backfill: Backfill) -> int:
    """What the day would come to: the ledgers, what is on notice, and this one."""
    on_notice = select(func.coalesce(func.sum(Backfill.minutes), 0)).where(
        Backfill.person_id == backfill.person_id,
        Backfill.served_on == backfill.served_on,
        Backfill.status.in_(APPROVED),
        Backfill.id != backfill.id,
    )
    waiting = int(db.session.execute(on_notice).scalar_one())
    entered = entries.minutes_of_day(backfill.person_id, backfill.served_on)
    return entered + waiting + backfill.minutes


def reject(actor: Actor, backfill_id: UUID, *, reason: str) -> Backfill:
    """Refuse a claim. Raises NotFound, BackfillNotIndependent, WrongState."""
    backfill = _to_decide(actor, Permission.VOLUNTEER_BACKFILL_REJECT, backfill_id)
    audit.perform(
        actor,
        backfill,
        "reject",
        reason=reason,
        decided_by=actor.id,
        decided_at=clock.now(),
        decision_reason=reason,
    )
    tell(backfill, "未通过", reason)
    return backfill


def _to_decide(actor: Actor, permission: Permission, backfill_id: UUID) -> Backfill:
    """A claim that the actor may decide: as leader or organizer, or as staff of its site."""
    backfill = load(backfill_id)
    for person_id in (backfill.person_id, backfill.claimed_by):
        policies.refuse_if_self(actor, person_id, BackfillNotIndependent)
    if not actor.holds_over_site(permission, backfill.site.path):
        policies.require_lead(actor, permission, backfill.activity)
    return backfill


def void(
    actor: Actor, backfill_id: UUID, *, reason: str, sanctioned: Iterable[Part] = tuple(Part)
) -> Backfill:
    """Find a backfill false: take its entry back, and bar those who are named.

    Raises NotFound unless the actor is staff over its site, BackfillNotIndependent, WrongState."""
    backfill = to_judge(actor, Permission.VOLUNTEER_BACKFILL_VOID, backfill_id)
    lock_exclusively(f"person:{backfill.person_id}")
    audit.perform(actor, backfill, "void", reason=reason, voided_by=actor.id, void_reason=reason)
    source = Source(SourceType.BACKFILL, backfill.id)
    entry = entries.earned_from(source)
    if entry is not None:
        entries.correct(actor, entry, minutes=0, source=source, reason=reason)
    tell(backfill, "已作废", reason)
    people = {Part.CLAIMANT: backfill.claimed_by, Part.APPROVER: backfill.decided_by}
    for person_id in sorted({p for part in sanctioned if (p := people[part]) is not None}):
        sanctions.impose(
            actor,
            person_id,
            backfill_id=backfill.id,
            activity=backfill.activity,
            reason=reason,
        )
    return backfill


def to_judge(actor: Actor, permission: Permission, backfill_id: UUID) -> Backfill:
    """One that the actor may judge as staff over its site, having had no part in it."""
    backfill = load(backfill_id)
    policies.require_over_site(actor, permission, backfill.site)
    involved = (backfill.person_id, backfill.claimed_by, backfill.decided_by)
    if actor.person_id in involved:
        raise BackfillNotIndependent
    return backfill


def load(backfill_id: UUID) -> Backfill:
    """One with its site, person, activity and project. Raises NotFound."""
    backfill = db.session.scalar(
        select(Backfill)
        .where(Backfill.id == backfill_id)
        .options(
            joinedload(Backfill.site, innerjoin=True),
            joinedload(Backfill.person, innerjoin=True),
            joinedload(Backfill.activity, innerjoin=True).joinedload(
                Activity.project, innerjoin=True
            ),
        )
    )
    if backfill is None:
        raise NotFound
    return backfill


def tell(backfill: Backfill, status: str, note: str) -> None:
    """Tell the person, and whoever claimed for them; once of each status."""
    for person_id in {backfill.person_id, backfill.claimed_by}:
        messages.tell(
            person_id,
            "backfill_decided",
            uuid5(backfill.id, status),
            activity=backfill.activity.title,
            minutes=f"{backfill.minutes} 分钟",
            status=status,
            note=note,
        )


def list_own(actor: Actor, page: PageRequest) -> Page[Backfill]:
    """Those for the actor, and those that they claimed for others; newest first."""
    mine = or_(Backfill.person_id == actor.id, Backfill.claimed_by == actor.id)
    return page_of(page, mine)


def list_to_decide(
    actor: Actor, page: PageRequest, *, status: BackfillStatus = BackfillStatus.CLAIMED
) -> Page[Backfill]:
    """Those of a status on which the actor may decide, newest first."""
    permission = Permission.VOLUNTEER_BACKFILL_REVIEW
    theirs = or_(
        Backfill.organization_id.in_(actor.scope_ids(permission, ScopeKind.ORGANIZATION)),
        Activity.leader_id == actor.person_id,
        Backfill.activity_id.in_(
            select(Deputy.activity_id).where(Deputy.person_id == actor.person_id)
        ),
        under_sites(actor, permission),
    )
    return page_of(page, Backfill.status == status, theirs)


def page_of(page: PageRequest, *conditions: Any) -> Page[Backfill]:
    """Backfills, joined with activity and site, newest first."""
    query = (
        select(Backfill)
        .join(Backfill.activity)
        .join(Backfill.site)
        .where(*conditions)
        .options(
            joinedload(Backfill.activity, innerjoin=True),
            joinedload(Backfill.person, innerjoin=True),
        )
    )
    return paginate(query, page, by=[Backfill.id], descending=True)
