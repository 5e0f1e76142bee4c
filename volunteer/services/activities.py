"""Activities: drafted by an organizer of an approved project, approved by somebody else at the
site, published, postponed or cancelled, finished, settled."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from accounts.permissions import Permission
from accounts.services import messages, persons, sites
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from volunteer import policies
from volunteer.errors import (
    ActivityNotEditable,
    ActivityNotInsured,
    LocationCheckInRefused,
    NoUpcomingShift,
    OrganizationNotApproved,
    OwnApplication,
    ProjectNotApproved,
)
from volunteer.lifecycles import (
    EDITABLE_ACTIVITY,
    ActivityStatus,
    OrganizationStatus,
    ProjectStatus,
)
from volunteer.models.activities import Activity, RiskLevel
from volunteer.models.projects import Project
from volunteer.models.qualifications import QualificationKind
from volunteer.models.reference import ForbiddenWord
from volunteer.models.shifts import Shift

CLOSES_AFTER = timedelta(hours=2)
"""How long after its end people may still check out; then what is open is wound up."""

LOCATION_CHECK_IN_SEATS = 100
"""From so many seats at one time on, the place alone may prove that somebody came (i志愿)."""

AFTER_APPROVAL = frozenset({"insurance_number"})
"""What may still be filled in between approval and publication: the policy is bought then."""

BATCH = 500


def create(
    actor: Actor,
    *,
    project_id: UUID,
    title: str,
    place: str,
    leader_id: UUID | None = None,
    **details: Any,
) -> Activity:
    """Begin a draft; the actor leads it unless another registered person is named. `details`
    are further column values.

    Raises NotFound for a project of another organisation, OrganizationNotApproved,
    ProjectNotApproved, InvalidInput for a forbidden word, a leader without a real name, or
    details that don't fit together."""
    project = db.session.scalar(
        select(Project)
        .where(Project.id == project_id)
        .options(joinedload(Project.organization, innerjoin=True))
    )
    if project is None:
        raise NotFound
    policies.require_over_organization(
        actor, Permission.VOLUNTEER_ACTIVITY_CREATE, project.organization_id
    )
    require_running(project)
    activity = Activity(
        id=new_id(),
        project=project,
        title=title,
        place=place,
        leader_id=actor.id if leader_id is None else registered(leader_id),
        status=ActivityStatus.DRAFT,
        created_by=actor.id,
        created_at=clock.now(),
        **details,
    )
    _check(activity)
    db.session.add(activity)
    db.session.flush()
    audit.record(actor, activity, "create", to_status=activity.status.value)
    return load(activity.id)


def require_running(project: Project) -> None:
    """Raises OrganizationNotApproved, ProjectNotApproved unless both may begin something new.

    Expects `project.organization` to be loaded."""
    if project.organization.status is not OrganizationStatus.APPROVED:
        raise OrganizationNotApproved
    if project.status is not ProjectStatus.APPROVED:
        raise ProjectNotApproved


def registered(person_id: UUID, field: str = "leader_id") -> UUID:
    """The id of somebody who may answer for an activity. Raises InvalidInput at `field`."""
    try:
        leader = persons.get(person_id)
    except NotFound:
        leader = None
    if leader is None or leader.registered_at is None:
        raise InvalidInput.at(field, "负责人须是已实名登记的志愿者")
    return leader.id


def update_draft(actor: Actor, activity_id: UUID, changes: Mapping[str, Any]) -> Activity:
    """Change an activity that is not handed in; `changes` are column values. The number of the
    insurance may also be filled in after approval.

    Raises NotFound, ActivityNotEditable, InvalidInput as `create` does."""
    activity = load(activity_id, lock=True)
    require_organizer(actor, Permission.VOLUNTEER_ACTIVITY_UPDATE, activity)
    if not changes:
        return activity
    is_late = activity.status is ActivityStatus.APPROVED and changes.keys() <= AFTER_APPROVAL
    if not is_late:
        require_editable(activity)
    if "leader_id" in changes:
        registered(changes["leader_id"])
    for name, value in changes.items():
        setattr(activity, name, value)
    _check(activity)
    db.session.flush()
    audit.record(actor, activity, "update")
    return activity


def require_editable(activity: Activity) -> None:
    """Raises ActivityNotEditable, with the present state."""
    if activity.status not in EDITABLE_ACTIVITY:
        raise ActivityNotEditable(state=activity.status.value)


