"""Sealing and counting: each accepted ballot once, and a recount that agrees."""

import random
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.actor import Actor
from core.db import db
from jobs import ballots as jobs
from jobs.runner import JobContext
from nominations.errors import CountsHidden
from nominations.lifecycles import WITH_FINAL_COUNTS, BallotPeriod, CampaignStatus
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.models.campaigns import Campaign
from nominations.models.tally import CountedBallot, SealedBallot, TallyCount
from nominations.rules import Rules, Step
from nominations.services import ballots, departures, tally
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, people, person
from tests.factories.nominations import campaign, candidate, candidates, window

C = CampaignStatus


def votes(of: Campaign) -> dict[UUID, int]:
    return {item.nomination_id: item.votes for item in tally.view(of.id).items if item.votes}


def seal_all(of: Campaign, *, limit: int = tally.BATCH) -> int:
    total = 0
    while sealed := tally.seal(of.id, limit=limit):
        total += sealed
    return total


def test_votes_are_counted_and_the_queue_is_empty(ctx: Flask) -> None:
    made = campaign()
    one, other = candidates(made, 2)
    for voter, chosen in zip(people(3), ([one], [one, other], [other]), strict=True):
        ballots.cast(actor_of(voter), made.id, choices=chosen)
    before = tally.view(made.id)
    assert (before.sealed, before.unsealed, votes(made)) == (0, 3, {})
    assert seal_all(made) == 3
    after = tally.view(made.id)
    assert (after.sealed, after.unsealed, votes(made)) == (3, 0, {one: 2, other: 2})
    assert seal_all(made) == 0
    assert votes(made) == {one: 2, other: 2}


def test_the_last_revision_counts_across_batches(ctx: Flask) -> None:
    made, voter = campaign(), actor_of(person())
    one, other = candidates(made, 2)
    for choice in (one, other, one):
        ballots.cast(voter, made.id, choices=[choice])
        seal_all(made)
        assert votes(made) == {choice: 1}
    assert tally.view(made.id).sealed == 3
    assert tally.recount(made.id).is_right


def test_each_day_counts(ctx: Flask) -> None:
    made, voter = campaign(period=BallotPeriod.DAILY), actor_of(person())
    (chosen,) = candidates(made, 1)
    for days in range(3):
        with clock.frozen(window(made)[0] + timedelta(days=days)):
            ballots.cast(voter, made.id, choices=[chosen])
    seal_all(made)
    assert votes(made) == {chosen: 3}


def random_election(made: Campaign, *, voters: int, casts: int) -> dict[UUID, int]:
    """Cast at random, sealing now and then; gives the votes by plain reasoning."""
    dice = random.Random(casts)
    ids = candidates(made, 6)
    actors: list[Actor] = [actor_of(p) for p in people(voters)]
    last: dict[int, list[UUID]] = {}
    for _ in range(casts):
        n = dice.randrange(voters)
        last[n] = dice.sample(ids, dice.randint(1, 4))
        ballots.cast(actors[n], made.id, choices=last[n])
        if dice.random() < 0.2:
            tally.seal(made.id, limit=dice.randint(1, 5))
    return Counter(choice for choices in last.values() for choice in choices)


def test_small_batches_at_any_moment_give_the_plain_count(ctx: Flask) -> None:
    made = campaign()
    expected = random_election(made, voters=8, casts=60)
    seal_all(made, limit=3)
    assert votes(made) == expected
    assert tally.recount(made.id).is_right
    assert db.session.scalars(select(UnsealedBallot)).all() == []


def test_leaves_are_contiguous_and_keep_a_voters_revisions_in_order(ctx: Flask) -> None:
    made = campaign()
    random_election(made, voters=4, casts=40)
    seal_all(made, limit=7)
    rows = db.session.execute(
        select(SealedBallot.leaf_index, Ballot.voter_id, Ballot.revision)
        .join(Ballot, Ballot.id == SealedBallot.ballot_id)
        .where(SealedBallot.campaign_id == made.id)
        .order_by(SealedBallot.leaf_index)
    ).all()
    assert [row.leaf_index for row in rows] == list(range(1, len(rows) + 1))
    for voter in {row.voter_id for row in rows}:
        revisions = [row.revision for row in rows if row.voter_id == voter]
        assert revisions == sorted(revisions)


def test_campaigns_are_counted_apart(ctx: Flask) -> None:
    first, second, voter = campaign(), campaign(), actor_of(person())
    for made in (first, second):
        ballots.cast(voter, made.id, choices=candidates(made, 2))
    assert set(tally.waiting()) >= {first.id, second.id}
    seal_all(first)
    assert (tally.view(first.id).sealed, tally.view(second.id).sealed) == (1, 0)
    assert first.id not in tally.waiting()


def test_a_batch_that_fails_leaves_nothing_half_done(ctx: Flask) -> None:
    made = campaign()
    ballots.cast(actor_of(person()), made.id, choices=candidates(made, 2))
    crash = db.session.begin_nested()
    assert tally.seal(made.id) == 1
    crash.rollback()
    assert votes(made) == {}
    assert seal_all(made) == 1
    assert sum(votes(made).values()) == 2


