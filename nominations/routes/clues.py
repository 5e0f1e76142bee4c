"""Clues by citizens, and what reviewers make of them."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import (
    Blueprint,
    body,
    errors,
    not_idempotent,
    paged,
    permission,
    prepare,
    query,
    returns,
)
from core.paging import Page, PageRequest
from core.wechat import TextVerdict
from nominations.errors import CluesTooMany, ContentRefused, StageClosed
from nominations.models.clues import Clue
from nominations.services import clues
from schemas.clues import (
    ClueAnswerIn,
    ClueCompleteIn,
    ClueContactOut,
    ClueIn,
    ClueOut,
    ClueQuery,
    ClueRecordIn,
    ClueTransferIn,
    OwnClueOut,
)

blueprint = Blueprint("clues", __name__, description="好人线索")


@blueprint.post("/campaigns/<uuid:campaign_id>/clues")
@permission(Permission.NOMINATIONS_CLUE_GIVE)
@body(ClueIn)
@prepare(clues.check_text)
@returns(OwnClueOut, 201)
@errors(StageClosed, ContentRefused, CluesTooMany)
def give_clue(
    actor: Actor, *, campaign_id: UUID, body: dict[str, Any], prepared: TextVerdict
) -> Clue:
    """提供线索：谁、在哪里、做了什么"""
    return clues.give(actor, campaign_id, verdict=prepared, **body)


@blueprint.post("/campaigns/<uuid:campaign_id>/clues/record")
@permission(Permission.NOMINATIONS_CLUE_RECORD)
@body(ClueRecordIn)
@returns(ClueOut, 201)
@errors(StageClosed)
def record_clue(actor: Actor, *, campaign_id: UUID, body: dict[str, Any]) -> Clue:
    """登记电话、来信、柜台或走访得到的线索"""
    return clues.record(actor, campaign_id, **body)


@blueprint.get("/me/clues")
@permission(Permission.NOMINATIONS_CLUE_VIEW)
@paged
@returns(OwnClueOut)
def list_my_clues(actor: Actor, *, page: PageRequest) -> Page[Clue]:
    """我提供的线索"""
    return clues.list_mine(actor, page)


@blueprint.get("/clues")
@permission(Permission.NOMINATIONS_CLUE_REVIEW)
@query(ClueQuery)
@paged
@returns(ClueOut)
def list_clues(actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[Clue]:
    """我所在阵地及下级、所在渠道的线索，先收到的在前"""
    return clues.queue(actor, page, **query)


@blueprint.post("/clues/<uuid:clue_id>/transfer")
@permission(Permission.NOMINATIONS_CLUE_TRANSFER)
@body(ClueTransferIn)
@returns(ClueOut)
@errors(StageClosed)
def transfer_clue(actor: Actor, *, clue_id: UUID, body: dict[str, Any]) -> Clue:
    """转给另一个阵地、一个渠道，或另一次活动"""
    return clues.transfer(actor, clue_id, **body)


@blueprint.post("/clues/<uuid:clue_id>/complete")
@permission(Permission.NOMINATIONS_CLUE_COMPLETE)
@body(ClueCompleteIn)
@returns(ClueOut)
@errors(StageClosed)
def complete_clue(actor: Actor, *, clue_id: UUID, body: dict[str, Any]) -> Clue:
    """形成推荐（草稿）；推荐人是提供线索的人，没有账号的由经办人担任"""
    return clues.complete(actor, clue_id, **body)


@blueprint.post("/clues/<uuid:clue_id>/answer")
@permission(Permission.NOMINATIONS_CLUE_ANSWER)
@body(ClueAnswerIn)
@returns(ClueOut)
def answer_clue(actor: Actor, *, clue_id: UUID, body: dict[str, Any]) -> Clue:
    """答复并办结"""
    return clues.answer(actor, clue_id, **body)


@blueprint.post("/clues/<uuid:clue_id>/contact")
@permission(Permission.NOMINATIONS_CLUE_CONTACT)
@not_idempotent
@returns(ClueContactOut)
def contact_clue_giver(actor: Actor, *, clue_id: UUID) -> Clue:
    """查看提供人的姓名和电话（每次查看都有记录）"""
    return clues.contact(actor, clue_id)
