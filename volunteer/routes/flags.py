"""Flags on hours, for site staff."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.flags import FlagCloseIn, FlagOut
from volunteer.models.flags import Flag
from volunteer.services import flags

blueprint = Blueprint("flags", __name__, description="时长核查线索")


@blueprint.get("/hours-flags")
@permission(Permission.VOLUNTEER_FLAG_VIEW)
@paged
@returns(FlagOut)
def list_raised(actor: Actor, *, page: PageRequest) -> Page[Flag]:
    """待核查的线索"""
    return flags.list_raised(actor, page)


@blueprint.post("/hours-flags/<uuid:flag_id>/close")
@permission(Permission.VOLUNTEER_FLAG_CLOSE)
@body(FlagCloseIn)
@returns(FlagOut)
def close(actor: Actor, *, flag_id: UUID, body: dict[str, Any]) -> Flag:
    """记录核查结果，关闭线索"""
    return flags.close(actor, flag_id, **body)
