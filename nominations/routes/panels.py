"""The panel as a whole, for the office and supervisors."""

from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, errors, files, permission, prepare, returns, returns_file
from nominations.errors import (
    DeclarationsMissing,
    JudgingNotClosed,
    JudgingNotOpen,
    PanelTooSmall,
    QuorumLacking,
    StageClosed,
)
from nominations.models.panels import Panel
from nominations.panel_minutes import Minutes
from nominations.papers import DOCX
from nominations.services import panel_records, panels
from schemas.panels import MinutesOut, PanelOut, PanelProgressOut, PanelRecordOut

blueprint = Blueprint("panels", __name__, description="评委会")


@blueprint.post("/campaigns/<uuid:campaign_id>/open_judging")
@permission(Permission.NOMINATIONS_PANEL_OPEN_JUDGING)
@returns(PanelOut)
@errors(StageClosed, PanelTooSmall, DeclarationsMissing)
def open_judging(actor: Actor, *, campaign_id: UUID) -> Panel:
    """开始评委评分"""
    return panels.open_judging(actor, campaign_id)


@blueprint.post("/campaigns/<uuid:campaign_id>/close_judging")
@permission(Permission.NOMINATIONS_PANEL_CLOSE_JUDGING)
@returns(PanelOut)
@errors(StageClosed, JudgingNotOpen, QuorumLacking)
def close_judging(actor: Actor, *, campaign_id: UUID) -> Panel:
    """结束评委评分；每位候选人都须达到法定人数"""
    return panels.close_judging(actor, campaign_id)


@blueprint.get("/campaigns/<uuid:campaign_id>/panel/progress")
@permission(Permission.NOMINATIONS_PANEL_VIEW_PROGRESS)
@returns(PanelProgressOut)
def view_progress(actor: Actor, *, campaign_id: UUID) -> panel_records.Progress:
    """评分进度；只有人数，没有分数"""
    return panel_records.progress(actor, campaign_id)


@blueprint.get("/campaigns/<uuid:campaign_id>/panel/record")
@permission(Permission.NOMINATIONS_PANEL_VIEW_RECORD)
@returns(PanelRecordOut)
@errors(JudgingNotClosed)
def view_record(actor: Actor, *, campaign_id: UUID) -> panel_records.Record:
    """评分结束后的评分记录，评委以编号显示"""
    return panel_records.record(actor, campaign_id)


@blueprint.get("/campaigns/<uuid:campaign_id>/panel/minutes")
@permission(Permission.NOMINATIONS_PANEL_VIEW_RECORD)
@returns(MinutesOut)
@errors(JudgingNotClosed)
def view_minutes(actor: Actor, *, campaign_id: UUID) -> Minutes:
    """会议纪要的内容"""
    return panel_records.minutes(actor, campaign_id)


@blueprint.get("/campaigns/<uuid:campaign_id>/panel/minutes.docx")
@permission(Permission.NOMINATIONS_PANEL_VIEW_RECORD)
@prepare(panel_records.print_minutes)
@returns_file(DOCX)
@errors(JudgingNotClosed)
def print_minutes(
    _actor: Actor, *, campaign_id: UUID, prepared: bytes
) -> tuple[bytes, dict[str, str]]:
    """会议纪要，供打印签名"""
    return prepared, files.saved_as(f"panel-minutes-{campaign_id}.docx")
