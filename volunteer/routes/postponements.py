"""Postponing activities and giving them new times."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from schemas.activities import ActivityInsideOut, ActivityReasonIn
from schemas.postponements import RescheduleIn
from volunteer.errors import NoUpcomingShift
from volunteer.models.activities import Activity
from volunteer.services import postponements
from volunteer.services.postponements import NewTime

blueprint = Blueprint("postponements", __name__, description="活动延期")


@blueprint.post("/activities/<uuid:activity_id>/postpone")
@permission(Permission.VOLUNTEER_ACTIVITY_POSTPONE)
@body(ActivityReasonIn)
@returns(ActivityInsideOut)
@errors(NoUpcomingShift)
def postpone(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Activity:
    """延期，时间另定，并通知所有报名的人"""
    return postponements.postpone(actor, activity_id, reason=body["reason"])


@blueprint.post("/activities/<uuid:activity_id>/reschedule")
@permission(Permission.VOLUNTEER_ACTIVITY_RESCHEDULE)
@body(RescheduleIn)
@returns(ActivityInsideOut)
def reschedule(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Activity:
    """定下新的时间，重新开放报名，并通知所有报名的人"""
    times = [NewTime(**new) for new in body["shifts"]]
    return postponements.reschedule(actor, activity_id, times=times, place=body.get("place"))
