"""Consent of guardians."""

from typing import Any
from uuid import UUID

from accounts.errors import (
    ChildConsentRequired,
    GuardianNotAdult,
    GuardianshipInForce,
    IdNumberMismatch,
    InvitationExpired,
    InvitationInvalid,
    OwnAccount,
    OwnGuardian,
)
from accounts.invitations import Invitation
from accounts.models.guardians import Guardianship
from accounts.permissions import Permission
from accounts.services import guardians
from core.actor import Actor
from core.http import Blueprint, body, errors, not_idempotent, permission, returns
from schemas.guardians import (
    GuardianshipIn,
    GuardianshipListOut,
    GuardianshipOut,
    GuardianshipsOut,
    GuardianshipWithdrawIn,
    InvitationOut,
    PaperGuardianshipIn,
)

blueprint = Blueprint("guardians", __name__, description="监护人同意")


@blueprint.post("/me/guardian-invitations")
@permission(Permission.ACCOUNTS_GUARDIANSHIP_INVITE)
@not_idempotent
@returns(InvitationOut)
def invite(actor: Actor) -> Invitation:
    """出示给监护人扫描的邀请码，十分钟内有效"""
    return guardians.invite(actor)


@blueprint.get("/me/guardianships")
@permission(Permission.ACCOUNTS_GUARDIANSHIP_VIEW)
@returns(GuardianshipsOut)
def list_mine(actor: Actor) -> guardians.OwnGuardianships:
    """我作为被监护人和作为监护人的同意"""
    return guardians.list_mine(actor)


@blueprint.post("/guardianships")
@permission(Permission.ACCOUNTS_GUARDIANSHIP_GIVE)
@body(GuardianshipIn)
@returns(GuardianshipOut, 201)
@errors(
    InvitationInvalid,
    InvitationExpired,
    OwnGuardian,
    GuardianNotAdult,
    ChildConsentRequired,
    GuardianshipInForce,
)
def give(actor: Actor, *, body: dict[str, Any]) -> Guardianship:
    """作为监护人，同意出示邀请码的人参加志愿服务"""
    return guardians.give(actor, **body)


@blueprint.post("/persons/<uuid:person_id>/guardianships")
@permission(Permission.ACCOUNTS_GUARDIANSHIP_RECORD)
@body(PaperGuardianshipIn)
@returns(GuardianshipOut, 201)
@errors(IdNumberMismatch, OwnAccount, GuardianshipInForce)
def record(actor: Actor, *, person_id: UUID, body: dict[str, Any]) -> Guardianship:
    """登记监护人签字的纸质同意书"""
    return guardians.record(actor, person_id, **body)


@blueprint.get("/persons/<uuid:person_id>/guardianships")
@permission(Permission.ACCOUNTS_PERSON_VIEW)
@returns(GuardianshipListOut)
def list_of(actor: Actor, *, person_id: UUID) -> dict[str, Any]:
    """本阵地一位居民的监护人同意"""
    return {"items": guardians.list_of(actor, person_id)}


@blueprint.post("/guardianships/<uuid:guardianship_id>/withdraw")
@permission(Permission.ACCOUNTS_GUARDIANSHIP_WITHDRAW)
@body(GuardianshipWithdrawIn)
@returns(GuardianshipOut)
def withdraw(actor: Actor, *, guardianship_id: UUID, body: dict[str, Any]) -> Guardianship:
    """撤回监护人的同意"""
    return guardians.withdraw(actor, guardianship_id, reason=body["reason"])
