"""After the service: the requester's rating, the follow-up of a low one, the end, the sums."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.services import sites
from core import clock
from core.actor import SYSTEM, Actor
from core.db import db
from core.errors import WrongState
from volunteer import ordering, policies
from volunteer.errors import OwnService
from volunteer.lifecycles import ServiceRequestStatus
from volunteer.models.service_requests import Party, Rating, ServiceRequest
from volunteer.services.service_requests import ordered_by, reviewed_by
from volunteer.services.service_steps import BATCH, held, move

LOW_SCORE = 2
"""At most so many of five stars open a follow-up."""


def rate(actor: Actor, request_id: UUID, *, score: int, text: str | None = None) -> ServiceRequest:
    """Say once what the service was worth; a helper may for the requester, and it is marked. A
    repeat gives the first rating. A low one goes to the staff of the site.

    Raises NotFound, OwnService for an organizer of the team, WrongState."""
    request = ordered_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_RATE, request_id)
    if request.rating is not None:
        return request
    team = request.organization
    if request.status is not ServiceRequestStatus.DONE or team is None:
        raise WrongState(state=request.status.value, verb="rate")
    policies.refuse_if_organizer(actor, team.id, OwnService)
    is_on_behalf = request.requester_id != actor.person_id
    db.session.add(
        Rating(
            request_id=request.id,
            score=score,
            text=text,
            rated_by=actor.id,
            is_on_behalf=is_on_behalf,
            rated_at=clock.now(),
        )
    )
    party = Party.HELPER if is_on_behalf else Party.REQUESTER
    move(actor, request, "rate", party, team, due_at=request.due_at)
    if score <= LOW_SCORE:
        move(actor, request, "escalate", Party.SYSTEM, team)
    return held(request_id)


def resolve(actor: Actor, request_id: UUID, *, resolution: str) -> ServiceRequest:
    """Write down what was done about a low rating, and close the order; the requester reads it.

    Raises NotFound, OwnService for the requester or an organizer of the team, WrongState."""
    request = reviewed_by(actor, Permission.VOLUNTEER_SERVICE_REQUEST_RESOLVE, request_id)
    if request.requester_id is not None:
        policies.refuse_if_self(actor, request.requester_id, OwnService)
    if request.organization_id is not None:
        policies.refuse_if_organizer(actor, request.organization_id, OwnService)
    closed = {"resolution": resolution, "closed_at": clock.now()}
    move(actor, request, "resolve", Party.SITE, request.organization, reason=resolution, **closed)
    return request


def close(request_id: UUID) -> ServiceRequest:
    """End an order some days after it was done; by a job. Raises NotFound, WrongState."""
    request, at = held(request_id), clock.now()
    is_due = request.due_at is not None and request.due_at <= at
    if is_due and request.status in ordering.CLOSES_BY_ITSELF:
        move(SYSTEM, request, "close", Party.SYSTEM, request.organization, closed_at=at)
    return request


def to_close() -> list[UUID]:
    """Orders that were done long enough ago."""
    query = select(ServiceRequest.id).where(
        ServiceRequest.status.in_(ordering.CLOSES_BY_ITSELF),
        ServiceRequest.due_at <= clock.now(),
    )
    return list(db.session.scalars(query.order_by(ServiceRequest.due_at).limit(BATCH)))


@dataclass(frozen=True, slots=True)
class ServiceSummary:
    """Orders submitted at a site and below in a period, as they stand now."""

    by_status: dict[ServiceRequestStatus, int]
    total: int
    people_served: int
    answers: int
    """Ratings behind the mean."""
    mean_score: float | None
    """Of five, to two decimals; None without an answer."""


def summarize(
    actor: Actor, *, site: UUID, from_day: date | None = None, to_day: date | None = None
) -> ServiceSummary:
    """Counts and satisfaction of one site with all below it; days are inclusive. No ranking.

    Raises NotFound for a site that is not the actor's."""
    found = sites.get(site)
    policies.require_over_site(actor, Permission.VOLUNTEER_SERVICE_REQUEST_SUMMARIZE, found)
    return summary_of(found, from_day, to_day)


def summary_of(site: Site, from_day: date | None, to_day: date | None) -> ServiceSummary:
    """The figures, for reports that already decided who may read them."""
    query = (
        select(
            ServiceRequest.status,
            func.count(),
            func.sum(ServiceRequest.people_served),
            func.count(Rating.score),
            func.sum(Rating.score),
        )
        .join(ServiceRequest.site)
        .outerjoin(ServiceRequest.rating)
        .where(Site.path.startswith(site.path, autoescape=True))
        .group_by(ServiceRequest.status)
    )
    if from_day is not None:
        query = query.where(ServiceRequest.created_at >= clock.start_of(from_day))
    if to_day is not None:
        after = clock.start_of(to_day + timedelta(days=1))
        query = query.where(ServiceRequest.created_at < after)
    counts: Counter[ServiceRequestStatus] = Counter()
    people = answers = scores = 0
    for status, orders, served, rated, score in db.session.execute(query):
        counts[status] = orders
        people, answers, scores = people + (served or 0), answers + rated, scores + (score or 0)
    return ServiceSummary(
        {status: counts[status] for status in ServiceRequestStatus},
        counts.total(),
        people,
        answers,
        round(scores / answers, 2) if answers else None,
    )
