"""Lists of activities."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, paged, permission, public, query, returns, shared
from core.paging import Page, PageRequest
from schemas.listings import (
    ActivityQuery,
    ActivitySummaryOut,
    ListedActivityOut,
    OpenActivityQuery,
    OwnActivityQuery,
)
from volunteer.models.activities import Activity
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
    return listings.list_published(page, _wanted(query))


@blueprint.get("/me/activities/open")
@permission(Permission.VOLUNTEER_SIGNUP_CREATE)
@query(OpenActivityQuery)
@paged
@returns(ListedActivityOut)
def list_open(
    actor: Actor, *, query: dict[str, Any], page: PageRequest
) -> Page[listings.ListedActivity]:
    """我能报上名的活动：有空位、时间不冲突、符合年龄等要求"""
    return listings.list_open(actor, page, _wanted(query))


def _wanted(query: dict[str, Any]) -> listings.ActivityFilter:
    near = query.pop("near", None)
    position = None if near is None else listings.Position(*near)
    return listings.ActivityFilter(near=position, **query)


@blueprint.get("/activities/review")
@permission(Permission.VOLUNTEER_ACTIVITY_REVIEW)
@paged
@returns(ActivitySummaryOut)
def list_submitted(actor: Actor, *, page: PageRequest) -> Page[Activity]:
    """待审核的活动"""
    return listings.list_submitted(actor, page)


@blueprint.get("/organizations/<uuid:organization_id>/activities")
@permission(Permission.VOLUNTEER_ACTIVITY_UPDATE)
@query(OwnActivityQuery)
@paged
@returns(ActivitySummaryOut)
def list_of_organization(
    actor: Actor, *, organization_id: UUID, query: dict[str, Any], page: PageRequest
) -> Page[Activity]:
    """本组织的活动，各种状态，新的在前"""
    return listings.list_of_organization(actor, organization_id, page, **query)
