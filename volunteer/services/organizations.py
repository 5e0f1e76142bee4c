"""Organisations: applied for by a volunteer; approved, suspended and dissolved by the staff of
the site."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from accounts.models.sites import Site
from accounts.permissions import Permission, Role
from accounts.policies import under_sites
from accounts.services import messages, roles, sites
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import db
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.errors import OrganizationBusy, OrganizationNameTaken, OwnApplication
from volunteer.lifecycles import ActivityStatus, OrganizationStatus
from volunteer.models.activities import Activity
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.services import memberships

NAME_IS_FREE = (OrganizationStatus.REJECTED, OrganizationStatus.DISSOLVED)

NEXT = {
    "approve": ("审核通过", "您已成为管理员，可以起草项目"),
    "reject": ("审核未通过", ""),
    "suspend": ("暂停活动", ""),
    "restore": ("恢复活动", "可以继续起草项目和活动"),
    "dissolve": ("已注销", ""),
}
"""What people hear of a decision, and what follows where no reason is given."""

UNFINISHED = (ActivityStatus.APPROVED, ActivityStatus.PUBLISHED, ActivityStatus.POSTPONED)


def apply(actor: Actor, *, name: str, site_id: UUID, summary: str) -> Organization:
    """Ask for an organisation at a site; the actor becomes its organizer when it is approved.

    Raises NotFound for an unknown site, OrganizationNameTaken."""
    site = sites.get(site_id)
    taken = select(Organization.id).where(
        Organization.name == name, Organization.status.not_in(NAME_IS_FREE)
    )
    if db.session.scalar(taken) is not None:
        raise OrganizationNameTaken
    organization = Organization(
        id=new_id(),
        name=name,
        site=site,
        summary=summary,
        applicant_id=actor.id,
        status=OrganizationStatus.APPLIED,
        created_at=clock.now(),
    )
    db.session.add(organization)
    db.session.flush()
    audit.record(actor, organization, "apply", to_status=organization.status.value)
    return organization


def approve(actor: Actor, organization_id: UUID) -> Organization:
    """Admit the organisation and make its applicant the organizer.

    Raises NotFound outside the actor's sites, OwnApplication, GuardianConsentRequired for a
    minor, WrongState."""
    organization = _decided_by(actor, Permission.VOLUNTEER_ORGANIZATION_APPROVE, organization_id)
    audit.perform(
        actor, organization, "approve", decided_by=actor.person_id, decided_at=clock.now()
    )
    roles.bestow(
        actor,
        organization.applicant_id,
        role=Role.ORGANIZER,
        scope_kind=ScopeKind.ORGANIZATION,
        scope_id=organization.id,
    )
    memberships.enrol(actor, organization.applicant_id, organization.id)
    _tell([organization.applicant_id], organization, "approve")
    return organization


def reject(actor: Actor, organization_id: UUID, *, reason: str) -> Organization:
    """Refuse the application; the applicant reads the reason.

    Raises NotFound outside the actor's sites, OwnApplication, WrongState."""
    organization = _decided_by(actor, Permission.VOLUNTEER_ORGANIZATION_REJECT, organization_id)
    audit.perform(
        actor,
        organization,
        "reject",
        reason=reason,
        decision_reason=reason,
        decided_by=actor.person_id,
        decided_at=clock.now(),
    )
    _tell([organization.applicant_id], organization, "reject", reason)
    return organization


def suspend(actor: Actor, organization_id: UUID, *, reason: str) -> Organization:
    """Let it begin nothing new; what it has published goes on.

    Raises NotFound outside the actor's sites, OwnApplication, WrongState."""
    organization = _supervised_by(actor, Permission.VOLUNTEER_ORGANIZATION_SUSPEND, organization_id)
    audit.perform(actor, organization, "suspend", reason=reason, suspend_reason=reason)
    _tell(_organizers(organization), organization, "suspend", reason)
    return organization


def restore(actor: Actor, organization_id: UUID) -> Organization:
    """End a suspension. Raises NotFound outside the actor's sites, OwnApplication, WrongState."""
    organization = _supervised_by(actor, Permission.VOLUNTEER_ORGANIZATION_RESTORE, organization_id)
    audit.perform(actor, organization, "restore")
    _tell(_organizers(organization), organization, "restore")
    return organization


