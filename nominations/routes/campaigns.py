"""Campaigns: made and announced by the city's office, public afterwards."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, public, returns, shared
from core.paging import Page, PageRequest
from nominations.errors import DatesPassed
from nominations.models.campaigns import Campaign
from nominations.services import campaigns
from schemas.campaigns import CampaignCancelIn, CampaignIn, CampaignOut, CampaignRulesOut

blueprint = Blueprint("campaigns", __name__, description="评选活动")


@blueprint.post("/campaigns")
@permission(Permission.NOMINATIONS_CAMPAIGN_CREATE)
@body(CampaignIn)
@returns(CampaignOut, 201)
def create_campaign(actor: Actor, *, body: dict[str, Any]) -> Campaign:
    """新建评选活动（草稿）"""
    return campaigns.create(actor, **body)


@blueprint.get("/campaigns")
@public
@shared(5)
@paged
@returns(CampaignOut)
def list_campaigns(_actor: Actor, *, page: PageRequest) -> Page[Campaign]:
    """已发布的评选活动，新的在前"""
    return campaigns.list_public(page)


@blueprint.get("/campaigns/<uuid:campaign_id>")
@public
@shared(5)
@returns(CampaignOut)
def view_campaign(_actor: Actor, *, campaign_id: UUID) -> Campaign:
    """一个评选活动"""
    return campaigns.get_public(campaign_id)


@blueprint.get("/campaigns/<uuid:campaign_id>/rules")
@public
@shared(5)
@returns(CampaignRulesOut)
def view_rules(_actor: Actor, *, campaign_id: UUID) -> campaigns.PublicRules:
    """推荐和评议的规则"""
    return campaigns.rules(campaign_id)


@blueprint.post("/campaigns/<uuid:campaign_id>/announce")
@permission(Permission.NOMINATIONS_CAMPAIGN_ANNOUNCE)
@returns(CampaignOut)
@errors(DatesPassed)
def announce_campaign(actor: Actor, *, campaign_id: UUID) -> Campaign:
    """发布"""
    return campaigns.announce(actor, campaign_id)


@blueprint.post("/campaigns/<uuid:campaign_id>/cancel")
@permission(Permission.NOMINATIONS_CAMPAIGN_CANCEL)
@body(CampaignCancelIn)
@returns(CampaignOut)
def cancel_campaign(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Campaign:
    """取消"""
    return campaigns.cancel(actor, campaign_id, reason=body["reason"])
