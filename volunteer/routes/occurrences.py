"""Holding an activity again."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from schemas.activities import ActivityInsideOut
from schemas.occurrences import CopyIn, OccurrencesOut, RepeatIn
from volunteer.errors import NoUpcomingShift, OrganizationNotApproved, ProjectNotApproved
from volunteer.models.activities import Activity
from volunteer.services import occurrences

blueprint = Blueprint("occurrences", __name__, description="复制活动")


@blueprint.post("/activities/<uuid:activity_id>/copy")
@permission(Permission.VOLUNTEER_ACTIVITY_COPY)
@body(CopyIn)
@returns(ActivityInsideOut, 201)
@errors(NoUpcomingShift, OrganizationNotApproved, ProjectNotApproved)
def copy(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Activity:
    """复制为另一天的草稿；同一天只复制一次"""
    return occurrences.copy(actor, activity_id, starts_on=body["starts_on"])


@blueprint.post("/activities/<uuid:activity_id>/repeat")
@permission(Permission.VOLUNTEER_ACTIVITY_REPEAT)
@body(RepeatIn)
@returns(OccurrencesOut, 201)
@errors(NoUpcomingShift, OrganizationNotApproved, ProjectNotApproved)
def repeat(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> dict[str, list[Activity]]:
    """按周、两周或月重复，每次活动一份草稿，逐一提交审核"""
    made = occurrences.repeat(actor, activity_id, every=body["every"], until=body["until"])
    return {"items": made}
