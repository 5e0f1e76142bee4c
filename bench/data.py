"""What the scenarios work on, written straight into the database: signed-in people with real
names who have served before, a campaign under assessment, and published activities with shifts."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from flask import Flask
from sqlalchemy import func, insert, select

from accounts.models.persons import Person, WeChatIdentity
from accounts.models.sessions import SessionKind, SignInSession
from accounts.models.sites import Site
from bench.bulk import store
from core import clock
from core.db import atomically, db
from core.ids import new_id
from core.wechat import TextVerdict
from nominations.lifecycles import (
    BallotPeriod,
    CampaignStatus,
    HonorKind,
    NominationStatus,
    NomineeKind,
)
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.models.campaigns import Campaign, CampaignCategory
from nominations.models.nominations import Nomination
from nominations.rules import Rules
from nominations.services.reference import CATEGORIES
from volunteer.actions import Action
from volunteer.lifecycles import ActivityStatus, OrganizationStatus, ProjectStatus, SignupStatus
from volunteer.models.activities import Activity
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.models.shifts import LARGEST_CAPACITY, Shift
from volunteer.models.signups import Signup
from volunteer.services.reference import SERVICE_CATEGORIES

ACTIVITIES = 200
NOMINEES_PER_CATEGORY = 8
CHUNK = 2_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class World:
    """Where the requests go."""

    tokens: Sequence[str]
    """Of a person each, all volunteers with a registered real name."""
    campaign: UUID
    candidates: Sequence[Sequence[UUID]]
    """By category."""
    hot_shift: UUID
    keyed_shift: UUID
    """As hot, for requests with an Idempotency-Key."""
    shifts: Sequence[UUID]
    """The others. None overlaps a hot one, so a person can have a seat in each."""


def fill(app: Flask, people: int) -> World:
    """Store everything in an empty, migrated database with reference data."""
    return in_transaction(app, lambda: _world(people), write=True)


def _world(people: int) -> World:
    tokens = [token for _ in range(0, people, CHUNK) for token in sign_in(CHUNK)][:people]
    staff = db.session.scalars(select(Person.id).order_by(Person.id).limit(2)).all()
    campaign_id, candidates = _campaign(staff[0])
    project = _project(*staff)
    _served(project)
    hot, keyed, *others = _shifts(project)
    return World(tokens, campaign_id, candidates, hot, keyed, others)


def sign_in(count: int, kind: SessionKind = SessionKind.WECHAT) -> list[str]:
    """That many registered people, each signed in; their tokens."""
    at = clock.now()
    ids = [new_id() for _ in range(count)]
    tokens = [secrets.token_urlsafe(32) for _ in ids]
    db.session.execute(
        insert(Person),
        [
            {
                "id": person_id,
                "nickname": "测试",
                "name": "测试",
                "id_number_index": secrets.token_bytes(32),
                "registered_at": at,
                "created_at": at,
            }
            for person_id in ids
        ],
    )
    db.session.execute(
        insert(WeChatIdentity),
        [{"openid": f"bench-{i.hex}", "person_id": i, "last_seen_at": at} for i in ids],
    )
    db.session.execute(
        insert(SignInSession),
        [
            {
                "id": new_id(),
                "token_hash": hashlib.sha256(token.encode()).digest(),
                "person_id": person_id,
                "kind": kind,
                "created_at": at,
                "last_seen_at": at,
                "expires_at": at + timedelta(days=30),
            }
            for person_id, token in zip(ids, tokens, strict=True)
        ],
    )
    return tokens


def _campaign(staff: UUID) -> tuple[UUID, list[list[UUID]]]:
    """A campaign under assessment with candidates in every category."""
    at = clock.now()
    campaign = Campaign(
        id=new_id(),
        title="第二十届许昌好人评选",
        kind=HonorKind.GOOD_PERSON,
        status=CampaignStatus.ASSESSING,
        nominations_open_at=at - timedelta(days=30),
        nominations_close_at=at - timedelta(days=10),
        assessment_open_at=at - timedelta(days=1),
        assessment_close_at=at + timedelta(days=1),
        max_choices=len(CATEGORIES),
        max_per_category=1,
        period=BallotPeriod.ONCE,
        has_hidden_counts=True,
        created_by=staff,
        created_at=at - timedelta(days=31),
        announced_at=at - timedelta(days=31),
        rules=Rules(),
        rules_frozen_at=at - timedelta(days=30),
    )
    db.session.add(campaign)
    db.session.flush()
    for position, (code, name) in enumerate(CATEGORIES, start=1):
        db.session.add(
            CampaignCategory(campaign_id=campaign.id, code=code, name=name, position=position)
        )
    db.session.flush()
    return campaign.id, [_candidates(campaign, code, staff) for code, _ in CATEGORIES]


def _candidates(campaign: Campaign, category: str, nominator: UUID) -> list[UUID]:
    nominations = [
        Nomination(
            id=new_id(),
            campaign_id=campaign.id,
            category_code=category,
            nominator_id=nominator,
            nominee_name=f"候选人{n}",
            nominee_kind=NomineeKind.PERSON,
            site_id=_site(),
            summary="二十年如一日照料邻里老人",
            deeds="事迹" * 400,
            status=NominationStatus.CANDIDATE,
            text_verdict=TextVerdict.PASS,
            created_at=campaign.nominations_open_at,
            submitted_at=campaign.nominations_open_at,
        )
        for n in range(NOMINEES_PER_CATEGORY)
    ]
    db.session.add_all(nominations)
    db.session.flush()
    return [nomination.id for nomination in nominations]


def _site() -> UUID:
    return db.session.scalars(select(Site.id).order_by(Site.path).limit(1)).one()


def _project(applicant: UUID, staff: UUID) -> Project:
    at = clock.now()
    decided = {"decided_by": staff, "decided_at": at, "created_at": at}
    organization = Organization(
        id=new_id(),
        name="莲城志愿服务队",
        site_id=_site(),
        summary="为社区老人服务",
        applicant_id=applicant,
        status=OrganizationStatus.APPROVED,
        **decided,
    )
    db.session.add(organization)
    db.session.flush()
    project = Project(
        id=new_id(),
        organization_id=organization.id,
        site_id=organization.site_id,
        action=Action.RURAL_SERVICE,
        category_code=SERVICE_CATEGORIES[0][0],
        title="助老乡村行",
        summary="每周为村里老人理发、体检、修电器",
        created_by=applicant,
        status=ProjectStatus.APPROVED,
        submitted_at=at,
        **decided,
    )
    db.session.add(project)
    db.session.flush()
    return project


def _served(project: Project) -> None:
    """Everybody served a month ago: a database whose tables are empty would be planned for as
    such, and no city's is after its first Saturday."""
    people = db.session.scalars(select(Person.id).order_by(Person.id)).all()
    at = clock.now() - timedelta(days=30)
    past = {"status": SignupStatus.ATTENDED, "created_at": at, "confirmed_at": at, "is_told": True}
    for first in range(0, len(people), LARGEST_CAPACITY):
        shift_id = _shift(project, at + timedelta(minutes=first), ActivityStatus.FINISHED)
        store(
            Signup,
            [
                {"id": new_id(), "shift_id": shift_id, "person_id": person_id, **past}
                for person_id in people[first : first + LARGEST_CAPACITY]
            ],
        )


