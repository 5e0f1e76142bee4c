"""Shifts: added to a draft; their rotating check-in code is shown by those who lead them."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import case, select
from sqlalchemy.orm import aliased, contains_eager

from accounts.permissions import Permission
from core import audit, clock
from core.actor import Actor
from core.config import Settings
from core.db import db
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from volunteer import codes, policies
from volunteer.errors import ActivityNotDraft, ActivityNotOpen, CodeNotShown, PacketNotDue
from volunteer.lifecycles import ActivityStatus
from volunteer.models.activities import Activity
from volunteer.models.shifts import Shift
from volunteer.services import activities

LONGEST = timedelta(hours=24)
CHECK_IN_OPENS_BEFORE = timedelta(minutes=30)
CHECK_OUT_CLOSES_AFTER = activities.CLOSES_AFTER
PACKET_OPENS_BEFORE = timedelta(hours=24)

COUNTED_UNTIL = case((Shift.ended_at < Shift.ends_at, Shift.ended_at), else_=Shift.ends_at)
"""`Shift.counted_until` for queries."""


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
    shift = _get_shown(actor, shift_id)
    at = clock.now()
    first, last = check_times(shift)
    if not first <= at < last:
        raise CodeNotShown(since=_shown(first), until=_shown(last))
    return codes.issue(code_key(), shift_id, at)


def issue_packet(actor: Actor, shift_id: UUID) -> list[codes.PacketCode]:
    """The codes of the whole shift, to be shown where there is no signal. Who fetched them is
    kept.

    Raises NotFound unless the actor leads the shift, ActivityNotOpen when it was called off,
    PacketNotDue earlier than a day before the start, or once nobody can check out any more."""
    shift = _get_shown(actor, shift_id)
    first, last = check_times(shift)
    due = shift.starts_at - PACKET_OPENS_BEFORE
    if not due <= clock.now() < last:
        raise PacketNotDue(since=_shown(due), until=_shown(last))
    audit.record(actor, shift, "issue_packet")
    return list(codes.packet(code_key(), shift_id, first, last))


def _get_shown(actor: Actor, shift_id: UUID) -> Shift:
    shift = get_led(actor, Permission.VOLUNTEER_SHIFT_SHOW_CODE, shift_id)
    if shift.activity.status in (ActivityStatus.DRAFT, ActivityStatus.CANCELLED):
        raise ActivityNotOpen
    return shift


def check_times(shift: Shift) -> tuple[datetime, datetime]:
    """From when people check in, and until when they check out."""
    first = shift.starts_at - CHECK_IN_OPENS_BEFORE
    return first, shift.counted_until + CHECK_OUT_CLOSES_AFTER


def beside(shift_id: UUID) -> list[UUID]:
    """The shift and the posts beside it: shifts of the same activity at the same time.

    Raises NotFound."""
    scanned = aliased(Shift)
    query = (
        select(Shift.id)
        .join(scanned, scanned.activity_id == Shift.activity_id)
        .where(
            scanned.id == shift_id,
            Shift.starts_at < scanned.ends_at,
            Shift.ends_at > scanned.starts_at,
        )
    )
    if not (found := list(db.session.scalars(query))):
        raise NotFound
    return found


def _shown(instant: datetime) -> str:
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
