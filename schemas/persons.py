"""The signed-in person. Personal data leaves masked."""

from marshmallow import fields as ma
from marshmallow import validate

from accounts.models.consents import ConsentKind
from accounts.services.persons import PersonalField
from core.actor import ScopeKind
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, StrictBoolean, Text
from schemas.personal import IdNumber, MaskedIdNumber, MaskedName, MaskedPhone, PersonName, Phone


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


class RegistrationIn(IdentityIn):
    """What a helper types at the counter."""

    site_id = Identifier(required=True)
    paper_reference = Text(
        required=True,
        min_length=2,
        max_length=60,
        metadata={"description": "纸质同意书的存放编号"},
    )
    phone = Phone(load_default=None)
    guardian_paper_reference = Text(
        load_default=None,
        min_length=2,
        max_length=60,
        metadata={"description": "监护人纸质同意书的存放编号，未满 14 周岁必填"},
    )


class CounterConsentIn(Schema):
    id_number = IdNumber(required=True, metadata={"description": "照身份证再输入一遍"})
    paper_reference = Text(
        required=True,
        min_length=2,
        max_length=60,
        metadata={"description": "签字的纸质同意书或撤回书的存放编号"},
    )
    is_given = StrictBoolean(load_default=True, metadata={"description": "false 为撤回同意"})


class LookupIn(Schema):
    id_number = IdNumber(required=True)


class UnmaskIn(Schema):
    asked = ma.List(
        EnumValue(PersonalField),
        required=True,
        data_key="fields",
        validate=validate.Length(1, len(PersonalField)),
    )
    reason = Text(required=True, min_length=2, max_length=200)


class UnmaskedPersonOut(Schema):
    """In clear; only the fields that were asked for are there."""

    name = ma.String(allow_none=True)
    phone = ma.String(allow_none=True)
    id_number = ma.String(allow_none=True)


class BindingIn(Schema):
    code = Text(
        required=True, max_length=128, metadata={"description": "本人新手机上 wx.login 的 code"}
    )
    id_number = IdNumber(required=True, metadata={"description": "照身份证再输入一遍"})
    reason = Text(required=True, min_length=2, max_length=200)
    replace = StrictBoolean(
        load_default=False, metadata={"description": "原来的微信不再能登录这个账号"}
    )


class MergeIn(Schema):
    into = Identifier(required=True, metadata={"description": "保留的已实名账号"})
    reason = Text(required=True, min_length=2, max_length=200)
