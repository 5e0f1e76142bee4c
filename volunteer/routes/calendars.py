"""A person's shifts in their own calendar."""

from accounts.permissions import Permission
from core.actor import Actor
from core.http import (
    Blueprint,
    not_idempotent,
    permission,
    public,
    returns,
    returns_file,
)
from schemas.calendars import NewCalendarFeedOut
from volunteer.services import calendars

blueprint = Blueprint("calendars", __name__, description="日历订阅")


@blueprint.post("/me/calendar-feed")
@permission(Permission.VOLUNTEER_CALENDAR_CREATE_FEED)
@not_idempotent
@returns(NewCalendarFeedOut, 201)
def create_feed(actor: Actor) -> calendars.NewFeed:
    """申请新的日历订阅地址，旧地址随即失效"""
    return calendars.create_feed(actor)


@blueprint.delete("/me/calendar-feed")
@permission(Permission.VOLUNTEER_CALENDAR_REVOKE_FEED)
@returns(None, 204)
def revoke_feed(actor: Actor) -> None:
    """停用我的日历订阅地址"""
    calendars.revoke_feed(actor)


@blueprint.get("/calendar/<string:token>.ics")
@public
@returns_file("text/calendar; charset=utf-8")
def feed(_actor: Actor, *, token: str) -> tuple[bytes, dict[str, str]]:
    """日历程序读取的场次；地址本身就是凭证"""
    return calendars.feed(token), {}
