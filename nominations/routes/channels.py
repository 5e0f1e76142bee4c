"""Channels of recommendation. Public."""

from core.actor import Actor
from core.http import Blueprint, public, returns, shared
from nominations.models.channels import Channel
from nominations.services import channels
from schemas.channels import ChannelListOut

blueprint = Blueprint("channels", __name__, description="推荐渠道")


@blueprint.get("/channels")
@public
@shared(60)
@returns(ChannelListOut)
def list_channels(_actor: Actor) -> dict[str, list[Channel]]:
    """市直部门、系统和高校"""
    return {"items": channels.list_all()}
