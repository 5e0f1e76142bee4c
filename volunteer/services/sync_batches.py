"""Batches of records for the system that Civil Affairs designates (decree 67, art. 4).

An export of kind decree67 collects the entries of its scope that are in no batch yet, each once
by the key of `hours_syncs`; when the other side has taken the file, staff acknowledge the batch.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_all_absent
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer.lifecycles import SyncBatchStatus
from volunteer.models.exports import Export
from volunteer.models.hours import HoursEntry
from volunteer.models.organizations import Organization
from volunteer.models.sync_batches import HoursSync, SyncBatch
from volunteer.services import export_scopes
from volunteer.services.export_tables import of_unit

BATCH = 500

STATUS_OF_ENTRY = (
    select(SyncBatch.status)
    .join(HoursSync, HoursSync.batch_id == SyncBatch.id)
    .where(HoursSync.entry_id == HoursEntry.id)
    .correlate(HoursEntry)
    .scalar_subquery()
)
"""Status of the batch that an entry of the query around it is in."""


def prepare(of: Export) -> SyncBatch:
    """Begin the batch of an export that was just asked for."""
    batch = SyncBatch(
        id=new_id(),
        export_id=of.id,
        status=SyncBatchStatus.PREPARING,
        entries=0,
        created_at=clock.now(),
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def collect(of: Export, after: Sequence[Any]) -> Sequence[Any]:
    """Put pending entries with ids after the one given into the batch, in order; gives the last
    id, or nothing when there are no more."""
    batch_id = _of(of).id
    query = select(HoursEntry.id).where(
        of_unit(of), ~exists().where(HoursSync.entry_id == HoursEntry.id)
    )
    if after:
        query = query.where(HoursEntry.id > after[0])
    ids = db.session.scalars(query.order_by(HoursEntry.id).limit(BATCH)).all()
    insert_all_absent(HoursSync, [{"entry_id": i, "batch_id": batch_id} for i in ids])
    return ids[-1:]


def export(actor: Actor, of: Export, *, entries: int) -> None:
    """The file of the batch is there. Raises WrongState."""
    audit.perform(actor, _of(of), "export", entries=entries, exported_at=clock.now())


def give_up(actor: Actor, of: Export) -> None:
    """Set the entries free, as the file could not be made. Raises WrongState."""
    _abandon(actor, _of(of), reason=None)


def abandon(actor: Actor, batch_id: UUID, *, reason: str) -> SyncBatch:
    """Set the entries free for another batch, as the file was lost or the other side did not take
    it. Raises NotFound outside the actor's scope, WrongState once it was taken."""
    batch = _in_scope(actor, Permission.VOLUNTEER_SYNC_BATCH_ABANDON, batch_id)
    _abandon(actor, batch, reason=reason)
    return batch


def _abandon(actor: Actor, batch: SyncBatch, *, reason: str | None) -> None:
    audit.perform(actor, batch, "abandon", reason=reason, exported_at=None)
    db.session.execute(delete(HoursSync).where(HoursSync.batch_id == batch.id))


def acknowledge(actor: Actor, batch_id: UUID) -> SyncBatch:
    """The other side has taken the records. Raises NotFound outside the actor's scope,
    WrongState."""
    batch = _in_scope(actor, Permission.VOLUNTEER_SYNC_BATCH_ACKNOWLEDGE, batch_id)
    audit.perform(
        actor, batch, "acknowledge", acknowledged_by=actor.id, acknowledged_at=clock.now()
    )
    return batch


def _in_scope(actor: Actor, permission: Permission, batch_id: UUID) -> SyncBatch:
    query = select(SyncBatch).where(SyncBatch.id == batch_id)
    batch = db.session.scalar(query.options(joinedload(SyncBatch.export, innerjoin=True)))
    if batch is None:
        raise NotFound
    export_scopes.require(actor, permission, batch.export)
    return batch


def list_visible(actor: Actor, page: PageRequest) -> Page[SyncBatch]:
    """Batches of the actor's sites and of organisations there, newest first, whoever asked for
    them."""
    query = (
        select(SyncBatch)
        .join(SyncBatch.export)
        .outerjoin(Organization, Organization.id == Export.organization_id)
        .join(Site, Site.id == func.coalesce(Export.site_id, Organization.site_id))
        .where(under_sites(actor, Permission.VOLUNTEER_SYNC_BATCH_VIEW))
        .options(contains_eager(SyncBatch.export))
    )
    return paginate(query, page, by=[SyncBatch.id], descending=True)


def _of(of: Export) -> SyncBatch:
    return db.session.scalars(select(SyncBatch).where(SyncBatch.export_id == of.id)).one()
