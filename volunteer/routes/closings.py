"""Closing the books of an activity."""

from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, errors, permission, returns
from schemas.activities import ActivityInsideOut
from volunteer.errors import AttendancesOpen
from volunteer.models.activities import Activity
from volunteer.services import closings

blueprint = Blueprint("closings", __name__, description="活动结项")


@blueprint.post("/activities/<uuid:activity_id>/settle")
@permission(Permission.VOLUNTEER_ACTIVITY_SETTLE)
@returns(ActivityInsideOut)
@errors(AttendancesOpen)
def settle(actor: Actor, *, activity_id: UUID) -> Activity:
    """结项：所有签到记录都已处理完"""
    return closings.settle(actor, activity_id)
