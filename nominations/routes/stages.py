"""Moving campaigns on by hand; the scheduler does it by their dates."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from nominations.errors import PausedPastDates, StageNotReady
from nominations.models.campaigns import Campaign
from nominations.services import stages
from schemas.campaigns import CampaignOut, CampaignReasonIn, CampaignResumeIn

blueprint = Blueprint("stages", __name__, description="评选活动的阶段")


@blueprint.post("/campaigns/<uuid:campaign_id>/open_nominations")
@permission(Permission.NOMINATIONS_CAMPAIGN_OPEN_NOMINATIONS)
@returns(CampaignOut)
@errors(StageNotReady)
def open_nominations(actor: Actor, *, campaign_id: UUID) -> Campaign:
    """开始推荐"""
    return stages.open_nominations(actor, campaign_id)


@blueprint.post("/campaigns/<uuid:campaign_id>/close_nominations")
@permission(Permission.NOMINATIONS_CAMPAIGN_CLOSE_NOMINATIONS)
@returns(CampaignOut)
@errors(StageNotReady)
def close_nominations(actor: Actor, *, campaign_id: UUID) -> Campaign:
    """推荐截止"""
    return stages.close_nominations(actor, campaign_id)


@blueprint.post("/campaigns/<uuid:campaign_id>/open_assessment")
@permission(Permission.NOMINATIONS_CAMPAIGN_OPEN_ASSESSMENT)
@returns(CampaignOut)
@errors(StageNotReady)
def open_assessment(actor: Actor, *, campaign_id: UUID) -> Campaign:
    """开始群众评议"""
    return stages.open_assessment(actor, campaign_id)


@blueprint.post("/campaigns/<uuid:campaign_id>/close_assessment")
@permission(Permission.NOMINATIONS_CAMPAIGN_CLOSE_ASSESSMENT)
@returns(CampaignOut)
@errors(StageNotReady)
def close_assessment(actor: Actor, *, campaign_id: UUID) -> Campaign:
    """评议截止"""
    return stages.close_assessment(actor, campaign_id)


@blueprint.post("/campaigns/<uuid:campaign_id>/finish_counting")
@permission(Permission.NOMINATIONS_CAMPAIGN_FINISH_COUNTING)
@returns(CampaignOut)
@errors(StageNotReady)
def finish_counting(actor: Actor, *, campaign_id: UUID) -> Campaign:
    """计票完成"""
    return stages.finish_counting(actor, campaign_id)


@blueprint.post("/campaigns/<uuid:campaign_id>/skip_assessment")
@permission(Permission.NOMINATIONS_CAMPAIGN_SKIP_ASSESSMENT)
@returns(CampaignOut)
@errors(StageNotReady)
def skip_assessment(actor: Actor, *, campaign_id: UUID) -> Campaign:
    """不设评议的活动：审核结束，进入评审"""
    return stages.skip_assessment(actor, campaign_id)


@blueprint.post("/campaigns/<uuid:campaign_id>/open_notice")
@permission(Permission.NOMINATIONS_CAMPAIGN_OPEN_NOTICE)
@returns(CampaignOut)
@errors(StageNotReady)
def open_notice(actor: Actor, *, campaign_id: UUID) -> Campaign:
    """开始公示"""
    return stages.open_notice(actor, campaign_id)


@blueprint.post("/campaigns/<uuid:campaign_id>/conclude")
@permission(Permission.NOMINATIONS_CAMPAIGN_CONCLUDE)
@returns(CampaignOut)
@errors(StageNotReady)
def conclude(actor: Actor, *, campaign_id: UUID) -> Campaign:
    """结束评选；其余候选人为未入选，并通知推荐人"""
    return stages.conclude(actor, campaign_id)


@blueprint.post("/campaigns/<uuid:campaign_id>/pause")
@permission(Permission.NOMINATIONS_CAMPAIGN_PAUSE)
@body(CampaignReasonIn)
@returns(CampaignOut)
def pause(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Campaign:
    """暂停，并通知推荐人"""
    return stages.pause(actor, campaign_id, reason=body["reason"])


@blueprint.post("/campaigns/<uuid:campaign_id>/resume")
@permission(Permission.NOMINATIONS_CAMPAIGN_RESUME)
@body(CampaignResumeIn)
@returns(CampaignOut)
@errors(PausedPastDates)
def resume(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Campaign:
    """恢复；暂停期间已过的时间先延期"""
    return stages.resume(actor, campaign_id, accepts_passed_dates=body["accepts_passed_dates"])


@blueprint.post("/campaigns/<uuid:campaign_id>/cancel")
@permission(Permission.NOMINATIONS_CAMPAIGN_CANCEL)
@body(CampaignReasonIn)
@returns(CampaignOut)
def cancel(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Campaign:
    """取消，并通知推荐人"""
    return stages.cancel(actor, campaign_id, reason=body["reason"])
