"""Campaigns: made and announced by the city's office, public afterwards."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, public, replaces, returns, shared
from core.paging import Page, PageRequest
from nominations.errors import DatesPassed, RulesFrozen
from nominations.models.campaigns import Campaign
from nominations.presets import Preset
from nominations.services import campaigns
from schemas.campaigns import (
    CampaignIn,
    CampaignInsideOut,
    CampaignOut,
    CampaignPatchIn,
    CampaignRulesOut,
    PresetListOut,
)

blueprint = Blueprint("campaigns", __name__, description="评选活动")


@blueprint.get("/campaign-presets")
@public
@shared(60)
@returns(PresetListOut)
def list_presets(_actor: Actor) -> dict[str, Sequence[Preset]]:
    """预设的评选：类别、环节、名额、评分和日程"""
    return {"items": campaigns.presets()}


@blueprint.post("/campaigns")
@permission(Permission.NOMINATIONS_CAMPAIGN_CREATE)
@body(CampaignIn)
@returns(CampaignInsideOut, 201)
def create_campaign(actor: Actor, *, body: dict[str, Any]) -> Campaign:
    """新建评选活动（草稿），可以从预设开始"""
    return campaigns.create(actor, **body)


@blueprint.get("/campaigns")
@public
@shared(5)
@paged
@returns(CampaignOut)
def list_campaigns(_actor: Actor, *, page: PageRequest) -> Page[Campaign]:
    """已发布的评选活动，新的在前"""
    return campaigns.list_public(page)


@blueprint.get("/campaigns/inside")
@permission(Permission.NOMINATIONS_CAMPAIGN_VIEW)
@paged
@returns(CampaignInsideOut)
def list_inside(actor: Actor, *, page: PageRequest) -> Page[Campaign]:
    """我管理或监督的评选活动，包括草稿"""
    return campaigns.list_inside(actor, page)


@blueprint.get("/campaigns/<uuid:campaign_id>")
@public
@shared(5)
@returns(CampaignOut)
def view_campaign(_actor: Actor, *, campaign_id: UUID) -> Campaign:
    """一个评选活动"""
    return campaigns.get_public(campaign_id)


@blueprint.get("/campaigns/<uuid:campaign_id>/inside")
@permission(Permission.NOMINATIONS_CAMPAIGN_VIEW)
@returns(CampaignInsideOut)
def view_inside(actor: Actor, *, campaign_id: UUID) -> Campaign:
    """一个评选活动，供管理和监督"""
    return campaigns.get_inside(actor, campaign_id)


@blueprint.get("/campaigns/<uuid:campaign_id>/rules")
@public
@shared(5)
@returns(CampaignRulesOut)
def view_rules(_actor: Actor, *, campaign_id: UUID) -> Campaign:
    """推荐、评议、评审和并列的全部规则"""
    return campaigns.get_public(campaign_id)


@blueprint.patch("/campaigns/<uuid:campaign_id>")
@permission(Permission.NOMINATIONS_CAMPAIGN_UPDATE)
@body(CampaignPatchIn)
@replaces(campaigns.hold)
@returns(CampaignInsideOut)
@errors(RulesFrozen)
def update_campaign(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Campaign:
    """修改评选活动，直到推荐开始；已公布的时间只能延期"""
    return campaigns.update(actor, campaign_id, **body)


@blueprint.post("/campaigns/<uuid:campaign_id>/announce")
@permission(Permission.NOMINATIONS_CAMPAIGN_ANNOUNCE)
@returns(CampaignOut)
@errors(DatesPassed)
def announce_campaign(actor: Actor, *, campaign_id: UUID) -> Campaign:
    """发布"""
    return campaigns.announce(actor, campaign_id)
