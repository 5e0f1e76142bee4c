"""Service orders, with the people around one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from accounts.models.sites import Site
from accounts.permissions import Role
from accounts.services import roles
from core import clock, outbox
from core.actor import SYSTEM, Actor, ScopeKind
from core.clock import SHANGHAI
from core.db import db
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from volunteer import ordering
from volunteer.lifecycles import ServiceRequestStatus
from volunteer.models.organizations import Organization
from volunteer.models.service_requests import ServiceRequest, ServiceRequestStep
from volunteer.services import ratings, service_requests

MONDAY = datetime(2027, 5, 10, 9, 0, tzinfo=SHANGHAI)
"""When orders are made unless a test says otherwise; no holiday is near."""

PHONE = "+8613912345678"


@dataclass(frozen=True)
class Team:
    organization: Organization
    organizer: Actor

    @property
    def id(self) -> UUID:
        return self.organization.id


@dataclass(frozen=True)
class Office:
    """A site with its staff and helper, two teams, and somebody who orders."""

    site: Site
    staff: Actor
    helper: Actor
    citizen: Actor
    team: Team
    other: Team


def holder(role: Role, over: Site, name: str) -> Actor:
    """Somebody who holds the role in the database too, so that messages find them."""
    who = person(name)
    roles.bestow(SYSTEM, who.id, role=role, scope_kind=ScopeKind.SITE, scope_id=over.id)
    return actor_of(who, grant(role, over=over))


def team(by: Actor) -> Team:
    applicant = person("队长")
    made = make.organization(applicant, by)
    return Team(made, make.organizer_of(applicant, made))


def office() -> Office:
    over = site()
    staff = holder(Role.SITE_STAFF, over, "站长")
    helper = holder(Role.HELPER, over, "帮办")
    return Office(over, staff, helper, make.volunteer("点单人"), team(staff), team(staff))


def order(
    at: Office, by: Actor | None = None, *, starts_at: datetime = MONDAY, **facts: Any
) -> ServiceRequest:
    """An order for the days after `starts_at`."""
    values: dict[str, Any] = {
        "site_id": at.site.id,
        "category_code": "elderly_and_orphans",
        "title": "陪老人去医院",
        "description": "老人行动不便，需要一人陪同",
        "place": "西大街甲 1 号院 2 单元",
        "contact_phone": PHONE,
        "wanted_from": starts_at + timedelta(days=5),
        "wanted_until": starts_at + timedelta(days=6),
        **facts,
    }
    return service_requests.submit(by or at.citizen, **values)


def served(at: Office, until: ServiceRequestStatus) -> ServiceRequest:
    """An order led on the shortest way to a status, by those whose steps they are."""
    made = order(at, title=f"到{until.value}为止")
    organizer, status = at.team.organizer, ServiceRequestStatus
    if until in (status.OPENED, status.REJECTED):
        if until is status.OPENED:
            return service_requests.open(at.staff, made.id)
        return service_requests.reject(at.staff, made.id, reason="不在服务范围")
    if until is status.WITHDRAWN:
        return service_requests.withdraw(at.citizen, made.id)
    way = [
        (status.DISPATCHED, service_requests.dispatch, at.staff, {"organization_id": at.team.id}),
        (status.ACCEPTED, service_requests.accept, organizer, {}),
        (status.IN_SERVICE, service_requests.start, organizer, {}),
        (status.DONE, service_requests.complete, organizer, report()),
    ]
    if until is status.DECLINED:
        service_requests.dispatch(at.staff, made.id, organization_id=at.team.id)
        return service_requests.decline(organizer, made.id, reason="人手不够")
    for reached, verb, actor, body in way:
        if made.status is until:
            break
        made = verb(actor, made.id, **body)  # type: ignore[operator]
        assert made.status is reached
    if until is status.CLOSED:
        with clock.frozen(clock.now() + ordering.CLOSES_AFTER):
            return ratings.close(made.id)
    if until is status.FOLLOW_UP:
        return ratings.rate(at.citizen, made.id, score=2)
    if until is status.RATED:
        return ratings.rate(at.citizen, made.id, score=5)
    return made


def report() -> dict[str, Any]:
    return {"report": "陪同就诊半天", "people_served": 1, "served_on": MONDAY.date()}


def last_step(request: ServiceRequest) -> ServiceRequestStep:
    query = select(ServiceRequestStep).where(ServiceRequestStep.request_id == request.id)
    return db.session.scalars(query.order_by(ServiceRequestStep.id.desc()).limit(1)).one()


def told(cause: UUID, who: Actor, template: str = "service_request_progress") -> bool:
    """Whether a message of this cause was stored for a person."""
    key = f"{template}:{cause}:{who.person_id}"
    query = select(outbox.Message.id).where(outbox.Message.dedupe_key == key)
    return db.session.scalar(query) is not None


def verbs_of(request: ServiceRequest) -> list[str]:
    """What was done to it, the first thing first."""
    query = select(ServiceRequestStep.verb).where(ServiceRequestStep.request_id == request.id)
    return list(db.session.scalars(query.order_by(ServiceRequestStep.id)))
