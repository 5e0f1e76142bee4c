"""Files of a case: as they come, and as the nominator, reviewers and moderators see them."""

from marshmallow import fields as ma

from nominations.lifecycles import AttachmentStatus
from nominations.models.attachments import AttachmentKind
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text, UploadedFile


class AttachmentIn(Schema):
    file = UploadedFile(
        required=True,
        metadata={
            "description": "JPG、PNG 或 WebP 图片；证明材料和同意书也可以是 PDF；不超过 10 MiB"
        },
    )
    kind = EnumValue(AttachmentKind, required=True)


class AttachmentRefuseIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class AttachmentOut(Schema):
    id = Identifier(required=True)
    nomination_id = Identifier(required=True)
    kind = EnumValue(AttachmentKind, required=True)
    status = EnumValue(AttachmentStatus, required=True)
    media_type = ma.String(required=True)
    size = ma.Integer(required=True, metadata={"description": "字节"})
    width = ma.Integer(required=True, allow_none=True)
    height = ma.Integer(required=True, allow_none=True)
    refusal_reason = ma.String(required=True, allow_none=True)
    created_at = Instant(required=True)


class AttachmentListOut(Schema):
    items = ma.List(ma.Nested(AttachmentOut), required=True)
