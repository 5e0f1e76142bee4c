"""What a person needs today."""

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, permission, returns
from schemas.today import TodayOut
from volunteer.services import today

blueprint = Blueprint("today", __name__, description="今天")


@blueprint.get("/me/today")
@permission(Permission.VOLUNTEER_TODAY_VIEW)
@returns(TodayOut)
def view(actor: Actor) -> today.Today:
    """今天去哪里、找谁、下一步做什么"""
    return today.view(actor)
