"""Comments on candidates."""

from marshmallow import fields as ma

from core.wechat import TextVerdict
from nominations.lifecycles import CommentStatus
from nominations.models.comments import COMMENT_MAX_CHARS
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text
from schemas.personal import MaskedName


class CommentIn(Schema):
    text = Text(required=True, min_length=2, max_length=COMMENT_MAX_CHARS, multiline=True)


class CommentHideIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class CommentOut(Schema):
    id = Identifier(required=True)
    nomination_id = Identifier(required=True)
    author_name = MaskedName(required=True)
    text = ma.String(required=True)
    created_at = Instant(required=True)


class OwnCommentOut(CommentOut):
    status = EnumValue(
        CommentStatus, required=True, metadata={"description": "pending：审核后展示"}
    )
    hidden_reason = ma.String(required=True, allow_none=True)


class ModeratedCommentOut(OwnCommentOut):
    text_verdict = EnumValue(
        TextVerdict, required=True, metadata={"description": "内容安全检查结果"}
    )
