"""Objections, as objectors, handlers and the nominee's side each see them."""

from marshmallow import fields as ma

from nominations.lifecycles import ObjectionChannel, ObjectionStatus
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, StrictBoolean, Text, UploadedFile
from schemas.personal import MaskedName


class ObjectionIn(Schema):
    nomination_id = Identifier(required=True)
    text = Text(required=True, min_length=4, max_length=2000, multiline=True)
    is_anonymous = StrictBoolean(
        required=True,
        metadata={"description": "匿名提出的，任何人都查不到是谁，也无法答复"},
    )
    contact = Text(max_length=100, metadata={"description": "姓名和联系方式，只有处理人员可见"})


class EvidenceIn(Schema):
    file = UploadedFile(
        required=True,
        metadata={"description": "JPG、PNG 或 WebP 图片，或 PDF；不超过 10 MiB"},
    )


class ObjectionEnterIn(Schema):
    nomination_id = Identifier(required=True)
    channel = EnumValue(
        ObjectionChannel, required=True, metadata={"description": "phone、letter 或 visit"}
    )
    received_at = Instant(required=True, metadata={"description": "收到的时间，据此判断是否按期"})
    text = Text(required=True, min_length=4, max_length=2000, multiline=True)
    contact = Text(max_length=100, metadata={"description": "提出人的姓名和联系方式；不填即为匿名"})


class ObjectionAcceptIn(Schema):
    substance = Text(
        required=True,
        min_length=2,
        max_length=1000,
        multiline=True,
        metadata={"description": "告知被异议一方的内容，不得透露提出人"},
    )


class ObjectionReasonIn(Schema):
    reason = Text(
        required=True,
        min_length=2,
        max_length=500,
        multiline=True,
        metadata={"description": "会告知有关各方，不得透露提出人"},
    )


class ObjectionVerifyIn(Schema):
    findings = Text(required=True, min_length=2, max_length=2000, multiline=True)


class ObjectionAnswerIn(Schema):
    text = Text(required=True, min_length=2, max_length=2000, multiline=True)


class ObjectionReceiptOut(Schema):
    id = Identifier(required=True)
    notice_id = Identifier(required=True)
    nomination_id = Identifier(required=True)
    status = EnumValue(ObjectionStatus, required=True)
    is_anonymous = ma.Boolean(required=True)
    is_in_time = ma.Boolean(
        required=True, metadata={"description": "在公示期内提出；逾期的同样会核查"}
    )
    filed_at = Instant(required=True)


class OwnObjectionOut(ObjectionReceiptOut):
    text = ma.String(required=True)
    decision = ma.String(required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)


class ObjectionVerificationOut(Schema):
    verified_by = Identifier(required=True)
    verified_at = Instant(required=True)
    findings = ma.String(required=True)


class ObjectionQuery(Schema):
    status = EnumValue(ObjectionStatus)
    notice = Identifier()


class ObjectionOut(OwnObjectionOut):
    """For handlers."""

    channel = EnumValue(ObjectionChannel, required=True)
    objector_id = Identifier(required=True, allow_none=True)
    objector_name = MaskedName(attribute="objector.name", required=True, allow_none=True)
    contact = ma.String(required=True, allow_none=True)
    substance = ma.String(required=True, allow_none=True)
    answer = ma.String(required=True, allow_none=True)
    answered_at = Instant(required=True, allow_none=True)
    verifications = ma.List(ma.Nested(ObjectionVerificationOut), required=True)


class ObjectionToNomineeOut(Schema):
    """For the nominee's side: what is objected, and nothing of who objects."""

    id = Identifier(required=True)
    nomination_id = Identifier(required=True)
    status = EnumValue(ObjectionStatus, required=True)
    substance = ma.String(required=True)
    answer = ma.String(required=True, allow_none=True)
    answered_at = Instant(required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)


class ObjectionToNomineeListOut(Schema):
    items = ma.List(ma.Nested(ObjectionToNomineeOut), required=True)
