"""Hours claimed afterwards."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, query, returns
from core.paging import Page, PageRequest
from schemas.backfills import (
    BackfillIn,
    BackfillListOut,
    BackfillOut,
    BackfillQuery,
    BackfillRejectIn,
    BackfillVoidIn,
)
from volunteer.errors import (
    ActivityNotOpen,
    AlreadyBackfilled,
    BackfillBarred,
    BackfillNotIndependent,
    BackfillTooLong,
    BackfillWindowClosed,
    HigherTierNeeded,
    NotInvolved,
)
from volunteer.models.backfills import Backfill
from volunteer.services import backfills

blueprint = Blueprint("backfills", __name__, description="补记时长")


@blueprint.post("/backfills")
@permission(Permission.VOLUNTEER_BACKFILL_CLAIM)
@body(BackfillIn)
@returns(BackfillListOut, 201)
@errors(
    ActivityNotOpen,
    BackfillBarred,
    BackfillWindowClosed,
    NotInvolved,
    BackfillTooLong,
    AlreadyBackfilled,
)
def claim(actor: Actor, *, body: dict[str, Any]) -> dict[str, list[Backfill]]:
    """申请补记，本人申请或由负责人代为申请"""
    return {"items": backfills.claim(actor, **body)}


@blueprint.get("/backfills")
@permission(Permission.VOLUNTEER_BACKFILL_REVIEW)
@query(BackfillQuery)
@paged
@returns(BackfillOut)
def list_to_decide(actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[Backfill]:
    """由我审核的补记"""
    return backfills.list_to_decide(actor, page, **query)


@blueprint.get("/me/backfills")
@permission(Permission.VOLUNTEER_BACKFILL_VIEW)
@paged
@returns(BackfillOut)
def list_own(actor: Actor, *, page: PageRequest) -> Page[Backfill]:
    """我的补记，以及我为他人申请的补记"""
    return backfills.list_own(actor, page)


@blueprint.post("/backfills/<uuid:backfill_id>/approve")
@permission(Permission.VOLUNTEER_BACKFILL_APPROVE)
@returns(BackfillOut)
@errors(BackfillNotIndependent, BackfillBarred, HigherTierNeeded)
def approve(actor: Actor, *, backfill_id: UUID) -> Backfill:
    """审核通过，开始公示 7 天"""
    return backfills.approve(actor, backfill_id)


@blueprint.post("/backfills/<uuid:backfill_id>/reject")
@permission(Permission.VOLUNTEER_BACKFILL_REJECT)
@body(BackfillRejectIn)
@returns(BackfillOut)
@errors(BackfillNotIndependent)
def reject(actor: Actor, *, backfill_id: UUID, body: dict[str, Any]) -> Backfill:
    """审核不通过，说明原因"""
    return backfills.reject(actor, backfill_id, **body)


@blueprint.post("/backfills/<uuid:backfill_id>/void")
@permission(Permission.VOLUNTEER_BACKFILL_VOID)
@body(BackfillVoidIn)
@returns(BackfillOut)
@errors(BackfillNotIndependent)
def void(actor: Actor, *, backfill_id: UUID, body: dict[str, Any]) -> Backfill:
    """认定补记不实：冲销时长，并限制有关人员补记"""
    return backfills.void(actor, backfill_id, **body)
