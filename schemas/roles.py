"""Roles granted to people."""

from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from accounts.permissions import Role
from core.actor import ScopeKind
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, Text

_SCOPES = {
    "site_id": ScopeKind.SITE,
    "channel_id": ScopeKind.CHANNEL,
    "campaign_id": ScopeKind.CAMPAIGN,
}


class RoleGrantIn(Schema):
    """Loads to `person_id`, `role`, `scope_kind` and `scope_id`."""

    person_id = Identifier(required=True)
    role = EnumValue(Role, required=True)
    site_id = Identifier(metadata={"description": "三个范围填写其中一个"})
    channel_id = Identifier(metadata={"description": "推荐渠道的审核员"})
    campaign_id = Identifier(metadata={"description": "评选活动的监督员"})

    @validates_schema
    def _check_one_scope(self, data: dict[str, Any], **_: Any) -> None:
        if len(data.keys() & _SCOPES.keys()) != 1:
            raise ValidationError("请选择阵地、推荐渠道、评选活动中的一个", "site_id")

    @post_load
    def _name_the_scope(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        (name,) = data.keys() & _SCOPES.keys()
        scope_id = data.pop(name)
        return {**data, "scope_kind": _SCOPES[name], "scope_id": scope_id}


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
