"""Consent of nominees: links, answers and papers."""

from marshmallow import fields as ma

from nominations.lifecycles import ConsentStatus, NomineeKind
from nominations.models.consents import ConsentGiver
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text
from schemas.personal import MaskedName, PersonName

RELATION_MAX_CHARS = 20


class ConsentGiveIn(Schema):
    """A nominee needs to say nothing; whoever answers for another says who they are."""

    signer_name = PersonName(
        load_default=None, metadata={"description": "亲属、监护人或代表人的姓名"}
    )
    signer_relation = Text(
        load_default=None,
        max_length=RELATION_MAX_CHARS,
        metadata={"description": "与被推荐人的关系，如：女儿、车队队长"},
    )


class PaperConsentIn(ConsentGiveIn):
    paper_reference = Text(
        required=True, max_length=60, metadata={"description": "签字材料的存放编号"}
    )


class ConsentWithdrawIn(Schema):
    paper_reference = Text(
        required=True, max_length=60, metadata={"description": "本人或亲属撤回材料的存放编号"}
    )


class NomineeConsentOut(Schema):
    id = Identifier(required=True)
    nomination_id = Identifier(required=True)
    kind = EnumValue(ConsentGiver, required=True, metadata={"description": "由谁同意"})
    status = EnumValue(ConsentStatus, required=True)
    is_on_paper = ma.Boolean(required=True)
    signer_name = MaskedName(required=True, allow_none=True)
    signer_relation = ma.String(required=True, allow_none=True)
    asked_at = Instant(required=True)
    expires_at = Instant(required=True, allow_none=True)
    answered_at = Instant(required=True, allow_none=True)


class NomineeConsentListOut(Schema):
    items = ma.List(ma.Nested(NomineeConsentOut), required=True)


class ConsentLinkOut(Schema):
    """The only answer in which the token stands."""

    consent = ma.Nested(NomineeConsentOut, required=True)
    token = ma.String(required=True, metadata={"description": "链接里的密钥，只显示这一次"})


class AskingOut(Schema):
    status = EnumValue(ConsentStatus, required=True)
    kind = EnumValue(ConsentGiver, required=True, metadata={"description": "请谁同意"})
    expires_at = Instant(required=True, allow_none=True)
    campaign_title = ma.String(required=True)
    category_name = ma.String(required=True)
    nominee_kind = EnumValue(NomineeKind, required=True)
    nominee_name = ma.String(required=True, metadata={"description": "个人姓名已遮盖"})
    is_withheld = ma.Boolean(
        required=True, metadata={"description": "依法不公开：不会公开姓名、照片和事迹"}
    )
    summary = ma.String(required=True, allow_none=True)
    short_deeds = ma.String(required=True, allow_none=True)
    deeds = ma.String(required=True, allow_none=True)
