"""Public notices: planned by the office, read by everybody."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import (
    Blueprint,
    body,
    errors,
    files,
    paged,
    permission,
    prepare,
    public,
    query,
    returns,
    returns_file,
    shared,
)
from core.paging import Page, PageRequest
from nominations.errors import NobodyToNotice, NoticeDecided, ObjectionPending, StageClosed
from nominations.models.notices import Notice
from nominations.papers import DOCX
from nominations.services import notice_papers, notices
from schemas.notices import (
    NoticeDetailOut,
    NoticeExtendIn,
    NoticeIn,
    NoticeListOut,
    NoticeOut,
    NoticeQuery,
    NoticeWithdrawIn,
)

blueprint = Blueprint("public_notices", __name__, description="评选公示")


@blueprint.post("/campaigns/<uuid:campaign_id>/notices")
@permission(Permission.NOMINATIONS_NOTICE_CREATE)
@body(NoticeIn)
@returns(NoticeOut, 201)
@errors(StageClosed, NobodyToNotice)
def create_notice(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Notice:
    """安排公示：候选人、拟表彰人选或递补人选，到日子自动开始"""
    return notices.create(actor, campaign_id, **body)


@blueprint.get("/campaigns/<uuid:campaign_id>/notices")
@permission(Permission.NOMINATIONS_NOTICE_REVIEW)
@returns(NoticeListOut)
def list_campaign_notices(actor: Actor, *, campaign_id: UUID) -> dict[str, list[Notice]]:
    """一次活动的全部公示，含尚未开始的"""
    return {"items": notices.list_of_campaign(actor, campaign_id)}


@blueprint.post("/notices/<uuid:notice_id>/extend")
@permission(Permission.NOMINATIONS_NOTICE_EXTEND)
@body(NoticeExtendIn)
@returns(NoticeOut)
def extend_notice(actor: Actor, *, notice_id: UUID, body: dict[str, Any]) -> Notice:
    """延长公示，公开说明原因"""
    return notices.extend(actor, notice_id, **body)


@blueprint.post("/notices/<uuid:notice_id>/withdraw")
@permission(Permission.NOMINATIONS_NOTICE_WITHDRAW)
@body(NoticeWithdrawIn)
@returns(NoticeOut)
@errors(NoticeDecided, ObjectionPending)
def withdraw_notice(actor: Actor, *, notice_id: UUID, body: dict[str, Any]) -> Notice:
    """撤回公示，公开说明原因"""
    return notices.withdraw(actor, notice_id, **body)


@blueprint.get("/notices")
@public
@shared(5)
@query(NoticeQuery)
@paged
@returns(NoticeOut)
def list_notices(_actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[Notice]:
    """公示，新的在前"""
    return notices.list_public(page, **query)


@blueprint.get("/notices/<uuid:notice_id>")
@public
@shared(5)
@returns(NoticeDetailOut)
def view_notice(_actor: Actor, *, notice_id: UUID) -> notices.ShownNotice:
    """一份公示和其中的人选"""
    return notices.get_public(notice_id)


@blueprint.get("/notices/<uuid:notice_id>/notice.docx")
@public
@shared(60, is_kept=False)
@prepare(notice_papers.print_notice)
@returns_file(DOCX)
def print_notice(
    _actor: Actor, *, notice_id: UUID, prepared: bytes
) -> tuple[bytes, dict[str, str]]:
    """公示的文件，供张贴"""
    return prepared, files.saved_as(f"notice-{notice_id}.docx")
