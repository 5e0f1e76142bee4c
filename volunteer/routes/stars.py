"""A volunteer's star."""

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.stars import StarAwardOut
from volunteer.models.stars import StarAward
from volunteer.services import stars

blueprint = Blueprint("stars", __name__, description="志愿者星级")


@blueprint.get("/me/stars")
@permission(Permission.VOLUNTEER_HOURS_VIEW)
@paged
@returns(StarAwardOut)
def list_own(actor: Actor, *, page: PageRequest) -> Page[StarAward]:
    """我的星级变化"""
    return stars.list_own(actor, page)
