"""Memberships of organisations."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, query, returns
from core.paging import Page, PageRequest
from schemas.memberships import MemberOut, MembershipOut, MembershipQuery, MembershipRefusalIn
from volunteer.errors import GuardianConsentRequired, LastOrganizer, NotMember, OwnMembership
from volunteer.models.memberships import Membership
from volunteer.services import memberships

blueprint = Blueprint("memberships", __name__, description="组织成员")


@blueprint.post("/organizations/<uuid:organization_id>/memberships")
@permission(Permission.VOLUNTEER_MEMBERSHIP_APPLY)
@returns(MembershipOut, 201)
@errors(GuardianConsentRequired)
def apply(actor: Actor, *, organization_id: UUID) -> Membership:
    """申请加入组织，即同意组织记录我的志愿服务信息"""
    return memberships.apply(actor, organization_id)


@blueprint.get("/organizations/<uuid:organization_id>/memberships")
@permission(Permission.VOLUNTEER_MEMBERSHIP_REVIEW)
@query(MembershipQuery)
@paged
@returns(MemberOut)
def list_of_organization(
    actor: Actor, *, organization_id: UUID, query: dict[str, Any], page: PageRequest
) -> Page[memberships.Member]:
    """组织的成员和申请人"""
    return memberships.list_of_organization(actor, organization_id, page, **query)


@blueprint.get("/me/memberships")
@permission(Permission.VOLUNTEER_MEMBERSHIP_VIEW)
@paged
@returns(MembershipOut)
def list_mine(actor: Actor, *, page: PageRequest) -> Page[Membership]:
    """我加入和申请过的组织"""
    return memberships.list_mine(actor, page)


@blueprint.post("/memberships/<uuid:membership_id>/accept")
@permission(Permission.VOLUNTEER_MEMBERSHIP_ACCEPT)
@returns(MemberOut)
@errors(OwnMembership)
def accept(actor: Actor, *, membership_id: UUID) -> memberships.Member:
    """同意加入"""
    return memberships.accept(actor, membership_id)


@blueprint.post("/memberships/<uuid:membership_id>/decline")
@permission(Permission.VOLUNTEER_MEMBERSHIP_DECLINE)
@body(MembershipRefusalIn)
@returns(MemberOut)
@errors(OwnMembership)
def decline(actor: Actor, *, membership_id: UUID, body: dict[str, Any]) -> memberships.Member:
    """不同意加入"""
    return memberships.decline(actor, membership_id, reason=body["reason"])


@blueprint.post("/memberships/<uuid:membership_id>/leave")
@permission(Permission.VOLUNTEER_MEMBERSHIP_LEAVE)
@returns(MembershipOut)
@errors(LastOrganizer)
def leave(actor: Actor, *, membership_id: UUID) -> Membership:
    """退出组织，或撤回申请"""
    return memberships.leave(actor, membership_id)


@blueprint.post("/memberships/<uuid:membership_id>/remove")
@permission(Permission.VOLUNTEER_MEMBERSHIP_REMOVE)
@body(MembershipRefusalIn)
@returns(MemberOut)
@errors(OwnMembership, LastOrganizer)
def remove(actor: Actor, *, membership_id: UUID, body: dict[str, Any]) -> memberships.Member:
    """移出组织"""
    return memberships.remove(actor, membership_id, reason=body["reason"])


@blueprint.post("/memberships/<uuid:membership_id>/appoint")
@permission(Permission.VOLUNTEER_MEMBERSHIP_APPOINT)
@returns(MemberOut)
@errors(OwnMembership, NotMember)
def appoint(actor: Actor, *, membership_id: UUID) -> memberships.Member:
    """任命为组织管理员"""
    return memberships.appoint(actor, membership_id)


@blueprint.post("/memberships/<uuid:membership_id>/dismiss")
@permission(Permission.VOLUNTEER_MEMBERSHIP_DISMISS)
@returns(MemberOut)
@errors(OwnMembership, LastOrganizer)
def dismiss(actor: Actor, *, membership_id: UUID) -> memberships.Member:
    """免去组织管理员"""
    return memberships.dismiss(actor, membership_id)