def dissolve(actor: Actor, organization_id: UUID, *, reason: str) -> Organization:
    """End it for good; its name is free again, its records stay.

    Raises NotFound outside the actor's sites, OwnApplication, OrganizationBusy, WrongState."""
    organization = _supervised_by(
        actor, Permission.VOLUNTEER_ORGANIZATION_DISSOLVE, organization_id
    )
    unfinished = (
        select(func.count(Activity.id))
        .join(Activity.project)
        .where(Project.organization_id == organization_id, Activity.status.in_(UNFINISHED))
    )
    if number := db.session.scalars(unfinished).one():
        raise OrganizationBusy(activities=number)
    audit.perform(actor, organization, "dissolve", reason=reason, dissolve_reason=reason)
    _tell(_organizers(organization), organization, "dissolve", reason)
    return organization


def _organizers(organization: Organization) -> Iterable[UUID]:
    return roles.holders(Role.ORGANIZER, ScopeKind.ORGANIZATION, organization.id)


def _tell(
    people: Iterable[UUID], organization: Organization, verb: str, reason: str | None = None
) -> None:
    decision, follows = NEXT[verb]
    cause = new_id()
    for person_id in people:
        messages.tell(
            person_id,
            "organization_decided",
            cause,
            organization=organization.name,
            decision=decision,
            note=reason or follows,
        )


def _supervised_by(actor: Actor, permission: Permission, organization_id: UUID) -> Organization:
    """The organisation, if the actor is staff over it and not one of its organizers."""
    organization = _decided_by(actor, permission, organization_id)
    policies.refuse_if_organizer(actor, organization_id, OwnApplication)
    return organization


def _decided_by(actor: Actor, permission: Permission, organization_id: UUID) -> Organization:
    """The organisation, if the actor may decide on it."""
    organization = db.session.scalar(_query().where(Organization.id == organization_id))
    if organization is None:
        raise NotFound
    policies.require_over_site(actor, permission, organization.site)
    policies.refuse_if_self(actor, organization.applicant_id, OwnApplication)
    return organization


def get(actor: Actor, organization_id: UUID) -> Organization:
    """An organisation that the actor may see. Raises NotFound."""
    organization = db.session.scalar(
        _query().where(Organization.id == organization_id, policies.visible_organizations(actor))
    )
    if organization is None:
        raise NotFound
    return organization


def list_approved(page: PageRequest, *, site: UUID | None = None) -> Page[Organization]:
    """Approved organisations, newest first; of a site and all below it if one is given.

    Raises NotFound for an unknown site."""
    query = _query().where(Organization.status == OrganizationStatus.APPROVED)
    if site is not None:
        query = query.where(Site.path.startswith(sites.get(site).path, autoescape=True))
    return paginate(query, page, by=[Organization.id], descending=True)


def list_applications(actor: Actor, page: PageRequest) -> Page[Organization]:
    """Applications that wait at the actor's sites, oldest first."""
    query = (
        _query()
        .options(joinedload(Organization.applicant, innerjoin=True))
        .where(
            Organization.status == OrganizationStatus.APPLIED,
            under_sites(actor, Permission.VOLUNTEER_ORGANIZATION_REVIEW),
        )
    )
    return paginate(query, page, by=[Organization.id])


def list_mine(actor: Actor, page: PageRequest) -> Page[Organization]:
    """Those that the actor applied for or organises for, in every state, newest first."""
    own = actor.scope_ids(Permission.VOLUNTEER_PROJECT_UPDATE, ScopeKind.ORGANIZATION)
    mine = or_(Organization.applicant_id == actor.id, Organization.id.in_(own))
    return paginate(_query().where(mine), page, by=[Organization.id], descending=True)


def list_supervised(
    actor: Actor, page: PageRequest, *, status: OrganizationStatus
) -> Page[Organization]:
    """Those of a status at the actor's sites, newest first: the suspended ones, for example."""
    query = (
        _query()
        .options(joinedload(Organization.applicant, innerjoin=True))
        .where(
            Organization.status == status,
            under_sites(actor, Permission.VOLUNTEER_ORGANIZATION_REVIEW),
        )
    )
    return paginate(query, page, by=[Organization.id], descending=True)


def _query() -> Select[Organization]:
    """Organisations joined with their `Site`, for the filters of policies."""
    return select(Organization).join(Organization.site).options(contains_eager(Organization.site))
