"""Service orders: what their requesters, the staff of sites and the teams do with them."""

from typing import Any
from uuid import UUID

from accounts.errors import RealNameRequired
from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, not_idempotent, permission, returns
from schemas.service_requests import (
    ServiceRequestClaimIn,
    ServiceRequestCompleteIn,
    ServiceRequestContactOut,
    ServiceRequestDispatchIn,
    ServiceRequestIn,
    ServiceRequestLinkIn,
    ServiceRequestOut,
    ServiceRequestReasonIn,
    ServiceRequestRedispatchIn,
)
from volunteer.errors import (
    OrganizationNotApproved,
    ServiceRequestTaken,
    TooManyServiceRequests,
)
from volunteer.models.service_requests import ServiceRequest
from volunteer.services import service_requests

blueprint = Blueprint("service_requests", __name__, description="点单")


@blueprint.post("/service-requests")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_SUBMIT)
@body(ServiceRequestIn)
@returns(ServiceRequestOut, 201)
@errors(RealNameRequired, TooManyServiceRequests)
def submit(actor: Actor, *, body: dict[str, Any]) -> ServiceRequest:
    """点单；24 小时内重复提交同一需求，返回第一单"""
    return service_requests.submit(actor, **body)


@blueprint.post("/service-requests/<uuid:request_id>/withdraw")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_WITHDRAW)
@returns(ServiceRequestOut)
def withdraw(actor: Actor, *, request_id: UUID) -> ServiceRequest:
    """撤回点单（接单前）"""
    return service_requests.withdraw(actor, request_id)


@blueprint.post("/service-requests/<uuid:request_id>/reject")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_REJECT)
@body(ServiceRequestReasonIn)
@returns(ServiceRequestOut)
def reject(actor: Actor, *, request_id: UUID, body: dict[str, Any]) -> ServiceRequest:
    """不予受理"""
    return service_requests.reject(actor, request_id, **body)


@blueprint.post("/service-requests/<uuid:request_id>/dispatch")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_DISPATCH)
@body(ServiceRequestDispatchIn)
@returns(ServiceRequestOut)
@errors(OrganizationNotApproved)
def dispatch(actor: Actor, *, request_id: UUID, body: dict[str, Any]) -> ServiceRequest:
    """派单给一个志愿服务组织"""
    return service_requests.dispatch(actor, request_id, **body)


@blueprint.post("/service-requests/<uuid:request_id>/redispatch")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_REDISPATCH)
@body(ServiceRequestRedispatchIn)
@returns(ServiceRequestOut)
@errors(OrganizationNotApproved)
def redispatch(actor: Actor, *, request_id: UUID, body: dict[str, Any]) -> ServiceRequest:
    """改派给另一个志愿服务组织"""
    return service_requests.redispatch(actor, request_id, **body)


@blueprint.post("/service-requests/<uuid:request_id>/open")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_OPEN)
@returns(ServiceRequestOut)
def open(actor: Actor, *, request_id: UUID) -> ServiceRequest:  # noqa: A001 - the verb's name
    """开放接单，由各队认领"""
    return service_requests.open(actor, request_id)


@blueprint.post("/service-requests/<uuid:request_id>/claim")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_CLAIM)
@body(ServiceRequestClaimIn)
@returns(ServiceRequestOut)
@errors(OrganizationNotApproved, ServiceRequestTaken)
def claim(actor: Actor, *, request_id: UUID, body: dict[str, Any]) -> ServiceRequest:
    """认领开放的点单，先到先得"""
    return service_requests.claim(actor, request_id, **body)


@blueprint.post("/service-requests/<uuid:request_id>/accept")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_ACCEPT)
@returns(ServiceRequestOut)
@errors(OrganizationNotApproved)
def accept(actor: Actor, *, request_id: UUID) -> ServiceRequest:
    """接受派单"""
    return service_requests.accept(actor, request_id)


@blueprint.post("/service-requests/<uuid:request_id>/decline")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_DECLINE)
@body(ServiceRequestReasonIn)
@returns(ServiceRequestOut)
def decline(actor: Actor, *, request_id: UUID, body: dict[str, Any]) -> ServiceRequest:
    """不能接单或不能继续服务，退回站点"""
    return service_requests.decline(actor, request_id, **body)


@blueprint.post("/service-requests/<uuid:request_id>/start")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_START)
@returns(ServiceRequestOut)
def start(actor: Actor, *, request_id: UUID) -> ServiceRequest:
    """开始服务"""
    return service_requests.start(actor, request_id)


@blueprint.post("/service-requests/<uuid:request_id>/link")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_LINK)
@body(ServiceRequestLinkIn)
@returns(ServiceRequestOut)
def link(actor: Actor, *, request_id: UUID, body: dict[str, Any]) -> ServiceRequest:
    """安排到本队的一个活动中服务"""
    return service_requests.link(actor, request_id, **body)


@blueprint.post("/service-requests/<uuid:request_id>/complete")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_COMPLETE)
@body(ServiceRequestCompleteIn)
@returns(ServiceRequestOut)
def complete(actor: Actor, *, request_id: UUID, body: dict[str, Any]) -> ServiceRequest:
    """完成服务并报告"""
    return service_requests.complete(actor, request_id, **body)


@blueprint.post("/service-requests/<uuid:request_id>/contact")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_CONTACT)
@not_idempotent
@returns(ServiceRequestContactOut)
def contact(actor: Actor, *, request_id: UUID) -> service_requests.Contact:
    """查看联系电话（已接单的队伍，每次查看都有记录）"""
    return service_requests.contact(actor, request_id)
