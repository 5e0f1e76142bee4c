"""A panel member's work."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import (
    Blueprint,
    body,
    errors,
    files,
    not_idempotent,
    permission,
    replaces,
    returns,
    returns_file,
)
from core.storage import StorageUnavailable
from core.uploads import JPEG
from nominations.errors import (
    AnotherMethod,
    ConflictStands,
    JudgingNotOpen,
    MarksMissing,
    MarksSubmitted,
    NotDeclared,
    Recused,
    StageClosed,
    VotedAlready,
)
from nominations.models.declarations import Declaration
from nominations.models.panels import Panelist
from nominations.services import declarations, panel_scores
from schemas.panels import (
    AssignmentListOut,
    CaseFileOut,
    DeclarationIn,
    DeclarationOut,
    OwnPanelistOut,
    PanelVoteIn,
    PanelVoteOut,
    SheetIn,
    SheetOut,
)

blueprint = Blueprint("panel_scores", __name__, description="评委评分")


@blueprint.get("/panel/<uuid:campaign_id>/assignments")
@permission(Permission.NOMINATIONS_PANEL_VIEW_ASSIGNMENTS)
@returns(AssignmentListOut)
@errors(StageClosed)
def list_assignments(
    actor: Actor, *, campaign_id: UUID
) -> dict[str, list[declarations.Assignment]]:
    """我要评定的候选人，供声明是否回避"""
    return {"items": declarations.list_assignments(actor, campaign_id)}


@blueprint.post("/panel/<uuid:nomination_id>/declaration")
@permission(Permission.NOMINATIONS_PANEL_DECLARE)
@body(DeclarationIn)
@returns(DeclarationOut)
@errors(StageClosed, JudgingNotOpen, Recused, ConflictStands, VotedAlready)
def declare(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Declaration:
    """声明与候选人有无利害关系；评分开始后不能撤回"""
    return declarations.declare(actor, nomination_id, **body)


@blueprint.get("/panel/<uuid:nomination_id>/file")
@permission(Permission.NOMINATIONS_PANEL_VIEW_FILE)
@returns(CaseFileOut)
@errors(StageClosed, JudgingNotOpen, NotDeclared, Recused)
def view_file(actor: Actor, *, nomination_id: UUID) -> panel_scores.CaseFile:
    """候选人的材料"""
    return panel_scores.view_file(actor, nomination_id)


@blueprint.get("/panel/<uuid:nomination_id>/attachments/<uuid:attachment_id>")
@permission(Permission.NOMINATIONS_PANEL_VIEW_FILE)
@returns_file(JPEG)
@errors(StageClosed, JudgingNotOpen, NotDeclared, Recused, StorageUnavailable)
def view_attachment(
    actor: Actor, *, nomination_id: UUID, attachment_id: UUID
) -> tuple[bytes, dict[str, str]]:
    """候选人的一份材料"""
    found, content = panel_scores.view_attachment(actor, nomination_id, attachment_id)
    return content, files.of_upload(found.media_type, str(found.id))


@blueprint.put("/panel/<uuid:nomination_id>/scores")
@permission(Permission.NOMINATIONS_PANEL_SCORE)
@body(SheetIn)
@replaces(panel_scores.view_sheet)
@returns(SheetOut)
@errors(StageClosed, JudgingNotOpen, NotDeclared, Recused, AnotherMethod, MarksSubmitted)
def score(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> panel_scores.Sheet:
    """给候选人评分；提交前可以修改"""
    return panel_scores.score(actor, nomination_id, marks=body["marks"])


@blueprint.post("/panel/<uuid:nomination_id>/vote")
@permission(Permission.NOMINATIONS_PANEL_VOTE)
@not_idempotent  # what is kept of a request would tell the vote; the roll makes a repeat harmless
@body(PanelVoteIn)
@returns(PanelVoteOut)
@errors(StageClosed, JudgingNotOpen, NotDeclared, Recused, AnotherMethod)
def vote(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> panel_scores.VoteReceipt:
    """无记名投票；每位候选人一次，不能更改"""
    return panel_scores.vote(actor, nomination_id, approves=body["approves"])


@blueprint.post("/campaigns/<uuid:campaign_id>/panel/submit")
@permission(Permission.NOMINATIONS_PANEL_SUBMIT)
@returns(OwnPanelistOut)
@errors(StageClosed, JudgingNotOpen, AnotherMethod, MarksMissing)
def submit(actor: Actor, *, campaign_id: UUID) -> Panelist:
    """提交全部评分，提交后不能修改"""
    return panel_scores.submit(actor, campaign_id)
