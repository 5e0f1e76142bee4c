"""Batches of records for the system that Civil Affairs designates."""

from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.exports import SyncBatchOut
from volunteer.models.sync_batches import SyncBatch
from volunteer.services import sync_batches

blueprint = Blueprint("sync_batches", __name__, description="民政系统对接")


@blueprint.get("/sync-batches")
@permission(Permission.VOLUNTEER_SYNC_BATCH_VIEW)
@paged
@returns(SyncBatchOut)
def list_batches(actor: Actor, *, page: PageRequest) -> Page[SyncBatch]:
    """我导出的上报批次"""
    return sync_batches.list_own(actor, page)


@blueprint.post("/sync-batches/<uuid:batch_id>/acknowledge")
@permission(Permission.VOLUNTEER_SYNC_BATCH_ACKNOWLEDGE)
@returns(SyncBatchOut)
def acknowledge(actor: Actor, *, batch_id: UUID) -> SyncBatch:
    """民政系统已接收这一批记录"""
    return sync_batches.acknowledge(actor, batch_id)
