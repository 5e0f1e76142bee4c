"""How a volunteer's star changed."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Identifier, Instant


class StarAwardOut(Schema):
    id = Identifier(required=True)
    star_before = ma.Integer(required=True)
    star = ma.Integer(required=True, metadata={"description": "星级，0 为暂无"})
    verified_minutes = ma.Integer(required=True)
    honorary_minutes = ma.Integer(required=True)
    verified_percent = ma.Integer(required=True, metadata={"description": "签到时长的占比"})
    score_tenths = ma.Integer(
        required=True, allow_none=True, metadata={"description": "评价平均分的十倍"}
    )
    at = Instant(required=True)
