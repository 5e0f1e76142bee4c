"""Signing in and out."""

from marshmallow import fields as ma
from marshmallow import validate

from accounts.models.sessions import SessionKind
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text
from schemas.persons import PersonOut

OTP = validate.Regexp(r"^[0-9]{6}\Z", error="动态码是 6 位数字")


class WeChatSignInIn(Schema):
    code = Text(required=True, min_length=1, max_length=128)


class StaffSignInIn(Schema):
    username = Text(required=True, min_length=1, max_length=40)
    password = ma.String(required=True, validate=validate.Length(1, 200))
    otp = ma.String(required=True, validate=OTP)


class SignedInOut(Schema):
    token = ma.String(required=True)
    expires_at = Instant(required=True)
    person = ma.Nested(PersonOut, required=True)
    is_new = ma.Boolean(required=True)
    must_change_password = ma.Boolean(required=True)


class SessionOut(Schema):
    id = Identifier(attribute="session.id", required=True)
    kind = EnumValue(SessionKind, attribute="session.kind", required=True)
    created_at = Instant(attribute="session.created_at", required=True)
    last_seen_at = Instant(attribute="session.last_seen_at", required=True)
    expires_at = Instant(attribute="session.expires_at", required=True)
    is_current = ma.Boolean(required=True)


class SessionListOut(Schema):
    items = ma.List(ma.Nested(SessionOut), required=True)


class PasswordIn(Schema):
    old_password = ma.String(required=True, validate=validate.Length(1, 200))
    new_password = ma.String(required=True, validate=validate.Length(1, 200))
