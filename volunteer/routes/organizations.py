"""Volunteer organisations."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import Blueprint, body, errors, paged, permission, public, query, returns, shared
from core.paging import Page, PageRequest
from schemas.organizations import (
    OrganizationApplicationOut,
    OrganizationIn,
    OrganizationOut,
    OrganizationQuery,
    OrganizationReasonIn,
    SupervisedQuery,
)
from volunteer.errors import (
    GuardianConsentRequired,
    OrganizationBusy,
    OrganizationNameTaken,
    OwnApplication,
)
from volunteer.models.organizations import Organization
from volunteer.services import organizations

blueprint = Blueprint("organizations", __name__, description="志愿服务组织")


@blueprint.get("/organizations")
@public
@shared(10)
@query(OrganizationQuery)
@paged
@returns(OrganizationOut)
def list_organizations(
    _actor: Actor, *, query: dict[str, Any], page: PageRequest
) -> Page[Organization]:
    """已通过审核的组织"""
    return organizations.list_approved(page, **query)


@blueprint.post("/organizations")
@permission(Permission.VOLUNTEER_ORGANIZATION_APPLY)
@body(OrganizationIn)
@returns(OrganizationOut, 201)
@errors(OrganizationNameTaken)
def apply(actor: Actor, *, body: dict[str, Any]) -> Organization:
    """申请成立志愿服务组织"""
    return organizations.apply(actor, **body)


@blueprint.get("/organizations/applications")
@permission(Permission.VOLUNTEER_ORGANIZATION_REVIEW)
@paged
@returns(OrganizationApplicationOut)
def list_applications(actor: Actor, *, page: PageRequest) -> Page[Organization]:
    """待审核的组织申请"""
    return organizations.list_applications(actor, page)


@blueprint.get("/organizations/supervised")
@permission(Permission.VOLUNTEER_ORGANIZATION_REVIEW)
@query(SupervisedQuery)
@paged
@returns(OrganizationApplicationOut)
def list_supervised(
    actor: Actor, *, query: dict[str, Any], page: PageRequest
) -> Page[Organization]:
    """本阵地处于某一状态的组织，如已暂停的"""
    return organizations.list_supervised(actor, page, **query)


@blueprint.get("/me/organizations")
@permission(Permission.VOLUNTEER_ORGANIZATION_APPLY)
@paged
@returns(OrganizationOut)
def list_mine(actor: Actor, *, page: PageRequest) -> Page[Organization]:
    """我申请成立的和我管理的组织，不论是否通过"""
    return organizations.list_mine(actor, page)


@blueprint.get("/organizations/<uuid:organization_id>")
@public
@returns(OrganizationOut)
def view_organization(actor: Actor, *, organization_id: UUID) -> Organization:
    """一个组织；申请人可看到自己申请的进展"""
    return organizations.get(actor, organization_id)


@blueprint.post("/organizations/<uuid:organization_id>/approve")
@permission(Permission.VOLUNTEER_ORGANIZATION_APPROVE)
@returns(OrganizationOut)
@errors(OwnApplication, GuardianConsentRequired)
def approve(actor: Actor, *, organization_id: UUID) -> Organization:
    """通过申请，申请人成为组织管理员"""
    return organizations.approve(actor, organization_id)


@blueprint.post("/organizations/<uuid:organization_id>/reject")
@permission(Permission.VOLUNTEER_ORGANIZATION_REJECT)
@body(OrganizationReasonIn)
@returns(OrganizationOut)
@errors(OwnApplication)
def reject(actor: Actor, *, organization_id: UUID, body: dict[str, Any]) -> Organization:
    """不予通过"""
    return organizations.reject(actor, organization_id, reason=body["reason"])


@blueprint.post("/organizations/<uuid:organization_id>/suspend")
@permission(Permission.VOLUNTEER_ORGANIZATION_SUSPEND)
@body(OrganizationReasonIn)
@returns(OrganizationOut)
@errors(OwnApplication)
def suspend(actor: Actor, *, organization_id: UUID, body: dict[str, Any]) -> Organization:
    """暂停，不能再开展新的项目和活动"""
    return organizations.suspend(actor, organization_id, reason=body["reason"])


@blueprint.post("/organizations/<uuid:organization_id>/restore")
@permission(Permission.VOLUNTEER_ORGANIZATION_RESTORE)
@returns(OrganizationOut)
@errors(OwnApplication)
def restore(actor: Actor, *, organization_id: UUID) -> Organization:
    """恢复"""
    return organizations.restore(actor, organization_id)


@blueprint.post("/organizations/<uuid:organization_id>/dissolve")
@permission(Permission.VOLUNTEER_ORGANIZATION_DISSOLVE)
@body(OrganizationReasonIn)
@returns(OrganizationOut)
@errors(OwnApplication, OrganizationBusy)
def dissolve(actor: Actor, *, organization_id: UUID, body: dict[str, Any]) -> Organization:
    """注销"""
    return organizations.dissolve(actor, organization_id, reason=body["reason"])
