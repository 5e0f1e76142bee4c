"""What volunteers say of themselves."""

from typing import Any

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, permission, replaces, returns
from schemas.profiles import ProfileIn, ProfileOut
from volunteer.services import profiles

blueprint = Blueprint("profiles", __name__, description="志愿者资料")


@blueprint.get("/me/profile")
@permission(Permission.VOLUNTEER_PROFILE_VIEW)
@returns(ProfileOut)
def view(actor: Actor) -> profiles.Profile:
    """我的居住区域、特长和意向服务类别"""
    return profiles.view(actor)


@blueprint.put("/me/profile")
@permission(Permission.VOLUNTEER_PROFILE_UPDATE)
@body(ProfileIn)
@replaces(profiles.view)
@returns(ProfileOut)
def update(actor: Actor, *, body: dict[str, Any]) -> profiles.Profile:
    """更新我的志愿者资料"""
    return profiles.update(actor, **body)
