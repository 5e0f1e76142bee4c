"""Flags: a job looks for hours that somebody should look at. It accuses nobody and changes no
hours; site staff look, and close the flag with what they found."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, joinedload

from accounts.permissions import Permission
from accounts.policies import under_sites
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_if_absent
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.lifecycles import BackfillStatus, FlagStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance, CheckMethod
from volunteer.models.backfills import Backfill
from volunteer.models.flags import Flag, FlagKind
from volunteer.models.hours import EntryKind, HoursEntry, Ledger
from volunteer.models.projects import Project
from volunteer.models.shifts import Shift

LOOKS_BACK = timedelta(days=2)
"""Longer than the job is ever down; what it saw before is raised once by its key."""

BURST, BURST_WITHIN = 20, timedelta(minutes=10)
RAPID, RAPID_WITHIN = 3, timedelta(minutes=2)
"""An administrator entered hours that nobody served "in two minutes" (CCTV, 2025)."""

BELIEVED = (BackfillStatus.ON_NOTICE, BackfillStatus.CONTESTED, BackfillStatus.RECORDED)


@dataclass(frozen=True, slots=True)
class Act:
    """An entry or approval, as far as bursts are concerned."""

    by: UUID
    at: datetime
    organization_id: UUID
    site_id: UUID
    activity_id: UUID


@dataclass(frozen=True, slots=True)
class Finding:
    key: str
    kind: FlagKind
    organization_id: UUID
    site_id: UUID
    activity_id: UUID
    person_id: UUID | None
    count: int


def sweep() -> int:
    """Look at what happened lately and raise what is new; gives its number. Done by a job."""
    since = clock.now() - LOOKS_BACK
    findings = [
        *_bursts(FlagKind.BURST, _entries(since), BURST, BURST_WITHIN),
        *_bursts(FlagKind.RAPID_APPROVALS, _approvals(since), RAPID, RAPID_WITHIN),
        *_overlaps(since),
        *_without_check_ins(since),
        *_without_leader(since),
    ]
    return sum(_raise(finding) for finding in findings)


def _raise(found: Finding) -> bool:
    return insert_if_absent(
        Flag,
        id=new_id(),
        key=found.key,
        kind=found.kind,
        status=FlagStatus.RAISED,
        site_id=found.site_id,
        organization_id=found.organization_id,
        activity_id=found.activity_id,
        person_id=found.person_id,
        count=found.count,
        raised_at=clock.now(),
    )


def _entries(since: datetime) -> Sequence[Act]:
    """Times of others that a person entered, in the verified ledger."""
    query = select(
        HoursEntry.created_by,
        HoursEntry.created_at,
        HoursEntry.organization_id,
        HoursEntry.site_id,
        HoursEntry.activity_id,
    ).where(
        HoursEntry.created_at >= since,
        HoursEntry.created_by != HoursEntry.person_id,
        HoursEntry.kind == EntryKind.EARNED,
        HoursEntry.ledger == Ledger.VERIFIED,
    )
    return [Act(*row) for row in db.session.execute(query)]


def _approvals(since: datetime) -> Sequence[Act]:
    query = select(
        Backfill.decided_by,
        Backfill.decided_at,
        Backfill.organization_id,
        Backfill.site_id,
        Backfill.activity_id,
    ).where(Backfill.decided_at >= since, Backfill.status != BackfillStatus.REJECTED)
    return [
        Act(by, at, *where)
        for by, at, *where in db.session.execute(query)
        if by is not None and at is not None
    ]


def _bursts(
    kind: FlagKind, acts: Iterable[Act], number: int, within: timedelta
) -> Iterator[Finding]:
    """One finding for each person, organisation and day with `number` acts within a time."""
    by_day: defaultdict[str, list[Act]] = defaultdict(list)
    for act in acts:
        by_day[f"{kind}:{act.by}:{act.organization_id}:{clock.day_of(act.at)}"].append(act)
    for key, of_day in by_day.items():
        most = densest([act.at for act in of_day], within)
        if most >= number:
            a = of_day[0]
            yield Finding(key, kind, a.organization_id, a.site_id, a.activity_id, a.by, most)


def densest(instants: Iterable[datetime], within: timedelta) -> int:
    """The most instants that lie within a time of each other."""
    ordered, first, most = sorted(instants), 0, 0
    for last, instant in enumerate(ordered):
        while instant - ordered[first] > within:
            first += 1
        most = max(most, last - first + 1)
    return most


def _overlaps(since: datetime) -> Iterator[Finding]:
    """Backfilled shifts during which the person was counted in another one."""
    other = aliased(Shift)
    query = (
        select(Backfill, func.count())
        .join(Shift, Shift.id == Backfill.shift_id)
        .join(Attendance, Attendance.person_id == Backfill.person_id)
        .join(other, other.id == Attendance.shift_id)
        .where(
            Backfill.status.in_(BELIEVED),
            Backfill.decided_at >= since,
            Attendance.minutes > 0,
            other.id != Shift.id,
            other.starts_at < Shift.ends_at,
            other.ends_at > Shift.starts_at,
        )
        .group_by(Backfill.id)
    )
    for b, number in db.session.execute(query):
        yield _about(FlagKind.OVERLAP, b, f"overlap:{b.id}", b.person_id, number)


def _without_check_ins(since: datetime) -> Iterator[Finding]:
    """Activities with backfilled hours to which nobody checked in."""
    checked_in = exists().where(
        Shift.activity_id == Backfill.activity_id,
        Attendance.shift_id == Shift.id,
        Attendance.ledger == Ledger.VERIFIED,
    )
    query = select(Backfill).where(
        Backfill.status.in_(BELIEVED), Backfill.decided_at >= since, ~checked_in
    )
    by_activity: defaultdict[UUID, list[Backfill]] = defaultdict(list)
    for backfill in db.session.scalars(query):
        by_activity[backfill.activity_id].append(backfill)
    for activity_id, found in by_activity.items():
        key = f"no_check_ins:{activity_id}"
        yield _about(FlagKind.NO_CHECK_INS, found[0], key, None, len(found))


def _without_leader(since: datetime) -> Iterator[Finding]:
    """Shifts begun by the clock at which no code of the leader's phone was shown. A code needs
    somebody who leads; the place alone does not."""
    proved = aliased(Attendance)
    led = exists().where(
        proved.shift_id == Shift.id, proved.check_in_method != CheckMethod.LOCATION
    )
    query = (
        select(Shift.id, Shift.activity_id, Project.organization_id, Project.site_id, func.count())
        .select_from(Shift)
        .join(Shift.activity)
        .join(Activity.project)
        .join(Attendance, Attendance.shift_id == Shift.id)
        .where(Shift.ended_at >= since, Shift.begun_at == Shift.starts_at, ~led)
        .group_by(Shift.id, Shift.activity_id, Project.organization_id, Project.site_id)
    )
    for shift_id, activity_id, organization_id, site_id, number in db.session.execute(query):
        key = f"{FlagKind.NO_LEADER}:{shift_id}"
        yield Finding(key, FlagKind.NO_LEADER, organization_id, site_id, activity_id, None, number)


def _about(kind: FlagKind, b: Backfill, key: str, person_id: UUID | None, count: int) -> Finding:
    return Finding(key, kind, b.organization_id, b.site_id, b.activity_id, person_id, count)


def list_raised(actor: Actor, page: PageRequest) -> Page[Flag]:
    """Flags that nobody closed yet at the actor's sites, oldest first."""
    query = (
        select(Flag)
        .join(Flag.site)
        .where(
            Flag.status == FlagStatus.RAISED,
            under_sites(actor, Permission.VOLUNTEER_FLAG_VIEW),
        )
        .options(joinedload(Flag.person))
    )
    return paginate(query, page, by=[Flag.id])


def close(actor: Actor, flag_id: UUID, *, note: str) -> Flag:
    """Say what was found. Raises NotFound, WrongState."""
    query = select(Flag).where(Flag.id == flag_id)
    flag = db.session.scalar(query.options(joinedload(Flag.site), joinedload(Flag.person)))
    if flag is None:
        raise NotFound
    policies.require_over_site(actor, Permission.VOLUNTEER_FLAG_CLOSE, flag.site)
    audit.perform(actor, flag, "close", closed_by=actor.id, closed_at=clock.now(), note=note)
    return flag
