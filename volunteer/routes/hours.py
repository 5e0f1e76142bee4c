"""A volunteer's own hours."""

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.hours import HoursEntryOut, HoursSummaryOut
from volunteer.models.hours import HoursEntry
from volunteer.services import hours

blueprint = Blueprint("hours", __name__, description="服务时长")


@blueprint.get("/me/hours")
@permission(Permission.VOLUNTEER_HOURS_VIEW)
@returns(HoursSummaryOut)
def summarize(actor: Actor) -> hours.HoursSummary:
    """我的时长、星级，以及哪些时间没有计入和原因"""
    return hours.summarize(actor)


@blueprint.get("/me/hours/entries")
@permission(Permission.VOLUNTEER_HOURS_VIEW)
@paged
@returns(HoursEntryOut)
def list_entries(actor: Actor, *, page: PageRequest) -> Page[HoursEntry]:
    """我的时长明细"""
    return hours.list_entries(actor, page)
