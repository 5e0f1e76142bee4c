"""Batches of records for the system that Civil Affairs designates."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.exports import SyncBatchAbandonIn, SyncBatchOut
from volunteer.models.sync_batches import SyncBatch
from volunteer.services import sync_batches

blueprint = Blueprint("sync_batches", __name__, description="民政系统对接")


@blueprint.get("/sync-batches")
@permission(Permission.VOLUNTEER_SYNC_BATCH_VIEW)
@paged
@returns(SyncBatchOut)
def list_batches(actor: Actor, *, page: PageRequest) -> Page[SyncBatch]:
    """本阵地及其下级的上报批次"""
    return sync_batches.list_visible(actor, page)


@blueprint.post("/sync-batches/<uuid:batch_id>/acknowledge")
@permission(Permission.VOLUNTEER_SYNC_BATCH_ACKNOWLEDGE)
@returns(SyncBatchOut)
def acknowledge(actor: Actor, *, batch_id: UUID) -> SyncBatch:
    """民政系统已接收这一批记录"""
    return sync_batches.acknowledge(actor, batch_id)


@blueprint.post("/sync-batches/<uuid:batch_id>/abandon")
@permission(Permission.VOLUNTEER_SYNC_BATCH_ABANDON)
@body(SyncBatchAbandonIn)
@returns(SyncBatchOut)
def abandon(actor: Actor, *, batch_id: UUID, body: dict[str, Any]) -> SyncBatch:
    """文件遗失或民政系统未接收：作废这一批，其中的记录可以重新导出"""
    return sync_batches.abandon(actor, batch_id, **body)
