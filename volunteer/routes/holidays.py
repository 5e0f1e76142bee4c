"""Holidays, from which working days are counted."""

from typing import Any

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, permission, returns
from schemas.holidays import HolidayListOut, HolidaysIn
from volunteer.models.holidays import Holiday
from volunteer.services import holidays

blueprint = Blueprint("holidays", __name__, description="节假日")


@blueprint.post("/holidays")
@permission(Permission.VOLUNTEER_HOLIDAY_LOAD)
@body(HolidaysIn)
@returns(HolidayListOut)
def load(actor: Actor, *, body: dict[str, Any]) -> dict[str, list[Holiday]]:
    """录入国务院公布的放假和调休安排，答复为有关年份的全部安排"""
    return {"items": holidays.load(actor, body["days"])}
