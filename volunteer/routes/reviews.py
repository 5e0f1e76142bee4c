"""Time above a daily tier."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.attendances import AttendanceOut
from schemas.reviews import AttendanceRejectIn, ReviewOut
from volunteer.errors import AlreadyCounted, HigherTierNeeded, OwnAttendance, ReviewNotIndependent
from volunteer.models.attendances import Attendance
from volunteer.models.reviews import Review
from volunteer.services import reviews

blueprint = Blueprint("reviews", __name__, description="时长审核")


@blueprint.get("/attendances/review")
@permission(Permission.VOLUNTEER_ATTENDANCE_REVIEW)
@paged
@returns(ReviewOut)
def list_waiting(actor: Actor, *, page: PageRequest) -> Page[Review]:
    """待审核的服务时间：当天超出时限，或没有他人证明"""
    return reviews.list_waiting(actor, page)


@blueprint.post("/attendances/<uuid:attendance_id>/approve")
@permission(Permission.VOLUNTEER_ATTENDANCE_APPROVE)
@returns(AttendanceOut)
@errors(HigherTierNeeded, OwnAttendance, ReviewNotIndependent, AlreadyCounted)
def approve(actor: Actor, *, attendance_id: UUID) -> Attendance:
    """超出时限的时间审核通过，计入时长"""
    return reviews.approve(actor, attendance_id)


@blueprint.post("/attendances/<uuid:attendance_id>/reject")
@permission(Permission.VOLUNTEER_ATTENDANCE_REJECT)
@body(AttendanceRejectIn)
@returns(AttendanceOut)
@errors(HigherTierNeeded, OwnAttendance, ReviewNotIndependent)
def reject(actor: Actor, *, attendance_id: UUID, body: dict[str, Any]) -> Attendance:
    """超出时限的时间不予计入，说明原因"""
    return reviews.reject(actor, attendance_id, **body)
