"""Who holds which role, and where."""

from typing import Any
from uuid import UUID

from accounts.errors import RoleAlreadyGranted
from accounts.models.roles import RoleGrant
from accounts.permissions import Permission
from accounts.services import roles
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, query, returns
from core.paging import Page, PageRequest
from schemas.roles import RoleGrantIn, RoleGrantOut, RoleGrantQuery, RoleRevokeIn

blueprint = Blueprint("roles", __name__, description="角色授权")


@blueprint.get("/role-grants")
@permission(Permission.ACCOUNTS_ROLE_VIEW)
@query(RoleGrantQuery)
@paged
@returns(RoleGrantOut)
def list_grants(actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[RoleGrant]:
    """现有授权"""
    return roles.list_all(actor, page, person_id=query.get("person_id"))


@blueprint.post("/role-grants")
@permission(Permission.ACCOUNTS_ROLE_GRANT)
@body(RoleGrantIn)
@returns(RoleGrantOut, 201)
@errors(RoleAlreadyGranted)
def grant_role(actor: Actor, *, body: dict[str, Any]) -> RoleGrant:
    """授予角色"""
    return roles.grant(actor, **body)


@blueprint.post("/role-grants/<uuid:grant_id>/revoke")
@permission(Permission.ACCOUNTS_ROLE_REVOKE)
@body(RoleRevokeIn)
@returns(None, 204)
def revoke_role(actor: Actor, *, grant_id: UUID, body: dict[str, Any]) -> None:
    """收回角色"""
    roles.revoke(actor, grant_id, reason=body["reason"])
