"""Evaluations of volunteers and of activities."""

from marshmallow import fields as ma

from schemas.activities import ActivityRefOut
from schemas.base import Schema
from schemas.fields import Identifier, Instant, StrictInteger, Text

LONGEST_TEXT = 500


class EvaluationIn(Schema):
    person_id = Identifier(metadata={"description": "被评价的志愿者；不填是评价活动"})
    score = StrictInteger(required=True, minimum=1, maximum=5)
    text = Text(max_length=LONGEST_TEXT, multiline=True)


class ActivityEvaluationOut(Schema):
    """Without a word of who said it."""

    id = Identifier(required=True)
    score = ma.Integer(required=True, metadata={"description": "1 至 5 分"})
    text = ma.String(required=True, allow_none=True)
    at = Instant(required=True)


class EvaluationOut(Schema):
    id = Identifier(required=True)
    activity = ma.Nested(ActivityRefOut, required=True)
    person_id = Identifier(required=True, allow_none=True)
    score = ma.Integer(required=True, metadata={"description": "1 至 5 分"})
    text = ma.String(required=True, allow_none=True)
    at = Instant(required=True)
