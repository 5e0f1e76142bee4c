"""Holidays, from which working days are counted."""

from typing import Any

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, permission, query, returns
from schemas.holidays import HolidayListOut, HolidayQuery, HolidaysIn
from volunteer.models.holidays import Holiday
from volunteer.services import holidays

blueprint = Blueprint("holidays", __name__, description="节假日")


@blueprint.get("/holidays")
@permission(Permission.VOLUNTEER_HOLIDAY_LOAD)
@query(HolidayQuery)
@returns(HolidayListOut)
def list_year(_actor: Actor, *, query: dict[str, Any]) -> dict[str, list[Holiday]]:
    """某一年已录入的放假和调休安排"""
    return {"items": holidays.list_year(query["year"])}


@blueprint.post("/holidays")
@permission(Permission.VOLUNTEER_HOLIDAY_LOAD)
@body(HolidaysIn)
@returns(HolidayListOut)
def load(actor: Actor, *, body: dict[str, Any]) -> dict[str, list[Holiday]]:
    """录入国务院公布的放假和调休安排，答复为有关年份的全部安排"""
    return {"items": holidays.load(actor, body["days"])}
