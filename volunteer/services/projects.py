"""Projects: written by an organizer, approved by somebody else at the site."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, select, update
from sqlalchemy.orm import contains_eager, joinedload

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from accounts.services import messages, sites
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.actions import Action
from volunteer.errors import OrganizationNotApproved, OwnApplication, ProjectNotEditable
from volunteer.lifecycles import EDITABLE_PROJECT, OrganizationStatus, ProjectStatus
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.services import reference


def create(
    actor: Actor,
    *,
    organization_id: UUID,
    action: Action,
    category_code: str,
    title: str,
    summary: str,
) -> Project:
    """Begin a draft. Raises NotFound for an organisation that the actor does not organise for,
    OrganizationNotApproved, InvalidInput for an unknown category."""
    policies.require_over_organization(actor, Permission.VOLUNTEER_PROJECT_CREATE, organization_id)
    organization = db.session.get(
        Organization, organization_id, options=[joinedload(Organization.site)]
    )
    if organization is None:
        raise NotFound
    if organization.status is not OrganizationStatus.APPROVED:
        raise OrganizationNotApproved
    reference.require_category(category_code)
    project = Project(
        id=new_id(),
        organization=organization,
        site=organization.site,
        action=action,
        category_code=category_code,
        title=title,
        summary=summary,
        created_by=actor.id,
        status=ProjectStatus.DRAFT,
        created_at=clock.now(),
    )
    db.session.add(project)
    db.session.flush()
    audit.record(actor, project, "create", to_status=project.status.value)
    return project


def update_draft(actor: Actor, project_id: UUID, changes: dict[str, Any]) -> Project:
    """Change the text of a project that is not handed in; `changes` are column values.

    Raises NotFound, InvalidInput for an unknown category, ProjectNotEditable, also when it is
    handed in at the same moment."""
    project = _own(actor, Permission.VOLUNTEER_PROJECT_UPDATE, project_id)
    if "category_code" in changes:
        reference.require_category(changes["category_code"])
    if not changes:
        return project
    changed = cast(
        "CursorResult[Any]",
        db.session.execute(
            update(Project)
            .where(Project.id == project_id, Project.status.in_(EDITABLE_PROJECT))
            .values(**changes)
            .execution_options(synchronize_session="fetch")
        ),
    )
    if changed.rowcount != 1:
        raise ProjectNotEditable(state=project.status.value)
    audit.record(actor, project, "update")
    return project


def submit(actor: Actor, project_id: UUID) -> Project:
    """Hand the project in for review. Raises NotFound, WrongState."""
    project = _own(actor, Permission.VOLUNTEER_PROJECT_SUBMIT, project_id)
    audit.perform(actor, project, "submit", submitted_at=clock.now())
    return project


def approve(actor: Actor, project_id: UUID) -> Project:
    """Raises NotFound outside the actor's sites, OwnApplication, WrongState."""
    project = _reviewed_by(actor, Permission.VOLUNTEER_PROJECT_APPROVE, project_id)
    audit.perform(actor, project, "approve", **_decision(actor, None))
    _tell(project, "审核通过", "可以在项目下组织活动")
    return project


def send_back(actor: Actor, project_id: UUID, *, reason: str) -> Project:
    """Ask the organisation to correct it and hand it in again.

    Raises NotFound outside the actor's sites, OwnApplication, WrongState."""
    project = _reviewed_by(actor, Permission.VOLUNTEER_PROJECT_SEND_BACK, project_id)
    audit.perform(actor, project, "send_back", reason=reason, **_decision(actor, reason))
    _tell(project, "退回修改", reason)
    return project


def reject(actor: Actor, project_id: UUID, *, reason: str) -> Project:
    """Refuse it for good. Raises NotFound outside the actor's sites, OwnApplication, WrongState."""
    project = _reviewed_by(actor, Permission.VOLUNTEER_PROJECT_REJECT, project_id)
    audit.perform(actor, project, "reject", reason=reason, **_decision(actor, reason))
    _tell(project, "审核未通过", reason)
    return project