def _check(activity: Activity) -> None:
    """Raises InvalidInput where the values of a draft don't fit together."""
    with db.session.no_autoflush:
        _check_words(activity)
        code = activity.qualification_code
        if code is not None and db.session.get(QualificationKind, code) is None:
            raise InvalidInput.at("qualification_code", "没有这种资质")
    if (activity.latitude is None) != (activity.longitude is None):
        raise InvalidInput.at("longitude", "经度和纬度须同时填写")
    if activity.fence_radius is not None and activity.latitude is None:
        raise InvalidInput.at("fence_radius", "请先填写活动地点的经纬度")
    if activity.has_location_check_in and activity.fence_radius is None:
        raise InvalidInput.at("has_location_check_in", "凭位置签到须先填写签到范围")
    low, high = activity.min_age, activity.max_age
    if low is not None and high is not None and high < low:
        raise InvalidInput.at("max_age", "最大年龄不能小于最小年龄")
    if activity.risk_level is RiskLevel.DANGEROUS and (low is None or low < persons.ADULT_AGE):
        raise InvalidInput.at("min_age", f"危险的活动只接受年满 {persons.ADULT_AGE} 周岁的志愿者")


def _check_words(activity: Activity) -> None:
    for found in db.session.scalars(select(ForbiddenWord).order_by(ForbiddenWord.word)):
        if found.word in activity.title:
            raise InvalidInput.at("title", f"活动名称不能含有“{found.word}”")
        if found.is_for_content and found.word in (activity.content or ""):
            raise InvalidInput.at("content", f"活动内容不能含有“{found.word}”")


def submit(actor: Actor, activity_id: UUID) -> Activity:
    """Hand it in for approval, with its shifts.

    Raises NotFound, NoUpcomingShift, LocationCheckInRefused, WrongState."""
    activity = load(activity_id, lock=True)
    require_organizer(actor, Permission.VOLUNTEER_ACTIVITY_SUBMIT, activity)
    if activity.status in EDITABLE_ACTIVITY:
        _require_upcoming_shift(activity)
        if activity.has_location_check_in and _has_small_gathering(activity.shifts):
            raise LocationCheckInRefused
    facts = {"submitted_at": clock.now(), **(span(activity.shifts) if activity.shifts else {})}
    audit.perform(actor, activity, "submit", **facts)
    return activity


def _has_small_gathering(shifts: Sequence[Shift]) -> bool:
    """Whether at the time of some shift there are too few people for the place to prove anything;
    many small shifts on many days are no large event."""
    together = (
        sum(s.capacity for s in shifts if s.starts_at < one.ends_at and s.ends_at > one.starts_at)
        for one in shifts
    )
    return min(together) < LOCATION_CHECK_IN_SEATS


def _require_upcoming_shift(activity: Activity) -> None:
    at = clock.now()
    if not any(shift.starts_at > at for shift in activity.shifts):
        raise NoUpcomingShift


def approve(actor: Actor, activity_id: UUID) -> Activity:
    """Raises NotFound outside the actor's sites, OwnApplication, WrongState."""
    activity = _reviewed_by(actor, Permission.VOLUNTEER_ACTIVITY_APPROVE, activity_id)
    _decide(actor, activity, "approve", None)
    return activity


def send_back(actor: Actor, activity_id: UUID, *, reason: str) -> Activity:
    """Ask the organisation to correct it and hand it in again.

    Raises NotFound outside the actor's sites, OwnApplication, WrongState."""
    activity = _reviewed_by(actor, Permission.VOLUNTEER_ACTIVITY_SEND_BACK, activity_id)
    _decide(actor, activity, "send_back", reason)
    return activity


def _reviewed_by(actor: Actor, permission: Permission, activity_id: UUID) -> Activity:
    """An activity on which the actor may decide: at its site or above, and not their own."""
    activity = load(activity_id)
    policies.require_over_site(actor, permission, sites.get(activity.site_id))
    policies.refuse_if_self(actor, activity.created_by, OwnApplication)
    policies.refuse_if_self(actor, activity.leader_id, OwnApplication)
    policies.refuse_if_organizer(actor, activity.organization_id, OwnApplication)
    return activity


DECISIONS = {"approve": ("审核通过", "发布后开始接受报名"), "send_back": ("退回修改", "")}
"""What the one who handed it in hears, and what follows where no reason is given."""


def _decide(actor: Actor, activity: Activity, verb: str, reason: str | None) -> None:
    at = clock.now()
    audit.perform(
        actor,
        activity,
        verb,
        reason=reason,
        decision_reason=reason,
        decided_by=actor.person_id,
        decided_at=at,
    )
    decision, follows = DECISIONS[verb]
    messages.tell(
        activity.created_by,
        "activity_decided",
        new_id(),
        activity=activity.title,
        decision=decision,
        note=reason or follows,
    )


