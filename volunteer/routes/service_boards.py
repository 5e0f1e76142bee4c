"""Where service orders are looked at."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, paged, permission, query, returns
from core.paging import Page, PageRequest
from schemas.service_requests import (
    OpenServiceRequestOut,
    ServiceRequestDetailOut,
    ServiceRequestOut,
    ServiceRequestQuery,
)
from volunteer.models.service_requests import ServiceRequest
from volunteer.services import service_boards

blueprint = Blueprint("service_boards", __name__, description="点单")


@blueprint.get("/me/service-requests")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_VIEW)
@paged
@returns(ServiceRequestOut)
def list_mine(actor: Actor, *, page: PageRequest) -> Page[ServiceRequest]:
    """我的点单，以及我作为帮办员代点的单"""
    return service_boards.list_mine(actor, page)


@blueprint.get("/service-requests/queue")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_REVIEW)
@query(ServiceRequestQuery)
@paged
@returns(ServiceRequestOut)
def list_queue(actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[ServiceRequest]:
    """本站点及下级未办完的点单，先到的在前"""
    return service_boards.list_queue(actor, page, **query)


@blueprint.get("/service-requests/open")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_BROWSE)
@paged
@returns(OpenServiceRequestOut)
def list_open(actor: Actor, *, page: PageRequest) -> Page[ServiceRequest]:
    """开放接单的点单，队伍所在阵地及其上下级的"""
    return service_boards.list_open(actor, page)


@blueprint.get("/organizations/<uuid:organization_id>/service-requests")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_LIST_OF_TEAM)
@query(ServiceRequestQuery)
@paged
@returns(ServiceRequestOut)
def list_of_team(
    actor: Actor, *, organization_id: UUID, query: dict[str, Any], page: PageRequest
) -> Page[ServiceRequest]:
    """本队的点单"""
    return service_boards.list_of_team(actor, organization_id, page, **query)


@blueprint.get("/service-requests/<uuid:request_id>")
@permission(Permission.VOLUNTEER_SERVICE_REQUEST_VIEW)
@returns(ServiceRequestDetailOut)
def view_service_request(actor: Actor, *, request_id: UUID) -> ServiceRequest:
    """一个点单和它的进展"""
    return service_boards.get(actor, request_id)
