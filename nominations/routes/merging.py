"""Similar nominations, and merging them."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from nominations.errors import NominatorDecided, OwnNomination, StageClosed, WithheldNotMergeable
from nominations.models.nominations import Nomination
from nominations.services import merging
from nominations.services.merging import Similar
from schemas.merging import NominationMergeIn, SimilarListOut
from schemas.nominations import NominationOut

blueprint = Blueprint("merging", __name__, description="重复推荐")


@blueprint.get("/nominations/<uuid:nomination_id>/similar")
@permission(Permission.NOMINATIONS_NOMINATION_REVIEW)
@returns(SimilarListOut)
@errors(OwnNomination)
def list_similar(actor: Actor, *, nomination_id: UUID) -> dict[str, list[Similar]]:
    """本次活动中可能是同一人选的其他推荐，可能性大的在前"""
    return {"items": merging.similar(actor, nomination_id)}


@blueprint.post("/nominations/<uuid:nomination_id>/merge")
@permission(Permission.NOMINATIONS_NOMINATION_MERGE)
@body(NominationMergeIn)
@returns(NominationOut)
@errors(OwnNomination, StageClosed, NominatorDecided, WithheldNotMergeable)
def merge_nomination(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """并入同一人选的另一份推荐"""
    return merging.merge(actor, nomination_id, **body)