def close(actor: Actor, project_id: UUID, *, reason: str) -> Project:
    """Begin no more activities of it; by its organizers, or by the staff of the site.

    Raises NotFound, WrongState."""
    project = _load(project_id)
    permission = Permission.VOLUNTEER_PROJECT_CLOSE
    if not actor.holds_over_site(permission, project.site.path):
        policies.require_over_organization(actor, permission, project.organization_id)
    audit.perform(actor, project, "close", reason=reason, close_reason=reason)
    if actor.person_id != project.created_by:
        _tell(project, "已结束", reason)
    return project


def _tell(project: Project, decision: str, note: str) -> None:
    messages.tell(
        project.created_by,
        "project_decided",
        new_id(),
        project=project.title,
        decision=decision,
        note=note,
    )


def _decision(actor: Actor, reason: str | None) -> dict[str, Any]:
    return {
        "decision_reason": reason,
        "decided_by": actor.person_id,
        "decided_at": clock.now(),
    }


def _own(actor: Actor, permission: Permission, project_id: UUID) -> Project:
    """A project of an organisation for which the actor holds the permission."""
    project = _load(project_id)
    policies.require_over_organization(actor, permission, project.organization_id)
    return project


def _reviewed_by(actor: Actor, permission: Permission, project_id: UUID) -> Project:
    """A project on which the actor may decide."""
    project = _load(project_id)
    policies.require_over_site(actor, permission, project.site)
    policies.refuse_if_self(actor, project.created_by, OwnApplication)
    policies.refuse_if_organizer(actor, project.organization_id, OwnApplication)
    return project


def _load(project_id: UUID) -> Project:
    project = db.session.scalar(_query().where(Project.id == project_id))
    if project is None:
        raise NotFound
    return project


def get(actor: Actor, project_id: UUID) -> Project:
    """A project that the actor may see. Raises NotFound."""
    query = _query().where(Project.id == project_id, policies.visible_projects(actor))
    project = db.session.scalar(query)
    if project is None:
        raise NotFound
    return project


def list_approved(
    page: PageRequest,
    *,
    action: Action | None = None,
    site: UUID | None = None,
    organization: UUID | None = None,
) -> Page[Project]:
    """Approved projects, newest first; of a site and all below it if one is given.

    Raises NotFound for an unknown site."""
    query = _query().where(Project.status == ProjectStatus.APPROVED)
    if action is not None:
        query = query.where(Project.action == action)
    if site is not None:
        query = query.where(Site.path.startswith(sites.get(site).path, autoescape=True))
    if organization is not None:
        query = query.where(Project.organization_id == organization)
    return paginate(query, page, by=[Project.id], descending=True)


def list_submitted(actor: Actor, page: PageRequest) -> Page[Project]:
    """Projects that wait for a decision at the actor's sites, oldest first."""
    query = _query().where(
        Project.status == ProjectStatus.SUBMITTED,
        under_sites(actor, Permission.VOLUNTEER_PROJECT_REVIEW),
    )
    return paginate(query, page, by=[Project.id])


def list_of_organization(
    actor: Actor,
    organization_id: UUID,
    page: PageRequest,
    *,
    status: ProjectStatus | None = None,
) -> Page[Project]:
    """Projects of an organisation in all states, newest first, for its organizers.

    Raises NotFound."""
    policies.require_over_organization(actor, Permission.VOLUNTEER_PROJECT_UPDATE, organization_id)
    query = _query().where(Project.organization_id == organization_id)
    if status is not None:
        query = query.where(Project.status == status)
    return paginate(query, page, by=[Project.id], descending=True)


def _query() -> Select[Project]:
    """Projects joined with their `Site`, for the filters of policies."""
    return (
        select(Project)
        .join(Project.site)
        .options(contains_eager(Project.site), joinedload(Project.organization, innerjoin=True))
    )
