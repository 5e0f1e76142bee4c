"""Check-in and check-out."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, one_by_one, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.attendances import (
    AttendanceOut,
    CheckIn,
    ConfirmTimeIn,
    PersonalCodeOut,
    ScanIn,
    ShiftAttendanceOut,
)
from volunteer.errors import (
    ActivityNotOpen,
    AlreadyCounted,
    CheckedInElsewhere,
    CheckInClosed,
    CheckOutClosed,
    CodeExpired,
    CodeInvalid,
    CodeUsed,
    LocationNotEnough,
    NotCheckedIn,
    NotSignedUp,
    OutsideFence,
    OwnAttendance,
    PersonalCodeInvalid,
    TooManyAttempts,
)
from volunteer.models.attendances import Attendance
from volunteer.personal_codes import PersonalCode
from volunteer.services import attendances

blueprint = Blueprint("attendances", __name__, description="签到签退")

CODE_ERRORS = (CodeInvalid, CodeExpired, TooManyAttempts, LocationNotEnough, OutsideFence)
IN_ERRORS = (ActivityNotOpen, CheckInClosed, NotSignedUp, CheckedInElsewhere)
OUT_ERRORS = (CodeUsed, NotCheckedIn, CheckOutClosed, AlreadyCounted)


@blueprint.post("/attendances/check-in")
@permission(Permission.VOLUNTEER_ATTENDANCE_CHECK_IN)
@one_by_one
@body(CheckIn)
@returns(AttendanceOut)
@errors(*CODE_ERRORS, *IN_ERRORS)
def check_in(actor: Actor, *, body: dict[str, Any]) -> Attendance:
    """签到：扫码，或填 6 位数字码；大型活动可只凭位置"""
    return attendances.check_in(actor, **body)


@blueprint.post("/attendances/check-out")
@permission(Permission.VOLUNTEER_ATTENDANCE_CHECK_OUT)
@one_by_one
@body(CheckIn)
@returns(AttendanceOut)
@errors(*CODE_ERRORS, *OUT_ERRORS)
def check_out(actor: Actor, *, body: dict[str, Any]) -> Attendance:
    """签退，随即计入时长"""
    return attendances.check_out(actor, **body)


@blueprint.get("/me/personal-code")
@permission(Permission.VOLUNTEER_ATTENDANCE_CHECK_IN)
@returns(PersonalCodeOut)
def show_personal_code(actor: Actor) -> PersonalCode:
    """我的个人码，供负责人扫描签到签退，每 30 秒更换"""
    return attendances.show_personal_code(actor)


@blueprint.post("/shifts/<uuid:shift_id>/scans")
@permission(Permission.VOLUNTEER_ATTENDANCE_SCAN)
@body(ScanIn)
@returns(AttendanceOut)
@errors(PersonalCodeInvalid, OwnAttendance, *IN_ERRORS, *OUT_ERRORS)
def scan(actor: Actor, *, shift_id: UUID, body: dict[str, Any]) -> Attendance:
    """负责人扫描志愿者的个人码，为其签到或签退"""
    return attendances.scan(actor, shift_id, **body)


@blueprint.post("/attendances/<uuid:attendance_id>/confirm_time")
@permission(Permission.VOLUNTEER_ATTENDANCE_CONFIRM_TIME)
@body(ConfirmTimeIn)
@returns(AttendanceOut)
@errors(OwnAttendance, AlreadyCounted)
def confirm_time(actor: Actor, *, attendance_id: UUID, body: dict[str, Any]) -> Attendance:
    """为未签退的人确认离开时间，由负责人操作"""
    return attendances.confirm_time(actor, attendance_id, **body)


@blueprint.get("/me/attendances")
@permission(Permission.VOLUNTEER_HOURS_VIEW)
@paged
@returns(AttendanceOut)
def list_mine(actor: Actor, *, page: PageRequest) -> Page[Attendance]:
    """我的签到记录，包括待我确认的"""
    return attendances.list_mine(actor, page)


@blueprint.get("/shifts/<uuid:shift_id>/attendances")
@permission(Permission.VOLUNTEER_SIGNUP_VIEW_SHIFT)
@paged
@returns(ShiftAttendanceOut)
def list_of_shift(actor: Actor, *, shift_id: UUID, page: PageRequest) -> Page[Attendance]:
    """一个场次的签到记录，负责人可看"""
    return attendances.list_of_shift(actor, shift_id, page)
