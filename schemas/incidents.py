"""Incidents at activities."""

from marshmallow import fields as ma
from marshmallow import validate

from schemas.activities import ActivityRefOut
from schemas.base import Schema
from schemas.fields import Identifier, Instant, Text
from schemas.personal import MaskedName

MOST_PEOPLE = 20


class IncidentIn(Schema):
    happened_at = Instant(required=True, metadata={"description": "发生的时间"})
    what = Text(
        required=True,
        min_length=2,
        max_length=2000,
        metadata={"description": "发生了什么、怎样处理的；加密保存"},
    )
    people = ma.List(
        Identifier(),
        load_default=list,
        validate=validate.Length(max=MOST_PEOPLE, error="最多 20 人"),
        metadata={"description": "涉及的志愿者"},
    )


class IncidentQuery(Schema):
    activity_id = Identifier(load_default=None, metadata={"description": "只看这个活动"})


class IncidentPersonOut(Schema):
    person_id = Identifier(attribute="id", required=True)
    name = MaskedName(required=True, allow_none=True)


class IncidentOut(Schema):
    id = Identifier(required=True)
    activity = ma.Nested(ActivityRefOut, required=True)
    happened_at = Instant(required=True)
    what = ma.String(attribute="text", required=True)
    people = ma.List(ma.Nested(IncidentPersonOut), required=True)
    created_at = Instant(required=True)
