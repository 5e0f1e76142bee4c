"""New times of a postponed activity."""

from marshmallow import fields as ma
from marshmallow import validate

from schemas.base import Schema
from schemas.fields import Identifier, Instant, Text
from schemas.shifts import breaks_in

MOST_SHIFTS = 200


class NewTimeIn(Schema):
    shift_id = Identifier(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    breaks = breaks_in("不填则随开始时间移动")


class RescheduleIn(Schema):
    shifts = ma.List(
        ma.Nested(NewTimeIn),
        required=True,
        validate=validate.Length(min=1, max=MOST_SHIFTS),
        metadata={"description": "每个尚未开始的场次的新时间"},
    )
    place = Text(min_length=2, max_length=120, metadata={"description": "新地点，不变则不填"})
