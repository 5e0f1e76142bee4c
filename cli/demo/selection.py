"""Plays the two campaigns of the demo: one in assessment, one that takes nominations."""

import random
from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from cli.demo import nominees
from cli.demo.cast import Cast, at, site_id
from cli.demo.deeds import DEEDS
from cli.demo.nominees import Nominee
from core import clock
from core.actor import Actor
from core.wechat import TextVerdict
from nominations.lifecycles import BallotPeriod, HonorKind
from nominations.services import ballots, campaigns, nominations, screenings
from nominations.services.nominations import TextCheck

UNCHECKED = TextCheck(TextVerdict.UNCHECKED, b"")
"""Nobody asked WeChat about these texts."""

WEIDU = "411002"
VOTERS = range(10, 56)
MAX_CHOICES, MAX_PER_CATEGORY = 10, 2

Candidates = dict[str, list[UUID]]
"""Ids of the candidates by category."""


def play(cast: Cast) -> None:
    """Both campaigns up to the present moment."""
    _assess_good_people(cast)
    _nominate_moral_models(cast)


def _day(cast: Cast, days: int, hour: int = 9) -> datetime:
    """An hour of the day that is so many days from today."""
    return clock.start_of(clock.day_of(cast.now) + timedelta(days=days)) + timedelta(hours=hour)


def _assess_good_people(cast: Cast) -> None:
    dates = {
        "nominations_open_at": _day(cast, -58),
        "nominations_close_at": _day(cast, -12, 18),
        "assessment_open_at": _day(cast, -4),
        "assessment_close_at": _day(cast, 20, 18),
    }
    campaign_id = _announce(
        cast,
        _day(cast, -60),
        dates,
        title=nominees.GOOD_PEOPLE,
        kind=HonorKind.GOOD_PERSON,
        period=BallotPeriod.ONCE,
        has_hidden_counts=False,
    )
    at(dates["nominations_open_at"], lambda: campaigns.advance(campaign_id))
    candidates: Candidates = defaultdict(list)
    for order, nominee in enumerate(nominees.CANDIDATES):
        submitted_at = _day(cast, -55 + 3 * order, 19)
        nomination_id = _submit(cast, campaign_id, nominee, submitted_at)
        reviewer = _reviewer(cast, nominee)
        _pass(reviewer, nomination_id, submitted_at + timedelta(days=2, hours=-8))
        candidates[nominee.category].append(nomination_id)
    at(dates["nominations_close_at"], lambda: campaigns.advance(campaign_id))
    at(dates["assessment_open_at"], lambda: campaigns.advance(campaign_id))
    _vote(cast, campaign_id, candidates, dates["assessment_open_at"])


def _nominate_moral_models(cast: Cast) -> None:
    dates = {
        "nominations_open_at": _day(cast, -10),
        "nominations_close_at": _day(cast, 25, 18),
        "assessment_open_at": _day(cast, 32),
        "assessment_close_at": _day(cast, 52, 18),
    }
    campaign_id = _announce(
        cast,
        _day(cast, -13),
        dates,
        title=nominees.MORAL_MODELS,
        kind=HonorKind.MORAL_MODEL,
        period=BallotPeriod.DAILY,
        has_hidden_counts=True,
    )
    at(dates["nominations_open_at"], lambda: campaigns.advance(campaign_id))
    returned_id = _submit(cast, campaign_id, nominees.SENT_BACK, _day(cast, -6, 20))
    reviewer = _reviewer(cast, nominees.SENT_BACK)
    at(
        _day(cast, -4, 10),
        lambda: screenings.send_back(reviewer, returned_id, missing=nominees.MISSING),
    )
    for order, nominee in enumerate(nominees.SUBMITTED):
        _submit(cast, campaign_id, nominee, _day(cast, -3 + order, 20))


def _announce(
    cast: Cast, announced_at: datetime, dates: dict[str, datetime], **facts: object
) -> UUID:
    """A campaign, announced a day after it was drafted."""
    admin = cast.staff["demo-admin"]
    campaign = at(
        announced_at - timedelta(days=1),
        lambda: campaigns.create(
            admin,
            max_choices=MAX_CHOICES,
            max_per_category=MAX_PER_CATEGORY,
            **dates,
            **facts,
        ),
    )
    at(announced_at, lambda: campaigns.announce(admin, campaign.id))
    return campaign.id


def _submit(cast: Cast, campaign_id: UUID, nominee: Nominee, submitted_at: datetime) -> UUID:
    """Written the evening before, submitted at `submitted_at`."""
    nominator = cast.citizens[nominee.nominator]
    nomination = at(
        submitted_at - timedelta(hours=1),
        lambda: nominations.create(
            nominator,
            campaign_id,
            category_code=nominee.category,
            nominee_name=nominee.name,
            nominee_kind=nominee.kind,
            site_id=site_id(nominee.site),
            summary=nominee.summary,
            deeds=DEEDS[nominee.key],
        ),
    )
    at(submitted_at, lambda: nominations.submit(nominator, nomination.id, check=UNCHECKED))
    return nomination.id


def _reviewer(cast: Cast, nominee: Nominee) -> Actor:
    """The reviewer of the nominee's district, or the city's."""
    is_local = nominee.site.startswith(WEIDU)
    return cast.staff["demo-review-weidu" if is_local else "demo-review-city"]


def _pass(reviewer: Actor, nomination_id: UUID, passed_at: datetime) -> None:
    at(passed_at, lambda: screenings.pass_(reviewer, nomination_id))


def _vote(cast: Cast, campaign_id: UUID, candidates: Candidates, opened_at: datetime) -> None:
    """Citizens vote in the order of their arrival; some think again."""
    chance = random.Random(campaign_id.int % 1)
    between = (cast.now - opened_at) / (len(VOTERS) + 1)
    for order, number in enumerate(VOTERS, start=1):
        _cast(cast.citizens[number], campaign_id, _choices(chance, candidates), opened_at + between * order)
        if order % 11 == 0:
            later = opened_at + between * order + timedelta(minutes=3)
            _cast(cast.citizens[number], campaign_id, _choices(chance, candidates), later)


def _cast(voter: Actor, campaign_id: UUID, choices: list[UUID], cast_at: datetime) -> None:
    at(cast_at, lambda: ballots.cast(voter, campaign_id, choices=choices))


def _choices(chance: random.Random, candidates: Candidates) -> list[UUID]:
    """One or two of some categories, never more than a ballot holds."""
    chosen = [
        candidate
        for listed in candidates.values()
        for candidate in chance.sample(listed, chance.randint(0, min(MAX_PER_CATEGORY, len(listed))))
    ]
    return chosen or [chance.choice(next(iter(candidates.values())))]
