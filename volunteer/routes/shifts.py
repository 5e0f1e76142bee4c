"""Shifts and their check-in codes."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, replaces, returns
from schemas.shifts import CheckInCodeOut, ShiftIn, ShiftInsideOut, ShiftUpdateIn
from volunteer.codes import CheckInCode
from volunteer.errors import ActivityNotEditable, ActivityNotOpen, CodeNotShown
from volunteer.models.shifts import Shift
from volunteer.services import shifts

blueprint = Blueprint("shifts", __name__, description="活动场次")


@blueprint.post("/activities/<uuid:activity_id>/shifts")
@permission(Permission.VOLUNTEER_SHIFT_CREATE)
@body(ShiftIn)
@returns(ShiftInsideOut, 201)
@errors(ActivityNotEditable)
def create(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Shift:
    """添加场次"""
    return shifts.create(actor, activity_id, **body)


@blueprint.get("/shifts/<uuid:shift_id>")
@permission(Permission.VOLUNTEER_ACTIVITY_VIEW)
@returns(ShiftInsideOut)
def view_shift(actor: Actor, *, shift_id: UUID) -> Shift:
    """一个场次，负责人、本组织和审核人员可看"""
    return shifts.get_inside(actor, shift_id)


@blueprint.patch("/shifts/<uuid:shift_id>")
@permission(Permission.VOLUNTEER_SHIFT_UPDATE)
@body(ShiftUpdateIn)
@replaces(view_shift)
@returns(ShiftInsideOut)
@errors(ActivityNotEditable)
def update(actor: Actor, *, shift_id: UUID, body: dict[str, Any]) -> Shift:
    """修改草稿活动的场次"""
    return shifts.update_draft(actor, shift_id, body)


@blueprint.delete("/shifts/<uuid:shift_id>")
@permission(Permission.VOLUNTEER_SHIFT_DELETE)
@returns(None, 204)
@errors(ActivityNotEditable)
def delete(actor: Actor, *, shift_id: UUID) -> None:
    """删除草稿活动的场次"""
    shifts.delete(actor, shift_id)


@blueprint.get("/shifts/<uuid:shift_id>/check-in-code")
@permission(Permission.VOLUNTEER_SHIFT_SHOW_CODE)
@returns(CheckInCodeOut)
@errors(ActivityNotOpen, CodeNotShown)
def show_code(actor: Actor, *, shift_id: UUID) -> CheckInCode:
    """当前的签到码，由负责人出示，签到和签退通用"""
    return shifts.show_code(actor, shift_id)
