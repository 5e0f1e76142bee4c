"""Panels: their members, and campaigns that use one."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.models.persons import Person
from accounts.permissions import ROLE_PERMISSIONS, Role
from core import clock
from core.actor import Actor, Grant, ScopeKind
from nominations.lifecycles import CampaignStatus
from nominations.models.campaigns import Campaign
from nominations.rules import USUAL_RUBRIC, CommitteeMethod, Rules, Step
from nominations.services import declarations, panelists, panels
from tests.factories import nominations as make
from tests.factories.accounts import actor_of, grant, person

SCORED = Rules(steps=(Step.COUNTY, Step.ASSESSMENT, Step.PANEL))
SECRET = Rules(
    steps=(Step.COUNTY, Step.ASSESSMENT, Step.PANEL),
    committee_method=CommitteeMethod.SECRET_BALLOT,
)


@dataclass
class Court:
    """A campaign with candidates, the office that runs it, and its panel."""

    campaign_id: UUID
    office: Actor
    members: list[Actor]
    candidates: list[UUID]

    def declare_all(self) -> None:
        for member in self.members:
            for candidate in self.candidates:
                declarations.declare(member, candidate, conflict=False)

    def open(self) -> None:
        panels.open_judging(self.office, self.campaign_id)


def office() -> Actor:
    return actor_of(person("郗管理"), grant(Role.ADMIN))


def campaign(
    status: CampaignStatus = CampaignStatus.JUDGING, rules: Rules = SCORED, **facts: Any
) -> Campaign:
    closes = {"judging_close_at": clock.now() + timedelta(days=5)}
    return make.campaign(status, rules=rules, **(closes | facts))


def over(role: Role, campaign_id: UUID) -> Grant:
    """A role over one campaign."""
    return Grant(role, frozenset(ROLE_PERMISSIONS[role]), ScopeKind.CAMPAIGN, campaign_id)


def member(
    campaign_id: UUID, by: Actor | None = None, who: Person | None = None, unit: str | None = None
) -> Actor:
    """Somebody who was invited and accepted."""
    who = who or person("钱评委")
    seat = panelists.invite(by or office(), campaign_id, person_id=who.id, unit=unit)
    panelists.accept(actor_of(who), seat.id)
    return actor_of(who, over(Role.PANELIST, campaign_id))


def court(members: int = 3, candidates: int = 2, *, opened: bool = True, **facts: Any) -> Court:
    """A panel whose members have declared no conflict; it judges if it is `opened`."""
    made = campaign(**facts)
    runs = office()
    found = Court(
        made.id,
        runs,
        [member(made.id, runs) for _ in range(members)],
        make.candidates(made, candidates),
    )
    found.declare_all()
    if opened:
        found.open()
    return found


def marks(points: dict[str, str | None] | str = "80") -> list[dict[str, Any]]:
    """The same points by every criterion, or those given."""
    given = points if isinstance(points, dict) else {c.code: points for c in USUAL_RUBRIC}
    return [
        {"criterion": code, "points": None if value is None else Decimal(value)}
        for code, value in given.items()
    ]
