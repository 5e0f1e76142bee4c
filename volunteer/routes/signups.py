"""Sign-ups."""

from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, errors, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.signups import OwnSignupOut, ShiftSignupOut, SignupOut
from volunteer.errors import ActivityNotOpen, AlreadyCheckedIn, ShiftBegun, SignupOverlaps
from volunteer.models.signups import Signup
from volunteer.services import signups

blueprint = Blueprint("signups", __name__, description="活动报名")


@blueprint.post("/shifts/<uuid:shift_id>/signups")
@permission(Permission.VOLUNTEER_SIGNUP_CREATE)
@returns(SignupOut, 201)
@errors(ActivityNotOpen, ShiftBegun, SignupOverlaps)
def sign_up(actor: Actor, *, shift_id: UUID) -> Signup:
    """报名；满员时进入候补，重复报名返回已有的报名"""
    return signups.sign_up(actor, shift_id)


@blueprint.get("/shifts/<uuid:shift_id>/signups")
@permission(Permission.VOLUNTEER_SIGNUP_VIEW_SHIFT)
@paged
@returns(ShiftSignupOut)
def list_of_shift(actor: Actor, *, shift_id: UUID, page: PageRequest) -> Page[Signup]:
    """一个场次的报名，负责人可看"""
    return signups.list_of_shift(actor, shift_id, page)


@blueprint.get("/me/signups")
@permission(Permission.VOLUNTEER_SIGNUP_VIEW)
@paged
@returns(OwnSignupOut)
def list_mine(actor: Actor, *, page: PageRequest) -> Page[Signup]:
    """我的报名"""
    return signups.list_mine(actor, page)


@blueprint.post("/signups/<uuid:signup_id>/cancel")
@permission(Permission.VOLUNTEER_SIGNUP_CANCEL)
@returns(SignupOut)
@errors(ShiftBegun, AlreadyCheckedIn)
def cancel(actor: Actor, *, signup_id: UUID) -> Signup:
    """取消我的报名"""
    return signups.cancel(actor, signup_id)
