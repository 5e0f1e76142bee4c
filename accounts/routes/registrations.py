"""Serving people at a counter: registering them, finding them again."""

from typing import Any

from accounts.errors import (
    ChildConsentRequired,
    IdentityInUse,
    LookupsTooMany,
    PersonNotFound,
    TooYoung,
)
from accounts.models.persons import Person
from accounts.permissions import Permission
from accounts.services import registrations
from core.actor import Actor
from core.http import Blueprint, body, errors, not_idempotent, permission, returns
from schemas.persons import LookupIn, PersonOut, RegistrationIn

blueprint = Blueprint("registrations", __name__, description="柜台帮办")


@blueprint.post("/persons")
@permission(Permission.ACCOUNTS_PERSON_REGISTER)
@body(RegistrationIn)
@returns(PersonOut, 201)
@errors(IdentityInUse, TooYoung, ChildConsentRequired)
def register(actor: Actor, *, body: dict[str, Any]) -> Person:
    """凭纸质同意书，为没有手机的居民登记"""
    return registrations.register(actor, **body)


@blueprint.post("/persons/find")
@permission(Permission.ACCOUNTS_PERSON_FIND)
@not_idempotent
@body(LookupIn)
@returns(PersonOut)
@errors(PersonNotFound, LookupsTooMany)
def find(actor: Actor, *, body: dict[str, Any]) -> Person:
    """按身份证号查询本人；每次查询都会记录"""
    return registrations.find(actor, id_number=body["id_number"])
