"""Evaluations of volunteers and of activities."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.evaluations import ActivityEvaluationOut, EvaluationIn, EvaluationOut
from volunteer.errors import AlreadyEvaluated, EvaluationClosed, OwnEvaluation
from volunteer.models.evaluations import Evaluation
from volunteer.services import evaluations

blueprint = Blueprint("evaluations", __name__, description="服务评价")


@blueprint.post("/activities/<uuid:activity_id>/evaluations")
@permission(Permission.VOLUNTEER_EVALUATION_CREATE)
@body(EvaluationIn)
@returns(EvaluationOut, 201)
@errors(OwnEvaluation, EvaluationClosed, AlreadyEvaluated)
def create(actor: Actor, *, activity_id: UUID, body: dict[str, Any]) -> Evaluation:
    """负责人评价志愿者，或参加的人评价活动"""
    return evaluations.create(actor, activity_id, **body)


@blueprint.get("/activities/<uuid:activity_id>/evaluations")
@permission(Permission.VOLUNTEER_EVALUATION_LIST)
@paged
@returns(ActivityEvaluationOut)
def list_of_activity(actor: Actor, *, activity_id: UUID, page: PageRequest) -> Page[Evaluation]:
    """参加的人对活动的评价，不显示评价人；供负责人、组织者和阵地工作人员改进服务"""
    return evaluations.list_of_activity(actor, activity_id, page)


@blueprint.get("/me/evaluations")
@permission(Permission.VOLUNTEER_EVALUATION_VIEW)
@paged
@returns(EvaluationOut)
def list_about(actor: Actor, *, page: PageRequest) -> Page[Evaluation]:
    """我得到的评价"""
    return evaluations.list_about(actor, page)
