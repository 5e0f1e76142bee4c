"""Shifts: planned in a draft; their rotating check-in code is shown by those who lead them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import case, select
from sqlalchemy.orm import aliased, contains_eager

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
from volunteer.errors import ActivityNotOpen, CodeNotShown, PacketNotDue
from volunteer.lifecycles import ActivityStatus
from volunteer.models.activities import Activity
from volunteer.models.shifts import Rest, Shift
from volunteer.services import activities

LONGEST = timedelta(hours=24)
MINUTE = timedelta(minutes=1)
SHOWING_CODES = (ActivityStatus.PUBLISHED, ActivityStatus.POSTPONED, ActivityStatus.FINISHED)
"""A postponed one too: a shift that had begun is still to be left."""

CHECK_IN_OPENS_BEFORE = timedelta(minutes=30)
CHECK_OUT_CLOSES_AFTER = activities.CLOSES_AFTER
PACKET_OPENS_BEFORE = timedelta(hours=24)

COUNTED_UNTIL = case((Shift.ended_at < Shift.ends_at, Shift.ended_at), else_=Shift.ends_at)
"""`Shift.counted_until` for queries."""


def create(
    actor: Actor,
    activity_id: UUID,
    *,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    post: str = "",
    min_people: int = 0,
    breaks: Iterable[Rest] = (),
) -> Shift:
    """Add a shift to a draft.

    Raises NotFound, ActivityNotEditable, InvalidInput for times that are past, in the wrong
    order or more than 24 hours apart, for more people than seats, or for breaks that are not
    within the shift, overlap or leave no time to serve."""
    activity = activities.load(activity_id, lock=True)
    activities.require_organizer(actor, Permission.VOLUNTEER_SHIFT_CREATE, activity)
    activities.require_editable(activity)
    check_times(starts_at, ends_at)
    _check_people(min_people, capacity)
    break_minutes = minutes_into(starts_at, breaks)
    check_breaks(break_minutes, ends_at - starts_at)
    shift = Shift(
        id=new_id(),
        activity_id=activity_id,
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=capacity,
        post=post,
        min_people=min_people,
        break_minutes=break_minutes,
        seats_taken=0,
        waiting=0,
        queue_tail=0,
    )
    db.session.add(shift)
    db.session.flush()
    audit.record(actor, shift, "create")
    return shift


def update_draft(actor: Actor, shift_id: UUID, changes: Mapping[str, Any]) -> Shift:
    """Change a shift of a draft; `changes` are column values, and `breaks`. Breaks that are not
    given move with its start.

    Raises NotFound, ActivityNotEditable, InvalidInput as `create` does."""
    shift = _of_draft(actor, Permission.VOLUNTEER_SHIFT_UPDATE, shift_id)
    changes = dict(changes)
    starts_at = changes.get("starts_at", shift.starts_at)
    ends_at = changes.get("ends_at", shift.ends_at)
    check_times(starts_at, ends_at)
    if (breaks := changes.pop("breaks", None)) is not None:
        changes["break_minutes"] = minutes_into(starts_at, breaks)
    check_breaks(changes.get("break_minutes", shift.break_minutes), ends_at - starts_at)
    _check_people(
        changes.get("min_people", shift.min_people), changes.get("capacity", shift.capacity)
    )
    for name, value in changes.items():
        setattr(shift, name, value)
    db.session.flush()
    audit.record(actor, shift, "update")
    return shift


def delete(actor: Actor, shift_id: UUID) -> None:
    """Take a shift out of a draft. Raises NotFound, ActivityNotEditable."""
    shift = _of_draft(actor, Permission.VOLUNTEER_SHIFT_DELETE, shift_id)
    audit.record(actor, shift, "delete")
    db.session.delete(shift)
    db.session.flush()


def get_inside(actor: Actor, shift_id: UUID) -> Shift:
    """A shift of an activity that the actor may see from inside. Raises NotFound."""
    shift = load(shift_id)
    activities.get_inside(actor, shift.activity_id)
    return shift


def _of_draft(actor: Actor, permission: Permission, shift_id: UUID) -> Shift:
    """A shift that may be changed; its activity is held until the transaction ends."""
    activity = activities.load(load(shift_id).activity_id, lock=True)
    activities.require_organizer(actor, permission, activity)
    activities.require_editable(activity)
    shift = next((s for s in activity.shifts if s.id == shift_id), None)
    if shift is None:
        raise NotFound
    return shift


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    """Raises InvalidInput for times that are past, in the wrong order or too far apart."""
    if starts_at <= clock.now():
        raise InvalidInput.at("starts_at", "开始时间应晚于现在")
    if ends_at <= starts_at:
        raise InvalidInput.at("ends_at", "结束时间应晚于开始时间")
    if ends_at - starts_at > LONGEST:
        raise InvalidInput.at("ends_at", "一个场次最长 24 小时")


def minutes_into(starts_at: datetime, breaks: Iterable[Rest]) -> list[list[int]]:
    """Breaks as a shift with this start keeps them, in order. Raises InvalidInput for a time that
    is not whole minutes away from the start."""
    ends = sorted((rest.starts_at - starts_at, rest.ends_at - starts_at) for rest in breaks)
    if any(distance % MINUTE for pair in ends for distance in pair):
        raise InvalidInput.at("breaks", "休息时间应为整分钟")
    return [[distance // MINUTE for distance in pair] for pair in ends]


def check_breaks(minutes: Sequence[Sequence[int]], length: timedelta) -> None:
    """Raises InvalidInput for breaks outside a shift of this length, without length of their own,
    that overlap, or that leave no minute to serve."""
    free_from = 0
    for first, after in minutes:
        if first < 0 or after <= first or after * MINUTE > length:
            raise InvalidInput.at("breaks", "休息时间应在场次之内，结束晚于开始")
        if first < free_from:
            raise InvalidInput.at("breaks", "休息时间不能互相重叠")
        free_from = after
    resting = sum(after - first for first, after in minutes)
    if minutes and resting >= length // MINUTE:
        raise InvalidInput.at("breaks", "休息时间不能占满整个场次")


def _check_people(min_people: int, capacity: int) -> None:
    if min_people > capacity:
        raise InvalidInput.at("min_people", "最少人数不能多于名额")


def show_code(actor: Actor, shift_id: UUID) -> codes.CheckInCode:
    """The code of this moment, for check-in and check-out alike.

    Raises NotFound unless the actor leads the shift, ActivityNotOpen when it was called off,
    CodeNotShown outside the hours in which somebody could use it."""
    shift = _get_shown(actor, shift_id)
    at = clock.now()
    first, last = check_window(shift)
    if not first <= at < last:
        raise CodeNotShown(since=shown(first), until=shown(last))
    return codes.issue(code_key(), shift_id, at)


def issue_packet(actor: Actor, shift_id: UUID) -> list[codes.PacketCode]:
    """The codes of the whole shift, to be shown where there is no signal. Who fetched them is
    kept.

    Raises NotFound unless the actor leads the shift, ActivityNotOpen when it was called off,
    PacketNotDue earlier than a day before the start, or once nobody can check out any more."""
    shift = _get_shown(actor, shift_id)
    first, last = check_window(shift)
    due = shift.starts_at - PACKET_OPENS_BEFORE
    if not due <= clock.now() < last:
        raise PacketNotDue(since=shown(due), until=shown(last))
    audit.record(actor, shift, "issue_packet")
    return list(codes.packet(code_key(), shift_id, first, last))


def _get_shown(actor: Actor, shift_id: UUID) -> Shift:
    shift = get_led(actor, Permission.VOLUNTEER_SHIFT_SHOW_CODE, shift_id)
    if shift.activity.status not in SHOWING_CODES:
        raise ActivityNotOpen
    return shift


def check_window(shift: Shift) -> tuple[datetime, datetime]:
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
