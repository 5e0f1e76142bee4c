"""Service orders: asked for by a citizen, handed to a team by the staff, served and reported.

Every verb holds the order's row first (`service_steps.held`), asks the policy, and moves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from accounts.permissions import Permission
from accounts.services import sites
from core import audit, clock
from core.actor import Actor
from core.db import db, lock_exclusively
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from volunteer import ordering, policies
from volunteer.errors import (
    OrganizationNotApproved,
    ServiceRequestTaken,
    TooManyServiceRequests,
)
from volunteer.lifecycles import (
    ENDED_SERVICE_REQUEST,
    ActivityStatus,
    OrganizationStatus,
    ServiceRequestStatus,
)
from volunteer.models.activities import Activity
from volunteer.models.organizations import Organization
from volunteer.models.service_requests import Party, ServiceRequest, ServiceRequestStep
from volunteer.services import holidays, reference, service_requesters
from volunteer.services.service_requesters import Requester
from volunteer.services.service_steps import held, move, note

MOST_OPEN = 10
"""Orders of one requester that have not ended; the sentence of TooManyServiceRequests names it."""

REPEAT_WITHIN = timedelta(hours=24)
"""The same order within this time is the first one, tapped or told twice."""


def submit(
    actor: Actor,
    *,
    site_id: UUID,
    category_code: str,
    title: str,
    wanted_from: datetime,
    wanted_until: datetime,
    contact_phone: str | None = None,
    beneficiary_name: str | None = None,
    on_behalf_of: Mapping[str, Any] | None = None,
    **texts: str,
) -> ServiceRequest:
    """Order a service at a site; `texts` are `description` and `place`.

    A helper of the site orders for another: `on_behalf_of` is `{person_id}`, or `{name, phone}`
    of somebody without an account. The same order of the same requester within 24 hours gives
    the first one.
    Raises NotFound for an unknown site, Forbidden, RealNameRequired, InvalidInput,
    TooManyServiceRequests."""
    site, at = sites.get(site_id), clock.now()
    reference.require_category(category_code)
    if wanted_until <= max(wanted_from, at):
        raise InvalidInput.at("wanted_until", "应晚于希望开始的时间，且尚未过去")
    if on_behalf_of is None:
        wanted_by = service_requesters.oneself(actor, contact_phone, beneficiary_name)
    else:
        wanted_by = service_requesters.another(
            actor, site, on_behalf_of, contact_phone, beneficiary_name
        )
    lock_exclusively(f"service_requests:{wanted_by.ordered_for.hex()}")
    if first := _repeated(wanted_by, category_code, title, at):
        return first
    request = ServiceRequest(
        id=new_id(),
        site=site,
        category_code=category_code,
        title=title,
        wanted_from=wanted_from,
        wanted_until=wanted_until,
        requester_id=wanted_by.person_id,
        created_by=actor.id,
        ordered_for=wanted_by.ordered_for,
        status=ServiceRequestStatus.SUBMITTED,
        due_at=ordering.due_at(
            ServiceRequestStatus.SUBMITTED, at, wanted_until, holidays.workdays()
        ),
        created_at=at,
        organization=None,
        **texts,
        contact_phone=wanted_by.phone,
        beneficiary_name=wanted_by.beneficiary_name,
    )
    db.session.add(request)
    db.session.flush()
    audit.record(actor, request, "submit", to_status=request.status.value)
    note(actor, request, "submit", _side_of(actor, request), None)
    return held(request.id)


def _repeated(
    wanted_by: Requester, category_code: str, title: str, at: datetime
) -> ServiceRequest | None:
    """The open order that this one repeats, if there is one. Raises TooManyServiceRequests."""
    is_open = (
        ServiceRequest.ordered_for == wanted_by.ordered_for,
        ServiceRequest.status.not_in(ENDED_SERVICE_REQUEST),
    )
    same = select(ServiceRequest.id).where(
        *is_open,
        ServiceRequest.category_code == category_code,
        ServiceRequest.title == title,
        ServiceRequest.created_at > at - REPEAT_WITHIN,
    )
    first = db.session.scalar(same.order_by(ServiceRequest.id).limit(1))
    if first is not None:
        return held(first)
    count = select(func.count()).select_from(ServiceRequest).where(*is_open)
    if db.session.execute(count).scalar_one() >= MOST_OPEN:
        raise TooManyServiceRequests(limit=MOST_OPEN)
    return None


def withdraw(actor: Actor, request_id: UUID) -> ServiceRequest:
    """Take one's own order back before a team accepted it; a helper may for another.

    Raises NotFound, WrongState."""
    request = ordered_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_WITHDRAW, request_id)
    move(actor, request, "withdraw", _side_of(actor, request), None)
    return request


def ordered_by(actor: Actor, permission: Permission, request_id: UUID) -> ServiceRequest:
    """An order on which the actor speaks for its requester, held. Raises NotFound."""
    request = held(request_id)
    if request.requester_id != actor.person_id:
        policies.require_over_site(actor, permission, request.site)
    return request


def _side_of(actor: Actor, request: ServiceRequest) -> Party:
    return Party.REQUESTER if request.requester_id == actor.person_id else Party.HELPER


# -- the staff of the site


def reject(actor: Actor, request_id: UUID, *, reason: str) -> ServiceRequest:
    """Refuse the order; the requester reads the reason. Raises NotFound, WrongState."""
    request = reviewed_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_REJECT, request_id)
    move(actor, request, "reject", Party.SITE, None, reason=reason, decision_reason=reason)
    return request


def dispatch(actor: Actor, request_id: UUID, *, organization_id: UUID) -> ServiceRequest:
    """Ask a team to serve. Raises NotFound, InvalidInput for an unknown team,
    OrganizationNotApproved, WrongState."""
    request = reviewed_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_DISPATCH, request_id)
    move(actor, request, "dispatch", Party.SITE, _asked(organization_id))
    return request


def redispatch(
    actor: Actor, request_id: UUID, *, organization_id: UUID, reason: str
) -> ServiceRequest:
    """Ask another team, also in place of one that has accepted; both are told.

    Raises NotFound, InvalidInput for an unknown team or the one that has the order,
    OrganizationNotApproved, WrongState."""
    request = reviewed_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_REDISPATCH, request_id)
    if organization_id == request.organization_id:
        raise InvalidInput.at("organization_id", "点单已经在这支队伍手里，请选择另一支")
    team = _asked(organization_id)
    move(actor, request, "redispatch", Party.SITE, team, reason=reason, **_left(reason))
    return request


def _left(reason: str) -> dict[str, Any]:
    """What becomes of an order whose team leaves it, perhaps in the middle of the service."""
    return {"activity_id": None, "started_at": None, "decision_reason": reason}


def open(actor: Actor, request_id: UUID) -> ServiceRequest:  # noqa: A001 - the verb's name
    """Put the order on the board for teams to take. Raises NotFound, WrongState."""
    request = reviewed_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_OPEN, request_id)
    move(actor, request, "open", Party.SITE, None)
    return request


def reviewed_by(actor: Actor, permission: Permission, request_id: UUID) -> ServiceRequest:
    """An order at a site of the actor, held. Raises NotFound."""
    request = held(request_id)
    policies.require_over_site(actor, permission, request.site)
    return request


def _asked(organization_id: UUID) -> Organization:
    team = db.session.get(Organization, organization_id)
    if team is None:
        raise InvalidInput.at("organization_id", "没有这个志愿服务组织")
    return _approved(team)


def _approved(team: Organization) -> Organization:
    if team.status is not OrganizationStatus.APPROVED:
        raise OrganizationNotApproved
    return team


# -- the teams


def claim(actor: Actor, request_id: UUID, *, organization_id: UUID) -> ServiceRequest:
    """Take an open order for a team of the actor; the first one has it. A repeat by the same
    team gives the order.

    Raises NotFound for what never was on that team's board, ServiceRequestTaken,
    OrganizationNotApproved, WrongState."""
    policies.require_over_organization(
        actor, Permission.VOLUNTEER_SERVICE_REQUEST_CLAIM, organization_id
    )
    team = db.session.get(Organization, organization_id, options=[joinedload(Organization.site)])
    request = held(request_id)
    if team is None or not _is_on_board(request, team):
        raise NotFound
    if request.status is not ServiceRequestStatus.OPENED and request.organization_id is not None:
        if request.organization_id == team.id:
            return request
        raise ServiceRequestTaken
    move(actor, request, "claim", Party.TEAM, _approved(team))
    return request


def _is_on_board(request: ServiceRequest, team: Organization) -> bool:
    """Whether the order is, or was, open to the team: its site lies on one line with theirs."""
    paths = (request.site.path, team.site.path)
    if not (paths[0].startswith(paths[1]) or paths[1].startswith(paths[0])):
        return False
    opened = select(ServiceRequestStep.id).where(
        ServiceRequestStep.request_id == request.id, ServiceRequestStep.verb == "open"
    )
    return db.session.scalar(opened.limit(1)) is not None


def accept(actor: Actor, request_id: UUID) -> ServiceRequest:
    """Say that the team serves. Raises NotFound, OrganizationNotApproved, WrongState."""
    request, team = served_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_ACCEPT, request_id)
    move(actor, request, "accept", Party.TEAM, _approved(team))
    return request


def decline(actor: Actor, request_id: UUID, *, reason: str) -> ServiceRequest:
    """Say that the team can't, or no longer can; the order goes back to the staff.

    Raises NotFound, WrongState once the service is reported."""
    request, _ = served_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_DECLINE, request_id)
    move(actor, request, "decline", Party.TEAM, None, reason=reason, **_left(reason))
    return request


def start(actor: Actor, request_id: UUID) -> ServiceRequest:
    """Begin to serve outside any activity. Raises NotFound, WrongState."""
    request, team = served_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_START, request_id)
    move(actor, request, "start", Party.TEAM, team, started_at=clock.now())
    return request


def link(actor: Actor, request_id: UUID, *, activity_id: UUID) -> ServiceRequest:
    """Serve in a published activity of the team, which the requester can look at; not in one that
    was over before the order, for a rating counts for all who served there.

    Raises NotFound, InvalidInput, WrongState."""
    request, team = served_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_LINK, request_id)
    activity = db.session.get(Activity, activity_id, options=[joinedload(Activity.project)])
    if activity is None or activity.organization_id != team.id:
        raise InvalidInput.at("activity_id", "没有这个活动，或不是本队的活动")
    if activity.status is ActivityStatus.CANCELLED:
        raise InvalidInput.at("activity_id", "这个活动已经取消")
    if activity.published_at is None or activity.ends_at is None:
        raise InvalidInput.at("activity_id", "这个活动还没有发布")
    if activity.ends_at <= request.created_at:
        raise InvalidInput.at("activity_id", "这个活动在点单以前就结束了")
    at = clock.now()
    move(actor, request, "link", Party.TEAM, team, started_at=at, activity_id=activity_id)
    return request


def complete(
    actor: Actor, request_id: UUID, *, report: str, people_served: int, served_on: date
) -> ServiceRequest:
    """Report what was done. Raises NotFound, InvalidInput for a day that is still to come or
    before the order, WrongState."""
    request, team = served_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_COMPLETE, request_id)
    if not clock.day_of(request.created_at) <= served_on <= clock.today():
        raise InvalidInput.at("served_on", "应在点单之日至今天之间")
    done: dict[str, Any] = {
        "report": report,
        "people_served": people_served,
        "served_on": served_on,
        "done_at": clock.now(),
    }
    move(actor, request, "complete", Party.TEAM, team, **done)
    return request


@dataclass(frozen=True, slots=True)
class Contact:
    phone: str | None


REACHABLE = (ServiceRequestStatus.ACCEPTED, ServiceRequestStatus.IN_SERVICE)


def contact(actor: Actor, request_id: UUID) -> Contact:
    """The phone in clear, for the team that serves and while it does; every look is logged.

    Raises NotFound, WrongState."""
    request, _ = served_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_CONTACT, request_id)
    if request.status not in REACHABLE:
        raise WrongState(state=request.status.value, verb="contact")
    audit.record(actor, request, "contact")
    return Contact(request.contact_phone)


def served_by(
    actor: Actor, permission: Permission, request_id: UUID
) -> tuple[ServiceRequest, Organization]:
    """An order that is with a team of the actor, held, and the team. Raises NotFound."""
    request = held(request_id)
    if request.organization is None:
        raise NotFound
    policies.require_over_organization(actor, permission, request.organization.id)
    return request, request.organization
