"""Shifts and their check-in codes."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from schemas.shifts import CheckInCodeOut, ShiftIn, ShiftOut
from volunteer.codes import CheckInCode
from volunteer.errors import ActivityNotDraft, ActivityNotOpen, CodeNotShown
from volunteer.models.shifts import Shift
from volunteer.services import shifts

blueprint = Blueprint("shifts", __name__, description="活动场次")


@blueprint.post("/activities/<uuid:activity_id>/shifts")
@permission(Permission.VOLUNTEER_SHIFT_CREATE)
@body(ShiftIn)
@returns(ShiftOut, 201)
@errors(ActivityNotDraft)
def create(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Shift:
    """添加场次"""
    return shifts.create(actor, activity_id, **body)


@blueprint.get("/shifts/<uuid:shift_id>/check-in-code")
@permission(Permission.VOLUNTEER_SHIFT_SHOW_CODE)
@returns(CheckInCodeOut)
@errors(ActivityNotOpen, CodeNotShown)
def show_code(actor: Actor, *, shift_id: UUID) -> CheckInCode:
    """当前的签到码，由负责人出示，签到和签退通用"""
    return shifts.show_code(actor, shift_id)
