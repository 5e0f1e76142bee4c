"""Where there is no signal: codes fetched beforehand, rolls sent afterwards."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from schemas.roll_entries import LateIn, OutcomeOut, PacketOut, RollIn, RollOut
from volunteer.codes import PacketCode
from volunteer.errors import ActivityNotOpen, CodeExpired, CodeInvalid, PacketNotDue
from volunteer.services import roll_entries, shifts
from volunteer.services.roll_entries import Outcome

blueprint = Blueprint("roll_entries", __name__, description="离线签到")


@blueprint.post("/shifts/<uuid:shift_id>/code-packets")
@permission(Permission.VOLUNTEER_SHIFT_SHOW_CODE)
@returns(PacketOut)
@errors(ActivityNotOpen, PacketNotDue)
def issue_packet(actor: Actor, *, shift_id: UUID) -> dict[str, list[PacketCode]]:
    """预先领取离线签到码，现场没有信号时由负责人按分钟出示"""
    return {"items": shifts.issue_packet(actor, shift_id)}


@blueprint.post("/shifts/<uuid:shift_id>/rolls")
@permission(Permission.VOLUNTEER_ATTENDANCE_RECORD)
@body(RollIn)
@returns(RollOut)
def send(actor: Actor, *, shift_id: UUID, body: dict[str, Any]) -> dict[str, list[Outcome]]:
    """上传负责人手机上的离线签到，逐条告知结果，重复上传不会重复登记"""
    return {"items": roll_entries.send(actor, shift_id, **body)}


@blueprint.post("/attendances/late")
@permission(Permission.VOLUNTEER_ATTENDANCE_CHECK_IN)
@body(LateIn)
@returns(OutcomeOut)
@errors(CodeInvalid, CodeExpired)
def send_late(actor: Actor, *, body: dict[str, Any]) -> Outcome:
    """上传自己手机上的离线签到或签退，只登记一次"""
    return roll_entries.send_late(actor, **body)
