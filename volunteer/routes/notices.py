"""The notice of backfills inside an organisation."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.backfills import (
    BackfillClearIn,
    BackfillContestIn,
    BackfillOut,
    NoticedBackfillOut,
)
from volunteer.errors import AlreadyContested, BackfillNotIndependent
from volunteer.models.backfills import Backfill
from volunteer.services import notices

blueprint = Blueprint("notices", __name__, description="补记公示")


@blueprint.get("/organizations/<uuid:organization_id>/backfills/notice")
@permission(Permission.VOLUNTEER_BACKFILL_VIEW_NOTICE)
@paged
@returns(NoticedBackfillOut)
def list_open(actor: Actor, *, organization_id: UUID, page: PageRequest) -> Page[Backfill]:
    """组织内公示的补记，成员可看"""
    return notices.list_open(actor, organization_id, page)


@blueprint.post("/backfills/<uuid:backfill_id>/contest")
@permission(Permission.VOLUNTEER_BACKFILL_CONTEST)
@body(BackfillContestIn)
@returns(NoticedBackfillOut)
@errors(AlreadyContested)
def contest(actor: Actor, *, backfill_id: UUID, body: dict[str, Any]) -> Backfill:
    """对公示中的补记提出异议，本组织成员可用"""
    return notices.contest(actor, backfill_id, **body)


@blueprint.post("/backfills/<uuid:backfill_id>/clear")
@permission(Permission.VOLUNTEER_BACKFILL_CLEAR)
@body(BackfillClearIn)
@returns(BackfillOut)
@errors(BackfillNotIndependent)
def clear(actor: Actor, *, backfill_id: UUID, body: dict[str, Any]) -> Backfill:
    """核查后认为异议不成立，公示继续"""
    return notices.clear(actor, backfill_id, **body)
