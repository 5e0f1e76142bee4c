"""Objections to nominees on notice."""

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
    query,
    returns,
    returns_file,
    upload,
)
from core.paging import Page, PageRequest
from core.storage import StorageUnavailable
from core.uploads import JPEG, FileRefused
from nominations.errors import (
    AttachmentsFull,
    HandlerNotIndependent,
    ObjectionClosed,
    ObjectionTooMany,
    VerificationIncomplete,
)
from nominations.models.attachments import Attachment
from nominations.models.objections import Objection
from nominations.services import objection_evidence, objection_rulings, objections
from nominations.services.attachments import KeptFile
from schemas.attachments import AttachmentListOut, AttachmentOut
from schemas.objections import (
    EvidenceIn,
    ObjectionAcceptIn,
    ObjectionAnswerIn,
    ObjectionEnterIn,
    ObjectionIn,
    ObjectionOut,
    ObjectionQuery,
    ObjectionReasonIn,
    ObjectionReceiptOut,
    ObjectionToNomineeListOut,
    ObjectionToNomineeOut,
    ObjectionVerifyIn,
    OwnObjectionOut,
)

blueprint = Blueprint("objections", __name__, description="公示异议")


@blueprint.post("/notices/<uuid:notice_id>/objections")
@permission(Permission.NOMINATIONS_OBJECTION_FILE)
@body(ObjectionIn)
@returns(ObjectionReceiptOut, 201)
@errors(ObjectionClosed, ObjectionTooMany)
def file_objection(actor: Actor, *, notice_id: UUID, body: dict[str, Any]) -> Objection:
    """对公示中的人选提出异议，可以匿名"""
    return objections.file(actor, notice_id, **body)


@blueprint.post("/notices/<uuid:notice_id>/objections/enter")
@permission(Permission.NOMINATIONS_OBJECTION_ENTER)
@body(ObjectionEnterIn)
@returns(ObjectionReceiptOut, 201)
@errors(ObjectionClosed)
def enter_objection(actor: Actor, *, notice_id: UUID, body: dict[str, Any]) -> Objection:
    """登记来电、来信、来访的异议"""
    return objections.enter(actor, notice_id, **body)


@blueprint.get("/me/objections")
@permission(Permission.NOMINATIONS_OBJECTION_VIEW)
@paged
@returns(OwnObjectionOut)
def list_my_objections(actor: Actor, *, page: PageRequest) -> Page[Objection]:
    """我实名提出的异议和答复"""
    return objections.list_mine(actor, page)


