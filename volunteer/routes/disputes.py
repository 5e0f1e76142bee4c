"""Disputes about what is recorded."""

from typing import Any
from uuid import UUID

from accounts.errors import IdNumberMismatch
from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, returns
from core.paging import Page, PageRequest
from schemas.disputes import (
    DisputeDismissIn,
    DisputeIn,
    DisputeOut,
    DisputeUpholdIn,
    ProxyDisputeIn,
)
from volunteer.errors import DisputeNotIndependent, HigherTierNeeded, OwnDispute
from volunteer.models.disputes import Dispute
from volunteer.services import disputes

blueprint = Blueprint("disputes", __name__, description="申诉")


@blueprint.post("/disputes")
@permission(Permission.VOLUNTEER_DISPUTE_OPEN)
@body(DisputeIn)
@returns(DisputeOut, 201)
def open(actor: Actor, *, body: dict[str, Any]) -> Dispute:  # noqa: A001 - the verb's name
    """对与自己有关的记录提出申诉"""
    return disputes.open(actor, **body)


@blueprint.post("/persons/<uuid:person_id>/disputes")
@permission(Permission.VOLUNTEER_DISPUTE_OPEN_ON_BEHALF)
@body(ProxyDisputeIn)
@returns(DisputeOut, 201)
@errors(IdNumberMismatch, OwnDispute)
def open_on_behalf(actor: Actor, *, person_id: UUID, body: dict[str, Any]) -> Dispute:
    """帮办员核对身份证后，代到窗口的居民提出申诉"""
    return disputes.open_on_behalf(actor, person_id, **body)


@blueprint.get("/me/disputes")
@permission(Permission.VOLUNTEER_DISPUTE_VIEW)
@paged
@returns(DisputeOut)
def list_own(actor: Actor, *, page: PageRequest) -> Page[Dispute]:
    """我的申诉和答复"""
    return disputes.list_own(actor, page)


@blueprint.get("/disputes")
@permission(Permission.VOLUNTEER_DISPUTE_REVIEW)
@paged
@returns(DisputeOut)
def list_open(actor: Actor, *, page: PageRequest) -> Page[Dispute]:
    """待处理的申诉"""
    return disputes.list_open(actor, page)


@blueprint.post("/disputes/<uuid:dispute_id>/uphold")
@permission(Permission.VOLUNTEER_DISPUTE_UPHOLD)
@body(DisputeUpholdIn)
@returns(DisputeOut)
@errors(OwnDispute, DisputeNotIndependent, HigherTierNeeded)
def uphold(actor: Actor, *, dispute_id: UUID, body: dict[str, Any]) -> Dispute:
    """申诉成立，更正记录"""
    return disputes.uphold(actor, dispute_id, **body)


@blueprint.post("/disputes/<uuid:dispute_id>/dismiss")
@permission(Permission.VOLUNTEER_DISPUTE_DISMISS)
@body(DisputeDismissIn)
@returns(DisputeOut)
@errors(OwnDispute, DisputeNotIndependent)
def dismiss(actor: Actor, *, dispute_id: UUID, body: dict[str, Any]) -> Dispute:
    """申诉不成立，说明原因"""
    return disputes.dismiss(actor, dispute_id, **body)
