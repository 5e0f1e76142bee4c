"""Whose exports: of a shift, an activity, an organisation, or a site with all below it."""

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from accounts.models.sites import Site
from accounts.permissions import Permission
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from volunteer import policies
from volunteer.models.activities import Activity
from volunteer.models.exports import Export
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.shifts import Shift


def require(actor: Actor, permission: Permission, export: Export) -> None:
    """Raises NotFound unless the actor organises for the organisation that the export is of, or
    is staff of its site (or of the site itself)."""
    if export.site_id is not None:
        site = db.session.get(Site, export.site_id)
        if site is None:
            raise NotFound
        policies.require_over_site(actor, permission, site)
        return
    organization = db.session.scalar(_organization_of(export))
    if organization is None:
        raise NotFound
    policies.require_over_unit(actor, permission, organization)


def _organization_of(export: Export) -> Select[Organization]:
    query = select(Organization).join(Organization.site).options(contains_eager(Organization.site))
    if export.organization_id is not None:
        return query.where(Organization.id == export.organization_id)
    query = query.join(Project, Project.organization_id == Organization.id).join(
        Activity, Activity.project_id == Project.id
    )
    if export.activity_id is not None:
        return query.where(Activity.id == export.activity_id)
    return query.join(Shift, Shift.activity_id == Activity.id).where(Shift.id == export.shift_id)
