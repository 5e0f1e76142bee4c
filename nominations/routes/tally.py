"""Counts of votes. Public."""

from uuid import UUID

from core.actor import Actor
from core.http import Blueprint, errors, public, returns, shared
from nominations.errors import CountsHidden
from nominations.services import tally
from schemas.tally import TallyOut

blueprint = Blueprint("tally", __name__, description="票数")


@blueprint.get("/campaigns/<uuid:campaign_id>/tally")
@public
@shared(5)
@returns(TallyOut)
@errors(CountsHidden)
def view_tally(_actor: Actor, *, campaign_id: UUID) -> tally.Tally:
    """票数；约定不公开的，活动结束后公开"""
    return tally.view(campaign_id)
