"""Reviewing nominations."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, returns
from core.paging import Page, PageRequest
from nominations.errors import OwnNomination, StageClosed
from nominations.models.nominations import Nomination
from nominations.services import screenings
from schemas.nominations import NominationOut
from schemas.screenings import NominationRejectIn, QueuedOut, SendBackIn

blueprint = Blueprint("screenings", __name__, description="推荐审核")


@blueprint.get("/screenings/queue")
@permission(Permission.NOMINATIONS_NOMINATION_REVIEW)
@paged
@returns(QueuedOut)
def list_queue(actor: Actor, *, page: PageRequest) -> Page[Nomination]:
    """等待我审核的推荐，先提交的在前"""
    return screenings.queue(actor, page)


@blueprint.post("/nominations/<uuid:nomination_id>/pass")
@permission(Permission.NOMINATIONS_NOMINATION_PASS)
@returns(NominationOut)
@errors(OwnNomination, StageClosed)
def pass_nomination(actor: Actor, *, nomination_id: UUID) -> Nomination:
    """通过，成为候选人"""
    return screenings.pass_(actor, nomination_id)


@blueprint.post("/nominations/<uuid:nomination_id>/send_back")
@permission(Permission.NOMINATIONS_NOMINATION_SEND_BACK)
@body(SendBackIn)
@returns(NominationOut)
@errors(OwnNomination, StageClosed)
def send_back_nomination(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """退回补充"""
    return screenings.send_back(actor, nomination_id, missing=body["missing"])


@blueprint.post("/nominations/<uuid:nomination_id>/reject")
@permission(Permission.NOMINATIONS_NOMINATION_REJECT)
@body(NominationRejectIn)
@returns(NominationOut)
@errors(OwnNomination, StageClosed)
def reject_nomination(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """不予通过"""
    return screenings.reject(actor, nomination_id, reason=body["reason"])
