"""Incidents at activities."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, query, returns
from core.paging import Page, PageRequest
from schemas.incidents import IncidentIn, IncidentOut, IncidentQuery
from volunteer.errors import ActivityNotOpen
from volunteer.models.incidents import Incident
from volunteer.services import incidents

blueprint = Blueprint("incidents", __name__, description="意外情况")


@blueprint.post("/activities/<uuid:activity_id>/incidents")
@permission(Permission.VOLUNTEER_INCIDENT_RECORD)
@body(IncidentIn)
@returns(IncidentOut, 201)
@errors(ActivityNotOpen)
def record(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Incident:
    """负责人登记活动中的意外情况，并通知所在阵地"""
    return incidents.record(actor, activity_id, **body)


@blueprint.get("/incidents")
@permission(Permission.VOLUNTEER_INCIDENT_VIEW)
@query(IncidentQuery)
@paged
@returns(IncidentOut)
def list_visible(actor: Actor, *, page: PageRequest, query: dict[str, Any]) -> Page[Incident]:
    """本阵地、本组织活动中的意外情况"""
    return incidents.list_visible(actor, page, **query)
