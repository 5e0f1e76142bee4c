"""Consent of guardians."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Identifier, Instant, StrictBoolean, Text
from schemas.personal import IdNumber, MaskedName, PersonName


class InvitationOut(Schema):
    code = ma.String(required=True, metadata={"description": "二维码的内容，由监护人扫描"})
    expires_at = Instant(required=True)


class GuardianshipIn(Schema):
    code = Text(required=True, max_length=128)
    companion = PersonName(
        load_default=None, metadata={"description": "陪同孩子参加的人，如祖父母或老师"}
    )
    is_for_child = StrictBoolean(
        load_default=False,
        metadata={"description": "孩子未满 14 周岁，同意按儿童个人信息规则处理其信息"},
    )


class PaperGuardianshipIn(Schema):
    id_number = IdNumber(required=True, metadata={"description": "照被监护人身份证再输入一遍"})
    paper_reference = Text(required=True, min_length=2, max_length=60)
    companion = PersonName(load_default=None)


class GuardianshipWithdrawIn(Schema):
    reason = Text(load_default=None, min_length=2, max_length=200)


class GuardianshipOut(Schema):
    id = Identifier(required=True)
    ward_id = Identifier(required=True)
    ward_name = MaskedName(attribute="ward.name", required=True, allow_none=True)
    guardian_name = MaskedName(
        attribute="guardian.name",
        required=True,
        allow_none=True,
        dump_default=None,
        metadata={"description": "纸质同意没有"},
    )
    paper_reference = ma.String(required=True, allow_none=True)
    companion = MaskedName(required=True, allow_none=True)
    consented_at = Instant(required=True)
    withdrawn_at = Instant(required=True, allow_none=True)


class GuardianshipsOut(Schema):
    as_ward = ma.List(ma.Nested(GuardianshipOut), required=True)
    as_guardian = ma.List(ma.Nested(GuardianshipOut), required=True)


class GuardianshipListOut(Schema):
    items = ma.List(ma.Nested(GuardianshipOut), required=True)
