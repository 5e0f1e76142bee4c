"""What leaders write down about attendances by hand."""

from schemas.base import Schema
from schemas.fields import Identifier, Instant, Text
from schemas.personal import IdNumber


class RecordIn(Schema):
    person_id = Identifier(required=True)
    checked_in_at = Instant(required=True)
    checked_out_at = Instant()
    reason = Text(required=True, min_length=2, max_length=200)


class ProxyConfirmIn(Schema):
    id_number = IdNumber(required=True, metadata={"description": "照身份证再输入一遍"})


class CorrectIn(Schema):
    checked_in_at = Instant()
    checked_out_at = Instant()
    reason = Text(required=True, min_length=2, max_length=200)
