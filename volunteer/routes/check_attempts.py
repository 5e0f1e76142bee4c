"""Refused attempts to check in or out."""

from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.check_attempts import CheckAttemptOut
from volunteer.models.check_attempts import CheckAttempt
from volunteer.services import check_attempts

blueprint = Blueprint("check_attempts", __name__, description="未成功的签到")


@blueprint.get("/shifts/<uuid:shift_id>/check-attempts")
@permission(Permission.VOLUNTEER_SIGNUP_VIEW_SHIFT)
@paged
@returns(CheckAttemptOut)
def list_of_shift(actor: Actor, *, shift_id: UUID, page: PageRequest) -> Page[CheckAttempt]:
    """一个场次未成功的签到签退，负责人可看，便于现场帮助"""
    return check_attempts.list_of_shift(actor, shift_id, page)
