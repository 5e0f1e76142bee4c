"""Public notices."""

from marshmallow import fields as ma

from nominations.lifecycles import NomineeKind, NoticeKind, NoticeStatus
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, Text


class NoticeIn(Schema):
    kind = EnumValue(NoticeKind, required=True)
    title = Text(required=True, min_length=2, max_length=60)
    text = Text(required=True, min_length=2, max_length=2000, multiline=True)
    contact = Text(
        required=True,
        min_length=2,
        max_length=200,
        metadata={"description": "受理异议的单位、电话和地址，向社会公开"},
    )
    opens_on = Day(required=True, metadata={"description": "公示第一天，零点开始；最早为明天"})


class NoticeExtendIn(Schema):
    closes_on = Day(required=True, metadata={"description": "新的最后一天（含当天）"})
    reason = Text(required=True, min_length=2, max_length=200, metadata={"description": "公开"})


class NoticeWithdrawIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200, metadata={"description": "公开"})


class NoticeQuery(Schema):
    campaign = Identifier()


class NoticeOut(Schema):
    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    kind = EnumValue(NoticeKind, required=True)
    title = ma.String(required=True)
    status = EnumValue(NoticeStatus, required=True)
    opens_on = Day(required=True)
    closes_on = Day(required=True, metadata={"description": "最后一天，含当天"})
    is_provisional = ma.Boolean(
        required=True,
        metadata={"description": "节假日安排尚未公布，截止日可能顺延，不会提前"},
    )
    extension_reason = ma.String(required=True, allow_none=True)
    withdrawal_reason = ma.String(required=True, allow_none=True)
    opened_at = Instant(required=True, allow_none=True)


class NoticeListOut(Schema):
    items = ma.List(ma.Nested(NoticeOut), required=True)


class NoticedNomineeOut(Schema):
    nomination_id = Identifier(required=True, attribute="nomination.id")
    name = ma.String(required=True, metadata={"description": "未成年人只显示姓"})
    nominee_kind = EnumValue(NomineeKind, required=True, attribute="nomination.nominee_kind")
    is_posthumous = ma.Boolean(required=True, attribute="nomination.is_posthumous")
    category = ma.String(required=True)
    county = ma.String(required=True)
    summary = ma.String(required=True)
    deeds = ma.String(required=True)
    closes_on = Day(
        required=True, allow_none=True, metadata={"description": "本人公示的最后一天；暂停时为空"}
    )
    is_suspended = ma.Boolean(required=True)
    is_extended = ma.Boolean(required=True, metadata={"description": "曾暂停，恢复后顺延"})
    photo_number = ma.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "照片：/candidates/<nomination_id>/photos/<photo_number>"},
    )


class NoticeDetailOut(Schema):
    id = Identifier(required=True, attribute="notice.id")
    campaign_id = Identifier(required=True, attribute="notice.campaign_id")
    kind = EnumValue(NoticeKind, required=True, attribute="notice.kind")
    title = ma.String(required=True, attribute="notice.title")
    text = ma.String(required=True)
    contact = ma.String(required=True, attribute="notice.contact")
    status = EnumValue(NoticeStatus, required=True, attribute="notice.status")
    opens_on = Day(required=True, attribute="notice.opens_on")
    closes_on = Day(required=True, attribute="notice.closes_on")
    is_provisional = ma.Boolean(required=True, attribute="notice.is_provisional")
    extension_reason = ma.String(
        required=True, allow_none=True, attribute="notice.extension_reason"
    )
    withdrawal_reason = ma.String(
        required=True, allow_none=True, attribute="notice.withdrawal_reason"
    )
    nominees = ma.List(
        ma.Nested(NoticedNomineeOut),
        required=True,
        metadata={"description": "按类别和姓名排列，不分先后"},
    )
