"""The signed-in person. Personal data leaves masked."""

from marshmallow import fields as ma

from accounts.models.consents import ConsentKind
from core.actor import ScopeKind
from schemas.base import Schema
from schemas.fields import (
    EnumValue,
    Identifier,
    IdNumber,
    Instant,
    MaskedIdNumber,
    MaskedName,
    MaskedPhone,
    PersonName,
    StrictBoolean,
    Text,
)


class PersonOut(Schema):
    id = Identifier(required=True)
    nickname = ma.String(required=True)
    name = MaskedName(required=True, allow_none=True)
    id_number = MaskedIdNumber(required=True, allow_none=True)
    phone = MaskedPhone(required=True, allow_none=True)
    registered_at = Instant(required=True, allow_none=True)


class HeldRoleOut(Schema):
    role = ma.String(required=True)
    scope_kind = EnumValue(ScopeKind, attribute="kind", required=True)
    scope_id = Identifier(required=True, allow_none=True)


class MeOut(Schema):
    person = ma.Nested(PersonOut, required=True)
    roles = ma.List(ma.Nested(HeldRoleOut), required=True)
    unread = ma.Integer(required=True, metadata={"description": "未读消息的条数"})


class IdentityIn(Schema):
    name = PersonName(required=True)
    id_number = IdNumber(required=True)


class PhoneIn(Schema):
    code = Text(required=True, min_length=1, max_length=128)


class ConsentIn(Schema):
    kind = EnumValue(ConsentKind, required=True)
    version = Text(required=True, min_length=1, max_length=16)
    is_given = StrictBoolean(required=True)


class ConsentOut(Schema):
    kind = EnumValue(ConsentKind, required=True)
    current_version = ma.String(required=True)
    version = ma.String(required=True, allow_none=True)
    is_given = ma.Boolean(required=True)
    at = Instant(required=True, allow_none=True)


class ConsentListOut(Schema):
    items = ma.List(ma.Nested(ConsentOut), required=True)
