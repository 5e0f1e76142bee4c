"""Nominees who die while their case is alive."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from nominations.errors import NomineeAlive, OwnNomination
from nominations.models.nominations import Nomination
from nominations.services import deaths
from schemas.deaths import DeathIn, PosthumousIn
from schemas.nominations import NominationOut

blueprint = Blueprint("deaths", __name__, description="被推荐人去世")


@blueprint.post("/nominations/<uuid:nomination_id>/record_death")
@permission(Permission.NOMINATIONS_NOMINATION_RECORD_DEATH)
@body(DeathIn)
@returns(NominationOut)
@errors(OwnNomination)
def record_death(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """登记被推荐人去世，之后由亲属决定是否继续"""
    return deaths.record_death(actor, nomination_id, **body)


@blueprint.post("/nominations/<uuid:nomination_id>/continue_posthumously")
@permission(Permission.NOMINATIONS_NOMINATION_CONTINUE_POSTHUMOUSLY)
@body(PosthumousIn)
@returns(NominationOut)
@errors(OwnNomination, NomineeAlive)
def continue_posthumously(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """登记亲属书面同意继续推荐（追授）"""
    return deaths.continue_posthumously(actor, nomination_id, **body)
