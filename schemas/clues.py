"""Clues (线索). The giver's name and phone leave masked; in clear they have a call of their own."""

from marshmallow import fields as ma

from core.wechat import TextVerdict
from nominations.lifecycles import ClueStatus, NomineeKind
from nominations.models.clues import TEXT_MAX_CHARS, TEXT_MIN_CHARS, ClueSource
from nominations.models.nominations import NAME_MAX_CHARS
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text
from schemas.nominations import DEEDS_MAX_CHARS, SUMMARY_MAX_CHARS
from schemas.personal import MaskedName, MaskedPhone, PersonName, Phone


class ClueIn(Schema):
    nominee_name = Text(
        required=True,
        min_length=2,
        max_length=NAME_MAX_CHARS,
        metadata={"description": "谁：姓名，或群体、家庭、单位的名称"},
    )
    site_id = Identifier(required=True, metadata={"description": "在哪里：所在地的文明实践阵地"})
    text = Text(
        required=True,
        min_length=TEXT_MIN_CHARS,
        max_length=TEXT_MAX_CHARS,
        multiline=True,
        metadata={"description": "做了什么"},
    )


class ClueRecordIn(ClueIn):
    """Without account, name and phone the giver is unknown."""

    source = EnumValue(
        ClueSource, required=True, metadata={"description": "来自电话、来信、柜台或走访"}
    )
    giver_id = Identifier(metadata={"description": "提供人的账号，有则收到答复"})
    giver_name = PersonName()
    giver_phone = Phone()


class ClueQuery(Schema):
    status = EnumValue(ClueStatus)


class ClueTransferIn(Schema):
    """A site or a channel, a campaign, or both."""

    site_id = Identifier()
    channel_id = Identifier(
        metadata={"description": "由这个渠道（市直系统、高校等）的审核人员处理，与阵地二选一"}
    )
    campaign_id = Identifier()
    reason = Text(required=True, min_length=2, max_length=200)


class ClueCompleteIn(Schema):
    """What is left out is taken from the clue."""

    category = Text(required=True, max_length=32, attribute="category_code")
    nominee_kind = EnumValue(NomineeKind, required=True)
    nominee_name = Text(min_length=2, max_length=NAME_MAX_CHARS)
    site_id = Identifier()
    summary = Text(load_default="", min_length=0, max_length=SUMMARY_MAX_CHARS)
    deeds = Text(max_length=DEEDS_MAX_CHARS, multiline=True)


class ClueAnswerIn(Schema):
    text = Text(
        required=True,
        min_length=2,
        max_length=500,
        multiline=True,
        metadata={"description": "提供线索的人可见"},
    )


class OwnClueOut(Schema):
    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    site_id = Identifier(required=True)
    site_name = ma.String(required=True, attribute="site.name")
    channel_id = Identifier(required=True, allow_none=True)
    channel_name = ma.String(required=True, allow_none=True)
    nominee_name = ma.String(required=True)
    text = ma.String(required=True)
    source = EnumValue(ClueSource, required=True)
    status = EnumValue(ClueStatus, required=True)
    answer = ma.String(required=True, allow_none=True)
    nomination_id = Identifier(
        required=True, allow_none=True, metadata={"description": "由这条线索形成的推荐"}
    )
    created_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)


class ClueOut(OwnClueOut):
    giver_name = MaskedName(
        required=True,
        allow_none=True,
        attribute="contact_name",
        metadata={"description": "提供人；没有留下的为空"},
    )
    giver_phone = MaskedPhone(required=True, allow_none=True, attribute="contact_phone")
    text_verdict = EnumValue(
        TextVerdict,
        required=True,
        metadata={"description": "内容安全检查结果；除 pass 外请人工复核"},
    )


class ClueContactOut(Schema):
    """In clear; every look is written down."""

    name = ma.String(required=True, allow_none=True, attribute="contact_name")
    phone = ma.String(required=True, allow_none=True, attribute="contact_phone")
