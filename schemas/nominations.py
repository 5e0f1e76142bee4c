"""Nominations as their nominators write them."""

from marshmallow import fields as ma
from marshmallow import validate

from nominations.lifecycles import NominationStatus, NomineeKind
from nominations.models.nominations import NAME_MAX_CHARS
from nominations.rules import Step
from nominations.services.nominees import NomineeField
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, StrictBoolean, StrictInteger, Text
from schemas.personal import IdNumber, MaskedIdNumber, MaskedPhone, PersonName, Phone

SUMMARY_MAX_CHARS = 140
DEEDS_MAX_CHARS = 1500
"""What fits at all; the rules of a campaign may ask for less."""
MEMBERS_MAX = 9999


class _NomineeFacts(Schema):
    """What a nominator knows of the nominee beside the name; all of it may be left out of a
    draft, and null takes it back."""

    nominee_id_number = IdNumber(
        allow_none=True, metadata={"description": "推荐个人时填写，加密保存，只显示遮盖后的号码"}
    )
    nominee_phone = Phone(allow_none=True)
    nominee_unit = Text(allow_none=True, max_length=60, metadata={"description": "工作或学习单位"})
    nominee_address = Text(
        allow_none=True, max_length=100, metadata={"description": "走访用，不公开"}
    )
    is_party_member = StrictBoolean(metadata={"description": "中共党员"})
    is_public_staff = StrictBoolean(metadata={"description": "公职人员"})
    is_in_business = StrictBoolean(metadata={"description": "经商办企业人员"})
    is_self_nomination = StrictBoolean(metadata={"description": "自荐"})
    members_count = StrictInteger(
        allow_none=True,
        minimum=2,
        maximum=MEMBERS_MAX,
        metadata={"description": "群体或家庭的人数"},
    )
    representative_name = PersonName(
        allow_none=True, metadata={"description": "群体、家庭或单位的代表人"}
    )
    earlier_honors = Text(
        allow_none=True, max_length=200, metadata={"description": "以前获得的荣誉"}
    )
    deceased_on = Day(allow_none=True, metadata={"description": "去世日期；追授须由亲属同意"})
    short_deeds = Text(
        allow_none=True, max_length=300, multiline=True, metadata={"description": "事迹简介"}
    )


class NominationIn(_NomineeFacts):
    """A draft may be incomplete; submitting it checks what the rules of the campaign ask."""

    category = Text(required=True, max_length=32, attribute="category_code")
    nominee_name = Text(
        required=True,
        min_length=2,
        max_length=NAME_MAX_CHARS,
        metadata={"description": "被推荐人姓名，或群体、家庭、单位的名称"},
    )
    nominee_kind = EnumValue(NomineeKind, required=True)
    site_id = Identifier(
        required=True, metadata={"description": "被推荐人生活或工作所在地的文明实践阵地"}
    )
    summary = Text(load_default="", min_length=0, max_length=SUMMARY_MAX_CHARS)
    deeds = Text(load_default="", min_length=0, max_length=DEEDS_MAX_CHARS, multiline=True)


class NominationPatchIn(_NomineeFacts):
    """What is left out stays."""

    category = Text(max_length=32, attribute="category_code")
    nominee_name = Text(min_length=2, max_length=NAME_MAX_CHARS)
    nominee_kind = EnumValue(NomineeKind)
    site_id = Identifier()
    summary = Text(min_length=0, max_length=SUMMARY_MAX_CHARS)
    deeds = Text(min_length=0, max_length=DEEDS_MAX_CHARS, multiline=True)


class NominationOut(Schema):
    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    category = ma.String(required=True, attribute="category_code")
    nominee_name = ma.String(required=True)
    nominee_kind = EnumValue(NomineeKind, required=True)
    site_id = Identifier(required=True)
    nominee_id_number = MaskedIdNumber(required=True, allow_none=True)
    nominee_phone = MaskedPhone(required=True, allow_none=True)
    nominee_unit = ma.String(required=True, allow_none=True)
    nominee_address = ma.String(required=True, allow_none=True)
    is_party_member = ma.Boolean(required=True)
    is_public_staff = ma.Boolean(required=True)
    is_in_business = ma.Boolean(required=True)
    is_self_nomination = ma.Boolean(required=True)
    members_count = ma.Integer(required=True, allow_none=True)
    representative_name = ma.String(required=True, allow_none=True)
    earlier_honors = ma.String(required=True, allow_none=True)
    deceased_on = Day(required=True, allow_none=True)
    is_posthumous = ma.Boolean(
        required=True, metadata={"description": "被推荐人已去世，亲属同意继续推荐"}
    )
    summary = ma.String(required=True)
    short_deeds = ma.String(required=True, allow_none=True)
    deeds = ma.String(required=True)
    status = EnumValue(NominationStatus, required=True)
    standing = ma.String(required=True, metadata={"description": "目前到了哪一步"})
    consented_at = Instant(required=True, allow_none=True)
    step = EnumValue(
        Step, required=True, allow_none=True, metadata={"description": "正在等待哪一级审核"}
    )
    step_note = ma.String(
        required=True, allow_none=True, metadata={"description": "因无审核人员而转交上一级的说明"}
    )
    decision_note = ma.String(
        required=True, allow_none=True, metadata={"description": "需补充的内容，或未通过的原因"}
    )
    merged_into_id = Identifier(
        required=True, allow_none=True, metadata={"description": "合并后以这份推荐继续"}
    )
    supports_count = ma.Integer(required=True, metadata={"description": "附议人数"})
    created_at = Instant(required=True)
    submitted_at = Instant(required=True, allow_none=True)


class MissingOut(Schema):
    field = ma.String(
        required=True,
        metadata={"description": "字段名，或 photos（照片）、consent（同意）、text（文字审核）"},
    )
    message = ma.String(required=True)


class ProgressOut(Schema):
    nomination_id = Identifier(required=True)
    status = EnumValue(NominationStatus, required=True)
    standing = ma.String(required=True, metadata={"description": "目前到了哪一步"})
    note = ma.String(required=True, allow_none=True, metadata={"description": "审核人员写的说明"})
    level = ma.String(
        required=True, allow_none=True, metadata={"description": "现在由哪一级处理；已结束为空"}
    )
    place = ma.String(required=True, allow_none=True, metadata={"description": "在哪个地方"})
    since = Instant(required=True, metadata={"description": "从什么时候开始"})
    missing = ma.List(ma.Nested(MissingOut), required=True)
    is_consented = ma.Boolean(required=True)


class IdentifyIn(Schema):
    id_number = IdNumber(required=True)
    phone = Phone(load_default=None)


class UnmaskNomineeIn(Schema):
    asked = ma.List(
        EnumValue(NomineeField),
        required=True,
        data_key="fields",
        validate=validate.Length(1, len(NomineeField)),
    )
    reason = Text(required=True, min_length=2, max_length=200)


class UnmaskedNomineeOut(Schema):
    """In clear; only the fields that were asked for are there."""

    phone = ma.String(allow_none=True)
    id_number = ma.String(allow_none=True)
