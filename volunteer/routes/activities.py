"""Activities."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, public, replaces, returns, shared
from schemas.activities import (
    ActivityIn,
    ActivityInsideOut,
    ActivityOut,
    ActivityReasonIn,
    ActivityUpdateIn,
)
from volunteer.errors import (
    ActivityNotEditable,
    ActivityNotInsured,
    LocationCheckInRefused,
    NoUpcomingShift,
    OrganizationNotApproved,
    OwnApplication,
    ProjectNotApproved,
)
from volunteer.models.activities import Activity
from volunteer.services import activities

blueprint = Blueprint("activities", __name__, description="志愿服务活动")


@blueprint.post("/activities")
@permission(Permission.VOLUNTEER_ACTIVITY_CREATE)
@body(ActivityIn)
@returns(ActivityInsideOut, 201)
@errors(OrganizationNotApproved, ProjectNotApproved)
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


@blueprint.get("/activities/<uuid:activity_id>/inside")
@permission(Permission.VOLUNTEER_ACTIVITY_VIEW)
@returns(ActivityInsideOut)
def view_inside(actor: Actor, *, activity_id: UUID) -> Activity:
    """任何状态的活动，负责人、本组织和审核人员可看"""
    return activities.get_inside(actor, activity_id)


@blueprint.patch("/activities/<uuid:activity_id>")
@permission(Permission.VOLUNTEER_ACTIVITY_UPDATE)
@body(ActivityUpdateIn)
@replaces(view_inside)
@returns(ActivityInsideOut)
@errors(ActivityNotEditable)
def update(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Activity:
    """修改草稿或被退回的活动；通过后只能补填保险单号"""
    return activities.update_draft(actor, activity_id, body)


@blueprint.post("/activities/<uuid:activity_id>/submit")
@permission(Permission.VOLUNTEER_ACTIVITY_SUBMIT)
@returns(ActivityInsideOut)
@errors(NoUpcomingShift, LocationCheckInRefused)
def submit(actor: Actor, *, activity_id: UUID) -> Activity:
    """提交审核"""
    return activities.submit(actor, activity_id)


@blueprint.post("/activities/<uuid:activity_id>/approve")
@permission(Permission.VOLUNTEER_ACTIVITY_APPROVE)
@returns(ActivityInsideOut)
@errors(OwnApplication)
def approve(actor: Actor, *, activity_id: UUID) -> Activity:
    """通过活动"""
    return activities.approve(actor, activity_id)


@blueprint.post("/activities/<uuid:activity_id>/send_back")
@permission(Permission.VOLUNTEER_ACTIVITY_SEND_BACK)
@body(ActivityReasonIn)
@returns(ActivityInsideOut)
@errors(OwnApplication)
def send_back(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Activity:
    """退回修改"""
    return activities.send_back(actor, activity_id, reason=body["reason"])


@blueprint.post("/activities/<uuid:activity_id>/publish")
@permission(Permission.VOLUNTEER_ACTIVITY_PUBLISH)
@returns(ActivityInsideOut)
@errors(OrganizationNotApproved, ProjectNotApproved, NoUpcomingShift, ActivityNotInsured)
def publish(actor: Actor, *, activity_id: UUID) -> Activity:
    """发布活动，开始报名"""
    return activities.publish(actor, activity_id)


@blueprint.post("/activities/<uuid:activity_id>/cancel")
@permission(Permission.VOLUNTEER_ACTIVITY_CANCEL)
@body(ActivityReasonIn)
@returns(ActivityInsideOut)
def cancel(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Activity:
    """取消活动，并通知所有报名的人"""
    return activities.cancel(actor, activity_id, reason=body["reason"])
