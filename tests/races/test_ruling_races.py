"""Ballots in quarantine, scored by several schedulers, ruled on by several people, while others are
sealed and the counting is to end."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.actor import SYSTEM, Actor
from core.db import atomically, db
from core.errors import WrongState
from nominations.errors import StageClosed, StageNotReady
from nominations.lifecycles import BallotFate, CampaignStatus, RulingStatus
from nominations.models.campaigns import Campaign
from nominations.models.quarantine import HeldBallot
from nominations.models.rulings import RuledBallot, Ruling
from nominations.models.signals import BallotSignals
from nominations.services import ballots, counts, quarantine, rulings, signals, stages, tally
from tests.conftest import stored
from tests.factories import quarantine as make
from tests.factories.accounts import actor_of, person
from tests.factories.nominations import campaign, candidates
from tests.factories.panels import office
from tests.races.crowd import count, naive_rush, rush

pytestmark = pytest.mark.race

HELD = 20


def proposal(app: Flask, fate: BallotFate) -> tuple[UUID, UUID, list[UUID], list[Actor]]:
    """Of the campaign, of a proposal about all that is held, of the held voters, and four who may
    approve it."""
    with stored(app):
        made, _, voters = make.bought(HELD)
        proposer, approver = make.officials()
        approvers = [approver, *make.officials(), make.officials()[0]]
        return made.id, make.propose(proposer, made, fate).id, [v.id for v in voters], approvers


def votes(app: Flask, campaign_id: UUID) -> list[int]:
    with app.app_context():
        shown = atomically(app, lambda: tally.view(campaign_id), write=False)
    return sorted(item.votes for item in shown.items)


def is_right(app: Flask, campaign_id: UUID) -> bool:
    with app.app_context():
        return atomically(app, lambda: tally.recount(campaign_id), write=True).is_right


def test_of_four_who_approve_one_does(committed: Flask) -> None:
    campaign_id, ruling_id, _, approvers = proposal(committed, BallotFate.RESTORED)
    outcomes = rush(committed, [partial(rulings.approve, a, ruling_id) for a in approvers])
    assert sum(isinstance(outcome, WrongState) for outcome in outcomes) == len(approvers) - 1
    assert count(committed, RuledBallot) == HELD
    assert votes(committed, campaign_id) == [1, 1 + HELD]
    assert is_right(committed, campaign_id)


def test_without_the_conditional_update_votes_come_back_several_times(committed: Flask) -> None:
    """Negative control: looking whether the proposal waits, then letting the votes count."""
    campaign_id, ruling_id, _, _ = proposal(committed, BallotFate.RESTORED)
    with stored(committed):
        held = list(db.session.scalars(select(HeldBallot.ballot_id)))

    def is_proposed() -> bool:
        return db.session.get_one(Ruling, ruling_id).status is RulingStatus.PROPOSED

    wrote = naive_rush(committed, 4, is_proposed, lambda: quarantine.release(campaign_id, held))
    assert wrote > 1
    assert votes(committed, campaign_id) == [1, 1 + wrote * HELD]


def test_approval_and_refusal_at_once_are_one_of_them(committed: Flask) -> None:
    campaign_id, ruling_id, _, approvers = proposal(committed, BallotFate.RESTORED)
    works: list[Callable[[], Any]] = []
    for approver in approvers:
        works += [
            partial(rulings.approve, approver, ruling_id),
            partial(rulings.decline, approver, ruling_id),
        ]
    outcomes = rush(committed, works)
    done = [o for o in outcomes if isinstance(o, Ruling)]
    assert len(done) == 1
    assert count(committed, RuledBallot) in (0, HELD)
    assert is_right(committed, campaign_id)


def test_four_schedulers_hold_every_ballot_once(committed: Flask) -> None:
    with stored(committed):
        made = campaign()
        make.cast_in_rhythm(made, candidates(made, 1), HELD)
        tally.seal(made.id)
    outcomes = rush(committed, [partial(quarantine.score, made.id)] * 4)
    assert sorted(outcomes) == [0, 0, 0, HELD]
    assert count(committed, HeldBallot) == HELD
    assert votes(committed, made.id) == [0]
    assert is_right(committed, made.id)


def test_without_the_lock_of_the_log_votes_leave_several_times(committed: Flask) -> None:
    """Negative control: looking what is not held yet, then taking its votes out."""
    with stored(committed):
        made = campaign()
        (chosen,) = candidates(made, 2)[:1]
        make.cast_in_rhythm(made, [chosen], HELD)
        for _ in range(4 * HELD):  # so that the counts can fall so far
            ballots.cast(actor_of(person()), made.id, choices=[chosen])
        tally.seal(made.id)
        (bought,) = [
            list(
                db.session.scalars(
                    select(BallotSignals.ballot_id).where(BallotSignals.network_hash.is_not(None))
                )
            )
        ]

    def is_not_held() -> bool:
        return not db.session.scalars(select(HeldBallot.ballot_id)).all()

    wrote = naive_rush(committed, 4, is_not_held, lambda: quarantine._move(made.id, bought, -1))
    assert wrote > 1
    assert votes(committed, made.id) == [0, 5 * HELD - wrote * HELD]


def revote(app: Flask, campaign_id: UUID, voters: list[UUID], other: UUID) -> None:
    with stored(app):
        for n, voter in enumerate(voters):
            ballots.cast(Actor(person_id=voter), campaign_id, choices=[other], network=f"36.{n}.1")


def test_ruling_against_sealing_counts_each_voter_once(committed: Flask) -> None:
    campaign_id, ruling_id, voters, approvers = proposal(committed, BallotFate.RESTORED)
    with stored(committed):
        other = candidates(db.session.get_one(Campaign, campaign_id), 1)[0]
    revote(committed, campaign_id, voters, other)
    works: list[Callable[[], Any]] = [
        *[partial(tally.seal, campaign_id, limit=3)] * 6,
        *[partial(rulings.approve, a, ruling_id) for a in approvers[:2]],
    ]
    rush(committed, works)
    while any(rush(committed, [partial(tally.seal, campaign_id, limit=7)] * 2)):
        pass
    assert count(committed, RuledBallot) == HELD
    assert votes(committed, campaign_id) == [1, 1, HELD]
    assert is_right(committed, campaign_id)


def test_without_the_lock_a_restored_ballot_counts_beside_its_successor(committed: Flask) -> None:
    """Negative control: what is to count again is read, others are sealed, and then it counts."""
    campaign_id, _, voters, _ = proposal(committed, BallotFate.RESTORED)
    with stored(committed):
        other = candidates(db.session.get_one(Campaign, campaign_id), 1)[0]
        held = list(db.session.scalars(select(HeldBallot.ballot_id)))
        choices = counts.choices_of_counted(held)
    revote(committed, campaign_id, voters, other)
    with stored(committed):
        tally.seal(campaign_id)
    with stored(committed):
        counts.move(campaign_id, {choices[0][0]: len(choices)})
    assert votes(committed, campaign_id) == [1, HELD, 1 + HELD]
    assert not is_right(committed, campaign_id)


def waiting_for_the_end(app: Flask) -> tuple[UUID, Actor]:
    """A campaign that counts, with sealed ballots nobody has looked at, and its office."""
    with stored(app):
        made = campaign()
        make.cast_in_rhythm(made, candidates(made, 1), HELD)
        tally.seal(made.id)
        made.status = CampaignStatus.COUNTING
        return made.id, office()


def test_counting_does_not_end_while_ballots_are_being_held(committed: Flask) -> None:
    campaign_id, runs = waiting_for_the_end(committed)
    works: list[Callable[[], Any]] = [
        *[partial(stages.finish_counting, runs, campaign_id)] * 3,
        partial(quarantine.score, campaign_id),
    ]
    outcomes = rush(committed, works)
    assert all(isinstance(outcome, StageNotReady) for outcome in outcomes[:3])
    assert count(committed, HeldBallot) == HELD


def test_a_ruling_and_the_end_of_counting_come_one_after_the_other(committed: Flask) -> None:
    campaign_id, ruling_id, _, approvers = proposal(committed, BallotFate.RESTORED)
    with stored(committed):
        db.session.get_one(Campaign, campaign_id).status = CampaignStatus.COUNTING
        runs = office()
    works: list[Callable[[], Any]] = [
        *[partial(rulings.approve, a, ruling_id) for a in approvers],
        *[partial(stages.finish_counting, runs, campaign_id)] * 4,
    ]
    outcomes = rush(committed, works)
    assert sum(isinstance(outcome, Ruling) for outcome in outcomes) == 1
    late = [o for o in outcomes[:4] if not isinstance(o, Ruling)]
    assert all(isinstance(outcome, WrongState | StageClosed) for outcome in late)
    with stored(committed):
        stages.advance(campaign_id)
        assert db.session.get_one(Campaign, campaign_id).status is CampaignStatus.JUDGING
        assert quarantine.unruled(campaign_id) == 0
    assert votes(committed, campaign_id) == [1, 1 + HELD]


def test_without_the_campaigns_lock_counting_ends_over_held_ballots(committed: Flask) -> None:
    """Negative control: the end looks whether anything waits, then comes, while in between ballots
    are held by a run that had begun."""
    campaign_id, _ = waiting_for_the_end(committed)
    with stored(committed):
        nothing_waits = quarantine.unruled(campaign_id) == 0
    with stored(committed):
        quarantine.score(campaign_id)
    with stored(committed):
        made = db.session.get_one(Campaign, campaign_id)
        if nothing_waits:
            stages._move(SYSTEM, made, "finish_counting", made.created_at)
        assert made.status is CampaignStatus.JUDGING
        assert quarantine.unruled(campaign_id) == HELD
        assert not signals.are_unscored(campaign_id)
