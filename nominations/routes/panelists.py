"""Seats on a panel."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, returns
from core.paging import Page, PageRequest
from nominations.errors import JudgingNotOpen, PanelNotUsed, StageClosed, VotedAlready
from nominations.models.panels import Panelist
from nominations.services import panelists
from schemas.panels import (
    OwnPanelistOut,
    PanelistIn,
    PanelistListOut,
    PanelistOut,
    PanelistRemoveIn,
)

blueprint = Blueprint("panelists", __name__, description="评委")


@blueprint.post("/campaigns/<uuid:campaign_id>/panelists")
@permission(Permission.NOMINATIONS_PANELIST_INVITE)
@body(PanelistIn)
@returns(PanelistOut, 201)
@errors(StageClosed, PanelNotUsed, JudgingNotOpen)
def invite_panelist(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Panelist:
    """邀请评委"""
    return panelists.invite(actor, campaign_id, **body)


@blueprint.get("/campaigns/<uuid:campaign_id>/panelists")
@permission(Permission.NOMINATIONS_PANELIST_REVIEW)
@returns(PanelistListOut)
def list_panelists(actor: Actor, *, campaign_id: UUID) -> dict[str, list[Panelist]]:
    """一次评选的评委"""
    return {"items": panelists.list_all(actor, campaign_id)}


@blueprint.get("/me/panelists")
@permission(Permission.NOMINATIONS_PANELIST_VIEW)
@paged
@returns(OwnPanelistOut)
def list_own_panelists(actor: Actor, *, page: PageRequest) -> Page[Panelist]:
    """我的评委邀请"""
    return panelists.list_mine(actor, page)


@blueprint.post("/panelists/<uuid:panelist_id>/accept")
@permission(Permission.NOMINATIONS_PANELIST_ACCEPT)
@returns(OwnPanelistOut)
@errors(StageClosed, JudgingNotOpen)
def accept_panelist(actor: Actor, *, panelist_id: UUID) -> Panelist:
    """接受邀请"""
    return panelists.accept(actor, panelist_id)


@blueprint.post("/panelists/<uuid:panelist_id>/decline")
@permission(Permission.NOMINATIONS_PANELIST_DECLINE)
@returns(OwnPanelistOut)
def decline_panelist(actor: Actor, *, panelist_id: UUID) -> Panelist:
    """谢绝邀请"""
    return panelists.decline(actor, panelist_id)


@blueprint.post("/panelists/<uuid:panelist_id>/remove")
@permission(Permission.NOMINATIONS_PANELIST_REMOVE)
@body(PanelistRemoveIn)
@returns(PanelistOut)
@errors(JudgingNotOpen, VotedAlready)
def remove_panelist(actor: Actor, *, panelist_id: UUID, body: dict[str, Any]) -> Panelist:
    """解除评委；其评分不再计入"""
    return panelists.remove(actor, panelist_id, reason=body["reason"])
