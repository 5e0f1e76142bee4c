"""What leaders write down about attendances by hand."""

from schemas.base import Schema
from schemas.fields import Identifier, Instant, Text


class RecordIn(Schema):
    person_id = Identifier(required=True)
    checked_in_at = Instant(required=True)
    checked_out_at = Instant()
    reason = Text(required=True, min_length=2, max_length=200)


class CorrectIn(Schema):
    checked_in_at = Instant()
    checked_out_at = Instant()
    reason = Text(required=True, min_length=2, max_length=200)