def test_a_recount_names_what_differs(ctx: Flask) -> None:
    made = campaign()
    one, other = candidates(made, 2)
    ballots.cast(actor_of(person()), made.id, choices=[one])
    seal_all(made)
    db.session.execute(update(TallyCount).where(TallyCount.nomination_id == one).values(votes=5))
    db.session.add(TallyCount(campaign_id=made.id, nomination_id=other, votes=1))
    db.session.flush()
    found = tally.recount(made.id)
    assert found.differences == {one: (5, 1), other: (1, 0)}
    assert not found.is_right


def test_a_recount_misses_a_ballot_that_was_lost(ctx: Flask) -> None:
    made = campaign()
    ballots.cast(actor_of(person()), made.id, choices=candidates(made, 1))
    assert tally.recount(made.id).is_right
    db.session.delete(db.session.scalars(select(UnsealedBallot)).one())
    db.session.flush()
    assert tally.recount(made.id).lost == 1


def test_votes_of_a_withdrawn_candidate_are_not_shown(ctx: Flask) -> None:
    made, nominator = campaign(), person()
    gone, stays = candidate(made, by=nominator).id, candidate(made).id
    ballots.cast(actor_of(person()), made.id, choices=[gone, stays])
    departures.withdraw(actor_of(nominator), gone)
    seal_all(made)
    assert votes(made) == {stays: 1}
    assert tally.recount(made.id).is_right


@pytest.mark.parametrize("status", [s for s in C if s not in (C.DRAFT, *WITH_FINAL_COUNTS)])
def test_hidden_counts_stay_hidden_until_they_are_final(ctx: Flask, status: CampaignStatus) -> None:
    made = campaign(status, has_hidden_counts=True)
    with pytest.raises(CountsHidden):
        tally.view(made.id)


@pytest.mark.parametrize("status", WITH_FINAL_COUNTS)
def test_hidden_counts_open_when_they_are_final(ctx: Flask, status: CampaignStatus) -> None:
    made = campaign(has_hidden_counts=True)
    (chosen,) = candidates(made, 1)
    ballots.cast(actor_of(person()), made.id, choices=[chosen])
    seal_all(made)
    made.status = status
    db.session.flush()
    assert votes(made) == {chosen: 1}


def test_what_is_hidden_from_the_panel_opens_when_it_has_judged(ctx: Flask) -> None:
    rules = Rules(steps=(Step.COUNTY, Step.ASSESSMENT, Step.PANEL))
    made = campaign(C.JUDGING, has_hidden_counts=True, rules=rules)
    with pytest.raises(CountsHidden):
        tally.view(made.id)
    made.status = C.NOTICING
    db.session.flush()
    assert tally.view(made.id).items == []


def test_the_pointers_name_the_ballots_that_count(ctx: Flask) -> None:
    made = campaign()
    random_election(made, voters=3, casts=12)
    seal_all(made)
    pointed = set(db.session.scalars(select(CountedBallot.ballot_id)))
    newest: dict[UUID, Ballot] = {}
    for ballot in db.session.scalars(select(Ballot).order_by(Ballot.revision)):
        newest[ballot.voter_id] = ballot
    assert pointed == {ballot.id for ballot in newest.values()}


def test_the_job_counts_and_the_recount_agrees(rolled_back: Flask, http: Http) -> None:
    with stored(rolled_back):
        made = campaign()
        (chosen,) = candidates(made, 1)
        for voter in people(3):
            ballots.cast(actor_of(voter), made.id, choices=[chosen])
        made_id = made.id
    with rolled_back.app_context():
        assert jobs.tally_votes(JobContext(rolled_back)) == 1
        assert jobs.tally_votes(JobContext(rolled_back)) == 0
        recount = JobContext(rolled_back)
        assert (jobs.recount_votes(recount), recount.failures) == (1, 0)
    shown = http.get(f"/campaigns/{made_id}/tally").json
    assert shown is not None
    assert (shown["sealed"], shown["unsealed"]) == (3, 0)
    (item,) = shown["items"]
    assert (item["nomination_id"], item["category"], item["votes"]) == (
        str(chosen),
        "helping_others",
        3,
    )


def test_a_difference_fails_the_nightly_run(
    rolled_back: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with stored(rolled_back):
        made = campaign()
        ballots.cast(actor_of(person()), made.id, choices=candidates(made, 1))
        seal_all(made)
        db.session.execute(update(TallyCount).values(votes=9))
    with rolled_back.app_context():
        context = JobContext(rolled_back)
        jobs.recount_votes(context)
    assert context.failures == 2
    assert "the tally differs from its ballots" in caplog.text
    assert "the public log differs" in caplog.text


def test_hidden_counts_are_refused_by_code(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = campaign(has_hidden_counts=True).id
    refused = http.get(f"/campaigns/{made}/tally")
    assert refused.status_code == 403
    assert refused.json is not None
    assert refused.json["code"] == "counts_hidden"
