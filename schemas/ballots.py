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

    id = Identifier(required=True)
    campaign_id = Identifier(required=True)
    period = ma.String(required=True, metadata=PERIOD)
    revision = ma.Integer(required=True)
    choices = ma.List(ma.String(), required=True)
    cast_at = Instant(required=True)
