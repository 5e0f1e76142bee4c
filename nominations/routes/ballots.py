"""Ballots."""

from typing import Any
from uuid import UUID

from accounts.errors import RealNameRequired
from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, origin, paged, permission, returns
from core.paging import Page, PageRequest
from nominations.errors import AssessmentNotOpen, BallotsCollided
from nominations.services import ballots, receipts
from schemas.ballots import BallotIn, BallotOut, ReceiptOut

blueprint = Blueprint("ballots", __name__, description="我评议身边好人")


@blueprint.post("/campaigns/<uuid:campaign_id>/ballots")
@permission(Permission.NOMINATIONS_BALLOT_CAST)
@body(BallotIn)
@returns(ReceiptOut, 201)
@errors(AssessmentNotOpen, BallotsCollided, RealNameRequired)
def cast_ballot(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> ballots.Receipt:
    """投票；同一期内再投以最后一次为准"""
    return ballots.cast(
        actor,
        campaign_id,
        choices=body["choices"],
        network=origin.network(),
        device=origin.device(),
    )


@blueprint.get("/me/ballots")
@permission(Permission.NOMINATIONS_BALLOT_VIEW)
@paged
@returns(BallotOut)
def list_my_ballots(actor: Actor, *, page: PageRequest) -> Page[receipts.OwnBallot]:
    """我的有效选票；封存后附公开日志中的位置，可自行核验"""
    return receipts.list_mine(actor, page)
