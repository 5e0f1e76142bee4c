"""Shifts: added to a draft; their rotating check-in code is shown by those who lead them."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.services import sites
from core import audit, clock
from core.actor import Actor
from core.config import Settings
from core.db import db
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from volunteer import codes, policies
from volunteer.errors import ActivityNotDraft, ActivityNotOpen, CodeNotShown
from volunteer.lifecycles import ActivityStatus
from volunteer.models.activities import Activity
from volunteer.models.shifts import Shift
from volunteer.services import activities

LONGEST = timedelta(hours=24)
CHECK_IN_OPENS_BEFORE = timedelta(minutes=30)
CHECK_OUT_CLOSES_AFTER = activities.CLOSES_AFTER


def create(
    actor: Actor, activity_id: UUID, *, starts_at: datetime, ends_at: datetime, capacity: int
) -> Shift:
    """Add a shift to a draft.

    Raises NotFound, ActivityNotDraft, InvalidInput for times that are past, in the
    wrong order or more than 24 hours apart."""
    activity = activities.load(activity_id, lock=True)
    policies.require_over_organization(
        actor, Permission.VOLUNTEER_SHIFT_CREATE, activity.project.organization_id
    )
    if activity.status is not ActivityStatus.DRAFT:
        raise ActivityNotDraft(state=activity.status.value)
    _check_times(starts_at, ends_at)
    shift = Shift(
        id=new_id(),
        activity_id=activity_id,
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=capacity,
        seats_taken=0,
        waiting=0,
        queue_tail=0,
    )
    db.session.add(shift)
    db.session.flush()
    audit.record(actor, shift, "create")
    return shift


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    if starts_at <= clock.now():
        raise InvalidInput.at("starts_at", "开始时间应晚于现在")
    if ends_at <= starts_at:
        raise InvalidInput.at("ends_at", "结束时间应晚于开始时间")
    if ends_at - starts_at > LONGEST:
        raise InvalidInput.at("ends_at", "一个场次最长 24 小时")


def show_code(actor: Actor, shift_id: UUID) -> codes.CheckInCode:
    """The code of this moment, for check-in and check-out alike.

    Raises NotFound unless the actor leads the shift, ActivityNotOpen when it was called off,
    CodeNotShown outside the hours in which somebody could use it."""
    shift = get_led(actor, Permission.VOLUNTEER_SHIFT_SHOW_CODE, shift_id)
    if shift.activity.status in (ActivityStatus.DRAFT, ActivityStatus.CANCELLED):
        raise ActivityNotOpen
    at = clock.now()
    first, last = shift.starts_at - CHECK_IN_OPENS_BEFORE, shift.ends_at + CHECK_OUT_CLOSES_AFTER
    if not first <= at < last:
        raise CodeNotShown(since=shown(first), until=shown(last))
    return codes.issue(code_key(), shift_id, at)


def shown(instant: datetime) -> str:
    """As in an answer, for the details of an error."""
    return instant.astimezone(clock.SHANGHAI).isoformat(timespec="seconds")


def code_key() -> bytes:
    """The key that signs codes (setting CODE_KEY)."""
    settings: Settings = current_app.extensions["liancheng.settings"]
    return settings.code_key.encode()


def get_led(actor: Actor, permission: Permission, shift_id: UUID) -> Shift:
    """A shift that the actor leads or whose organisation they organise for. Raises NotFound."""
    shift = load(shift_id)
    policies.require_lead(actor, permission, shift.activity)
    return shift


def site_of(shift: Shift) -> Site:
    """The site under which a loaded shift is held."""
    return sites.get(shift.activity.project.site_id)


def load(shift_id: UUID) -> Shift:
    """A shift with its activity and project, for services that then ask a policy.

    Raises NotFound."""
    shift = db.session.scalar(
        select(Shift)
        .join(Shift.activity)
        .join(Activity.project)
        .where(Shift.id == shift_id)
        .options(contains_eager(Shift.activity).contains_eager(Activity.project))
    )
    if shift is None:
        raise NotFound
    return shift
