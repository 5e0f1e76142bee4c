"""Ballots and receipts."""

from marshmallow import fields as ma
from marshmallow import validate

from schemas.base import Schema
from schemas.campaigns import MAX_CHOICES
from schemas.fields import Identifier, Instant

PERIOD = {"description": "once，或当天日期"}


class BallotIn(Schema):
    choices = ma.List(
        Identifier(),
        required=True,
        validate=validate.Length(min=1, max=MAX_CHOICES),
        metadata={"description": "候选人编号"},
    )


class ReceiptOut(Schema):
    """Names no candidate, so it can't prove a vote to somebody who pays for it."""

    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    period = ma.String(required=True, metadata=PERIOD)
    revision = ma.Integer(required=True)
    choices_count = ma.Integer(required=True)
    cast_at = Instant(required=True)


class BallotOut(Schema):
    """One's own ballot."""

    id = Identifier(required=True, attribute="ballot.id")
    campaign_id = Identifier(required=True, attribute="ballot.campaign_id")
    period = ma.String(required=True, metadata=PERIOD, attribute="ballot.period")
    revision = ma.Integer(required=True, attribute="ballot.revision")
    choices = ma.List(ma.String(), required=True, attribute="ballot.choices")
    cast_at = Instant(required=True, attribute="ballot.cast_at")
    leaf = ma.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "在公开日志中的序号；封存前没有"},
    )
    voter = ma.String(
        required=True,
        allow_none=True,
        metadata={"description": "在公开日志中的化名，只在本次活动、本期内有效"},
    )
