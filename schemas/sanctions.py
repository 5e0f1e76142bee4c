"""Sanctions, as the person concerned reads them."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import Day, Identifier, Instant


class SanctionOut(Schema):
    id = Identifier(required=True)
    backfill_id = Identifier(required=True)
    reason = ma.String(required=True)
    imposed_at = Instant(required=True)
    ends_on = Day(required=True, metadata={"description": "最早到这一天为止，还须再服务 100 小时"})
    lifted_at = Instant(required=True, allow_none=True)


class SanctionListOut(Schema):
    items = ma.List(ma.Nested(SanctionOut), required=True)
