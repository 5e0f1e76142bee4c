"""Evaluations: the leader's of those who served, and theirs of the activity (Henan art. 41).

One of each evaluator and subject, by a key; those of people count towards their stars. So do the
ratings of service orders, because those who were served are to be asked too: see `stars`.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from accounts.permissions import Permission
from accounts.services import sites
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_if_absent, lock_exclusively
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.errors import AlreadyEvaluated, EvaluationClosed, OwnEvaluation
from volunteer.models.attendances import Attendance
from volunteer.models.evaluations import UNTALLIED, Evaluation
from volunteer.models.service_requests import Rating, ServiceRequest
from volunteer.models.shifts import Shift
from volunteer.services import activities, holidays, hours, stars

OPEN_WORKING_DAYS = 10
"""After the service; the limit of the records themselves (decree 67, art. 11)."""


def create(
    actor: Actor,
    activity_id: UUID,
    *,
    score: int,
    person_id: UUID | None = None,
    text: str | None = None,
) -> Evaluation:
    """Evaluate a volunteer of an activity that the actor leads; or, without a person, the
    activity in which the actor served. The same again gives the first result.

    Raises NotFound for whoever did not serve there or does not lead it, OwnEvaluation,
    EvaluationClosed, AlreadyEvaluated for another score."""
    activity = activities.load(activity_id)
    if person_id is None:
        policies.refuse_if_self(actor, activity.leader_id, OwnEvaluation)
    else:
        policies.require_lead(actor, Permission.VOLUNTEER_EVALUATION_CREATE, activity)
        policies.refuse_if_self(actor, person_id, OwnEvaluation)
    _require_open(_served_until(activity_id, person_id or actor.id))
    is_new = insert_if_absent(
        Evaluation,
        id=new_id(),
        activity_id=activity_id,
        evaluator_id=actor.id,
        person_id=person_id,
        score=score,
        text=text,
        at=clock.now(),
        tallied_at=None,
    )
    evaluation = _of(actor, activity_id, person_id)
    if is_new:
        audit.record(actor, evaluation, "create")
    elif (evaluation.score, evaluation.text) != (score, text):
        raise AlreadyEvaluated
    return evaluation


def _served_until(activity_id: UUID, person_id: UUID) -> datetime:
    """When the last shift ended in which the person was there. Raises NotFound."""
    query = (
        select(func.max(func.coalesce(Shift.ended_at, Shift.ends_at)))
        .join(Attendance, Attendance.shift_id == Shift.id)
        .where(Shift.activity_id == activity_id, Attendance.person_id == person_id)
    )
    ended_at = db.session.scalar(query)
    if ended_at is None:
        raise NotFound
    return ended_at


def _require_open(ended_at: datetime) -> None:
    first = clock.day_of(ended_at)
    last = holidays.workdays().after(first, OPEN_WORKING_DAYS)
    is_over = last.is_certain and clock.today() > last.day
    if clock.now() < ended_at or is_over:
        raise EvaluationClosed(since=first.isoformat(), until=last.day.isoformat())


def _of(actor: Actor, activity_id: UUID, person_id: UUID | None) -> Evaluation:
    query = (
        select(Evaluation)
        .where(
            Evaluation.activity_id == activity_id,
            Evaluation.evaluator_id == actor.id,
            Evaluation.person_id.is_(None)
            if person_id is None
            else Evaluation.person_id == person_id,
        )
        .options(joinedload(Evaluation.activity, innerjoin=True))
    )
    return db.session.scalars(query).one()


def list_about(actor: Actor, page: PageRequest) -> Page[Evaluation]:
    """What leaders said about the actor, latest first."""
    query = (
        select(Evaluation)
        .where(Evaluation.person_id == actor.id)
        .options(joinedload(Evaluation.activity, innerjoin=True))
    )
    return paginate(query, page, by=[Evaluation.id], descending=True)


def list_of_activity(actor: Actor, activity_id: UUID, page: PageRequest) -> Page[Evaluation]:
    """What those who served said of an activity, latest first; for whoever leads or organises it
    and the staff of its site. Raises NotFound."""
    permission = Permission.VOLUNTEER_EVALUATION_LIST
    activity = activities.load(activity_id)
    if not actor.holds_over_site(permission, sites.get(activity.site_id).path):
        policies.require_lead(actor, permission, activity)
    query = select(Evaluation).where(
        Evaluation.activity_id == activity_id, Evaluation.person_id.is_(None)
    )
    return paginate(query, page, by=[Evaluation.id], descending=True)


def tally_batch() -> int:
    """Look again at the stars of those who were evaluated, at most `hours.BATCH` evaluations and
    as many ratings; gives their number."""
    lock_exclusively(hours.LOCK)
    oldest = select(Evaluation.id).where(UNTALLIED).order_by(Evaluation.id).limit(hours.BATCH)
    people = db.session.scalars(
        update(Evaluation)
        .where(Evaluation.id.in_(oldest))
        .values(tallied_at=clock.now())
        .returning(Evaluation.person_id)
        .execution_options(synchronize_session=False)
    ).all()
    stars.review({person_id for person_id in people if person_id is not None})
    return len(people) + _tally_ratings()


def _tally_ratings() -> int:
    """The same for those who served in activities with newly rated orders."""
    oldest = (
        select(Rating.request_id)
        .where(Rating.tallied_at.is_(None))
        .order_by(Rating.request_id)
        .limit(hours.BATCH)
    )
    rated = db.session.scalars(
        update(Rating)
        .where(Rating.request_id.in_(oldest))
        .values(tallied_at=clock.now())
        .returning(Rating.request_id)
        .execution_options(synchronize_session=False)
    ).all()
    if rated:
        served = (
            select(Attendance.person_id)
            .join(Attendance.shift)
            .join(ServiceRequest, ServiceRequest.activity_id == Shift.activity_id)
            .where(ServiceRequest.id.in_(rated), Attendance.minutes > 0)
            .distinct()
        )
        stars.review(db.session.scalars(served).all())
    return len(rated)


def review_star(person_id: UUID) -> None:
    """Bring one person's star in line with the levels in force."""
    lock_exclusively(hours.LOCK)
    stars.review([person_id])
