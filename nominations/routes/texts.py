"""Texts of nominations that WeChat could not judge."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, returns
from core.paging import Page, PageRequest
from nominations.errors import OwnNomination, StageClosed
from nominations.models.nominations import Nomination
from nominations.services import texts
from schemas.texts import TextRefuseIn, UnclearTextOut

blueprint = Blueprint("texts", __name__, description="推荐文字审核")


@blueprint.get("/nominations/text-queue")
@permission(Permission.NOMINATIONS_NOMINATION_REVIEW_TEXT)
@paged
@returns(UnclearTextOut)
def list_unclear_texts(actor: Actor, *, page: PageRequest) -> Page[Nomination]:
    """等待人工审核的文字，先提交的在前"""
    return texts.queue(actor, page)


@blueprint.post("/nominations/<uuid:nomination_id>/clear_text")
@permission(Permission.NOMINATIONS_NOMINATION_CLEAR_TEXT)
@returns(UnclearTextOut)
@errors(OwnNomination)
def clear_text(actor: Actor, *, nomination_id: UUID) -> Nomination:
    """文字可以公开"""
    return texts.clear_text(actor, nomination_id)


@blueprint.post("/nominations/<uuid:nomination_id>/refuse_text")
@permission(Permission.NOMINATIONS_NOMINATION_REFUSE_TEXT)
@body(TextRefuseIn)
@returns(UnclearTextOut)
@errors(OwnNomination, StageClosed)
def refuse_text(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """文字不能公开，退回修改"""
    return texts.refuse_text(actor, nomination_id, reason=body["reason"])
