"""Legal confirmation of bravery, and secrecy."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, permission, returns
from nominations.errors import ConfirmationExists, NotYourStep, OwnNomination, StageClosed
from nominations.models.confirmations import Confirmation
from nominations.models.nominations import Nomination
from nominations.services import confirmations
from schemas.confirmations import (
    ConfirmationApplyIn,
    ConfirmationConfirmIn,
    ConfirmationOut,
    ConfirmationRefuseIn,
    SecrecyIn,
    SecrecyOut,
)

blueprint = Blueprint("confirmations", __name__, description="见义勇为确认与保密")

REFUSALS = (OwnNomination, NotYourStep, StageClosed)


@blueprint.post("/nominations/<uuid:nomination_id>/confirmations")
@permission(Permission.NOMINATIONS_CONFIRMATION_APPLY)
@body(ConfirmationApplyIn)
@returns(ConfirmationOut, 201)
@errors(*REFUSALS, ConfirmationExists)
def apply_for_confirmation(
    actor: Actor, *, nomination_id: UUID, body: dict[str, Any]
) -> Confirmation:
    """登记已申请见义勇为确认"""
    return confirmations.apply(actor, nomination_id, **body)


@blueprint.post("/confirmations/<uuid:confirmation_id>/confirm")
@permission(Permission.NOMINATIONS_CONFIRMATION_CONFIRM)
@body(ConfirmationConfirmIn)
@returns(ConfirmationOut)
@errors(*REFUSALS)
def confirm_bravery(actor: Actor, *, confirmation_id: UUID, body: dict[str, Any]) -> Confirmation:
    """登记确认文书"""
    return confirmations.confirm(actor, confirmation_id, **body)


@blueprint.post("/confirmations/<uuid:confirmation_id>/refuse")
@permission(Permission.NOMINATIONS_CONFIRMATION_REFUSE)
@body(ConfirmationRefuseIn)
@returns(ConfirmationOut)
@errors(*REFUSALS)
def refuse_bravery(actor: Actor, *, confirmation_id: UUID, body: dict[str, Any]) -> Confirmation:
    """登记不予确认"""
    return confirmations.refuse(actor, confirmation_id, **body)


@blueprint.post("/nominations/<uuid:nomination_id>/withhold")
@permission(Permission.NOMINATIONS_NOMINATION_WITHHOLD)
@body(SecrecyIn)
@returns(SecrecyOut)
@errors(*REFUSALS)
def withhold_nominee(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """为安全或应亲属请求，不公开人选身份"""
    return confirmations.withhold(actor, nomination_id, **body)


@blueprint.post("/nominations/<uuid:nomination_id>/disclose")
@permission(Permission.NOMINATIONS_NOMINATION_DISCLOSE)
@body(SecrecyIn)
@returns(SecrecyOut)
@errors(*REFUSALS)
def disclose_nominee(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> Nomination:
    """恢复公开人选身份"""
    return confirmations.disclose(actor, nomination_id, **body)
