"""Cases that end before their time."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from nominations.errors import StageClosed
from nominations.models.nominations import Nomination
from nominations.services import departures
from schemas.departures import NominationRemoveIn, NominationWithdrawIn
from schemas.nominations import NominationOut

blueprint = Blueprint("departures", __name__, description="撤回和移出")


@blueprint.post("/nominations/<uuid:nomination_id>/withdraw")
@permission(Permission.NOMINATIONS_NOMINATION_WITHDRAW)
@body(NominationWithdrawIn)
@returns(NominationOut)
@errors(StageClosed)
def withdraw_nomination(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """撤回自己的推荐；还有别人推荐时，只是自己退出"""
    return departures.withdraw(actor, nomination_id, reason=body["reason"])


@blueprint.post("/nominations/<uuid:nomination_id>/remove")
@permission(Permission.NOMINATIONS_NOMINATION_REMOVE)
@body(NominationRemoveIn)
@returns(NominationOut)
@errors(StageClosed)
def remove_nomination(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """把人选移出本次活动（市级）"""
    return departures.remove_by_office(actor, nomination_id, reason=body["reason"])
