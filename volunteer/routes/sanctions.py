"""Sanctions after false backfills."""

from collections.abc import Sequence

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, permission, returns
from schemas.sanctions import SanctionListOut
from volunteer.models.sanctions import Sanction
from volunteer.services import sanctions

blueprint = Blueprint("sanctions", __name__, description="补记限制")


@blueprint.get("/me/sanctions")
@permission(Permission.VOLUNTEER_SANCTION_VIEW)
@returns(SanctionListOut)
def list_own(actor: Actor) -> dict[str, Sequence[Sanction]]:
    """对我的补记限制；如有异议可以申诉"""
    return {"items": sanctions.list_own(actor)}