def publish(actor: Actor, activity_id: UUID) -> Activity:
    """Open it for sign-up.

    Raises NotFound, OrganizationNotApproved, ProjectNotApproved, NoUpcomingShift,
    ActivityNotInsured, WrongState."""
    activity = load(activity_id, lock=True)
    require_organizer(actor, Permission.VOLUNTEER_ACTIVITY_PUBLISH, activity)
    if activity.status is not ActivityStatus.APPROVED:
        raise WrongState(state=activity.status.value, verb="publish")
    require_running(activity.project)
    _require_upcoming_shift(activity)
    if activity.risk_level is not RiskLevel.NONE and activity.insurance_number is None:
        raise ActivityNotInsured
    audit.perform(actor, activity, "publish", published_at=clock.now(), **span(activity.shifts))
    tell_named(actor, activity, [activity.leader_id, *activity.deputy_ids])
    return activity


def tell_named(actor: Actor, activity: Activity, people: Iterable[UUID]) -> None:
    """Tell people that they answer for a published activity on site, but not whoever named
    themself."""
    cause = new_id()
    for person_id in people:
        if person_id != actor.person_id and activity.starts_at is not None:
            messages.tell(
                person_id,
                "leader_named",
                cause,
                activity=activity.title,
                duty="负责人" if person_id == activity.leader_id else "副负责人",
                starts_at=activity.starts_at.isoformat(),
            )


def tell_on_site(
    actor: Actor, activity: Activity, template: str, cause: UUID, **values: str
) -> None:
    """Tell those who answer for it on site what the organizer decided; those signed up hear of it
    by a job."""
    if activity.starts_at is None:
        return
    for person_id in {activity.leader_id, *activity.deputy_ids} - {actor.person_id}:
        messages.tell(
            person_id,
            template,
            cause,
            activity=activity.title,
            starts_at=activity.starts_at.isoformat(),
            **values,
        )


def span(shifts: list[Shift]) -> dict[str, Any]:
    """From the first beginning to the last end of the shifts."""
    return {
        "starts_at": min(shift.starts_at for shift in shifts),
        "ends_at": max(shift.ends_at for shift in shifts),
    }


def cancel(actor: Actor, activity_id: UUID, *, reason: str) -> Activity:
    """Call it off. A job then releases every sign-up and tells its person.

    Raises NotFound, WrongState."""
    activity = load(activity_id)
    require_organizer(actor, Permission.VOLUNTEER_ACTIVITY_CANCEL, activity)
    audit.perform(
        actor, activity, "cancel", reason=reason, cancel_reason=reason, cancelled_at=clock.now()
    )
    if activity.published_at is not None:
        tell_on_site(actor, activity, "activity_cancelled", activity.id, reason=reason)
    return activity


def finish(actor: Actor, activity_id: UUID) -> Activity:
    """Close it after its last shift; done by a job. Raises NotFound, WrongState."""
    activity = load(activity_id)
    audit.perform(actor, activity, "finish")
    return activity


def to_finish() -> list[UUID]:
    """Published activities whose last shift is long over."""
    query = select(Activity.id).where(
        Activity.status == ActivityStatus.PUBLISHED,
        Activity.ends_at <= clock.now() - CLOSES_AFTER,
    )
    return list(db.session.scalars(query.limit(BATCH)))


def require_organizer(actor: Actor, permission: Permission, activity: Activity) -> None:
    """Raises NotFound unless the actor organises for the organisation of the activity."""
    policies.require_over_organization(actor, permission, activity.organization_id)


def load(activity_id: UUID, *, lock: bool = False) -> Activity:
    """An activity as it is now, with its project, shifts and deputies, for services that ask a
    policy.

    With `lock` its row is held until the transaction ends. Raises NotFound."""
    query = _query().where(Activity.id == activity_id).execution_options(populate_existing=True)
    if lock:
        query = query.with_for_update(of=Activity)
    activity = db.session.scalar(query)
    if activity is None:
        raise NotFound
    return activity


def get_public(activity_id: UUID) -> Activity:
    """An activity that was published at some time. Raises NotFound."""
    activity = load(activity_id)
    if activity.published_at is None:
        raise NotFound
    return activity


def get_inside(actor: Actor, activity_id: UUID) -> Activity:
    """An activity in any state, for those who lead or organise it and those who review it.

    Raises NotFound."""
    activity = load(activity_id)
    is_reviewer = actor.holds_over_site(
        Permission.VOLUNTEER_ACTIVITY_REVIEW, sites.get(activity.site_id).path
    )
    if not (is_reviewer and activity.status is not ActivityStatus.DRAFT):
        policies.require_lead(actor, Permission.VOLUNTEER_ACTIVITY_VIEW, activity)
    return activity


def _query() -> Select[Activity]:
    return (
        select(Activity)
        .join(Activity.project)
        .options(
            contains_eager(Activity.project).options(
                joinedload(Project.organization, innerjoin=True)
            ),
            selectinload(Activity.shifts),
            selectinload(Activity.deputies),
        )
    )
