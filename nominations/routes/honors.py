"""The honour roll, public, and what the office does with its honours."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, public, query, returns, shared
from core.paging import Page, PageRequest
from nominations.errors import (
    AlreadyHonored,
    ConsentMissing,
    HonorNotInForce,
    ObjectionPending,
    OwnNomination,
)
from nominations.models.honors import Honor, HonorWarning
from nominations.services import honors, revocations
from schemas.honors import (
    HonorFileOut,
    HonorFileWithWarningsOut,
    HonorGrantIn,
    HonorInsideQuery,
    HonorListOut,
    HonorOut,
    HonorPageOut,
    HonorQuery,
    HonorReasonIn,
    HonorReturnIn,
    HonorRevokeIn,
    HonorWarnIn,
    HonorWarningOut,
)

blueprint = Blueprint("honors", __name__, description="光荣榜")


@blueprint.post("/nominations/<uuid:nomination_id>/honor")
@permission(Permission.NOMINATIONS_HONOR_GRANT)
@body(HonorGrantIn)
@returns(HonorOut, 201)
@errors(AlreadyHonored, ConsentMissing, ObjectionPending)
def grant(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Honor:
    """授予荣誉（已审定的人选）"""
    return honors.grant(actor, nomination_id, **body)


@blueprint.get("/honors")
@public
@shared(5)
@query(HonorQuery)
@paged
@returns(HonorOut)
def list_honors(_actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[Honor]:
    """光荣榜，新的在前"""
    return honors.list_public(page, **query)


@blueprint.get("/honors/inside")
@permission(Permission.NOMINATIONS_HONOR_VIEW)
@query(HonorInsideQuery)
@paged
@returns(HonorFileOut)
def list_inside(actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[Honor]:
    """本级的荣誉，含暂停和撤销的，新的在前"""
    return honors.list_inside(actor, page, **query)


@blueprint.get("/honors/<uuid:honor_id>")
@public
@shared(5)
@returns(HonorPageOut)
def view_honor(_actor: Actor, *, honor_id: UUID) -> Honor:
    """一份荣誉；被撤销的只说明撤销的日期和事由类别"""
    return honors.get_public(honor_id)


@blueprint.get("/nominations/<uuid:nomination_id>/earlier_honors")
@permission(Permission.NOMINATIONS_NOMINATION_REVIEW)
@returns(HonorListOut)
@errors(OwnNomination)
def list_earlier(actor: Actor, *, nomination_id: UUID) -> dict[str, Any]:
    """被推荐人以前获得的荣誉（按身份证号码核对），含历史档案导入的和已撤销的"""
    return {"items": honors.list_earlier(actor, nomination_id)}


@blueprint.get("/honors/<uuid:honor_id>/file")
@permission(Permission.NOMINATIONS_HONOR_VIEW)
@returns(HonorFileWithWarningsOut)
def view_file(actor: Actor, *, honor_id: UUID) -> dict[str, Any]:
    """荣誉的档案：文号、暂停和撤销的原因、警示谈话"""
    honor, warnings = honors.view_file(actor, honor_id)
    return {"honor": honor, "warnings": warnings}


@blueprint.post("/honors/<uuid:honor_id>/warnings")
@permission(Permission.NOMINATIONS_HONOR_WARN)
@body(HonorWarnIn)
@returns(HonorWarningOut, 201)
@errors(HonorNotInForce)
def warn(actor: Actor, *, honor_id: UUID, body: dict[str, Any]) -> HonorWarning:
    """登记警示谈话"""
    return revocations.warn(actor, honor_id, **body)


@blueprint.post("/honors/<uuid:honor_id>/suspend")
@permission(Permission.NOMINATIONS_HONOR_SUSPEND)
@body(HonorReasonIn)
@returns(HonorFileOut)
def suspend(actor: Actor, *, honor_id: UUID, body: dict[str, Any]) -> Honor:
    """暂停：核查期间不在光荣榜上，礼遇暂停"""
    return revocations.suspend(actor, honor_id, **body)


@blueprint.post("/honors/<uuid:honor_id>/restore")
@permission(Permission.NOMINATIONS_HONOR_RESTORE)
@body(HonorReasonIn)
@returns(HonorFileOut)
def restore(actor: Actor, *, honor_id: UUID, body: dict[str, Any]) -> Honor:
    """恢复"""
    return revocations.restore(actor, honor_id, **body)


@blueprint.post("/honors/<uuid:honor_id>/revoke")
@permission(Permission.NOMINATIONS_HONOR_REVOKE)
@body(HonorRevokeIn)
@returns(HonorFileOut)
def revoke(actor: Actor, *, honor_id: UUID, body: dict[str, Any]) -> Honor:
    """撤销，礼遇和帮扶随即停止"""
    return revocations.revoke(actor, honor_id, **body)


@blueprint.post("/honors/<uuid:honor_id>/record_return")
@permission(Permission.NOMINATIONS_HONOR_RECORD_RETURN)
@body(HonorReturnIn)
@returns(HonorFileOut)
@errors(HonorNotInForce)
def record_return(actor: Actor, *, honor_id: UUID, body: dict[str, Any]) -> Honor:
    """登记奖章、证书已交回"""
    return revocations.record_return(actor, honor_id, **body)
