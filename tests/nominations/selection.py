"""One selection with all its people and its days."""

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import select

from accounts.permissions import ROLE_PERMISSIONS, Role
from accounts.services import roles
from core import audit, clock
from core.actor import SYSTEM, Actor, Grant, ScopeKind
from core.db import Base, db
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.models.campaigns import Campaign
from nominations.models.consultations import Department
from nominations.models.nominations import Nomination
from nominations.models.nominators import Nominator
from nominations.models.notices import Notice
from nominations.models.panels import Panelist
from nominations.rules import Quota, Rules, Step
from nominations.services import (
    ladder,
    notice_days,
    panels,
    quarantine,
    stages,
    tally,
)
from tests.factories import nominations as make
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.panels import over

C, N = CampaignStatus, NominationStatus

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""A Monday; no holiday but Qingming and those of May until all is over."""

WEIDU, CHANGGE = "411002", "411082"

RULES = Rules(
    steps=(Step.COUNTY, Step.CITY, Step.CONSULTATION, Step.VISIT, Step.ASSESSMENT, Step.PANEL),
    departments=("police",),
    recommendations=Quota(by_place={WEIDU: 2}),
    winners=Quota(by_category={"helping_others": 1}),
)


def cast() -> dict[str, Actor]:
    """Everybody by what they are."""

    def reviews(code: str | None, name: str) -> Actor:
        return replace(make.reviewer(code), facts=frozenset({name}))

    department = db.session.scalars(select(Department).where(Department.code == "police")).one()
    asked = person("公安联络员")
    of_department = Grant(
        Role.CONSULTANT,
        frozenset(ROLE_PERMISSIONS[Role.CONSULTANT]),
        ScopeKind.CHANNEL,
        department.id,
    )
    roles.bestow(
        SYSTEM,
        asked.id,
        role=Role.CONSULTANT,
        scope_kind=ScopeKind.CHANNEL,
        scope_id=department.id,
    )
    people = {name: actor_of(person(name)) for name in ("citizen", "voter", "nominator", "other")}
    people |= {name: actor_of(person(name)) for name in ("panelist", "panelist2", "panelist3")}
    return people | {
        "weidu": reviews(WEIDU, "weidu"),
        "weidu2": reviews(WEIDU, "weidu2"),
        "changge": reviews(CHANGGE, "changge"),
        "changge2": reviews(CHANGGE, "changge2"),
        "city": reviews(None, "city"),
        "city2": reviews(None, "city2"),
        "city3": reviews(None, "city3"),
        "consultant": actor_of(asked, of_department),
        "moderator": actor_of(person("moderator"), grant(Role.MODERATOR)),
        "admin": actor_of(person("admin"), grant(Role.ADMIN)),
        "admin2": actor_of(person("admin2"), grant(Role.ADMIN)),
    }


class Selection:
    """A campaign with three cases: one of a citizen, one of a reviewer of the same county, and
    one of bravery in another county. `at` is the present."""

    def __init__(self, people: dict[str, Actor]) -> None:
        self.at = START
        with clock.frozen(START):
            self.campaign_id = self._campaign().id
            self.people = people | {
                "supervisor": actor_of(person("监督"), over(Role.SUPERVISOR, self.campaign_id)),
            }
            for name in ("panelist", "panelist2", "panelist3"):
                sits = Grant(
                    Role.PANELIST,
                    frozenset(ROLE_PERMISSIONS[Role.PANELIST]),
                    ScopeKind.CAMPAIGN,
                    self.campaign_id,
                )
                actor = people[name]
                self.people[name] = replace(actor, grants=(*actor.grants, sits))
            self.cases = [
                self._draft("nominator", "茅照邻", site("411002001").id),
                self._draft("weidu2", "茅昭林", site("411002001").id),
                self._draft("other", "边孤鸿", site(CHANGGE).id, category_code="bravery"),
            ]
        self.names = dict(zip(self.cases, ("茅照邻", "茅昭林", "边孤鸿"), strict=True))
        self.tokens: dict[UUID, str] = {}
        self.done: set[tuple[object, ...]] = set()

    def copy(self) -> Self:
        """The same selection, to go on from here in another way."""
        other = copy.copy(self)
        other.tokens, other.done = dict(self.tokens), set(self.done)
        return other

    def _campaign(self) -> Campaign:
        return make.campaign(
            C.ANNOUNCED,
            rules=RULES,
            nominations_open_at=START + timedelta(days=1),
            nominations_close_at=START + timedelta(days=11),
            assessment_open_at=START + timedelta(days=21),
            assessment_close_at=START + timedelta(days=31),
            judging_close_at=START + timedelta(days=51),
        )

    def _draft(self, by: str, name: str, site_id: UUID, **facts: Any) -> UUID:
        campaign = db.session.get_one(Campaign, self.campaign_id)
        made = make.nomination(
            campaign, N.DRAFT, nominee_name=name, site_id=site_id, consented_at=None, **facts
        )
        author = self.people[by].id
        db.session.query(Nominator).filter_by(nomination_id=made.id).update({"person_id": author})
        made.nominator_id = author
        db.session.flush()
        audit.record(SYSTEM, made, "create", to_status=made.status)
        return made.id

    @property
    def campaign(self) -> Campaign:
        return db.session.get_one(Campaign, self.campaign_id, populate_existing=True)

    def case(self, nomination_id: UUID) -> Nomination:
        return db.session.get_one(Nomination, nomination_id, populate_existing=True)

    def last(self, model: type[Base], **of: Any) -> Any:
        """The latest row of a kind, or one that is not there."""
        found = db.session.query(model).filter_by(**of).order_by(model.id.desc()).first()  # type: ignore[attr-defined]
        return found or model(id=UUID(int=0))

    def notice(self) -> Notice:
        found: Notice = self.last(Notice, campaign_id=self.campaign_id)
        return found

    def seat_of(self, who: Actor) -> UUID:
        found = select(Panelist.id).where(Panelist.person_id == who.person_id)
        of_campaign = found.where(Panelist.panel.has(campaign_id=self.campaign_id))
        return db.session.scalar(of_campaign) or UUID(int=0)

    def wait(self, days: int) -> None:
        """Days pass; the jobs run on the last of them, for they survive downtime."""
        self.at += timedelta(days=days)
        with clock.frozen(self.at):
            self.run_jobs()

    def run_jobs(self) -> None:
        while tally.seal(self.campaign_id):
            pass
        while quarantine.score(self.campaign_id):
            pass
        stages.advance(self.campaign_id)
        for nomination_id in self.cases:
            ladder.pass_up(nomination_id)
        due = set(notice_days.to_advance())
        of_campaign = select(Notice.id).where(Notice.campaign_id == self.campaign_id)
        for notice_id in sorted(due & set(db.session.scalars(of_campaign))):
            notice_days.advance(SYSTEM, notice_id)
        if self.campaign_id in panels.to_close():
            panels.close_due(SYSTEM, self.campaign_id)
        stages.advance(self.campaign_id)
