"""The office's decisions after the notice."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, returns
from core.paging import Page, PageRequest
from nominations.errors import (
    ConsentMissing,
    DocumentNumberTaken,
    NoticeNotOver,
    NotWithheld,
    ObjectionPending,
    StageClosed,
)
from nominations.models.approvals import Approval
from nominations.models.notices import NoticeWaiver
from nominations.services import approvals
from schemas.approvals import ApprovalIn, ApprovalOut, NoticeWaiverIn, NoticeWaiverOut

blueprint = Blueprint("nominee_approvals", __name__, description="表彰审批")


@blueprint.post("/campaigns/<uuid:campaign_id>/approvals")
@permission(Permission.NOMINATIONS_NOMINATION_APPROVE)
@body(ApprovalIn)
@returns(ApprovalOut, 201)
@errors(StageClosed, ConsentMissing, DocumentNumberTaken, NoticeNotOver, ObjectionPending)
def approve_nominations(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Approval:
    """登记批准决定：公示已满且没有未处理异议的人选"""
    return approvals.approve(actor, campaign_id, **body)


@blueprint.get("/campaigns/<uuid:campaign_id>/approvals")
@permission(Permission.NOMINATIONS_APPROVAL_VIEW)
@paged
@returns(ApprovalOut)
def list_approvals(actor: Actor, *, campaign_id: UUID, page: PageRequest) -> Page[Approval]:
    """批准决定，新的在前：主办方和监督员可见"""
    return approvals.list_of_campaign(actor, campaign_id, page)


@blueprint.post("/nominations/<uuid:nomination_id>/waive_notice")
@permission(Permission.NOMINATIONS_NOMINATION_WAIVE_NOTICE)
@body(NoticeWaiverIn)
@returns(NoticeWaiverOut)
@errors(StageClosed, NotWithheld)
def waive_notice(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> NoticeWaiver:
    """依法不公开的人选免予公示，记录决定"""
    return approvals.waive_notice(actor, nomination_id, **body)
