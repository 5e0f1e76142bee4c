"""Consent of nominees. The secret in a link is the permission of whoever holds it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, not_idempotent, permission, public, returns
from nominations.errors import ConsentLapsed, OwnNomination, SignerMissing
from nominations.models.consents import NomineeConsent
from nominations.models.nominations import Nomination
from nominations.services import consents
from schemas.nominations import NominationOut
from schemas.nominee_consents import (
    AskingOut,
    ConsentGiveIn,
    ConsentLinkOut,
    ConsentWithdrawIn,
    NomineeConsentListOut,
    NomineeConsentOut,
    PaperConsentIn,
)

blueprint = Blueprint("nominee_consents", __name__, description="被推荐人的同意")


@blueprint.post("/nominations/<uuid:nomination_id>/consents")
@permission(Permission.NOMINATIONS_CONSENT_ASK)
@not_idempotent
@returns(ConsentLinkOut, 201)
def ask_consent(actor: Actor, *, nomination_id: UUID) -> consents.NewLink:
    """生成征求同意的链接，发给本人、亲属或代表人；之前的链接作废"""
    return consents.ask(actor, nomination_id)


@blueprint.get("/nominations/<uuid:nomination_id>/consents")
@permission(Permission.NOMINATIONS_CONSENT_VIEW)
@returns(NomineeConsentListOut)
def list_consents(actor: Actor, *, nomination_id: UUID) -> dict[str, Sequence[NomineeConsent]]:
    """征求同意的经过"""
    return {"items": consents.list_of(actor, nomination_id)}


@blueprint.post("/nominations/<uuid:nomination_id>/paper-consents")
@permission(Permission.NOMINATIONS_CONSENT_RECORD)
@body(PaperConsentIn)
@returns(NomineeConsentOut, 201)
@errors(OwnNomination, SignerMissing)
def record_consent(actor: Actor, *, nomination_id: UUID, body: dict[str, Any]) -> NomineeConsent:
    """登记书面同意"""
    return consents.record(actor, nomination_id, **body)


@blueprint.post("/nominations/<uuid:nomination_id>/withdraw_consent")
@permission(Permission.NOMINATIONS_CONSENT_WITHDRAW_CONSENT)
@body(ConsentWithdrawIn)
@returns(NominationOut)
@errors(OwnNomination)
def withdraw_consent_on_paper(
    actor: Actor, *, nomination_id: UUID, body: dict[str, Any]
) -> Nomination:
    """登记本人（或亲属、代表人）书面撤回同意，推荐随之终止"""
    return consents.withdraw_consent_on_paper(
        actor, nomination_id, paper_reference=body["paper_reference"]
    )


@blueprint.get("/nominee-consents/<consent_token>")
@public
@returns(AskingOut)
@errors(ConsentLapsed)
def view_asking(_actor: Actor, *, consent_token: str) -> consents.Asking:
    """链接征求的是什么：将公开谁的哪些内容"""
    return consents.view(consent_token)


@blueprint.post("/nominee-consents/<consent_token>/give")
@public
@body(ConsentGiveIn)
@returns(AskingOut)
@errors(ConsentLapsed, SignerMissing)
def give_consent(actor: Actor, *, consent_token: str, body: dict[str, Any]) -> consents.Asking:
    """同意被推荐和公开展示"""
    return consents.give(actor, consent_token, **body)


@blueprint.post("/nominee-consents/<consent_token>/decline")
@public
@returns(AskingOut)
@errors(ConsentLapsed)
def decline_consent(actor: Actor, *, consent_token: str) -> consents.Asking:
    """不同意，推荐随之终止"""
    return consents.decline(actor, consent_token)


@blueprint.post("/nominee-consents/<consent_token>/withdraw_consent")
@public
@returns(AskingOut)
@errors(ConsentLapsed)
def withdraw_consent(actor: Actor, *, consent_token: str) -> consents.Asking:
    """撤回已给的同意，推荐随之终止"""
    return consents.withdraw_consent(actor, consent_token)
