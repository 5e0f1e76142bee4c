"""Roles granted to people."""

from accounts.permissions import Role
from core.actor import ScopeKind
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text


class RoleGrantIn(Schema):
    person_id = Identifier(required=True)
    role = EnumValue(Role, required=True)
    site_id = Identifier(required=True)


class RoleRevokeIn(Schema):
    reason = Text(required=True, min_length=2, max_length=200)


class RoleGrantQuery(Schema):
    person_id = Identifier()


class RoleGrantOut(Schema):
    id = Identifier(required=True)
    person_id = Identifier(required=True)
    role = EnumValue(Role, required=True)
    scope_kind = EnumValue(ScopeKind, required=True)
    scope_id = Identifier(required=True, allow_none=True)
    granted_at = Instant(required=True)
