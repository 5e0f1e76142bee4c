"""Check-in and check-out."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.attendances import AttendanceOut, CodeIn, ConfirmTimeIn, ShiftAttendanceOut
from volunteer.errors import (
    ActivityNotOpen,
    AlreadyCounted,
    CheckedInElsewhere,
    CheckInClosed,
    CheckOutClosed,
    CodeExpired,
    CodeInvalid,
    NotCheckedIn,
    NotSignedUp,
    OwnAttendance,
)
from volunteer.models.attendances import Attendance
from volunteer.services import attendances

blueprint = Blueprint("attendances", __name__, description="签到签退")


@blueprint.post("/attendances/check-in")
@permission(Permission.VOLUNTEER_ATTENDANCE_CHECK_IN)
@body(CodeIn)
@returns(AttendanceOut)
@errors(CodeInvalid, CodeExpired, ActivityNotOpen, CheckInClosed, NotSignedUp, CheckedInElsewhere)
def check_in(actor: Actor, *, body: dict[str, Any]) -> Attendance:
    """扫码签到"""
    return attendances.check_in(actor, code=body["code"])


@blueprint.post("/attendances/check-out")
@permission(Permission.VOLUNTEER_ATTENDANCE_CHECK_OUT)
@body(CodeIn)
@returns(AttendanceOut)
@errors(CodeInvalid, CodeExpired, NotCheckedIn, CheckOutClosed, AlreadyCounted)
def check_out(actor: Actor, *, body: dict[str, Any]) -> Attendance:
    """扫码签退，随即计入时长"""
    return attendances.check_out(actor, code=body["code"])


@blueprint.post("/attendances/<uuid:attendance_id>/confirm_time")
@permission(Permission.VOLUNTEER_ATTENDANCE_CONFIRM_TIME)
@body(ConfirmTimeIn)
@returns(AttendanceOut)
@errors(OwnAttendance, AlreadyCounted)
def confirm_time(actor: Actor, *, attendance_id: UUID, body: dict[str, Any]) -> Attendance:
    """为未签退的人确认离开时间，由负责人操作"""
    return attendances.confirm_time(actor, attendance_id, **body)


@blueprint.get("/shifts/<uuid:shift_id>/attendances")
@permission(Permission.VOLUNTEER_SIGNUP_VIEW_SHIFT)
@paged
@returns(ShiftAttendanceOut)
def list_of_shift(actor: Actor, *, shift_id: UUID, page: PageRequest) -> Page[Attendance]:
    """一个场次的签到记录，负责人可看"""
    return attendances.list_of_shift(actor, shift_id, page)
