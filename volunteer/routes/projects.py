"""Service projects."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import (
    Blueprint,
    body,
    errors,
    paged,
    permission,
    public,
    query,
    replaces,
    returns,
    shared,
)
from core.paging import Page, PageRequest
from schemas.projects import (
    OwnProjectQuery,
    ProjectDecisionIn,
    ProjectIn,
    ProjectOut,
    ProjectQuery,
    ProjectUpdateIn,
)
from volunteer.errors import OrganizationNotApproved, OwnApplication, ProjectNotEditable
from volunteer.models.projects import Project
from volunteer.services import projects

blueprint = Blueprint("projects", __name__, description="志愿服务项目")


@blueprint.get("/projects")
@public
@shared(10)
@query(ProjectQuery)
@paged
@returns(ProjectOut)
def list_projects(_actor: Actor, *, query: dict[str, Any], page: PageRequest) -> Page[Project]:
    """已通过审核的项目"""
    return projects.list_approved(page, **query)


@blueprint.post("/projects")
@permission(Permission.VOLUNTEER_PROJECT_CREATE)
@body(ProjectIn)
@returns(ProjectOut, 201)
@errors(OrganizationNotApproved)
def create(actor: Actor, *, body: dict[str, Any]) -> Project:
    """起草项目"""
    return projects.create(actor, **body)


@blueprint.get("/projects/review")
@permission(Permission.VOLUNTEER_PROJECT_REVIEW)
@paged
@returns(ProjectOut)
def list_submitted(actor: Actor, *, page: PageRequest) -> Page[Project]:
    """待审核的项目"""
    return projects.list_submitted(actor, page)


@blueprint.get("/organizations/<uuid:organization_id>/projects")
@permission(Permission.VOLUNTEER_PROJECT_UPDATE)
@query(OwnProjectQuery)
@paged
@returns(ProjectOut)
def list_of_organization(
    actor: Actor, *, organization_id: UUID, query: dict[str, Any], page: PageRequest
) -> Page[Project]:
    """本组织的全部项目，含草稿和退回的"""
    return projects.list_of_organization(actor, organization_id, page, **query)


@blueprint.get("/projects/<uuid:project_id>")
@public
@returns(ProjectOut)
def view_project(actor: Actor, *, project_id: UUID) -> Project:
    """一个项目；本组织和审核人员可看到未通过的"""
    return projects.get(actor, project_id)


@blueprint.patch("/projects/<uuid:project_id>")
@permission(Permission.VOLUNTEER_PROJECT_UPDATE)
@body(ProjectUpdateIn)
@replaces(view_project)
@returns(ProjectOut)
@errors(ProjectNotEditable)
def update(actor: Actor, *, project_id: UUID, body: dict[str, Any]) -> Project:
    """修改草稿或被退回的项目"""
    return projects.update_draft(actor, project_id, body)


@blueprint.post("/projects/<uuid:project_id>/submit")
@permission(Permission.VOLUNTEER_PROJECT_SUBMIT)
@returns(ProjectOut)
def submit(actor: Actor, *, project_id: UUID) -> Project:
    """提交审核"""
    return projects.submit(actor, project_id)


@blueprint.post("/projects/<uuid:project_id>/approve")
@permission(Permission.VOLUNTEER_PROJECT_APPROVE)
@returns(ProjectOut)
@errors(OwnApplication)
def approve(actor: Actor, *, project_id: UUID) -> Project:
    """通过项目"""
    return projects.approve(actor, project_id)


@blueprint.post("/projects/<uuid:project_id>/send_back")
@permission(Permission.VOLUNTEER_PROJECT_SEND_BACK)
@body(ProjectDecisionIn)
@returns(ProjectOut)
@errors(OwnApplication)
def send_back(actor: Actor, *, project_id: UUID, body: dict[str, Any]) -> Project:
    """退回修改"""
    return projects.send_back(actor, project_id, reason=body["reason"])


@blueprint.post("/projects/<uuid:project_id>/reject")
@permission(Permission.VOLUNTEER_PROJECT_REJECT)
@body(ProjectDecisionIn)
@returns(ProjectOut)
@errors(OwnApplication)
def reject(actor: Actor, *, project_id: UUID, body: dict[str, Any]) -> Project:
    """不予通过"""
    return projects.reject(actor, project_id, reason=body["reason"])


@blueprint.post("/projects/<uuid:project_id>/close")
@permission(Permission.VOLUNTEER_PROJECT_CLOSE)
@body(ProjectDecisionIn)
@returns(ProjectOut)
def close(actor: Actor, *, project_id: UUID, body: dict[str, Any]) -> Project:
    """结束项目，不再组织新的活动"""
    return projects.close(actor, project_id, reason=body["reason"])
