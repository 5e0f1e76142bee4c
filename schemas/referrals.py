"""Recommendations to the lists of province and nation."""

from marshmallow import fields as ma

from nominations.lifecycles import ReferralStatus
from nominations.models.referrals import ReferralTarget
from schemas.base import Schema
from schemas.fields import Day, EnumValue, Identifier, Instant, Text


class ReferralIn(Schema):
    target = EnumValue(ReferralTarget, required=True)
    batch = Text(
        required=True, max_length=30, metadata={"description": "月份、季度或批次，按该榜当期的叫法"}
    )


class ReferralSendIn(Schema):
    reference = Text(
        required=True, min_length=2, max_length=60, metadata={"description": "报送文号"}
    )
    sent_on = Day(required=True)


class ReferralListIn(Schema):
    outcome_on = Day(required=True)
    title = Text(required=True, min_length=2, max_length=80, metadata={"description": "荣誉称号"})


class ReferralNotListIn(Schema):
    outcome_on = Day(required=True)
    note = Text(max_length=200)


class ReferralWithdrawIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class ReferralOut(Schema):
    id = Identifier(required=True)
    honor_id = Identifier(required=True)
    name = ma.String(required=True, attribute="honor.holder.shown_name")
    target = EnumValue(ReferralTarget, required=True)
    batch = ma.String(required=True)
    status = EnumValue(ReferralStatus, required=True)
    prepared_at = Instant(required=True)
    sent_on = Day(required=True, allow_none=True)
    reference = ma.String(required=True, allow_none=True)
    outcome_on = Day(required=True, allow_none=True)
    outcome_note = ma.String(required=True, allow_none=True)
