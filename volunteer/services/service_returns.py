"""Service orders that go back by themselves: nobody answered, or the activity was called off."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import clock
from core.actor import SYSTEM
from core.db import db
from volunteer import ordering
from volunteer.lifecycles import ActivityStatus, ServiceRequestStatus
from volunteer.models.activities import Activity
from volunteer.models.service_requests import Party, ServiceRequest
from volunteer.services.service_steps import BATCH, held, move

UNANSWERED = "队伍没有在规定时间内答复"


def lapse(request_id: UUID) -> ServiceRequest:
    """Give an order that its team did not answer back to the staff; done by a job.

    Raises NotFound, WrongState."""
    request = held(request_id)
    if _is_unanswered(request):
        reason = UNANSWERED
        move(SYSTEM, request, "lapse", Party.SYSTEM, None, reason=reason, decision_reason=reason)
    return request


def _is_unanswered(request: ServiceRequest) -> bool:
    if request.status is not ServiceRequestStatus.DISPATCHED or request.due_at is None:
        return False
    return request.due_at + ordering.TEAM_LAPSES_AFTER <= clock.now()


def unlink(request_id: UUID) -> ServiceRequest:
    """Give an order whose activity was called off back to its team, which accepted it and now
    arranges something else; done by a job. Raises NotFound, WrongState."""
    request = held(request_id)
    if request.status is not ServiceRequestStatus.IN_SERVICE or request.activity_id is None:
        return request
    activity = db.session.get_one(Activity, request.activity_id)
    if activity.status is ActivityStatus.CANCELLED:
        freed: dict[str, Any] = {"activity_id": None, "started_at": None}
        reason = activity.cancel_reason
        move(SYSTEM, request, "unlink", Party.SYSTEM, request.organization, reason=reason, **freed)
    return request


def to_unlink() -> list[UUID]:
    """Orders in service whose activity was called off."""
    query = (
        select(ServiceRequest.id)
        .join(Activity, Activity.id == ServiceRequest.activity_id)
        .where(
            ServiceRequest.status == ServiceRequestStatus.IN_SERVICE,
            Activity.status == ActivityStatus.CANCELLED,
        )
    )
    return list(db.session.scalars(query.order_by(ServiceRequest.id).limit(BATCH)))


def to_lapse() -> list[UUID]:
    """Orders that were dispatched long ago and not answered."""
    query = select(ServiceRequest.id).where(
        ServiceRequest.status == ServiceRequestStatus.DISPATCHED,
        ServiceRequest.due_at <= clock.now() - ordering.TEAM_LAPSES_AFTER,
    )
    return list(db.session.scalars(query.order_by(ServiceRequest.due_at).limit(BATCH)))
