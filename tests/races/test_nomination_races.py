"""Ballots, sealing, closing, and slots of jobs."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.permissions import ROLE_PERMISSIONS, Role
from core import audit, clock
from core.actor import Actor, Grant, ScopeKind
from core.audit import Entry
from core.db import atomically, db
from core.errors import InvalidInput, WrongState
from jobs.runner import JobRun, RunStatus, run_slot
from nominations.errors import AssessmentNotOpen, LotDrawn
from nominations.lifecycles import ONCE, CampaignStatus, ResultStatus
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.models.campaign_postponements import CampaignPostponement
from nominations.models.campaigns import Campaign
from nominations.models.results import Result
from nominations.models.tally import SealedBallot
from nominations.rules import Quota, Rules
from nominations.services import ballots, campaign_postponements, results, stages, tally
from tests.conftest import stored
from tests.factories import nominations as make
from tests.factories.accounts import actor_of, grant, person
from tests.races.crowd import naive_rush, rush

pytestmark = pytest.mark.race


def assessment(app: Flask, candidates: int = 3, **facts: Any) -> tuple[UUID, list[UUID]]:
    with stored(app):
        campaign = make.campaign(CampaignStatus.ASSESSING, **facts)
        return campaign.id, list(make.candidates(campaign, candidates))


def read(app: Flask, query: Any) -> list[Any]:
    with app.app_context():
        return atomically(app, lambda: list(db.session.scalars(query)), write=False)


def test_one_ballot_sent_fifty_times_is_one_ballot(committed: Flask) -> None:
    campaign_id, candidates = assessment(committed)
    with stored(committed):
        voter = actor_of(person())
    receipts = rush(
        committed, [partial(ballots.cast, voter, campaign_id, choices=candidates[:1])] * 50
    )
    assert len({r.id for r in receipts}) == 1
    assert len(read(committed, select(Ballot.id))) == 1


def test_without_the_key_one_ballot_becomes_many(committed: Flask) -> None:
    """Negative control: looking whether the person has voted, then storing the ballot; the
    period stands for a key that does not hold them together."""
    campaign_id, candidates = assessment(committed)
    with stored(committed):
        voter = actor_of(person())
    serial = iter(range(100))

    def has_not_voted() -> bool:
        return not db.session.scalars(select(Ballot.id).where(Ballot.voter_id == voter.id)).all()

    def store() -> None:
        db.session.add(
            Ballot(
                campaign_id=campaign_id,
                voter_id=voter.id,
                period=f"{ONCE}{next(serial)}",
                revision=1,
                choices=[str(candidates[0])],
                cast_at=clock.now(),
            )
        )

    assert naive_rush(committed, 8, has_not_voted, store) > 1


def test_a_voter_on_several_phones_has_revisions_without_gaps(committed: Flask) -> None:
    campaign_id, candidates = assessment(committed)
    with stored(committed):
        voter = actor_of(person())
    rush(
        committed,
        [partial(ballots.cast, voter, campaign_id, choices=[candidates[n % 3]]) for n in range(6)],
    )
    revisions = sorted(read(committed, select(Ballot.revision)))
    assert revisions == list(range(1, len(revisions) + 1))


def test_accepted_in_the_closing_second_means_counted(committed: Flask) -> None:
    campaign_id, candidates = assessment(
        committed, assessment_close_at=clock.now() + timedelta(seconds=1)
    )
    with stored(committed):
        voters = [actor_of(person(f"选民{n}")) for n in range(60)]
    accepted: list[UUID] = []
    refused: list[str] = []

    def vote(mine: list[Any]) -> None:
        with committed.app_context():
            for voter in mine:
                try:
                    cast = partial(ballots.cast, voter, campaign_id, choices=candidates[:1])
                    receipt = atomically(committed, cast, write=True)
                    accepted.append(receipt.id)
                except AssessmentNotOpen as error:
                    refused.append(error.code)
                threading.Event().wait(0.04)

    threads = [threading.Thread(target=vote, args=(voters[n::2],)) for n in range(2)]
    for thread in threads:
        thread.start()
    closed = False
    while any(t.is_alive() for t in threads) or not closed:
        with committed.app_context():
            status = atomically(committed, lambda: stages.advance(campaign_id), write=True)
            atomically(committed, lambda: tally.seal(campaign_id), write=True)
        closed = status in (CampaignStatus.COUNTING, CampaignStatus.JUDGING)
    for thread in threads:
        thread.join()
    with committed.app_context():
        while atomically(committed, lambda: tally.seal(campaign_id), write=True):
            pass
    assert accepted, "some came in time"
    assert refused, "some came too late"
    assert set(read(committed, select(SealedBallot.ballot_id))) == set(accepted)
    assert set(read(committed, select(Ballot.id))) == set(accepted)


def due_to_open(app: Flask) -> UUID:
    """A campaign whose assessment is due, with somebody to vote for."""
    with stored(app):
        at = clock.now()
        campaign = make.campaign(
            CampaignStatus.ANNOUNCED,
            nominations_open_at=at - timedelta(days=3),
            nominations_close_at=at - timedelta(days=2),
            assessment_open_at=at - timedelta(days=1),
            assessment_close_at=at + timedelta(days=1),
        )
        make.candidate(campaign)
        return campaign.id


def test_many_schedulers_take_every_step_once(committed: Flask) -> None:
    campaign_id = due_to_open(committed)
    reached = rush(committed, [partial(stages.advance, campaign_id)] * 8)
    assert set(reached) == {CampaignStatus.ASSESSING}
    verbs = read(committed, select(audit.Entry.verb).where(audit.Entry.thing_id == campaign_id))
    assert sorted(verbs) == ["close_nominations", "open_assessment", "open_nominations"]


def test_without_the_condition_a_step_is_taken_again_and_again(committed: Flask) -> None:
    """Negative control: looking whether the campaign is still announced, then moving it."""
    campaign_id = due_to_open(committed)

    def is_announced() -> bool:
        status = select(Campaign.status).where(Campaign.id == campaign_id)
        return db.session.scalar(status) is CampaignStatus.ANNOUNCED

    def open_nominations() -> None:
        campaign = db.session.get_one(Campaign, campaign_id)
        campaign.status = CampaignStatus.NOMINATING
        campaign.rules_frozen_at = clock.now()

    assert naive_rush(committed, 8, is_announced, open_nominations) > 1


def test_an_assessment_is_prolonged_in_time_or_not_at_all(committed: Flask) -> None:
    closes = clock.now() + timedelta(milliseconds=300)
    campaign_id, _ = assessment(committed, assessment_close_at=closes)
    with stored(committed):
        office = actor_of(person(), grant(Role.ADMIN))
    later = {"assessment_close_at": closes + timedelta(days=1)}
    threading.Event().wait(0.25)
    postpone = partial(
        campaign_postponements.postpone, office, campaign_id, dates=later, reason="连日暴雨"
    )
    advance = partial(stages.advance, campaign_id)
    outcome, *_ = rush(committed, [postpone, *[advance] * 5])
    with clock.frozen(closes):
        (status,) = rush(committed, [advance])
    moves = read(committed, select(CampaignPostponement.id))
    if isinstance(outcome, InvalidInput):
        assert (status, moves) == (CampaignStatus.JUDGING, [])
    else:
        assert (status, len(moves)) == (CampaignStatus.ASSESSING, 1)


def test_four_sealers_seal_every_ballot_once(committed: Flask) -> None:
    campaign_id, candidates = assessment(committed)
    with stored(committed):
        voters = [actor_of(person(f"选民{n}")) for n in range(40)]
    casting: list[Callable[[], Any]] = [
        partial(ballots.cast, v, campaign_id, choices=[candidates[n % 3]])
        for n, v in enumerate(voters)
    ]
    sealing: list[Callable[[], Any]] = [partial(tally.seal, campaign_id, limit=7)] * 4
    outcomes = rush(committed, [*casting, *sealing])
    assert not [o for o in outcomes if isinstance(o, Exception)]
    while sum(rush(committed, sealing)):
        pass
    assert sorted(read(committed, select(SealedBallot.leaf_index))) == list(range(1, 41))
    assert read(committed, select(UnsealedBallot.ballot_id)) == []
    with committed.app_context():
        recount = atomically(committed, lambda: tally.recount(campaign_id), write=True)
        shown = atomically(committed, lambda: tally.view(campaign_id), write=False)
    assert recount.is_right
    assert sorted(c.votes for c in shown.items) == [13, 13, 14]


def test_eight_schedulers_run_a_slot_once(committed: Flask) -> None:
    ran: list[int] = []
    due_at = clock.now()

    def work(_context: Any) -> int:
        ran.append(1)
        return 1

    threads = [
        threading.Thread(target=run_slot, args=(committed, "test", work, due_at)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ran) == 1
    assert Counter(read(committed, select(JobRun.status))) == {RunStatus.DONE: 1}


def test_a_slot_whose_owner_died_is_taken_over_once_its_lease_is_over(committed: Flask) -> None:
    due_at = clock.now()
    with stored(committed):
        db.session.add(
            JobRun(
                job="test",
                due_at=due_at,
                status=RunStatus.RUNNING,
                lease_owner="a dead process",
                lease_until=due_at + timedelta(minutes=5),
                attempts=1,
                items=0,
            )
        )
    assert run_slot(committed, "test", lambda _: 1, due_at) is False
    with clock.frozen(due_at + timedelta(minutes=6)):
        assert run_slot(committed, "test", lambda _: 1, due_at) is True
        assert run_slot(committed, "test", lambda _: 1, due_at) is False


def test_a_job_that_keeps_failing_is_dead_and_a_later_success_clears_it(committed: Flask) -> None:
    due_at = clock.now()

    def broken(_context: Any) -> int:
        raise RuntimeError("broken")

    for _ in range(5):
        assert run_slot(committed, "test", broken, due_at) is True
    assert run_slot(committed, "test", broken, due_at) is False
    assert read(committed, select(JobRun.status)) == [RunStatus.DEAD]
    assert run_slot(committed, "test", lambda _: 1, due_at + timedelta(seconds=5)) is True
    assert read(committed, select(func.count()).where(JobRun.status == RunStatus.DEAD)) == [0]


def judged_with_equals(app: Flask) -> tuple[UUID, list[Any]]:
    """A campaign whose two candidates are equal for one place, and eight of its supervisors."""
    with stored(app):
        rules = Rules(winners=Quota(total=1))
        campaign = make.campaign(CampaignStatus.JUDGING, rules=rules)
        make.candidate(campaign)
        make.candidate(campaign)
        every = [actor_of(person(f"干部{n}"), grant(Role.ADMIN)) for n in range(8)]
        watches = Grant(
            Role.SUPERVISOR,
            frozenset(ROLE_PERMISSIONS[Role.SUPERVISOR]),
            ScopeKind.CAMPAIGN,
            campaign.id,
        )
        return campaign.id, [Actor(a.person_id, (*a.grants, watches)) for a in every]


def test_a_lot_is_drawn_once(committed: Flask) -> None:
    campaign_id, people = judged_with_equals(committed)
    with stored(committed):
        office = actor_of(person(), grant(Role.ADMIN))
        result_id = results.compute(office, campaign_id, lot_source="次日开奖号码").id
    outcomes = rush(
        committed,
        [partial(results.draw_lot, who, result_id, seed=f"n{n}") for n, who in enumerate(people)],
    )
    drawn = [o for o in outcomes if not isinstance(o, Exception)]
    assert len(drawn) == 1
    assert {type(o) for o in outcomes} == {Result, LotDrawn}
    assert read(committed, select(Result.lot_seed)) == [drawn[0].lot_seed]


def test_without_the_lock_a_lot_is_drawn_again(committed: Flask) -> None:
    """Negative control: looking whether a seed is there, then writing one."""
    campaign_id, people = judged_with_equals(committed)
    with stored(committed):
        office = actor_of(person(), grant(Role.ADMIN))
        result_id = results.compute(office, campaign_id, lot_source="次日开奖号码").id
    seeds = iter(range(100))

    def is_open() -> bool:
        return db.session.get_one(Result, result_id).lot_seed is None

    def draw() -> None:
        result = db.session.get_one(Result, result_id)
        result.lot_seed = f"n{next(seeds)}"
        result.lot_witnessed_by, result.lot_drawn_at = people[0].person_id, clock.now()

    assert naive_rush(committed, 4, is_open, draw) > 1


def test_eight_who_compute_at_once_leave_one_standing_and_no_seed_is_lost(
    committed: Flask,
) -> None:
    campaign_id, people = judged_with_equals(committed)
    with stored(committed):
        office = actor_of(person(), grant(Role.ADMIN))
        result_id = results.compute(office, campaign_id, lot_source="次日开奖号码").id
    works: list[Callable[[], Any]] = [
        partial(results.compute, who, campaign_id) for who in people[1:]
    ]
    outcomes = rush(committed, [*works, partial(results.draw_lot, people[0], result_id, seed="n1")])
    assert not [o for o in outcomes[:-1] if isinstance(o, Exception)]
    standing = read(committed, select(Result).where(Result.status != ResultStatus.SUPERSEDED))
    assert [r.version for r in standing] == [8]
    was_drawn = not isinstance(outcomes[-1], Exception)
    assert (standing[0].lot_seed == "n1") is was_drawn


def test_two_who_fix_at_once_propose_once(committed: Flask) -> None:
    with stored(committed):
        campaign = make.campaign(CampaignStatus.JUDGING)
        only = make.candidate(campaign)
        office = actor_of(person(), grant(Role.ADMIN))
        result_id = results.compute(office, campaign.id, lot_source="次日开奖号码").id
        others = [actor_of(person(f"干部{n}"), grant(Role.ADMIN)) for n in range(4)]
    outcomes = rush(committed, [partial(results.fix, who, result_id) for who in others])
    assert Counter(type(o) for o in outcomes) == {Result: 1, WrongState: 3}
    proposals = select(Entry.id).where(Entry.thing_id == only.id, Entry.verb == "propose")
    assert len(read(committed, proposals)) == 1
