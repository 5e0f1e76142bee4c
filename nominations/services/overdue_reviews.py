"""Cases that wait too long on a step: its reviewers are reminded once a week, later those of the
level above."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select

from accounts.models.sites import Site
from accounts.permissions import Role
from accounts.services import roles, sites
from core import clock
from core.db import db
from core.workdays import Workdays
from nominations.lifecycles import STAGES
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.rules import Step
from nominations.services import cases, ladder, nominators, places
from volunteer.services import holidays

WORKING_DAYS = 5
"""A step should be decided within so many working days (ours)."""
ESCALATES_AFTER = 2 * WORKING_DAYS
"""Then the level above hears of it."""

DAY = timedelta(days=1)


def cutoff() -> datetime:
    """What waits since before this instant waits longer than WORKING_DAYS."""
    return clock.start_of(_last_overdue_day(holidays.workdays(), clock.today()) + DAY)


def _last_overdue_day(calendar: Workdays, today: date) -> date:
    """The latest day after which more than WORKING_DAYS working days have come, today among
    them."""
    day, passed = today, 0
    while passed <= WORKING_DAYS:
        passed += calendar.is_workday(day)
        day -= DAY
    return day


def to_remind() -> list[UUID]:
    """Cases that are overdue; nobody is reminded on a day off."""
    if not holidays.workdays().is_workday(clock.today()):
        return []
    query = (
        select(Nomination.id)
        .join(Campaign, Campaign.id == Nomination.campaign_id)
        .where(
            Nomination.step.is_not(None),
            Nomination.step_since < cutoff(),
            Campaign.status.in_(STAGES["pass"]),
        )
    )
    return list(db.session.scalars(query))


def remind(nomination_id: UUID) -> None:
    """Tell those who may decide, once a case, step and week; done by a job."""
    nomination = cases.find(nomination_id)
    step, since = nomination.step, nomination.step_since
    if step is None or since is None or since >= cutoff():
        return
    today = clock.today()
    days = holidays.workdays().between(clock.day_of(since), today)
    told = set(places.deciders(nomination, step, nomination.step_site_id))
    if days > ESCALATES_AFTER:
        told |= set(_above(nomination, step)) - set(nominators.of(nomination.id))
    week = today.isocalendar()
    cause = uuid5(nomination.id, f"{step}:{since.isoformat()}:{week.year}-{week.week}")
    values = {"step": ladder.NAMES[step], "days": str(days)}
    nominators.tell_people(sorted(told), nomination, "review_overdue", cause, **values)


def _above(nomination: Nomination, step: Step) -> list[UUID]:
    """The reviewers of the nearest level above; of the city for a channel, nobody above it."""
    if step is Step.CITY:
        return []
    site = db.session.get(Site, nomination.step_site_id) if nomination.step_site_id else None
    parent_id = site.parent_id if site is not None else None
    above = db.session.get(Site, parent_id) if parent_id else None
    return roles.holders_at(Role.REVIEWER, above or sites.root())
