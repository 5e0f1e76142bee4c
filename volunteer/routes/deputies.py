"""Leaders of an activity and those who stand in."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, replaces, returns
from schemas.activities import ActivityInsideOut
from schemas.deputies import DeputiesIn, LeadIn
from volunteer.errors import ActivityOver
from volunteer.models.activities import Activity
from volunteer.routes.activities import view_inside
from volunteer.services import deputies

blueprint = Blueprint("deputies", __name__, description="活动负责人")


@blueprint.put("/activities/<uuid:activity_id>/deputies")
@permission(Permission.VOLUNTEER_DEPUTY_REPLACE)
@body(DeputiesIn)
@replaces(view_inside)
@returns(ActivityInsideOut)
@errors(ActivityOver)
def replace(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Activity:
    """指定副负责人，代替原来的"""
    return deputies.replace(actor, activity_id, body["person_ids"])


@blueprint.post("/activities/<uuid:activity_id>/lead")
@permission(Permission.VOLUNTEER_ACTIVITY_LEAD)
@body(LeadIn)
@returns(ActivityInsideOut)
@errors(ActivityOver)
def lead(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Activity:
    """更换现场负责人，并通知双方"""
    return deputies.lead(actor, activity_id, body["person_id"])
