"""Memberships of organisations."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text
from schemas.personal import MaskedName
from volunteer.lifecycles import MembershipStatus


class MembershipRefusalIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class MembershipQuery(Schema):
    status = EnumValue(MembershipStatus)


class MembershipOut(Schema):
    """What the person themselves sees."""

    id = Identifier(required=True)
    organization_id = Identifier(required=True)
    organization_name = ma.String(attribute="organization.name", required=True)
    status = EnumValue(MembershipStatus, required=True)
    reason = ma.String(
        attribute="decision_reason",
        required=True,
        allow_none=True,
        metadata={"description": "未通过或被移出的原因"},
    )
    applied_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    ended_at = Instant(required=True, allow_none=True)


class MemberOut(Schema):
    """What the organizers see."""

    id = Identifier(attribute="membership.id", required=True)
    person_id = Identifier(attribute="membership.person_id", required=True)
    name = MaskedName(attribute="membership.person.name", required=True, allow_none=True)
    status = EnumValue(MembershipStatus, attribute="membership.status", required=True)
    reason = ma.String(attribute="membership.decision_reason", required=True, allow_none=True)
    applied_at = Instant(attribute="membership.applied_at", required=True)
    ended_at = Instant(attribute="membership.ended_at", required=True, allow_none=True)
    is_organizer = ma.Boolean(required=True)
