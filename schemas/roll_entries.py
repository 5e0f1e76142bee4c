"""Code packets, and rolls kept on phones without signal."""

from typing import Any

from marshmallow import ValidationError, post_load, validate, validates_schema
from marshmallow import fields as ma

from schemas.attendances import AttendanceOut
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text
from volunteer.models.attendances import Direction
from volunteer.services.roll_entries import Entry

LARGEST_BATCH = 200


class PacketCodeOut(Schema):
    code = ma.String(required=True, metadata={"description": "二维码的内容"})
    since = Instant(required=True, metadata={"description": "从此时起出示"})
    until = Instant(required=True)


class PacketOut(Schema):
    items = ma.List(ma.Nested(PacketCodeOut), required=True)


class Nonce(ma.String):
    """What a phone gives to an entry, so that it is taken once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            validate=validate.Regexp(r"[A-Za-z0-9_-]{8,64}\Z"),
            metadata={"description": "手机为每条记录生成的随机编号，重复上传时不变"},
            **options,
        )


class RollEntryIn(Schema):
    """A personal code that was scanned, or a person whom the leader names."""

    nonce = Nonce(required=True)
    direction = EnumValue(Direction, required=True)
    at = Instant(required=True, metadata={"description": "扫码或登记的时间，以手机为准"})
    personal_code = Text(max_length=128)
    person_id = Identifier()

    @validates_schema
    def one_person(self, data: dict[str, Any], **_: Any) -> None:
        if ("personal_code" in data) == ("person_id" in data):
            raise ValidationError("个人码和志愿者编号须填且只填一项", "personal_code")

    @post_load
    def entry(self, data: dict[str, Any], **_: Any) -> Entry:
        return Entry(**data)


class RollIn(Schema):
    entries = ma.List(
        ma.Nested(RollEntryIn), required=True, validate=validate.Length(1, LARGEST_BATCH)
    )


class LateIn(Schema):
    code = Text(required=True, max_length=128, metadata={"description": "扫到的离线签到码"})
    scanned_at = Instant(required=True)
    nonce = Nonce(required=True)
    direction = EnumValue(Direction, required=True)


class OutcomeOut(Schema):
    nonce = ma.String(required=True)
    outcome = ma.String(
        required=True, metadata={"description": "accepted，或未接受的原因，见错误码"}
    )
    sentence = ma.String(required=True)
    attendance = ma.Nested(AttendanceOut, required=True, allow_none=True)


class RollOut(Schema):
    items = ma.List(ma.Nested(OutcomeOut), required=True)