@blueprint.get("/objections")
@permission(Permission.NOMINATIONS_OBJECTION_REVIEW)
@query(ObjectionQuery)
@paged
@returns(ObjectionOut)
def list_objections(actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[Objection]:
    """我可以处理的异议，先到的在前"""
    return objections.list_all(actor, page, **query)


@blueprint.get("/objections/<uuid:objection_id>")
@permission(Permission.NOMINATIONS_OBJECTION_REVIEW)
@returns(ObjectionOut)
@errors(HandlerNotIndependent)
def view_objection(actor: Actor, *, objection_id: UUID) -> Objection:
    """一条异议"""
    return objections.get(actor, objection_id)


@blueprint.get("/nominations/<uuid:nomination_id>/objections")
@permission(Permission.NOMINATIONS_OBJECTION_ANSWER)
@returns(ObjectionToNomineeListOut)
def list_objections_to_nominee(actor: Actor, *, nomination_id: UUID) -> dict[str, list[Objection]]:
    """对我推荐的人选已受理的异议；不显示提出人"""
    return {"items": objections.list_of_nomination(actor, nomination_id)}


@blueprint.post("/objections/<uuid:objection_id>/accept")
@permission(Permission.NOMINATIONS_OBJECTION_ACCEPT)
@body(ObjectionAcceptIn)
@returns(ObjectionOut)
@errors(HandlerNotIndependent)
def accept_objection(actor: Actor, *, objection_id: UUID, body: dict[str, Any]) -> Objection:
    """受理；这一人选的公示暂停"""
    return objections.accept(actor, objection_id, **body)


@blueprint.post("/objections/<uuid:objection_id>/not_accept")
@permission(Permission.NOMINATIONS_OBJECTION_NOT_ACCEPT)
@body(ObjectionReasonIn)
@returns(ObjectionOut)
@errors(HandlerNotIndependent)
def not_accept_objection(actor: Actor, *, objection_id: UUID, body: dict[str, Any]) -> Objection:
    """不予受理，说明原因"""
    return objections.not_accept(actor, objection_id, **body)


@blueprint.post("/objections/<uuid:objection_id>/answer")
@permission(Permission.NOMINATIONS_OBJECTION_ANSWER)
@body(ObjectionAnswerIn)
@returns(ObjectionToNomineeOut)
@errors(HandlerNotIndependent)
def answer_objection(actor: Actor, *, objection_id: UUID, body: dict[str, Any]) -> Objection:
    """被异议一方的说明：由推荐人提交，或由工作人员代为记录"""
    return objections.answer(actor, objection_id, **body)


@blueprint.post("/objections/<uuid:objection_id>/verify")
@permission(Permission.NOMINATIONS_OBJECTION_VERIFY)
@body(ObjectionVerifyIn)
@returns(ObjectionOut)
@errors(HandlerNotIndependent)
def verify_objection(actor: Actor, *, objection_id: UUID, body: dict[str, Any]) -> Objection:
    """写明核查情况；需两人分别核查"""
    return objection_rulings.verify(actor, objection_id, **body)


@blueprint.post("/objections/<uuid:objection_id>/uphold")
@permission(Permission.NOMINATIONS_OBJECTION_UPHOLD)
@body(ObjectionReasonIn)
@returns(ObjectionOut)
@errors(HandlerNotIndependent, VerificationIncomplete)
def uphold_objection(actor: Actor, *, objection_id: UUID, body: dict[str, Any]) -> Objection:
    """异议成立，取消人选资格"""
    return objection_rulings.uphold(actor, objection_id, **body)


@blueprint.post("/objections/<uuid:objection_id>/dismiss")
@permission(Permission.NOMINATIONS_OBJECTION_DISMISS)
@body(ObjectionReasonIn)
@returns(ObjectionOut)
@errors(HandlerNotIndependent, VerificationIncomplete)
def dismiss_objection(actor: Actor, *, objection_id: UUID, body: dict[str, Any]) -> Objection:
    """异议不成立，恢复公示"""
    return objection_rulings.dismiss(actor, objection_id, **body)


@blueprint.post("/objections/<uuid:objection_id>/evidence")
@permission(Permission.NOMINATIONS_OBJECTION_ADD_EVIDENCE)
@upload(EvidenceIn)
@prepare(objection_evidence.keep)
@returns(AttachmentOut, 201)
@errors(FileRefused, AttachmentsFull, StorageUnavailable)
def add_evidence(
    actor: Actor,
    *,
    objection_id: UUID,
    body: dict[str, Any],
    prepared: KeptFile,
) -> Attachment:
    """为自己实名提出的、或由自己登记的异议补充证明材料，作出决定前可以上传"""
    return objection_evidence.add(actor, objection_id, file=prepared)


@blueprint.get("/objections/<uuid:objection_id>/evidence")
@permission(Permission.NOMINATIONS_OBJECTION_REVIEW)
@returns(AttachmentListOut)
@errors(HandlerNotIndependent)
def list_evidence(actor: Actor, *, objection_id: UUID) -> dict[str, list[Attachment]]:
    """一条异议的证明材料"""
    return {"items": objection_evidence.list_of(actor, objection_id)}


@blueprint.get("/objections/<uuid:objection_id>/evidence/<uuid:attachment_id>")
@permission(Permission.NOMINATIONS_OBJECTION_REVIEW)
@returns_file(JPEG)
@errors(HandlerNotIndependent, StorageUnavailable)
def view_evidence(
    actor: Actor, *, objection_id: UUID, attachment_id: UUID
) -> tuple[bytes, dict[str, str]]:
    """一份证明材料；PDF 只能下载，不在页面中打开"""
    found, content = objection_evidence.view(actor, objection_id, attachment_id)
    return content, files.of_upload(found.media_type, str(found.id))
