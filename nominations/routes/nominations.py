"""Nominations by citizens."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import (
    Blueprint,
    body,
    errors,
    paged,
    permission,
    prepare,
    replaces,
    returns,
)
from core.paging import Page, PageRequest
from nominations.errors import ContentRefused, NominationIncomplete, StageClosed
from nominations.models.nominations import Nomination
from nominations.services import nominations
from schemas.nominations import (
    NominationIn,
    NominationOut,
    NominationPatchIn,
    NominationWithdrawIn,
)

blueprint = Blueprint("nominations", __name__, description="我推荐身边好人")


@blueprint.post("/campaigns/<uuid:campaign_id>/nominations")
@permission(Permission.NOMINATIONS_NOMINATION_CREATE)
@body(NominationIn)
@returns(NominationOut, 201)
@errors(StageClosed)
def create_nomination(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Nomination:
    """推荐一个人或一个群体（草稿）"""
    return nominations.create(actor, campaign_id, **body)


@blueprint.patch("/nominations/<uuid:nomination_id>")
@permission(Permission.NOMINATIONS_NOMINATION_UPDATE)
@body(NominationPatchIn)
@replaces(nominations.hold_own)
@returns(NominationOut)
@errors(StageClosed)
def update_nomination(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """修改草稿或被退回的推荐"""
    return nominations.update(actor, nomination_id, **body)


@blueprint.get("/me/nominations")
@permission(Permission.NOMINATIONS_NOMINATION_VIEW)
@paged
@returns(NominationOut)
def list_my_nominations(actor: Actor, *, page: PageRequest) -> Page[Nomination]:
    """我的推荐"""
    return nominations.list_mine(actor, page)


@blueprint.get("/nominations/<uuid:nomination_id>")
@permission(Permission.NOMINATIONS_NOMINATION_VIEW)
@returns(NominationOut)
def view_nomination(actor: Actor, *, nomination_id: UUID) -> Nomination:
    """一份推荐：推荐人和所在地的审核人员可见"""
    return nominations.get(actor, nomination_id)


@blueprint.post("/nominations/<uuid:nomination_id>/submit")
@permission(Permission.NOMINATIONS_NOMINATION_SUBMIT)
@prepare(nominations.check_text)
@returns(NominationOut)
@errors(StageClosed, NominationIncomplete, ContentRefused)
def submit_nomination(
    actor: Actor, *, nomination_id: UUID, prepared: nominations.TextCheck
) -> Nomination:
    """提交审核"""
    return nominations.submit(actor, nomination_id, check=prepared)


@blueprint.post("/nominations/<uuid:nomination_id>/withdraw")
@permission(Permission.NOMINATIONS_NOMINATION_WITHDRAW)
@body(NominationWithdrawIn)
@returns(NominationOut)
@errors(StageClosed)
def withdraw_nomination(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """撤回自己的推荐"""
    return nominations.withdraw(actor, nomination_id, reason=body["reason"])
