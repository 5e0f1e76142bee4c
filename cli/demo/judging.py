"""Plays selections with a panel: one that judges now, and what those on notice share with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from accounts.permissions import Role
from accounts.services import roles
from cli.demo import good_people
from cli.demo.nominees import Nominee
from cli.demo.selection import Assessed
from core.actor import ScopeKind
from nominations.lifecycles import BallotPeriod, HonorKind
from nominations.rules import USUAL_RUBRIC, Quota, Step
from nominations.services import (
    declarations,
    panel_scores,
    panelists,
    panels,
    quarantine,
    stages,
    tally,
)

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

ADMIN, DEPUTY, SUPERVISOR = "demo-admin", "demo-deputy", "demo-supervisor"
"""The second fixes what the first has computed."""

VOTERS = range(10, 50)


class Judged(Assessed):
    """A selection whose candidates were assessed and are judged by a panel."""

    kind = HonorKind.GOOD_PERSON
    period = BallotPeriod.ONCE
    has_hidden_counts = True
    nominees: Sequence[Nominee]
    winners_each = 1
    """Planned in a category."""
    members: Sequence[int] = good_people.PANEL[:3]
    """Citizens."""

    def recommend_all(self, first: datetime) -> None:
        """Two nominees a day, from the evening `first` on."""
        for order, nominee in enumerate(self.nominees):
            self.nominate(nominee, first + order * DAY / 2)

    def assess(self, opens: datetime, closes: datetime) -> None:
        """Citizens vote, the panel is seated meanwhile; in the end every ballot is counted."""
        self.vote(opens, closes - DAY, VOTERS)
        self.script.at(opens + DAY, self.seat_panel)
        self.script.at(closes, self._count)

    def _count(self) -> None:
        while tally.seal(self.id):
            pass
        while quarantine.score(self.id):
            pass
        stages.advance(self.id)

    def seat_panel(self) -> None:
        """The office invites; everybody accepts and declares about every candidate."""
        office = self.cast.staff[ADMIN]
        for number in self.members:
            member = self.cast.citizens[number]
            seat = panelists.invite(office, self.id, person_id=member.id)
            panelists.accept(member, seat.id)
            for nomination_id in self._without_conflict(number, self.nominees):
                declarations.declare(member, nomination_id, conflict=False)

    def _without_conflict(self, number: int, nominees: Sequence[Nominee]) -> list[UUID]:
        """Nominations by others than this member, who is recused for their own."""
        return [self.nominated[n.key] for n in nominees if n.nominator != number]

    def open_judging(self) -> None:
        panels.open_judging(self.cast.staff[ADMIN], self.id)

    def score(self, number: int, nominees: Sequence[Nominee]) -> None:
        """A member marks these nominees; the earlier ones better, by whole points."""
        member = self.cast.citizens[number]
        criteria: list[Any] = [criterion.code for criterion in USUAL_RUBRIC]
        for order, nomination_id in enumerate(self._without_conflict(number, nominees)):
            marks = [
                {"criterion": code, "points": Decimal(95 - 3 * order - (number + n) % 4)}
                for n, code in enumerate(criteria)
            ]
            panel_scores.score(member, nomination_id, marks=marks)

    def score_all(self, number: int) -> None:
        self.score(number, self.nominees)
        panel_scores.submit(self.cast.citizens[number], self.id)

    def let_supervise(self) -> None:
        """The administrator lets a notary look at everything of this selection."""
        roles.grant(
            self.cast.staff[ADMIN],
            self.cast.staff[SUPERVISOR].id,
            role=Role.SUPERVISOR,
            scope_kind=ScopeKind.CAMPAIGN,
            scope_id=self.id,
        )

    def short_list_rules(self) -> Mapping[str, Any]:
        """What differs from the usual ones."""
        each = dict.fromkeys(
            ("helping_others", "bravery", "integrity", "dedication", "filial_piety"),
            self.winners_each,
        )
        return MappingProxyType(
            {
                "steps": (Step.COUNTY, Step.ASSESSMENT, Step.PANEL),
                "deeds_min_chars": good_people.DEEDS_MIN,
                "winners": Quota(by_category=MappingProxyType(each)),
            }
        )


class Judging(Judged):
    """Its panel judges now, for another nine days; some marks are still missing."""

    title = good_people.JUDGED
    nominees = good_people.TO_JUDGE
    members = good_people.PANEL

    def plan(self) -> None:
        self.rules = self.short_list_rules()
        announced, opens, closes = self.day(-56, 9), self.day(-20, 9), self.day(-6, 18)
        self.announce(
            announced,
            {
                "nominations_open_at": self.day(-54, 9),
                "nominations_close_at": self.day(-24, 18),
                "assessment_open_at": opens,
                "assessment_close_at": closes,
                "judging_close_at": self.day(9, 18),
            },
        )
        self.script.at(announced + HOUR, self.let_supervise)
        self.recommend_all(self.day(-50, 19))
        self.assess(opens, closes)
        self.script.at(self.day(-5, 9), self.open_judging)
        for order, number in enumerate(good_people.SUBMITTED):
            self.script.at(self.day(-4 + order, 15), partial(self.score_all, number))
        self.script.at(
            self.day(-2, 20), partial(self.score, good_people.HALF_WAY, self.nominees[:2])
        )
