"""Candidates as everybody sees them."""

from uuid import UUID

from core.actor import Actor
from core.http import Blueprint, errors, public, returns, returns_file, shared
from core.storage import StorageUnavailable
from core.uploads import JPEG
from nominations.services import candidates
from nominations.services.candidates import Candidate
from schemas.candidates import CandidateListOut, CandidateOut

blueprint = Blueprint("candidates", __name__, description="候选人")


@blueprint.get("/campaigns/<uuid:campaign_id>/candidates")
@public
@shared(5, is_personal=True)
@returns(CandidateListOut)
def list_candidates(actor: Actor, *, campaign_id: UUID) -> dict[str, list[Candidate]]:
    """候选人；顺序随机，不代表先后：未登录时每天一变，登录后每人不同"""
    return {"items": candidates.list_public(campaign_id, voter_id=actor.person_id)}


@blueprint.get("/candidates/<uuid:candidate_id>")
@public
@shared(5)
@returns(CandidateOut)
def view_candidate(_actor: Actor, *, candidate_id: UUID) -> Candidate:
    """一位候选人"""
    return candidates.get_public(candidate_id)


@blueprint.get("/candidates/<uuid:candidate_id>/photos/<int(max=99):photo_number>")
@public
@shared(300, is_kept=False)
@returns_file(JPEG)
@errors(StorageUnavailable)
def show_photo(
    _actor: Actor, *, candidate_id: UUID, photo_number: int
) -> tuple[bytes, dict[str, str]]:
    """候选人的照片"""
    return candidates.photo(candidate_id, photo_number), {}
