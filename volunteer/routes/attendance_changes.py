"""What leaders write down about attendances by hand, and the person's word on it."""

from typing import Any
from uuid import UUID

from accounts.errors import IdNumberMismatch
from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from schemas.attendance_changes import CorrectIn, ProxyConfirmIn, RecordIn
from schemas.attendances import AttendanceOut
from volunteer.errors import (
    ActivityNotOpen,
    AlreadyCounted,
    AttendanceExists,
    AttendanceSettled,
    CheckedInElsewhere,
    CheckInClosed,
    NotSignedUp,
    OwnAttendance,
    ReviewNotIndependent,
    RollClosed,
)
from volunteer.models.attendances import Attendance
from volunteer.services import attendance_changes

blueprint = Blueprint("attendance_changes", __name__, description="签到登记与更正")


@blueprint.post("/shifts/<uuid:shift_id>/attendances")
@permission(Permission.VOLUNTEER_ATTENDANCE_RECORD)
@body(RecordIn)
@returns(AttendanceOut, 201)
@errors(
    OwnAttendance,
    RollClosed,
    AttendanceExists,
    ActivityNotOpen,
    CheckInClosed,
    NotSignedUp,
    CheckedInElsewhere,
    AlreadyCounted,
)
def record(actor: Actor, *, shift_id: UUID, body: dict[str, Any]) -> Attendance:
    """负责人登记一位志愿者的签到（和签退），待其本人确认"""
    return attendance_changes.record(actor, shift_id, **body)


@blueprint.post("/attendances/<uuid:attendance_id>/correct")
@permission(Permission.VOLUNTEER_ATTENDANCE_CORRECT)
@body(CorrectIn)
@returns(AttendanceOut)
@errors(OwnAttendance, AttendanceSettled, RollClosed, AlreadyCounted)
def correct(actor: Actor, *, attendance_id: UUID, body: dict[str, Any]) -> Attendance:
    """负责人更正签到签退时间，每次更正都留存并告知本人"""
    return attendance_changes.correct(actor, attendance_id, **body)


@blueprint.post("/attendances/<uuid:attendance_id>/confirm")
@permission(Permission.VOLUNTEER_ATTENDANCE_CONFIRM)
@returns(AttendanceOut)
@errors(AlreadyCounted)
def confirm(actor: Actor, *, attendance_id: UUID) -> Attendance:
    """本人确认负责人登记的签到属实"""
    return attendance_changes.confirm(actor, attendance_id)


@blueprint.post("/attendances/<uuid:attendance_id>/confirm_on_behalf")
@permission(Permission.VOLUNTEER_ATTENDANCE_CONFIRM_ON_BEHALF)
@body(ProxyConfirmIn)
@returns(AttendanceOut)
@errors(IdNumberMismatch, OwnAttendance, ReviewNotIndependent, AlreadyCounted)
def confirm_on_behalf(actor: Actor, *, attendance_id: UUID, body: dict[str, Any]) -> Attendance:
    """帮办员核对身份证后，代没有手机的居民确认签到属实"""
    return attendance_changes.confirm_on_behalf(actor, attendance_id, **body)
