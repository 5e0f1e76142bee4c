"""Where service orders are looked at: one's own, the staff's queue, the board, a team's list."""

from uuid import UUID

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from accounts.services import sites
from core.actor import Actor, ScopeKind
from core.db import db
from core.errors import NotFound
from core.paging import Page, PageRequest, paginate
from volunteer import ordering, policies
from volunteer.lifecycles import OrganizationStatus, ServiceRequestStatus
from volunteer.models.organizations import Organization
from volunteer.models.service_requests import ServiceRequest, ServiceRequestStep

IN_HAND = (*ordering.WAITS_FOR_STAFF, *ordering.WAITS_FOR_TEAM)
"""What the staff keep an eye on until it is done."""


def get(actor: Actor, request_id: UUID) -> ServiceRequest:
    """An order that the actor may see, with its timeline. Raises NotFound."""
    steps = selectinload(ServiceRequest.steps).joinedload(ServiceRequestStep.organization)
    query = (
        _query()
        .options(steps)
        .where(ServiceRequest.id == request_id, policies.visible_service_requests(actor))
    )
    request = db.session.scalar(query)
    if request is None:
        raise NotFound
    return request


def list_mine(actor: Actor, page: PageRequest) -> Page[ServiceRequest]:
    """Orders of the actor and, where the actor still helps there, those they made for others;
    newest first."""
    helped = and_(
        ServiceRequest.created_by == actor.id,
        under_sites(actor, Permission.VOLUNTEER_SERVICE_REQUEST_VIEW),
    )
    query = _query().where(or_(ServiceRequest.requester_id == actor.id, helped))
    return paginate(query, page, by=[ServiceRequest.id], descending=True)


def list_queue(
    actor: Actor, page: PageRequest, *, status: ServiceRequestStatus | None = None
) -> Page[ServiceRequest]:
    """Orders in hand at the actor's sites, oldest first; of one status if it is given."""
    query = _query().where(
        ServiceRequest.status.in_(IN_HAND) if status is None else ServiceRequest.status == status,
        under_sites(actor, Permission.VOLUNTEER_SERVICE_REQUEST_REVIEW),
    )
    return paginate(query, page, by=[ServiceRequest.id])


def list_open(actor: Actor, page: PageRequest) -> Page[ServiceRequest]:
    """The board: open orders whose site lies on one line with that of an approved team of the
    actor, above or below it; oldest first."""
    teams = actor.scope_ids(Permission.VOLUNTEER_SERVICE_REQUEST_BROWSE, ScopeKind.ORGANIZATION)
    paths = db.session.scalars(
        select(Site.path)
        .join(Organization, Organization.site_id == Site.id)
        .where(Organization.id.in_(teams), Organization.status == OrganizationStatus.APPROVED)
    )
    on_one_line = [
        or_(Site.path.startswith(path, autoescape=True), Site.path.in_(sites.paths_down_to(path)))
        for path in paths
    ]
    query = _query().where(
        ServiceRequest.status == ServiceRequestStatus.OPENED, or_(false(), *on_one_line)
    )
    return paginate(query, page, by=[ServiceRequest.id])


def list_of_team(
    actor: Actor,
    organization_id: UUID,
    page: PageRequest,
    *,
    status: ServiceRequestStatus | None = None,
) -> Page[ServiceRequest]:
    """Orders that are or were served by a team of the actor, or that it is asked for; newest
    first. Raises NotFound."""
    policies.require_over_organization(
        actor, Permission.VOLUNTEER_SERVICE_REQUEST_LIST_OF_TEAM, organization_id
    )
    query = _query().where(ServiceRequest.organization_id == organization_id)
    if status is not None:
        query = query.where(ServiceRequest.status == status)
    return paginate(query, page, by=[ServiceRequest.id], descending=True)


def _query() -> Select[ServiceRequest]:
    """Orders joined with their `Site`, for the filters of policies."""
    return (
        select(ServiceRequest)
        .join(ServiceRequest.site)
        .options(
            contains_eager(ServiceRequest.site),
            joinedload(ServiceRequest.organization),
            joinedload(ServiceRequest.rating),
        )
    )
