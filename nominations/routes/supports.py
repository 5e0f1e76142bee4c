"""Cards of cases, and supports."""

from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, errors, permission, public, returns
from nominations.errors import NominatorSupports, StageClosed
from nominations.models.supports import Support
from nominations.services import supports
from nominations.services.supports import Card
from schemas.supports import CardOut, SupportOut

blueprint = Blueprint("supports", __name__, description="附议")


@blueprint.get("/nominations/<uuid:nomination_id>/card")
@public
@returns(CardOut)
def view_card(_actor: Actor, *, nomination_id: UUID) -> Card:
    """推荐的分享卡片：被推荐人同意公开，且可以附议期间可见"""
    return supports.card(nomination_id)


@blueprint.post("/nominations/<uuid:nomination_id>/supports")
@permission(Permission.NOMINATIONS_SUPPORT_GIVE)
@returns(SupportOut, 201)
@errors(StageClosed, NominatorSupports)
def give_support(actor: Actor, *, nomination_id: UUID) -> Support:
    """附议，每人一次"""
    return supports.give(actor, nomination_id)


@blueprint.delete("/nominations/<uuid:nomination_id>/supports")
@permission(Permission.NOMINATIONS_SUPPORT_WITHDRAW)
@returns(None, 204)
def withdraw_support(actor: Actor, *, nomination_id: UUID) -> None:
    """撤回自己的附议"""
    supports.withdraw(actor, nomination_id)
