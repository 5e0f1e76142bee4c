"""Lists of activities."""

from typing import Any

from core.actor import Actor
from core.http import Blueprint, paged, public, query, returns, shared
from core.paging import Page, PageRequest
from schemas.listings import ActivityQuery, ListedActivityOut
from volunteer.services import listings

blueprint = Blueprint("listings", __name__, description="志愿服务活动")


@blueprint.get("/activities")
@public
@shared(5)
@query(ActivityQuery)
@paged
@returns(ListedActivityOut)
def list_published(
    _actor: Actor, *, query: dict[str, Any], page: PageRequest
) -> Page[listings.ListedActivity]:
    """已发布的活动，按时间先后"""
    return listings.list_published(page, listings.ActivityFilter(**query))
