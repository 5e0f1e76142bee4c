"""Lists of the people of an activity, in full; each look is logged."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns, returns_file, traced
from schemas.rosters import CallListOut, InsuredListIn, InsuredListOut
from volunteer.errors import ActivityNotOpen, ActivityNotRisky, CallListClosed
from volunteer.services import rosters

blueprint = Blueprint("rosters", __name__, description="活动名单")


@blueprint.get("/activities/<uuid:activity_id>/call-list")
@permission(Permission.VOLUNTEER_ROSTER_CALL)
@traced
@returns(CallListOut)
@errors(CallListClosed)
def call(actor: Actor, *, activity_id: UUID) -> rosters.CallList:
    """报名人员的姓名和电话，负责人可看；每次查看都有记录"""
    return rosters.call(actor, activity_id)


@blueprint.post("/activities/<uuid:activity_id>/insured-list")
@permission(Permission.VOLUNTEER_ROSTER_INSURE)
@traced
@body(InsuredListIn)
@returns(InsuredListOut)
@errors(ActivityNotRisky, ActivityNotOpen)
def insure(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> rosters.InsuredList:
    """投保名单：姓名和证件号码；每次导出都有记录"""
    return rosters.insure(actor, activity_id, reason=body["reason"])


@blueprint.post("/activities/<uuid:activity_id>/insured-list.csv")
@permission(Permission.VOLUNTEER_ROSTER_INSURE)
@traced
@body(InsuredListIn)
@returns_file("text/csv; charset=utf-8")
@errors(ActivityNotRisky, ActivityNotOpen)
def insure_as_csv(
    actor: Actor, *, activity_id: UUID, body: dict[str, Any]
) -> tuple[bytes, dict[str, str]]:
    """投保名单的表格；每次导出都有记录"""
    content = rosters.insure_as_csv(actor, activity_id, reason=body["reason"])
    return content, {"Content-Disposition": "attachment; filename*=UTF-8''" + quote("投保名单.csv")}
