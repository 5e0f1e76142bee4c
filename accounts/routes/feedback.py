"""Complaints and suggestions."""

from typing import Any
from uuid import UUID

from accounts.errors import FeedbackAnswered, FeedbackTooMany
from accounts.models.feedback import Feedback
from accounts.permissions import Permission
from accounts.services import feedback
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, public, query, returns
from core.paging import Page, PageRequest
from schemas.feedback import AnswerIn, FeedbackIn, FeedbackOut, FeedbackQuery, FeedbackReceiptOut

blueprint = Blueprint("feedback", __name__, description="投诉与建议")


@blueprint.post("/feedback")
@public
@body(FeedbackIn)
@returns(FeedbackReceiptOut, 201)
@errors(FeedbackTooMany)
def send(actor: Actor, *, body: dict[str, Any]) -> Feedback:
    """提交投诉或建议；不登录也可以，登录后答复会进入“我的消息”"""
    return feedback.send(actor, **body)


@blueprint.get("/feedback")
@permission(Permission.ACCOUNTS_FEEDBACK_REVIEW)
@query(FeedbackQuery)
@paged
@returns(FeedbackOut)
def list_feedback(actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[Feedback]:
    """收到的投诉和建议"""
    return feedback.list_all(actor, page, **query)


@blueprint.post("/feedback/<uuid:feedback_id>/answer")
@permission(Permission.ACCOUNTS_FEEDBACK_ANSWER)
@body(AnswerIn)
@returns(FeedbackOut)
@errors(FeedbackAnswered)
def answer(actor: Actor, *, feedback_id: UUID, body: dict[str, Any]) -> Feedback:
    """答复"""
    return feedback.answer(actor, feedback_id, text=body["text"])
