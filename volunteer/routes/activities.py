"""Activities."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, public, query, returns, shared
from core.paging import Page, PageRequest
from schemas.activities import ActivityCancelIn, ActivityIn, ActivityOut, ActivityQuery
from volunteer.errors import NoUpcomingShift, ProjectNotApproved
from volunteer.models.activities import Activity
from volunteer.services import activities

blueprint = Blueprint("activities", __name__, description="志愿服务活动")


@blueprint.get("/activities")
@public
@shared(5)
@query(ActivityQuery)
@paged
@returns(ActivityOut)
def list_activities(
    _actor: Actor, *, query: dict[str, Any], page: PageRequest
) -> Page[activities.ListedActivity]:
    """已发布的活动，按时间先后"""
    return activities.list_published(page, activities.ActivityFilter(**query))


@blueprint.post("/activities")
@permission(Permission.VOLUNTEER_ACTIVITY_CREATE)
@body(ActivityIn)
@returns(ActivityOut, 201)
@errors(ProjectNotApproved)
def create(actor: Actor, *, body: dict[str, Any]) -> Activity:
    """起草活动"""
    return activities.create(actor, **body)


@blueprint.get("/activities/<uuid:activity_id>")
@public
@shared(5)
@returns(ActivityOut)
def view_activity(_actor: Actor, *, activity_id: UUID) -> Activity:
    """一个活动，含各场次余位"""
    return activities.get_public(activity_id)


@blueprint.post("/activities/<uuid:activity_id>/publish")
@permission(Permission.VOLUNTEER_ACTIVITY_PUBLISH)
@returns(ActivityOut)
@errors(NoUpcomingShift)
def publish(actor: Actor, *, activity_id: UUID) -> Activity:
    """发布活动，开始报名"""
    return activities.publish(actor, activity_id)


@blueprint.post("/activities/<uuid:activity_id>/cancel")
@permission(Permission.VOLUNTEER_ACTIVITY_CANCEL)
@body(ActivityCancelIn)
@returns(ActivityOut)
def cancel(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Activity:
    """取消活动，并通知所有报名的人"""
    return activities.cancel(actor, activity_id, reason=body["reason"])
