"""Moving the published dates of campaigns."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, permission, public, returns, shared
from nominations.models.campaign_postponements import CampaignPostponement
from nominations.models.campaigns import Campaign
from nominations.services import campaign_postponements
from schemas.campaigns import CampaignOut, CampaignPostponeIn, CampaignPostponementListOut

blueprint = Blueprint("campaign_postponements", __name__, description="评选活动的延期")


@blueprint.post("/campaigns/<uuid:campaign_id>/postpone")
@permission(Permission.NOMINATIONS_CAMPAIGN_POSTPONE)
@body(CampaignPostponeIn)
@returns(CampaignOut)
def postpone(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Campaign:
    """延期：公布的时间只能推迟，理由公开"""
    return campaign_postponements.postpone(actor, campaign_id, **body)


@blueprint.post("/campaigns/<uuid:campaign_id>/reopen_nominations")
@permission(Permission.NOMINATIONS_CAMPAIGN_REOPEN_NOMINATIONS)
@body(CampaignPostponeIn)
@returns(CampaignOut)
def reopen_nominations(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Campaign:
    """评议开始之前重新开放推荐，定下新的截止时间，理由公开"""
    return campaign_postponements.reopen_nominations(actor, campaign_id, **body)


@blueprint.get("/campaigns/<uuid:campaign_id>/postponements")
@public
@shared(5)
@returns(CampaignPostponementListOut)
def list_postponements(
    _actor: Actor, *, campaign_id: UUID
) -> dict[str, list[CampaignPostponement]]:
    """延期的经过和理由"""
    return {"items": campaign_postponements.list_public(campaign_id)}
