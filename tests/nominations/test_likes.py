"""Likes as some provinces count them: one a candidate and day, at most ten a day (Hubei 2023).

They are daily ballots: choices that are added during the day are a new revision of its ballot.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from core import clock
from core.actor import Actor
from core.errors import InvalidInput
from nominations.lifecycles import BallotPeriod, CampaignStatus
from nominations.models.campaigns import Campaign
from nominations.services import ballots, tally
from tests.factories.accounts import actor_of, person
from tests.factories.nominations import campaign, candidate

DAY = timedelta(days=1)


@pytest.fixture
def likes(ctx: Flask) -> tuple[Campaign, list[UUID]]:
    """A campaign with its candidates, all in one category."""
    made = campaign(period=BallotPeriod.DAILY, max_choices=10, max_per_category=10)
    return made, [candidate(made).id for _ in range(12)]


def votes(of: Campaign, candidate_id: UUID) -> int:
    while tally.seal(of.id):
        pass
    (found,) = (c for c in tally.view(of.id).items if c.nomination_id == candidate_id)
    return found.votes


def test_a_like_added_during_the_day_joins_the_earlier_ones(
    likes: tuple[Campaign, list[UUID]],
) -> None:
    of, (first, second, *_) = likes
    voter = actor_of(person())
    assert ballots.cast(voter, of.id, choices=[first]).revision == 1
    assert ballots.cast(voter, of.id, choices=[first, second]).revision == 2
    assert (votes(of, first), votes(of, second)) == (1, 1)


def test_a_candidate_is_liked_once_a_day(likes: tuple[Campaign, list[UUID]]) -> None:
    of, (first, *_) = likes
    voter = actor_of(person())
    receipts = [ballots.cast(voter, of.id, choices=[first]) for _ in range(3)]
    assert len({r.id for r in receipts}) == 1
    with pytest.raises(InvalidInput):
        ballots.cast(voter, of.id, choices=[first, first])
    with clock.frozen(clock.now() + DAY):
        ballots.cast(voter, of.id, choices=[first])
    assert votes(of, first) == 2


def test_ten_a_day_and_no_more(likes: tuple[Campaign, list[UUID]]) -> None:
    of, ids = likes
    voter: Actor = actor_of(person())
    for n in range(1, 11):
        ballots.cast(voter, of.id, choices=ids[:n])
    with pytest.raises(InvalidInput, match="填写") as refused:
        ballots.cast(voter, of.id, choices=ids[:11])
    assert refused.value.errors == {"choices": ["最多选择 10 位候选人"]}
    assert [votes(of, i) for i in (ids[0], ids[9], ids[10])] == [1, 1, 0]


def test_a_like_may_be_taken_back_during_the_day(likes: tuple[Campaign, list[UUID]]) -> None:
    of, (first, second, *_) = likes
    voter = actor_of(person())
    ballots.cast(voter, of.id, choices=[first, second])
    ballots.cast(voter, of.id, choices=[second])
    assert (votes(of, first), votes(of, second)) == (0, 1)


def test_the_day_ends_at_midnight_in_shanghai(likes: tuple[Campaign, list[UUID]]) -> None:
    of, (first, *_) = likes
    voter = actor_of(person())
    midnight = clock.start_of(clock.today() + DAY)
    for at in (midnight - timedelta(microseconds=1), midnight):
        with clock.frozen(at):
            ballots.cast(voter, of.id, choices=[first])
    assert of.status is CampaignStatus.ASSESSING
    assert votes(of, first) == 2
