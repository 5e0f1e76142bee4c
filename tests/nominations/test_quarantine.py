"""Ballots that look bought: noted, held out of the counts, never lost; and counting waits."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.errors import RealNameRequired
from core import clock
from core.db import db
from core.wechat import UserRisk, WeChatUnavailable
from jobs import ballots as jobs
from jobs.runner import JobContext
from nominations.errors import StageNotReady
from nominations.lifecycles import BallotFate, CampaignStatus
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.models.campaigns import Campaign
from nominations.models.public_log import LogLeaf
from nominations.models.quarantine import Finding, HeldBallot
from nominations.models.signals import BallotSignals
from nominations.rules import Rules
from nominations.services import (
    ballots,
    log_recount,
    quarantine,
    rulings,
    signals,
    stages,
    tally,
)
from nominations.suspicion import RULES, GroupKind, Risk, Sign
from tests.conftest import stored
from tests.doubles.wechat import RecordingWeChat
from tests.factories import quarantine as make
from tests.factories.accounts import actor_of, person
from tests.factories.nominations import campaign, candidates
from tests.factories.panels import office

C = CampaignStatus
HELD = 20
EVENING = datetime(2026, 5, 2, 12, tzinfo=UTC)  # 20:00 in Xuchang


@pytest.fixture(autouse=True)
def in_the_evening() -> Iterator[None]:
    """Whatever the hour at which tests are run: at night the same ballots have one more sign."""
    with clock.frozen(EVENING):
        yield


def votes(of: Campaign) -> dict[UUID, int]:
    return {item.nomination_id: item.votes for item in tally.view(of.id).items if item.votes}


def held() -> Sequence[HeldBallot]:
    return db.session.scalars(select(HeldBallot)).all()


def test_what_is_noted_is_a_keyed_hash_and_moves_with_the_seal(ctx: Flask) -> None:
    made, voter = campaign(), person()
    voter.created_at = clock.now() - timedelta(days=3, hours=5)
    db.session.flush()
    receipt = ballots.cast(
        actor_of(voter),
        made.id,
        choices=candidates(made, 1),
        network="123.5.7",
        device="phone-0001",
    )
    waiting = db.session.scalars(select(UnsealedBallot)).one()
    key = signals.key_of(made.id)
    assert waiting.origin == signals.origin_of(key, "123.5.7", "phone-0001")
    assert key != signals.key_of(campaign().id)
    tally.seal(made.id)
    kept = db.session.scalars(select(BallotSignals)).one()
    assert kept.ballot_id == receipt.id
    assert (kept.network_hash, kept.device_hash) == (
        signals.hashed(key, "123.5.7"),
        signals.hashed(key, "phone-0001"),
    )
    assert (kept.account_age_days, kept.risk, kept.scored_at) == (3, Risk.UNASKED, None)


def test_nothing_known_refuses_nothing(ctx: Flask) -> None:
    made = campaign()
    ballots.cast(actor_of(person()), made.id, choices=candidates(made, 1))
    make.count(made)
    kept = db.session.scalars(select(BallotSignals)).one()
    assert (kept.network_hash, kept.device_hash) == (None, None)
    assert kept.scored_at is not None
    assert not held()


def test_bought_ballots_leave_the_counts_and_are_shown_as_a_number(ctx: Flask) -> None:
    made, (first, second), _ = make.bought(HELD)
    assert votes(made) == {first: 1, second: 1}
    view = tally.view(made.id)
    assert (view.sealed, view.unsealed, view.quarantined, view.voided) == (HELD + 2, 0, HELD, 0)
    assert tally.recount(made.id).is_right
    assert log_recount.recount(made.id).is_right
    found = make.finding(made)
    assert (found.kind, len(held())) == (GroupKind.NETWORK, HELD)
    assert {tuple(h.signs) for h in held()} == {
        (Sign.BURST, Sign.RHYTHM, Sign.SAME_CHOICES, Sign.NEW_ACCOUNTS)
    }


def test_looking_again_changes_nothing(ctx: Flask) -> None:
    made, _, _ = make.bought(HELD)
    before = votes(made)
    assert quarantine.score(made.id) == 0
    db.session.execute(BallotSignals.__table__.update().values(scored_at=None))  # type: ignore[attr-defined]
    make.count(made)
    assert (votes(made), len(held())) == (before, HELD)
    assert tally.recount(made.id).is_right


def test_small_batches_find_what_a_large_one_finds(ctx: Flask) -> None:
    made = campaign()
    make.cast_in_rhythm(made, candidates(made, 1), HELD)
    while tally.seal(made.id, limit=3):
        while quarantine.score(made.id, limit=2):
            pass
    assert len(held()) == HELD
    assert votes(made) == {}
    assert db.session.scalars(select(Finding)).one().kind is GroupKind.NETWORK


def test_the_honest_one_of_the_same_network_is_not_held_for_it(ctx: Flask) -> None:
    made, (_, second), _ = make.bought(HELD)
    early = clock.now() - timedelta(hours=20)
    with clock.frozen(early):
        honest = person()
        honest.created_at = early - timedelta(days=100)
        db.session.flush()
        ballots.cast(actor_of(honest), made.id, choices=[second], network="123.5.7")
    make.count(made)
    assert votes(made)[second] == 2
    assert len(held()) == HELD


def test_a_held_ballot_is_replaced_by_a_later_one_and_never_by_an_earlier(ctx: Flask) -> None:
    made = campaign()
    one, other = candidates(made, 2)
    voters = make.cast_in_rhythm(
        made, [other], HELD, network=None, begins=clock.now() - timedelta(days=2)
    )
    for n, voter in enumerate(voters):  # the earlier ones from places unknown, to the second
        at = clock.now() - timedelta(hours=20) + timedelta(minutes=n, seconds=n * n % 50)
        with clock.frozen(at):
            ballots.cast(actor_of(voter), made.id, choices=[one, other], network=f"1.2.{n}")
    begins = clock.now() - timedelta(hours=1)
    for n, voter in enumerate(voters):
        with clock.frozen(begins + n * make.HALF_A_MINUTE):
            ballots.cast(actor_of(voter), made.id, choices=[one], network="123.5.7")
    make.count(made)
    assert votes(made) == {}  # the second revision does not come back
    ballots.cast(actor_of(voters[0]), made.id, choices=[other], network="36.99.1")
    make.count(made)
    assert votes(made) == {other: 1}
    assert tally.recount(made.id).is_right
    proposer, approver = make.officials()
    rulings.approve(approver, make.propose(proposer, made, BallotFate.RESTORED).id)
    assert votes(made) == {one: HELD - 1, other: 1}
    assert tally.recount(made.id).is_right
    assert log_recount.recount(made.id).is_right


def test_each_step_stands_in_the_public_log_by_the_leaf_of_the_ballot(ctx: Flask) -> None:
    made, _, _ = make.bought(HELD)
    proposer, approver = make.officials()
    rulings.approve(approver, make.propose(proposer, made).id)
    leaves = db.session.scalars(select(LogLeaf).order_by(LogLeaf.leaf_index)).all()
    said = [json.loads(leaf.body) for leaf in leaves if leaf.kind == "ruling"]
    assert [body["ruling"] for body in said] == ["quarantined"] * HELD + ["voided"] * HELD
    assert {body["rules_version"] for body in said[:HELD]} == {RULES.version}
    assert {body["reason"] for body in said[:HELD]} == {"burst+rhythm+same_choices+new_accounts"}
    assert {body["reason"] for body in said[HELD:]} == {"bought"}
    assert len({body["ballot"] for body in said}) == HELD
    assert json.loads(leaves[0].body)["suspicion"]["threshold"] == RULES.threshold


def close(made: Campaign) -> None:
    made.status = C.COUNTING
    db.session.flush()


def test_counting_waits_until_all_are_looked_at_and_ruled_on(ctx: Flask) -> None:
    made = campaign()
    chosen = candidates(made, 1)
    make.cast_in_rhythm(made, chosen, HELD)
    close(made)
    runs = office()
    reasons = []
    for step in (lambda: tally.seal(made.id), lambda: make.count(made)):
        with pytest.raises(StageNotReady) as waits:
            stages.finish_counting(runs, made.id)
        reasons.append(waits.value.detail)
        step()
    with pytest.raises(StageNotReady) as waits:
        stages.finish_counting(runs, made.id)
    assert [*reasons, waits.value.detail] == [
        stages.BALLOTS_UNSEALED,
        stages.BALLOTS_UNSCORED,
        stages.BALLOTS_QUARANTINED.format(HELD),
    ]
    assert len(waits.value.detail) <= 60
    stages.advance(made.id)
    assert made.holding_reason == waits.value.detail
    proposer, approver = make.officials()
    proposed = make.propose(proposer, made)
    with pytest.raises(StageNotReady):
        stages.finish_counting(runs, made.id)
    rulings.approve(approver, proposed.id)
    assert stages.finish_counting(runs, made.id).status is C.JUDGING


@pytest.mark.parametrize("status", [C.JUDGING, C.NOTICING, C.CONCLUDED, C.CANCELLED])
def test_nothing_is_held_once_the_counts_stand(ctx: Flask, status: CampaignStatus) -> None:
    made = campaign()
    make.cast_in_rhythm(made, candidates(made, 1), HELD)
    tally.seal(made.id)
    made.status = status
    db.session.flush()
    assert made.id not in quarantine.waiting()
    assert quarantine.score(made.id) == 0
    assert not held()


def suspects(made: Campaign, *, ago: timedelta) -> None:
    """A village that a rank would tell from a farm: below the threshold without one."""
    begins, chosen = clock.now() - ago, candidates(made, 1)
    for n in range(HELD):
        with clock.frozen(begins + timedelta(seconds=n * 11 + n * n % 7)):
            voter = person(registered=False, openid=f"o-{n}")
            ballots.cast(actor_of(voter), made.id, choices=chosen, network="123.5.7")


def test_wechat_is_asked_only_where_its_answer_decides(
    rolled_back: Flask, wechat: RecordingWeChat
) -> None:
    with stored(rolled_back):
        made = campaign()
        honest = person(openid="o-honest")
        ballots.cast(actor_of(honest), made.id, choices=candidates(made, 1), network="36.99.1")
        suspects(made, ago=timedelta(minutes=10))
        make.count(made)
        assert not held()
        assert signals.are_unscored(made.id)
    wechat.risk = UserRisk.NOT_SEEN
    with rolled_back.app_context():
        assert jobs.ask_risk_ranks(JobContext(rolled_back)) == HELD
        assert sorted(wechat.ranked) == sorted(f"o-{n}" for n in range(HELD))
        jobs.score_ballots(JobContext(rolled_back))
        assert jobs.ask_risk_ranks(JobContext(rolled_back)) == 0
    with stored(rolled_back):
        assert len(held()) == HELD
        assert not signals.are_unscored(made.id)


@pytest.mark.parametrize(
    ("late", "is_known"),
    [(signals.PATIENCE - timedelta(minutes=1), False), (signals.PATIENCE, True)],
)
def test_a_silent_wechat_is_waited_for_only_so_long(
    rolled_back: Flask, wechat: RecordingWeChat, late: timedelta, is_known: bool
) -> None:
    wechat.failure = WeChatUnavailable()
    with stored(rolled_back):
        made = campaign()
        suspects(made, ago=timedelta(minutes=4))
        make.count(made)
        last = db.session.scalars(select(BallotSignals.cast_at)).all()
    with rolled_back.app_context(), clock.frozen(min(last) + late):
        assert bool(jobs.ask_risk_ranks(JobContext(rolled_back))) is is_known
    with stored(rolled_back):
        make.count(made)
        assert not held()  # what WeChat did not say holds no village


def test_an_account_that_wechat_may_have_forgotten_is_not_asked_about(
    rolled_back: Flask, wechat: RecordingWeChat
) -> None:
    wechat.risk = UserRisk.NOT_SEEN
    with stored(rolled_back):
        made = campaign()
        suspects(made, ago=signals.SEEN_WITHIN + timedelta(minutes=10))
        make.count(made)
        assert not signals.are_unscored(made.id)
    with rolled_back.app_context():
        assert jobs.ask_risk_ranks(JobContext(rolled_back)) == 0
    assert wechat.ranked == []


def test_where_ballots_came_from_is_forgotten_when_the_campaign_is_over(
    rolled_back: Flask,
) -> None:
    with stored(rolled_back):
        made, _, _ = make.bought(HELD)
    with rolled_back.app_context():
        assert jobs.forget_signals(JobContext(rolled_back)) == 0
    with stored(rolled_back):
        db.session.get_one(Campaign, made.id).status = C.CONCLUDED
    with rolled_back.app_context():
        assert jobs.forget_signals(JobContext(rolled_back)) == HELD + 2
    with stored(rolled_back):
        assert db.session.scalars(select(BallotSignals)).all() == []
        assert make.finding(made).group_hash is None
        assert len(held()) == HELD
        assert len(db.session.scalars(select(Ballot)).all()) == HELD + 2


def test_from_a_crowded_network_a_real_name_is_asked_for_and_nothing_else(ctx: Flask) -> None:
    made = campaign(rules=Rules(real_name_from=HELD))
    chosen = candidates(made, 1)
    vote = partial(ballots.cast, campaign_id=made.id, choices=chosen, network="123.5.7")
    begins = clock.now() - timedelta(minutes=30)
    make.cast_in_rhythm(made, chosen, HELD - 1, begins=begins)
    tally.seal(made.id)
    vote(actor_of(person(registered=False)))
    tally.seal(made.id)
    nameless = actor_of(person(registered=False))
    with pytest.raises(RealNameRequired) as asked:
        vote(nameless)
    assert asked.value.detail == "您所在的网络投票较为集中，请先完成实名登记再投票"
    vote(actor_of(person()))
    vote(nameless, network="36.99.1")
    with clock.frozen(begins + timedelta(hours=1, seconds=1)):
        vote(actor_of(person(registered=False)))


def test_without_the_rule_nobody_is_asked_for_a_name(ctx: Flask) -> None:
    made = campaign()
    chosen = candidates(made, 1)
    make.cast_in_rhythm(made, chosen, HELD, begins=clock.now() - timedelta(minutes=30))
    tally.seal(made.id)
    nameless = actor_of(person(registered=False))
    assert ballots.cast(nameless, made.id, choices=chosen, network="123.5.7").revision == 1
