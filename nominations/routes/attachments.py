"""Files of a case: uploaded by its nominator, cleared by a moderator before anybody else looks."""

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
    returns,
    returns_file,
    upload,
)
from core.paging import Page, PageRequest
from core.storage import StorageUnavailable
from core.uploads import JPEG, FileRefused
from nominations.errors import AttachmentsFull, OwnNomination, StageClosed
from nominations.models.attachments import Attachment
from nominations.services import attachments, case_files
from nominations.services.attachments import KeptFile
from schemas.attachments import (
    AttachmentIn,
    AttachmentListOut,
    AttachmentOut,
    AttachmentRefuseIn,
)

blueprint = Blueprint("attachments", __name__, description="推荐材料")


@blueprint.post("/nominations/<uuid:nomination_id>/attachments")
@permission(Permission.NOMINATIONS_ATTACHMENT_UPLOAD)
@upload(AttachmentIn)
@prepare(case_files.keep)
@returns(AttachmentOut, 201)
@errors(StageClosed, FileRefused, AttachmentsFull, StorageUnavailable)
def upload_attachment(
    actor: Actor, *, nomination_id: UUID, body: dict[str, Any], prepared: KeptFile
) -> Attachment:
    """上传照片或材料；照片去除拍摄信息，审核后才公开"""
    return case_files.upload(actor, nomination_id, kind=body["kind"], file=prepared)


@blueprint.get("/nominations/<uuid:nomination_id>/attachments")
@permission(Permission.NOMINATIONS_ATTACHMENT_VIEW)
@returns(AttachmentListOut)
def list_attachments(actor: Actor, *, nomination_id: UUID) -> dict[str, list[Attachment]]:
    """一份推荐的材料：推荐人和所在地的审核人员可见"""
    return {"items": case_files.list_of(actor, nomination_id)}


@blueprint.get("/attachments/queue")
@permission(Permission.NOMINATIONS_ATTACHMENT_MODERATE)
@paged
@returns(AttachmentOut)
def list_queue(actor: Actor, *, page: PageRequest) -> Page[Attachment]:
    """等待我审核的材料，先上传的在前"""
    return attachments.queue(actor, page)


@blueprint.get("/attachments/<uuid:attachment_id>")
@permission(Permission.NOMINATIONS_ATTACHMENT_VIEW)
@returns_file(JPEG)
@errors(StorageUnavailable)
def download_attachment(actor: Actor, *, attachment_id: UUID) -> tuple[bytes, dict[str, str]]:
    """一份材料；PDF 只能下载，不在页面中打开"""
    found, content = case_files.view(actor, attachment_id)
    return content, files.of_upload(found.media_type, str(found.id))


@blueprint.delete("/attachments/<uuid:attachment_id>")
@permission(Permission.NOMINATIONS_ATTACHMENT_REMOVE)
@returns(None, 204)
@errors(StageClosed)
def remove_attachment(actor: Actor, *, attachment_id: UUID) -> None:
    """删除自己上传的材料"""
    case_files.remove(actor, attachment_id)


@blueprint.post("/attachments/<uuid:attachment_id>/clear")
@permission(Permission.NOMINATIONS_ATTACHMENT_CLEAR)
@returns(AttachmentOut)
@errors(OwnNomination)
def clear_attachment(actor: Actor, *, attachment_id: UUID) -> Attachment:
    """审核通过"""
    return attachments.clear(actor, attachment_id)


@blueprint.post("/attachments/<uuid:attachment_id>/refuse")
@permission(Permission.NOMINATIONS_ATTACHMENT_REFUSE)
@body(AttachmentRefuseIn)
@returns(AttachmentOut)
@errors(OwnNomination)
def refuse_attachment(actor: Actor, *, attachment_id: UUID, body: dict[str, Any]) -> Attachment:
    """审核不通过，并告诉上传人原因"""
    return attachments.refuse(actor, attachment_id, reason=body["reason"])
