"""Who may do what to which object of volunteer service, and which objects a list shows.

An object outside the actor's scope is not found (its existence is not told); an insider who may
not decide here is refused with the reason.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from core.actor import Actor, ScopeKind
from core.db import db
from core.errors import DomainError, NotFound
from volunteer.accrual import Tier
from volunteer.errors import HigherTierNeeded
from volunteer.lifecycles import MembershipStatus, OrganizationStatus, ProjectStatus
from volunteer.models.activities import Activity, Deputy
from volunteer.models.memberships import Membership
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.service_requests import ServiceRequest


def require_over_site(actor: Actor, permission: Permission, site: Site) -> None:
    """Raises NotFound unless the permission is held over the site."""
    if not actor.holds_over_site(permission, site.path):
        raise NotFound


def require_over_organization(actor: Actor, permission: Permission, organization_id: UUID) -> None:
    """Raises NotFound unless the permission was granted for the organisation."""
    if not actor.holds_over(permission, ScopeKind.ORGANIZATION, organization_id):
        raise NotFound


def require_over_unit(actor: Actor, permission: Permission, organization: Organization) -> None:
    """Raises NotFound unless the permission was granted for the organisation, or is held over its
    site. Expects `organization.site` to be loaded."""
    if not actor.holds_over(permission, ScopeKind.ORGANIZATION, organization.id):
        require_over_site(actor, permission, organization.site)


def require_lead(actor: Actor, permission: Permission, activity: Activity) -> None:
    """Raises NotFound unless the actor leads the activity, stands in for its leader, or
    organises for its organisation.

    Expects `activity.project` to be loaded."""
    if actor.person_id == activity.leader_id and actor.holds(permission):
        return
    if actor.holds_over(permission, ScopeKind.ORGANIZATION, activity.project.organization_id):
        return
    if not (actor.holds(permission) and _is_deputy(actor, activity)):
        raise NotFound


def _is_deputy(actor: Actor, activity: Activity) -> bool:
    if actor.person_id is None:
        return False
    return db.session.get(Deputy, (activity.id, actor.person_id)) is not None


def require_tier(actor: Actor, permission: Permission, tier: Tier, site: Site) -> None:
    """Minutes above a daily tier are let count by staff over the site, or over the city that it
    belongs to. Raises HigherTierNeeded."""
    city = site.path[: site.path.index("/", 1) + 1]
    paths = {Tier.SITE: site.path, Tier.CITY: city}
    if tier in paths and not actor.holds_over_site(permission, paths[tier]):
        raise HigherTierNeeded(tier=tier.value)


def refuse_if_self(actor: Actor, person_id: UUID, refusal: type[DomainError]) -> None:
    """Nobody decides about themselves. Raises `refusal`."""
    if actor.person_id == person_id:
        raise refusal


def refuse_if_organizer(actor: Actor, organization_id: UUID, refusal: type[DomainError]) -> None:
    """Nobody approves what their own organisation asks for. Raises `refusal`."""
    if actor.person_id is not None and organization_id in actor.scope_ids(
        Permission.VOLUNTEER_PROJECT_SUBMIT, ScopeKind.ORGANIZATION
    ):
        raise refusal


def visible_organizations(actor: Actor) -> ColumnElement[bool]:
    """Filter on `Organization` joined with `Site`: approved ones, those that the actor applied
    for, belongs to or organises for, and those that the actor reviews."""
    belongs = select(Membership.organization_id).where(
        Membership.person_id == actor.person_id, Membership.status == MembershipStatus.ACTIVE
    )
    own = actor.scope_ids(Permission.VOLUNTEER_PROJECT_UPDATE, ScopeKind.ORGANIZATION)
    return or_(
        Organization.status == OrganizationStatus.APPROVED,
        Organization.applicant_id == actor.person_id,
        Organization.id.in_(own),
        Organization.id.in_(belongs),
        under_sites(actor, Permission.VOLUNTEER_ORGANIZATION_REVIEW),
    )


def visible_projects(actor: Actor) -> ColumnElement[bool]:
    """Filter on `Project` joined with `Site`: approved and closed ones, those of the actor's own
    organisations, and those handed in at sites that the actor reviews."""
    own = actor.scope_ids(Permission.VOLUNTEER_PROJECT_UPDATE, ScopeKind.ORGANIZATION)
    return or_(
        Project.status.in_((ProjectStatus.APPROVED, ProjectStatus.CLOSED)),
        Project.organization_id.in_(own),
        and_(
            Project.status != ProjectStatus.DRAFT,
            under_sites(actor, Permission.VOLUNTEER_PROJECT_REVIEW),
        ),
    )


def visible_service_requests(actor: Actor) -> ColumnElement[bool]:
    """Filter on `ServiceRequest` joined with `Site`: the actor's own, those that a team of the
    actor was asked for or took, and those at sites where the actor is staff or helps."""
    teams = actor.scope_ids(
        Permission.VOLUNTEER_SERVICE_REQUEST_LIST_OF_TEAM, ScopeKind.ORGANIZATION
    )
    return or_(
        ServiceRequest.requester_id == actor.person_id,
        ServiceRequest.organization_id.in_(teams),
        under_sites(actor, Permission.VOLUNTEER_SERVICE_REQUEST_REVIEW),
        under_sites(actor, Permission.VOLUNTEER_SERVICE_REQUEST_VIEW),
    )
