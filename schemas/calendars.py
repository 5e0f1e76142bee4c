"""Calendar feeds."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Instant


class NewCalendarFeedOut(Schema):
    path = ma.String(
        required=True,
        metadata={"description": "日历订阅地址，只显示这一次，请勿转发；再次申请后旧地址失效"},
    )
    created_at = Instant(required=True)