def _shifts(project: Project) -> list[UUID]:
    """Published activities with a shift each. The first two shifts have days of their own."""
    at = clock.now()
    return [
        _shift(project, at + timedelta(days=min(n, 2) + 1, minutes=n)) for n in range(ACTIVITIES)
    ]


def _shift(
    project: Project, starts_at: datetime, status: ActivityStatus = ActivityStatus.PUBLISHED
) -> UUID:
    at = clock.now()
    span = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3)}
    activity = Activity(
        id=new_id(),
        project_id=project.id,
        title=f"周末助老活动，{starts_at:%d 日 %H:%M}",
        place="魏都区七一路社区广场",
        leader_id=project.created_by,
        status=status,
        published_at=at,
        created_by=project.created_by,
        created_at=at,
        **span,
    )
    db.session.add(activity)
    db.session.flush()
    shift = Shift(id=new_id(), activity_id=activity.id, capacity=LARGEST_CAPACITY, **span)
    db.session.add(shift)
    db.session.flush()
    return shift.id


def stored_ballots(app: Flask, world: World) -> set[int]:
    """How many ballots are stored and how many wait to be counted; no scheduler runs beside a
    measurement, so the two must be one number."""
    ballots = select(func.count()).where(Ballot.campaign_id == world.campaign)
    unsealed = select(func.count()).where(UnsealedBallot.campaign_id == world.campaign)
    return in_transaction(
        app, lambda: {db.session.scalars(q).one() for q in (ballots, unsealed)}, write=False
    )


def stored_signups(app: Flask, shifts: Sequence[UUID]) -> set[int]:
    """How many sign-ups of these shifts are stored and how many the shifts have counted; the
    two must be one number."""
    rows = select(func.count()).where(Signup.shift_id.in_(shifts))
    counted = select(func.sum(Shift.seats_taken + Shift.waiting)).where(Shift.id.in_(shifts))
    return in_transaction(
        app, lambda: {int(db.session.scalars(q).one()) for q in (rows, counted)}, write=False
    )


def in_transaction(app: Flask, work: Callable[[], T], *, write: bool) -> T:
    with app.app_context():
        return atomically(app, work, write=write)
