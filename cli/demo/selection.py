"""Plays two campaigns of the demo: one in assessment, one that takes nominations."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cli.demo import nominees, suspects
from cli.demo.cast import Cast, site_id
from cli.demo.deeds import DEEDS
from cli.demo.nominees import Hint, Nominee
from cli.demo.script import Script
from core import clock
from core.actor import SYSTEM, Actor
from core.wechat import TextVerdict
from nominations.lifecycles import BallotPeriod, HonorKind
from nominations.models.clues import ClueSource
from nominations.services import (
    ballots,
    campaigns,
    clues,
    confirmations,
    nominations,
    screenings,
    stages,
    texts,
)
from nominations.services.nominations import TextCheck

SEED = 2026
UNCHECKED = TextCheck(TextVerdict.UNCHECKED, b"")
"""Nobody asked WeChat about these texts; a moderator reads them within the hour."""

WEIDU = "411002"
VOTERS = range(10, 56)
MAX_CHOICES, MAX_PER_CATEGORY = 10, 2

Candidates = dict[str, list[UUID]]
"""Ids of the candidates by category."""


def plan(cast: Cast, script: Script) -> None:
    """Both campaigns up to the present moment."""
    Assessing(cast, script).plan()
    Nominating(cast, script).plan()


class Selection:
    """One campaign: `plan` puts its requests into the script."""

    title: str
    kind: HonorKind
    period: BallotPeriod
    has_hidden_counts: bool
    rules: Mapping[str, Any] | None = None
    """Fields of Rules that are not the usual ones."""

    def __init__(self, cast: Cast, script: Script) -> None:
        self.cast, self.script = cast, script
        self.campaign_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """Of the campaign, once it was drafted."""
        if self.campaign_id is None:
            raise LookupError("the campaign was not drafted yet")
        return self.campaign_id

    def day(self, days: int, hour: int) -> datetime:
        """An hour of the day that is so many days from today."""
        day = clock.day_of(self.cast.now) + timedelta(days=days)
        return clock.start_of(day) + timedelta(hours=hour)

    def announce(self, announced_at: datetime, dates: dict[str, datetime]) -> None:
        """Drafted one day, announced the next, and moved on by each date that has come."""

        facts: dict[str, Any] = {
            "title": self.title,
            "kind": self.kind,
            "period": self.period,
            "has_hidden_counts": self.has_hidden_counts,
            "max_choices": MAX_CHOICES,
            "max_per_category": MAX_PER_CATEGORY,
        }

        def draft() -> None:
            admin = self.cast.staff["demo-admin"]
            made = campaigns.create(admin, rules=self.rules, **facts | dates)
            self.campaign_id = made.id

        self.script.at(announced_at - timedelta(days=1), draft)
        self.script.at(
            announced_at, lambda: campaigns.announce(self.cast.staff["demo-admin"], self.id)
        )
        for date in dates.values():
            if date <= self.cast.now:
                self.script.at(date, lambda: stages.advance(self.id))

    def recommend(
        self, nominee: Nominee, submitted_at: datetime, then: Callable[[UUID], object] | None = None
    ) -> None:
        """Written an hour before it is submitted; two days later comes what `then` does."""

        def write() -> None:
            nominator = self.cast.citizens[nominee.nominator]
            nomination_id = nominations.create(
                nominator,
                self.id,
                category_code=nominee.category,
                nominee_name=nominee.name,
                nominee_kind=nominee.kind,
                nominee_id_number=nominee.id_number,
                site_id=site_id(nominee.site),
                summary=nominee.summary,
                deeds=DEEDS[nominee.key],
                members_count=nominee.members_count,
                representative_name=nominee.representative_name,
                consented_at=clock.now(),
            ).id
            self.script.at(
                submitted_at,
                lambda: nominations.submit(nominator, nomination_id, check=UNCHECKED),
            )
            self.script.at(
                submitted_at + timedelta(hours=1),
                lambda: texts.clear_text(SYSTEM, nomination_id),
            )
            if then is not None:
                self.script.at(submitted_at + timedelta(days=2), lambda: then(nomination_id))

        self.script.at(submitted_at - timedelta(hours=1), write)

    def reviewer(self, nominee: Nominee) -> Actor:
        """The reviewer of the nominee's district, or the city's."""
        is_local = nominee.site.startswith(WEIDU)
        return self.cast.staff["demo-review-weidu" if is_local else "demo-review-city"]


class Assessed(Selection):
    """A selection whose candidates citizens assess."""

    def __init__(self, cast: Cast, script: Script) -> None:
        super().__init__(cast, script)
        self.candidates: Candidates = defaultdict(list)
        self.nominated: dict[str, UUID] = {}
        """By the keys of the nominees."""

    def nominate(self, nominee: Nominee, submitted_at: datetime) -> None:
        """Recommended, and made a candidate by the reviewer."""

        def pass_(nomination_id: UUID) -> None:
            if nominee.category == "bravery":
                self._confirm_bravery(nominee, nomination_id)
            screenings.pass_(self.reviewer(nominee), nomination_id)
            self.candidates[nominee.category].append(nomination_id)
            self.nominated[nominee.key] = nomination_id

        self.recommend(nominee, submitted_at, pass_)

    def _confirm_bravery(self, nominee: Nominee, nomination_id: UUID) -> None:
        """The city enters what the committee decided before the case goes on."""
        city, today = self.cast.staff["demo-review-city"], clock.today()
        applied = confirmations.apply(city, nomination_id, applied_on=today - timedelta(days=60))
        number = f"演示见义勇为〔{today.year}〕{nominee.nominator} 号"
        confirmations.confirm(city, applied.id, number=number, decided_on=today)

    def vote(self, opened_at: datetime, until: datetime, voters: range = VOTERS) -> None:
        """Citizens vote at even intervals; some think again three minutes later."""
        chance = random.Random(SEED)
        between = (until - opened_at) / (len(voters) + 1)
        for order, number in enumerate(voters, start=1):
            self._cast(chance, number, opened_at + between * order)
            if order % 11 == 0:
                self._cast(chance, number, opened_at + between * order + timedelta(minutes=3))

    def _cast(self, chance: random.Random, number: int, cast_at: datetime) -> None:
        def cast() -> None:
            choices = _choices(chance, self.candidates)
            ballots.cast(self.cast.citizens[number], self.id, choices=choices)

        self.script.at(cast_at, cast)


def _choices(chance: random.Random, candidates: Candidates) -> list[UUID]:
    """Up to two of each category, and at least one in all."""
    chosen: list[UUID] = []
    while not chosen:
        for listed in candidates.values():
            most = min(MAX_PER_CATEGORY, len(listed))
            chosen += chance.sample(listed, chance.randint(0, most))
    return chosen


class Assessing(Assessed):
    """Citizens assess its candidates now, for another twenty days."""

    title = nominees.GOOD_PEOPLE
    kind = HonorKind.GOOD_PERSON
    period = BallotPeriod.ONCE
    has_hidden_counts = False

    def plan(self) -> None:
        opened_at = self.day(-4, 9)
        self.announce(
            self.day(-60, 9),
            {
                "nominations_open_at": self.day(-58, 9),
                "nominations_close_at": self.day(-12, 18),
                "assessment_open_at": opened_at,
                "assessment_close_at": self.day(20, 18),
            },
        )
        for order, nominee in enumerate(nominees.CANDIDATES):
            self.nominate(nominee, self.day(-55 + 3 * order, 19))
        self.vote(opened_at, self.cast.now)
        suspects.plan(self.script, lambda: self.id, self.candidates, self.day(-1, 2))


class Nominating(Selection):
    """Takes nominations now; reviewers have something to do."""

    title = nominees.MORAL_MODELS
    kind = HonorKind.MORAL_MODEL
    period = BallotPeriod.DAILY
    has_hidden_counts = True

    def plan(self) -> None:
        self.announce(
            self.day(-13, 9),
            {
                "nominations_open_at": self.day(-10, 9),
                "nominations_close_at": self.day(25, 18),
                "assessment_open_at": self.day(32, 9),
                "assessment_close_at": self.day(52, 18),
            },
        )
        self.recommend(nominees.SENT_BACK, self.day(-6, 20), self._send_back)
        for order, nominee in enumerate(nominees.SUBMITTED):
            self.recommend(nominee, self.day(-3 + order, 20))
        for order, clue in enumerate(nominees.CLUES):
            self.tell(clue, self.day(-5 + order, 10))

    def tell(self, clue: Hint, given_at: datetime) -> None:
        """A clue by a citizen, or by phone to the helper; two days later perhaps an answer."""
        facts: dict[str, Any] = {
            "nominee_name": clue.name,
            "site_id": site_id(clue.site),
            "text": clue.text,
        }

        def give() -> None:
            if clue.giver is None:
                desk = self.cast.staff["demo-helper-weidu"]
                made = clues.record(desk, self.id, source=ClueSource.PHONE, **facts)
            else:
                giver = self.cast.citizens[clue.giver]
                made = clues.give(giver, self.id, verdict=TextVerdict.UNCHECKED, **facts)
            if (answer := clue.answer) is not None:
                office, clue_id = self.cast.staff["demo-review-weidu"], made.id
                self.script.at(
                    given_at + timedelta(days=2),
                    lambda: clues.answer(office, clue_id, text=answer),
                )

        self.script.at(given_at, give)

    def _send_back(self, nomination_id: UUID) -> None:
        reviewer = self.reviewer(nominees.SENT_BACK)
        screenings.send_back(reviewer, nomination_id, missing=nominees.MISSING)
