"""Reviewing nominations."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, query, returns
from core.paging import Page, PageRequest
from nominations.errors import (
    CandidateAlready,
    DecidedBefore,
    NotReady,
    NotYourStep,
    OwnNomination,
    RecommendationsUsedUp,
    StageClosed,
)
from nominations.models.nominations import Nomination
from nominations.models.screenings import Screening
from nominations.services import screenings
from schemas.nominations import NominationOut
from schemas.screenings import (
    NominationPassIn,
    NominationRejectIn,
    NominationTransferIn,
    QueuedOut,
    QueueQuery,
    ScreeningIn,
    ScreeningListOut,
    ScreeningOut,
    SendBackIn,
)

blueprint = Blueprint("screenings", __name__, description="推荐审核")

REFUSALS = (OwnNomination, NotYourStep, DecidedBefore, StageClosed)
"""What every decision may meet."""


@blueprint.get("/screenings/queue")
@permission(Permission.NOMINATIONS_NOMINATION_REVIEW)
@query(QueueQuery)
@paged
@returns(QueuedOut)
def list_queue(actor: Actor, *, page: PageRequest, query: dict[str, Any]) -> Page[Nomination]:
    """等待我审核的推荐：意见少的在前，其次等待久的在前"""
    return screenings.queue(actor, page, overdue=query["overdue"])


@blueprint.post("/nominations/<uuid:nomination_id>/pass")
@permission(Permission.NOMINATIONS_NOMINATION_PASS)
@body(NominationPassIn)
@returns(NominationOut)
@errors(*REFUSALS, RecommendationsUsedUp, CandidateAlready)
def pass_nomination(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """通过这一级审核，进入下一环节"""
    return screenings.pass_(actor, nomination_id, opinion=body["opinion"])


@blueprint.post("/nominations/<uuid:nomination_id>/send_back")
@permission(Permission.NOMINATIONS_NOMINATION_SEND_BACK)
@body(SendBackIn)
@returns(NominationOut)
@errors(*REFUSALS)
def send_back_nomination(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """退回补充"""
    return screenings.send_back(actor, nomination_id, missing=body["missing"])


@blueprint.post("/nominations/<uuid:nomination_id>/reject")
@permission(Permission.NOMINATIONS_NOMINATION_REJECT)
@body(NominationRejectIn)
@returns(NominationOut)
@errors(*REFUSALS)
def reject_nomination(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """不予通过"""
    return screenings.reject(actor, nomination_id, reason=body["reason"])


@blueprint.post("/nominations/<uuid:nomination_id>/transfer")
@permission(Permission.NOMINATIONS_NOMINATION_TRANSFER)
@body(NominationTransferIn)
@returns(NominationOut)
@errors(*REFUSALS)
def transfer_nomination(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """报错了地方：转给另一个阵地或渠道，从那里重新审核"""
    return screenings.transfer(actor, nomination_id, **body)


@blueprint.post("/nominations/<uuid:nomination_id>/admit")
@permission(Permission.NOMINATIONS_NOMINATION_ADMIT)
@returns(NominationOut)
@errors(*REFUSALS, NotReady, CandidateAlready)
def admit_nomination(actor: Actor, *, nomination_id: UUID) -> Nomination:
    """各环节完成后，列为候选人"""
    return screenings.admit(actor, nomination_id)


@blueprint.post("/nominations/<uuid:nomination_id>/screenings")
@permission(Permission.NOMINATIONS_SCREENING_WRITE)
@body(ScreeningIn)
@returns(ScreeningOut, 201)
@errors(*REFUSALS, RecommendationsUsedUp, CandidateAlready)
def write_screening(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Screening:
    """发表审核意见，也可以同时作出决定"""
    return screenings.write(actor, nomination_id, **body)


@blueprint.get("/nominations/<uuid:nomination_id>/screenings")
@permission(Permission.NOMINATIONS_SCREENING_VIEW)
@returns(ScreeningListOut)
@errors(OwnNomination)
def list_screenings(actor: Actor, *, nomination_id: UUID) -> dict[str, list[Screening]]:
    """审核经过；推荐人看不到"""
    return {"items": screenings.history(actor, nomination_id)}
