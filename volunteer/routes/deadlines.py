"""What an organisation still has to record."""

from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, permission, returns
from schemas.deadlines import DeadlineListOut
from volunteer.services import deadlines

blueprint = Blueprint("deadlines", __name__, description="记录期限")


@blueprint.get("/organizations/<uuid:organization_id>/deadlines")
@permission(Permission.VOLUNTEER_ORGANIZATION_VIEW_DEADLINES)
@returns(DeadlineListOut)
def list_outstanding(
    actor: Actor, *, organization_id: UUID
) -> dict[str, list[deadlines.Outstanding]]:
    """活动结束后尚未完成的记录和期限"""
    return {"items": deadlines.list_outstanding(actor, organization_id)}
