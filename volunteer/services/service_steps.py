"""The one way in which a service order moves: status, timeline, and word to all concerned."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from accounts.permissions import Role
from accounts.services import messages, roles
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import db
from core.errors import NotFound
from core.ids import new_id
from volunteer import ordering
from volunteer.lifecycles import ServiceRequestStatus
from volunteer.models.organizations import Organization
from volunteer.models.service_requests import Party, ServiceRequest, ServiceRequestStep
from volunteer.services import holidays

BATCH = 500

TOLD_TO_STAFF = frozenset({"submit", "decline", "lapse", "withdraw", "escalate"})
"""Steps after which the staff of the site have something to do, or no longer have. The requester
and the teams concerned hear of every step."""


def held(request_id: UUID) -> ServiceRequest:
    """An order as it is now, its row held until the transaction ends.

    Held, because who may act depends on the team it is with, and a re-dispatch changes the team
    without changing the status. Locked first and read afterwards: a joined row that is read
    while waiting for the lock is as old as the beginning of the wait. Raises NotFound."""
    row = select(ServiceRequest.id).where(ServiceRequest.id == request_id).with_for_update()
    if db.session.scalar(row) is None:
        raise NotFound
    query = (
        select(ServiceRequest)
        .join(ServiceRequest.site)
        .options(
            contains_eager(ServiceRequest.site),
            joinedload(ServiceRequest.organization),
            joinedload(ServiceRequest.rating),
        )
        .where(ServiceRequest.id == request_id)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one()


def move(
    actor: Actor,
    request: ServiceRequest,
    verb: str,
    party: Party,
    team: Organization | None,
    *,
    reason: str | None = None,
    **facts: Any,
) -> None:
    """Carry out `verb`, after which the order is with `team`, and tell everybody concerned.

    `facts` are column values. Raises WrongState."""
    before = request.organization
    target = ServiceRequestStatus(request.__lifecycle__[verb].target)
    usual = {
        "organization_id": team.id if team else None,
        "due_at": ordering.due_at(target, clock.now(), request.wanted_until, holidays.workdays()),
        "reminded_at": None,
    }
    audit.perform(actor, request, verb, reason=reason, **usual | facts)
    set_committed_value(request, "organization", team)
    note(actor, request, verb, party, team or before, reason=reason, former=before)


def note(
    actor: Actor,
    request: ServiceRequest,
    verb: str,
    party: Party,
    team: Organization | None,
    *,
    reason: str | None = None,
    former: Organization | None = None,
) -> None:
    """Write the step that was taken, and tell the requester, the team of the step and the former
    one, and perhaps the staff; not the one who took it."""
    step = ServiceRequestStep(
        id=new_id(),
        request_id=request.id,
        at=clock.now(),
        verb=verb,
        status=request.status,
        party=party,
        organization_id=team.id if team else None,
        reason=reason,
    )
    db.session.add(step)
    db.session.flush()
    told = {requester_of(request)}
    for organization in {o.id for o in (team, former) if o is not None}:
        told.update(organizers_of(organization))
    if verb in TOLD_TO_STAFF:
        told.update(staff_of(request))
    for person_id in sorted(told - {actor.person_id}):
        messages.tell(
            person_id,
            "service_request_progress",
            step.id,
            title=request.title,
            status=ordering.STATUS_WORDS[request.status],
            note=ordering.sentence(verb, team.name if team else None, reason),
        )


def requester_of(request: ServiceRequest) -> UUID:
    """Whom to tell: the requester or, where they have no account, the helper who ordered."""
    return request.requester_id or request.created_by


def organizers_of(organization_id: UUID) -> list[UUID]:
    return list(roles.holders(Role.ORGANIZER, ScopeKind.ORGANIZATION, organization_id))


def staff_of(request: ServiceRequest) -> list[UUID]:
    return roles.holders_at(Role.SITE_STAFF, request.site)


def remind(request_id: UUID) -> None:
    """Remind those who should take the next step, once; done by a job. Raises NotFound."""
    request = held(request_id)
    if not request.is_overdue or request.due_at is None or request.reminded_at is not None:
        return
    request.reminded_at = clock.now()
    latest = select(ServiceRequestStep.id).where(ServiceRequestStep.request_id == request_id)
    step_id = db.session.scalars(latest.order_by(ServiceRequestStep.id.desc()).limit(1)).one()
    for person_id in _awaited(request):
        messages.tell(
            person_id,
            "service_request_reminder",
            step_id,
            title=request.title,
            status=ordering.STATUS_WORDS[request.status],
            due_at=request.due_at.isoformat(),
        )


def _awaited(request: ServiceRequest) -> Iterator[UUID]:
    if request.organization_id is None or request.status in ordering.WAITS_FOR_STAFF:
        yield from staff_of(request)
    else:
        yield from organizers_of(request.organization_id)


def to_remind() -> list[UUID]:
    """Orders whose next step is overdue, and of which nobody was reminded yet."""
    query = select(ServiceRequest.id).where(
        ServiceRequest.status.in_((*ordering.WAITS_FOR_STAFF, *ordering.WAITS_FOR_TEAM)),
        ServiceRequest.due_at <= clock.now(),
        ServiceRequest.reminded_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(ServiceRequest.due_at).limit(BATCH)))
