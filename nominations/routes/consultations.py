"""Departments' opinions on nominees."""

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
    public,
    returns,
    traced,
)
from core.paging import Page, PageRequest
from nominations.errors import (
    AnswerFinal,
    NotYourStep,
    OwnNomination,
    StageClosed,
    StepNotUsed,
)
from nominations.models.consultations import Consultation
from nominations.services import consultations
from schemas.consultations import (
    ConsultationAnswerIn,
    ConsultationAnswerOut,
    ConsultationLinkOut,
    ConsultationListOut,
    ConsultationsOpenIn,
    QuestionOut,
    WaitingConsultationOut,
)

blueprint = Blueprint("consultations", __name__, description="征求部门意见")


@blueprint.post("/nominations/<uuid:nomination_id>/consultations")
@permission(Permission.NOMINATIONS_CONSULTATION_OPEN)
@body(ConsultationsOpenIn)
@returns(ConsultationListOut, 201)
@errors(OwnNomination, NotYourStep, StepNotUsed, StageClosed)
def open_consultations(
    actor: Actor, *, nomination_id: UUID, body: dict[str, Any]
) -> dict[str, list[Consultation]]:
    """同时向各部门征求意见"""
    return {
        "items": consultations.open_all(
            actor,
            nomination_id,
            departments=body["departments"],
            due_on=body["due_on"],
            consultants={c["department"]: c["person_id"] for c in body["consultants"]},
        )
    }


@blueprint.get("/nominations/<uuid:nomination_id>/consultations")
@permission(Permission.NOMINATIONS_CONSULTATION_VIEW)
@returns(ConsultationListOut)
@errors(OwnNomination)
def list_consultations(actor: Actor, *, nomination_id: UUID) -> dict[str, list[Consultation]]:
    """各部门的意见；推荐人看不到"""
    return {"items": consultations.list_of(actor, nomination_id)}


@blueprint.post("/consultations/<uuid:consultation_id>/link")
@permission(Permission.NOMINATIONS_CONSULTATION_LINK)
@not_idempotent
@returns(ConsultationLinkOut, 201)
@errors(OwnNomination, NotYourStep, AnswerFinal)
def link_consultation(actor: Actor, *, consultation_id: UUID) -> consultations.NewLink:
    """给没有账号的部门一个答复链接；旧链接随即失效"""
    return consultations.link(actor, consultation_id)


@blueprint.get("/me/consultations")
@permission(Permission.NOMINATIONS_CONSULTATION_ANSWER)
@paged
@returns(WaitingConsultationOut)
def list_my_consultations(actor: Actor, *, page: PageRequest) -> Page[Consultation]:
    """等待我（部门）答复的征求意见"""
    return consultations.list_mine(actor, page)


@blueprint.get("/consultations/<uuid:consultation_id>")
@permission(Permission.NOMINATIONS_CONSULTATION_ANSWER)
@traced
@returns(QuestionOut)
def view_consultation(actor: Actor, *, consultation_id: UUID) -> consultations.Question:
    """要核查的人选；查看留痕"""
    return consultations.look(actor, consultation_id)


@blueprint.put("/consultations/<uuid:consultation_id>")
@permission(Permission.NOMINATIONS_CONSULTATION_ANSWER)
@body(ConsultationAnswerIn)
@returns(ConsultationAnswerOut)
@errors(AnswerFinal, StageClosed)
def answer_consultation(
    actor: Actor, *, consultation_id: UUID, body: dict[str, Any]
) -> Consultation:
    """答复；提交后不能更改"""
    return consultations.answer(actor, consultation_id, **body)


@blueprint.get("/consultation-answers/<string:answer_token>")
@public
@traced
@returns(QuestionOut)
def view_consultation_by_link(actor: Actor, *, answer_token: str) -> consultations.Question:
    """凭链接查看要核查的人选；查看留痕"""
    return consultations.look_by_link(actor, answer_token)


@blueprint.put("/consultation-answers/<string:answer_token>")
@public
@body(ConsultationAnswerIn)
@returns(ConsultationAnswerOut)
@errors(AnswerFinal, StageClosed)
def answer_consultation_by_link(
    actor: Actor, *, answer_token: str, body: dict[str, Any]
) -> Consultation:
    """凭链接答复；提交后不能更改"""
    return consultations.answer_by_link(actor, answer_token, **body)
