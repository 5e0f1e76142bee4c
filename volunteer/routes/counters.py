"""Reading people their record at a counter."""

from typing import Any
from uuid import UUID

from accounts.errors import IdNumberMismatch
from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns, traced
from schemas.counters import ServiceRecordIn, ServiceRecordOut
from volunteer.services import counters

blueprint = Blueprint("counters", __name__, description="柜台查询")


@blueprint.post("/persons/<uuid:person_id>/service-record")
@permission(Permission.VOLUNTEER_COUNTER_VIEW)
@traced
@body(ServiceRecordIn)
@returns(ServiceRecordOut)
@errors(IdNumberMismatch)
def view(actor: Actor, *, person_id: UUID, body: dict[str, Any]) -> counters.ServiceRecord:
    """帮办员核对身份证后，为没有手机的居民查询本人的报名、签到和时长；每次查询都会记录"""
    return counters.view(actor, person_id, **body)
