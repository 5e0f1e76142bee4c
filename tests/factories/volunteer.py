"""Organisations, projects, activities and shifts, made by the services that people use."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import delete, update

from accounts.models.inbox import InboxMessage
from accounts.models.persons import Person
from accounts.models.sites import Site
from accounts.permissions import Role
from core import clock
from core.actor import Actor
from core.clock import SHANGHAI
from core.db import db
from core.ids import new_id
from core.outbox import Message
from jobs.runner import JobContext, Work
from tests.factories.accounts import actor_of, grant, person, site
from volunteer.actions import Action
from volunteer.codes import issue
from volunteer.models.activities import Activity
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.shifts import Shift
from volunteer.services import activities, attendances, organizations, projects, shifts, signups

NINE = datetime(2027, 5, 1, 9, 0, tzinfo=SHANGHAI)
"""A Saturday morning, on which shifts begin unless a test says otherwise."""

DAY_BEFORE = NINE - timedelta(days=1)

HOUR = timedelta(hours=1)

_serial = itertools.count(1)


@dataclass(frozen=True)
class Scene:
    """A published activity with one shift, and the people around it."""

    staff: Actor
    organizer: Actor
    """Also leads the activity."""
    site_id: UUID
    organization_id: UUID
    project_id: UUID
    activity_id: UUID
    shift_id: UUID


def staff(over: Site | None = None, name: str = "李审核") -> Actor:
    """Staff of a site and all below it."""
    return actor_of(person(name), grant(Role.SITE_STAFF, over=over or site()))


def volunteer(name: str = "王志愿") -> Actor:
    return actor_of(person(name))


def organizer_of(applicant: Person, organization: Organization) -> Actor:
    return actor_of(applicant, grant(Role.ORGANIZER, organization=organization.id))


def organization(
    applicant: Person, by: Actor | None = None, *, name: str | None = None
) -> Organization:
    """An approved organisation of the default site."""
    found = organizations.apply(
        actor_of(applicant),
        name=name or f"许昌市第{next(_serial)}志愿服务队",
        site_id=site().id,
        summary="为社区老人服务",
    )
    approved = organizations.approve(by or staff(), found.id)
    forget_decisions()
    return approved


def project(organizer: Actor, organization: Organization, by: Actor) -> Project:
    """An approved project."""
    found = projects.create(
        organizer,
        organization_id=organization.id,
        action=Action.RURAL_SERVICE,
        category_code="community_service",
        title="邻里守望",
        summary="每周六上门服务",
    )
    projects.submit(organizer, found.id)
    approved = projects.approve(by, found.id)
    forget_decisions()
    return approved


def scene(
    *,
    capacity: int = 10,
    starts_at: datetime = NINE,
    minutes: int = 120,
    title: str = "周六清洁家园",
    published: bool = True,
) -> Scene:
    """A shift to which people can sign up, all made on the day before it."""
    with clock.frozen(starts_at - timedelta(days=1)):
        reviewer, applicant = staff(), person("赵队长")
        team = organization(applicant, reviewer)
        organizer = organizer_of(applicant, team)
        work = project(organizer, team, reviewer)
        activity = activities.create(
            organizer, project_id=work.id, title=title, place="文峰社区服务站门口"
        )
        shift = shifts.create(
            organizer,
            activity.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
            capacity=capacity,
        )
        made = Scene(reviewer, organizer, site().id, team.id, work.id, activity.id, shift.id)
        if published:
            publish(made)
    return made


def publish(made: Scene) -> None:
    """Handed in, approved and published, all at once; that its organizer was told is forgotten,
    so that a test finds only messages of its own."""
    activities.submit(made.organizer, made.activity_id)
    activities.approve(made.staff, made.activity_id)
    activities.publish(made.organizer, made.activity_id)
    forget_decisions()


def forget_decisions() -> None:
    """That somebody was told what was decided on what they applied for or handed in."""
    for template in ("organization_decided", "project_decided", "activity_decided"):
        told = Message.dedupe_key.startswith(f"{template}:")
        db.session.execute(delete(Message).where(told))
        db.session.execute(delete(InboxMessage).where(InboxMessage.template == template))


def ask(made: Scene, **terms: Any) -> None:
    """Give the activity terms (columns) that were not asked for when it was made."""
    db.session.execute(update(Activity).where(Activity.id == made.activity_id).values(**terms))
    db.session.expire_all()


def second_shift(
    made: Scene, *, starts_at: datetime, minutes: int = 120, capacity: int = 10
) -> UUID:
    """Another shift of the activity."""
    shift = Shift(
        id=new_id(),
        activity_id=made.activity_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        capacity=capacity,
    )
    db.session.add(shift)
    db.session.flush()
    return shift.id


def signed_up(made: Scene, name: str = "王志愿") -> Actor:
    """A volunteer with a seat, since the day before."""
    who = volunteer(name)
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(who, made.shift_id)
    return who


def checked_in(made: Scene, name: str = "王志愿", at: datetime = NINE) -> Actor:
    who = signed_up(made, name)
    with clock.frozen(at):
        attendances.check_in(who, code=code_of(made.shift_id))
    return who


def code_of(shift_id: UUID) -> str:
    """What the leader's phone shows at this moment."""
    return issue(shifts.code_key(), shift_id, clock.now()).code


def digits_of(shift_id: UUID) -> str:
    """What it shows beneath, for who can't scan."""
    return issue(shifts.code_key(), shift_id, clock.now()).digits


def run(app: Flask, job: Work) -> int:
    """Run a job now, as the scheduler would; gives the number of its items."""
    with app.app_context():
        return job(JobContext(app))
