"""What sealing writes into the public log, and what nobody can read from it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from core import clock
from core.db import db
from core.key_store import KeyMissing, key_store
from nominations.leaves import LeafKind
from nominations.lifecycles import BallotPeriod
from nominations.models.ballots import Ballot
from nominations.models.campaigns import Campaign
from nominations.models.public_log import LogLeaf, PublicLog
from nominations.models.tally import SealedBallot
from nominations.services import ballots, pseudonyms, tally
from tests.factories.accounts import actor_of, people, person
from tests.factories.nominations import campaign, candidates, window


def leaves_of(made: Campaign) -> list[dict[str, Any]]:
    query = select(LogLeaf.body).where(
        LogLeaf.campaign_id == made.id, LogLeaf.kind == LeafKind.BALLOT
    )
    return [json.loads(body) for body in db.session.scalars(query.order_by(LogLeaf.leaf_index))]


def test_a_leaf_says_what_was_chosen_and_not_by_whom(ctx: Flask) -> None:
    made, voter = campaign(), person()
    one, other = candidates(made, 2)
    at = window(made)[0] + timedelta(minutes=61)
    with clock.frozen(at):
        ballots.cast(actor_of(voter), made.id, choices=[other, one])
    tally.seal(made.id)
    (leaf,) = leaves_of(made)
    assert leaf == {
        "type": "ballot",
        "campaign": str(made.id),
        "period": "once",
        "voter": leaf["voter"],
        "choices": sorted([str(one), str(other)]),
        "hour": at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H"),
    }
    assert len(leaf["voter"]) == 32


def test_a_voter_is_one_within_a_period_and_others_across(ctx: Flask) -> None:
    """Days, campaigns and persons have pseudonyms that nothing connects."""
    daily, other = campaign(period=BallotPeriod.DAILY), campaign(period=BallotPeriod.DAILY)
    one, two = map(actor_of, people(2))
    ids = {made.id: candidates(made, 2) for made in (daily, other)}
    for made in (daily, other):
        for day in range(2):
            for who in (one, two):
                for choice in ids[made.id]:
                    with clock.frozen(window(made)[0] + timedelta(days=day)):
                        ballots.cast(who, made.id, choices=[choice])
        while tally.seal(made.id, limit=3):
            pass
    names = [
        (leaf["campaign"], leaf["period"], leaf["voter"])
        for m in (daily, other)
        for leaf in leaves_of(m)
    ]
    assert len(names) == 16
    assert len(set(names)) == 8
    assert len({voter for _, _, voter in names}) == 8


def test_leaves_of_a_batch_are_in_the_order_of_pseudonyms(ctx: Flask) -> None:
    """Not in that of voters' ids, which tell who registered before whom."""
    made = campaign()
    (chosen,) = candidates(made, 1)
    for voter in people(20):
        ballots.cast(actor_of(voter), made.id, choices=[chosen])
    tally.seal(made.id)
    names = [leaf["voter"] for leaf in leaves_of(made)]
    assert names == sorted(names)
    rows = db.session.execute(
        select(Ballot.voter_id, Ballot.period, LogLeaf.body)
        .join(SealedBallot, SealedBallot.ballot_id == Ballot.id)
        .join(LogLeaf, LogLeaf.leaf_index == SealedBallot.leaf_index)
        .where(LogLeaf.campaign_id == made.id)
    ).all()
    pseudonym = pseudonyms.of_campaign(made.id)
    assert len(rows) == 20
    for voter_id, period, body in rows:
        assert json.loads(body)["voter"] == pseudonym(voter_id, period)


@pytest.fixture
def begun(ctx: Flask) -> Campaign:
    """A campaign with a sealed ballot, and another that waits."""
    made = campaign()
    (chosen,) = candidates(made, 1)
    for voter in people(2):
        ballots.cast(actor_of(voter), made.id, choices=[chosen])
    assert tally.seal(made.id, limit=1) == 1
    return made


def test_sealing_never_goes_on_with_another_key(begun: Campaign) -> None:
    """The same voter would stand in the log under two names, and count twice."""
    key_store().destroy(str(begun.id))
    with pytest.raises(KeyMissing):
        tally.seal(begun.id)


def test_a_lost_folder_of_keys_stops_sealing(begun: Campaign) -> None:
    (key_store()._folder / str(begun.id)).unlink()
    with pytest.raises(KeyMissing):
        tally.seal(begun.id)


def test_ballots_of_a_campaign_from_before_the_log_are_sealed_without_leaves(ctx: Flask) -> None:
    made = campaign()
    (chosen,) = candidates(made, 1)
    values = {"campaign_id": made.id, "size": 3, "ballots": 3, "peaks": None}
    db.session.execute(insert(PublicLog).values(values))
    ballots.cast(actor_of(person()), made.id, choices=[chosen])
    assert tally.seal(made.id) == 1
    assert db.session.scalars(select(SealedBallot.leaf_index)).all() == [3]
    assert leaves_of(made) == []
    assert tally.view(made.id).sealed == 4
    assert [item.votes for item in tally.view(made.id).items] == [1]
