"""Lists of the people behind the seats: whom to call, whom the insurer covers.

They show real names, phones and ID numbers, so each look is written into the audit log before
the answer leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from accounts.permissions import Permission
from accounts.services import guardians, persons
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.sheets import csv_of
from volunteer import policies
from volunteer.errors import ActivityNotOpen, ActivityNotRisky, CallListClosed
from volunteer.lifecycles import ActivityStatus, SignupStatus
from volunteer.models.activities import Activity, RiskLevel
from volunteer.models.signups import LIVE, Signup
from volunteer.services import activities

CALLS_BEFORE = timedelta(days=7)
CALLS_AFTER = timedelta(days=1)
"""People are called around the activity; at other times nobody needs their phone."""


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody signed up for a shift, as the leader may call them."""

    shift_id: UUID
    starts_at: datetime
    name: str
    phone: str | None
    status: SignupStatus
    """Of the sign-up."""
    is_minor: bool
    companion: str | None
    """Who comes along with a minor, as their guardian said."""


@dataclass(frozen=True, slots=True)
class Insured:
    """Somebody with a seat, as the insurer needs them."""

    name: str
    id_number: str | None
    born_on: date | None


@dataclass(frozen=True, slots=True)
class CallList:
    items: Sequence[Callee]


@dataclass(frozen=True, slots=True)
class InsuredList:
    insurance_number: str | None
    items: Sequence[Insured]


def call(actor: Actor, activity_id: UUID) -> CallList:
    """Names and phones of everybody signed up, from a week before the activity to a day after.
    Of an activity called off, also those whom a job released already.

    Raises NotFound unless the actor leads it, stands in or organises; CallListClosed."""
    activity = activities.load(activity_id)
    policies.require_lead(actor, Permission.VOLUNTEER_ROSTER_CALL, activity)
    if not _is_near(activity):
        raise CallListClosed
    audit.record(actor, activity, "call_list")
    begins = {shift.id: shift.starts_at for shift in activity.shifts}
    found = _signups(activity)
    minors = {s.person_id for s in found if persons.is_minor(s.person)}
    companions = guardians.companions_of(minors)
    return CallList(
        [
            Callee(
                signup.shift_id,
                begins[signup.shift_id],
                signup.person.name or "",
                signup.person.phone,
                signup.status,
                signup.person_id in minors,
                companions.get(signup.person_id),
            )
            for signup in found
        ]
    )


def _is_near(activity: Activity) -> bool:
    if activity.published_at is None or activity.starts_at is None or activity.ends_at is None:
        return False
    if activity.status is ActivityStatus.POSTPONED:
        return True
    return activity.starts_at - CALLS_BEFORE <= clock.now() < activity.ends_at + CALLS_AFTER


def insure(actor: Actor, activity_id: UUID, *, reason: str) -> InsuredList:
    """Names and ID numbers of everybody with a seat in a risky activity, for the insurer.

    Raises NotFound unless the actor organises it, ActivityNotRisky, ActivityNotOpen once it is
    over or called off."""
    activity = activities.load(activity_id)
    activities.require_organizer(actor, Permission.VOLUNTEER_ROSTER_INSURE, activity)
    if activity.risk_level is RiskLevel.NONE:
        raise ActivityNotRisky
    if activity.status not in (ActivityStatus.PUBLISHED, ActivityStatus.POSTPONED):
        raise ActivityNotOpen
    audit.record(actor, activity, "insured_list", reason=reason)
    seated = (s for s in _signups(activity) if s.status is SignupStatus.CONFIRMED)
    people = {signup.person_id: signup.person for signup in seated}
    return InsuredList(
        activity.insurance_number,
        [Insured(p.name or "", p.id_number, p.born_on) for p in people.values()],
    )


def insure_as_csv(actor: Actor, activity_id: UUID, *, reason: str) -> bytes:
    """The same list as a spreadsheet, for the insurer. Raises as `insure` does."""
    listed = insure(actor, activity_id, reason=reason)
    born = (p.born_on.isoformat() if p.born_on else "" for p in listed.items)
    people = ((p.name, p.id_number, day) for p, day in zip(listed.items, born, strict=True))
    return csv_of(("姓名", "身份证号码", "出生日期"), people)


def _signups(activity: Activity) -> Sequence[Signup]:
    """Sign-ups that are live, or were until the activity was called off, with their people."""
    is_wanted: Any = LIVE
    if activity.cancelled_at is not None:
        is_wanted = or_(LIVE, Signup.cancelled_at >= activity.cancelled_at)
    query = (
        select(Signup)
        .where(Signup.shift_id.in_([shift.id for shift in activity.shifts]), is_wanted)
        .order_by(Signup.shift_id, Signup.id)
        .options(selectinload(Signup.person))
    )
    return db.session.scalars(query).all()
