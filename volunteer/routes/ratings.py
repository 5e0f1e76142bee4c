"""Ratings of services, their follow-up, and what they add up to."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, query, returns
from schemas.service_requests import (
    ServiceRatingIn,
    ServiceRequestOut,
    ServiceRequestResolveIn,
    ServiceSummaryOut,
    ServiceSummaryQuery,
)
from volunteer.errors import OwnService
from volunteer.models.service_requests import ServiceRequest
from volunteer.services import ratings

blueprint = Blueprint("ratings", __name__, description="评单")


@blueprint.post("/service-requests/<uuid:request_id>/rating")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_RATE)
@body(ServiceRatingIn)
@returns(ServiceRequestOut)
@errors(OwnService)
def rate(actor: Actor, *, request_id: UUID, body: dict[str, Any]) -> ServiceRequest:
    """评价服务，只能评价一次；2 分及以下由站点回访"""
    return ratings.rate(actor, request_id, **body)


@blueprint.post("/service-requests/<uuid:request_id>/resolve")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_RESOLVE)
@body(ServiceRequestResolveIn)
@returns(ServiceRequestOut)
@errors(OwnService)
def resolve(actor: Actor, *, request_id: UUID, body: dict[str, Any]) -> ServiceRequest:
    """记录低分评价的处理结果并办结"""
    return ratings.resolve(actor, request_id, **body)


@blueprint.get("/statistics/service-requests")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_SUMMARIZE)
@query(ServiceSummaryQuery)
@returns(ServiceSummaryOut)
def summarize(actor: Actor, *, query: dict[str, Any]) -> ratings.ServiceSummary:
    """一个阵地及其下级的点单数量和满意度"""
    return ratings.summarize(actor, **query)
