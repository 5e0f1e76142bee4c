"""Serving people at a counter: registering them, finding them again."""

from typing import Any
from uuid import UUID

from accounts.errors import (
    ChildConsentRequired,
    IdentityInUse,
    IdNumberMismatch,
    LookupsTooMany,
    OwnAccount,
    PersonNotFound,
    TooYoung,
)
from accounts.models.persons import Person
from accounts.permissions import Permission
from accounts.services import consents, registrations
from core.actor import Actor
from core.http import Blueprint, body, errors, not_idempotent, permission, returns
from schemas.persons import ConsentListOut, CounterConsentIn, LookupIn, PersonOut, RegistrationIn

blueprint = Blueprint("registrations", __name__, description="柜台帮办")


@blueprint.post("/persons")
@permission(Permission.ACCOUNTS_PERSON_REGISTER)
@body(RegistrationIn)
@returns(PersonOut, 201)
@errors(IdentityInUse, TooYoung, ChildConsentRequired)
def register(actor: Actor, *, body: dict[str, Any]) -> Person:
    """凭纸质同意书，为没有手机的居民登记"""
    return registrations.register(actor, **body)


@blueprint.post("/persons/<uuid:person_id>/paper-consents")
@permission(Permission.ACCOUNTS_CONSENT_RECORD)
@body(CounterConsentIn)
@returns(ConsentListOut)
@errors(IdNumberMismatch, OwnAccount)
def record_consent(
    actor: Actor, *, person_id: UUID, body: dict[str, Any]
) -> dict[str, list[consents.ConsentState]]:
    """核对身份证后，登记居民对现行文本的纸质同意或撤回"""
    return {"items": registrations.record_consent(actor, person_id, **body)}


@blueprint.post("/persons/find")
@permission(Permission.ACCOUNTS_PERSON_FIND)
@not_idempotent
@body(LookupIn)
@returns(PersonOut)
@errors(PersonNotFound, LookupsTooMany)
def find(actor: Actor, *, body: dict[str, Any]) -> Person:
    """按身份证号查询本人；每次查询都会记录"""
    return registrations.find(actor, id_number=body["id_number"])
