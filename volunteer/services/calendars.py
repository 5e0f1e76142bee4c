"""A person's shifts in their own calendar.

A calendar program can't send a bearer token, so the address of the feed is the secret: 256 random
bits, stored as SHA-256, given once, replaced by asking again, and revocable. The feed tells what,
where and when, and nothing about anybody.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager

from core import clock
from core.actor import Actor
from core.db import db, insert_if_absent
from core.deferred import Deferred
from core.errors import NotFound
from volunteer.lifecycles import ActivityStatus, SignupStatus
from volunteer.models.activities import Activity
from volunteer.models.calendars import CalendarFeed
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup

icalendar = Deferred("icalendar")

KEPT = timedelta(days=30)
"""So long a shift stays in the feed after its end."""


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A fresh feed; the only moment at which the token is known."""

    token: str
    created_at: datetime

    @property
    def path(self) -> str:
        return f"/api/v1/calendar/{self.token}.ics"


def create_feed(actor: Actor) -> NewFeed:
    """Give the actor a new address, and forget the one before."""
    token, at = secrets.token_urlsafe(32), clock.now()
    revoke_feed(actor)
    insert_if_absent(CalendarFeed, person_id=actor.id, token_hash=_hash(token), created_at=at)
    return NewFeed(token, at)


def revoke_feed(actor: Actor) -> None:
    """Forget the actor's address, if there is one."""
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.person_id == actor.id))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def feed(token: str) -> bytes:
    """The confirmed shifts of the person to whom the token was given, as iCalendar (RFC 5545).

    Raises NotFound."""
    person_id = db.session.scalar(
        select(CalendarFeed.person_id).where(CalendarFeed.token_hash == _hash(token))
    )
    if person_id is None:
        raise NotFound
    query = (
        select(Signup)
        .join(Signup.shift)
        .join(Shift.activity)
        .where(
            Signup.person_id == person_id,
            Signup.status == SignupStatus.CONFIRMED,
            Activity.status == ActivityStatus.PUBLISHED,
            Shift.ends_at > clock.now() - KEPT,
        )
        .order_by(Shift.starts_at, Shift.id)
        .options(contains_eager(Signup.shift).contains_eager(Shift.activity))
    )
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Xuchang//Liancheng//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "我的志愿服务")
    for signup in db.session.scalars(query):
        calendar.add_component(_event(signup))
    return bytes(calendar.to_ical())


def _event(signup: Signup) -> Any:
    shift, activity = signup.shift, signup.shift.activity
    event = icalendar.Event()
    event.add("uid", f"{signup.id}@liancheng")
    # When it was confirmed rather than now, so that an unchanged feed has an unchanged ETag.
    event.add("dtstamp", signup.confirmed_at)
    event.add("dtstart", shift.starts_at)
    event.add("dtend", shift.ends_at)
    event.add("summary", f"{activity.title}（{shift.post}）" if shift.post else activity.title)
    event.add("location", activity.place)
    return event
