"""Visits to honoured people."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, query, returns
from core.paging import Page, PageRequest
from nominations.errors import HonorNotInForce
from nominations.models.care_visits import CareVisit
from nominations.services import care_visits, honors
from schemas.care_visits import (
    CareVisitCancelIn,
    CareVisitCompleteIn,
    CareVisitIn,
    CareVisitOut,
    CareVisitQuery,
)

blueprint = Blueprint("care_visits", __name__, description="走访慰问")


@blueprint.post("/honors/<uuid:honor_id>/care-visits")
@permission(Permission.NOMINATIONS_CARE_VISIT_PLAN)
@body(CareVisitIn)
@returns(CareVisitOut, 201)
@errors(HonorNotInForce)
def plan(actor: Actor, *, honor_id: UUID, body: dict[str, Any]) -> CareVisit:
    """计划一次走访"""
    return honors.plan_visit(actor, honor_id, **body)


@blueprint.get("/care-visits")
@permission(Permission.NOMINATIONS_CARE_VISIT_VIEW)
@query(CareVisitQuery)
@paged
@returns(CareVisitOut)
def list_visits(actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[CareVisit]:
    """本地的走访，近期的在前"""
    return care_visits.list_within(actor, page, **query)


@blueprint.post("/care-visits/<uuid:care_visit_id>/complete")
@permission(Permission.NOMINATIONS_CARE_VISIT_COMPLETE)
@body(CareVisitCompleteIn)
@returns(CareVisitOut)
def complete(actor: Actor, *, care_visit_id: UUID, body: dict[str, Any]) -> CareVisit:
    """登记已走访"""
    return care_visits.complete(actor, care_visit_id, **body)


@blueprint.post("/care-visits/<uuid:care_visit_id>/cancel")
@permission(Permission.NOMINATIONS_CARE_VISIT_CANCEL)
@body(CareVisitCancelIn)
@returns(CareVisitOut)
def cancel(actor: Actor, *, care_visit_id: UUID, body: dict[str, Any]) -> CareVisit:
    """取消计划"""
    return care_visits.cancel(actor, care_visit_id, **body)
