"""The day of a shift: begin, end, close the roll."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from schemas.shifts import EndIn, ShiftDayOut
from volunteer.errors import ActivityNotOpen, AlreadyCounted, ShiftNotDue
from volunteer.models.shifts import Shift
from volunteer.services import rolls

blueprint = Blueprint("rolls", __name__, description="场次的开始、结束与登记")


@blueprint.post("/shifts/<uuid:shift_id>/begin")
@permission(Permission.VOLUNTEER_SHIFT_BEGIN)
@returns(ShiftDayOut)
@errors(ActivityNotOpen, ShiftNotDue)
def begin(actor: Actor, *, shift_id: UUID) -> Shift:
    """宣布场次开始；到时无人宣布则自动开始"""
    return rolls.begin(actor, shift_id)


@blueprint.post("/shifts/<uuid:shift_id>/end")
@permission(Permission.VOLUNTEER_SHIFT_END)
@body(EndIn)
@returns(ShiftDayOut)
@errors(AlreadyCounted)
def end(actor: Actor, *, shift_id: UUID, body: dict[str, Any]) -> Shift:
    """宣布场次结束；提前结束须说明原因，计划时间以实际结束为准"""
    return rolls.end(actor, shift_id, **body)


@blueprint.post("/shifts/<uuid:shift_id>/close_roll")
@permission(Permission.VOLUNTEER_SHIFT_CLOSE_ROLL)
@returns(ShiftDayOut)
def close_roll(actor: Actor, *, shift_id: UUID) -> Shift:
    """结束签到登记；结束后 24 小时无人操作则自动办理"""
    return rolls.close_roll(actor, shift_id)
