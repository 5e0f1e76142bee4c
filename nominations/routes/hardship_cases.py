"""Help for honoured people in hardship."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, query, returns, traced
from core.paging import Page, PageRequest
from nominations.errors import HardshipCaseOpen, HonorNotInForce, ProposedByYou
from nominations.models.hardship_cases import HardshipCase
from nominations.services import hardship_cases, own_honors
from schemas.hardship_cases import (
    HardshipApplyIn,
    HardshipApproveIn,
    HardshipCaseListOut,
    HardshipCaseOut,
    HardshipCompleteIn,
    HardshipProposeIn,
    HardshipQuery,
    HardshipRejectIn,
)

blueprint = Blueprint("hardship_cases", __name__, description="困难帮扶")


@blueprint.post("/honors/<uuid:honor_id>/hardship-cases")
@permission(Permission.NOMINATIONS_HARDSHIP_CASE_APPLY)
@body(HardshipApplyIn)
@returns(HardshipCaseOut, 201)
@errors(HardshipCaseOpen, HonorNotInForce)
def apply(actor: Actor, *, honor_id: UUID, body: dict[str, Any]) -> HardshipCase:
    """申请帮扶：本人，或所在地工作人员代办"""
    return own_honors.apply_for_help(actor, honor_id, **body)


@blueprint.get("/me/hardship-cases")
@permission(Permission.NOMINATIONS_HARDSHIP_CASE_APPLY)
@returns(HardshipCaseListOut)
def list_own(actor: Actor) -> dict[str, list[HardshipCase]]:
    """我的帮扶申请"""
    return {"items": own_honors.list_help(actor)}


@blueprint.get("/hardship-cases")
@permission(Permission.NOMINATIONS_HARDSHIP_CASE_VIEW)
@traced
@query(HardshipQuery)
@paged
@returns(HardshipCaseOut)
def list_cases(actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[HardshipCase]:
    """本地的帮扶申请，先提出的在前"""
    return hardship_cases.list_within(actor, page, **query)


@blueprint.post("/hardship-cases/<uuid:case_id>/propose")
@permission(Permission.NOMINATIONS_HARDSHIP_CASE_PROPOSE)
@body(HardshipProposeIn)
@returns(HardshipCaseOut)
def propose(actor: Actor, *, case_id: UUID, body: dict[str, Any]) -> HardshipCase:
    """县区提出帮扶意见"""
    return hardship_cases.propose(actor, case_id, **body)


@blueprint.post("/hardship-cases/<uuid:case_id>/approve")
@permission(Permission.NOMINATIONS_HARDSHIP_CASE_APPROVE)
@body(HardshipApproveIn)
@returns(HardshipCaseOut)
@errors(ProposedByYou)
def approve(actor: Actor, *, case_id: UUID, body: dict[str, Any]) -> HardshipCase:
    """市级核定"""
    return hardship_cases.approve(actor, case_id, **body)


@blueprint.post("/hardship-cases/<uuid:case_id>/complete")
@permission(Permission.NOMINATIONS_HARDSHIP_CASE_COMPLETE)
@body(HardshipCompleteIn)
@returns(HardshipCaseOut)
def complete(actor: Actor, *, case_id: UUID, body: dict[str, Any]) -> HardshipCase:
    """登记已发放"""
    return hardship_cases.complete(actor, case_id, **body)


@blueprint.post("/hardship-cases/<uuid:case_id>/reject")
@permission(Permission.NOMINATIONS_HARDSHIP_CASE_REJECT)
@body(HardshipRejectIn)
@returns(HardshipCaseOut)
def reject(actor: Actor, *, case_id: UUID, body: dict[str, Any]) -> HardshipCase:
    """不予帮扶，说明原因"""
    return hardship_cases.reject(actor, case_id, **body)
