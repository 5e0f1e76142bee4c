"""The notice of backfills inside an organisation.

For seven days everybody inside can see and contest an approved backfill (guidance of 2015 on
certificates: a notice of at least seven days inside the unit). Only when nobody has objected by
then does it become an entry: hours that were wrong are easier not to count than to take back.
"""

from uuid import UUID

from sqlalchemy import select

from accounts.models.sites import Site
from accounts.permissions import Permission, Role
from accounts.services import messages, roles
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import db, lock_exclusively
from core.errors import NotFound
from core.paging import Page, PageRequest
from volunteer import policies
from volunteer.errors import AlreadyContested
from volunteer.lifecycles import BackfillStatus
from volunteer.models.backfills import Backfill
from volunteer.models.hours import Ledger, SourceType
from volunteer.models.organizations import Organization
from volunteer.services import backfills, entries, memberships, shifts
from volunteer.services.entries import Source

BATCH = 500


def contest(actor: Actor, backfill_id: UUID, *, reason: str) -> Backfill:
    """Object within the notice, as a member of the organisation; once for each backfill.

    Raises NotFound for an outsider, AlreadyContested, WrongState."""
    backfill = backfills.load(backfill_id)
    _require_inside(actor, backfill.organization_id, Permission.VOLUNTEER_BACKFILL_CONTEST)
    if backfill.contested_by is not None:
        raise AlreadyContested
    audit.perform(
        actor,
        backfill,
        "contest",
        reason=reason,
        contested_by=actor.id,
        contest_reason=reason,
    )
    backfills.tell(backfill, "有人异议", "工作人员核查后决定是否计入")
    for person_id in roles.holders_at(Role.SITE_STAFF, backfill.site):
        messages.tell(person_id, "dispute_opened", backfill.id, about="公示中的补记")
    return backfill


def _require_inside(actor: Actor, organization_id: UUID, permission: Permission) -> None:
    """Raises NotFound unless the actor is a member or organizer of the organisation, or
    staff of its site."""
    if actor.holds_over(permission, ScopeKind.ORGANIZATION, organization_id):
        return
    query = select(Site).join(Organization).where(Organization.id == organization_id)
    site = db.session.scalar(query)
    if site is None:
        raise NotFound
    if not memberships.is_member(actor.id, organization_id):
        policies.require_over_site(actor, permission, site)


def clear(actor: Actor, backfill_id: UUID, *, note: str) -> Backfill:
    """Find an objection unfounded; the notice goes on. Raises as `void` does."""
    backfill = backfills.to_judge(actor, Permission.VOLUNTEER_BACKFILL_CLEAR, backfill_id)
    audit.perform(actor, backfill, "clear", reason=note)
    backfills.tell(backfill, "异议不成立", f"{note}。公示至 {backfill.notice_ends_on}")
    return backfill


def to_record() -> list[UUID]:
    """Backfills whose notice ended without an objection."""
    query = select(Backfill.id).where(
        Backfill.status == BackfillStatus.ON_NOTICE, Backfill.notice_ends_on < clock.today()
    )
    return list(db.session.scalars(query.limit(BATCH)))


def record(actor: Actor, backfill_id: UUID) -> Backfill:
    """Enter a backfill in the honorary ledger, at most what is still free of its shift; done by
    a job. If nothing is, an attendance became known meanwhile, and it lapses.

    Raises WrongState."""
    backfill = backfills.load(backfill_id)
    lock_exclusively(f"person:{backfill.person_id}")
    shift = shifts.load(backfill.shift_id)
    minutes = min(backfill.minutes, backfills.free_of(backfill.person_id, shift, but=backfill.id))
    if minutes == 0:
        return lapse(actor, backfill)
    audit.perform(actor, backfill, "record", recorded_minutes=minutes)
    entries.earn(
        actor,
        backfill.person_id,
        shift,
        minutes=minutes,
        ledger=Ledger.HONORARY,
        source=Source(SourceType.BACKFILL, backfill.id),
        reason=backfill.reason,
        by=backfill.decided_by,
    )
    return backfill


def lapse(actor: Actor, backfill: Backfill) -> Backfill:
    """Give up a backfill whose time was counted from an attendance. Raises WrongState."""
    audit.perform(actor, backfill, "lapse")
    backfills.tell(backfill, "无需补记", "这段时间已按签到记录计入")
    return backfill


def list_open(actor: Actor, organization_id: UUID, page: PageRequest) -> Page[Backfill]:
    """What lies open inside an organisation. Raises NotFound for an outsider."""
    _require_inside(actor, organization_id, Permission.VOLUNTEER_BACKFILL_VIEW_NOTICE)
    return backfills.page_of(
        page, Backfill.organization_id == organization_id, Backfill.status.in_(backfills.APPROVED)
    )
