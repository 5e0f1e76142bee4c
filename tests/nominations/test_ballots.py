"""Casting: one ballot a person and period, the last counts, nothing after closing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import db
from core.errors import InvalidInput, NotFound
from core.paging import PageRequest
from nominations.errors import AssessmentNotOpen
from nominations.lifecycles import BallotPeriod, CampaignStatus, NominationStatus
from nominations.models.ballots import Ballot, UnsealedBallot
from nominations.services import ballots, departures
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, person
from tests.factories.nominations import campaign, candidate, candidates, nomination, window

C = CampaignStatus
INSTANT = timedelta(microseconds=1)


def stored_ballots() -> int:
    waiting = db.session.scalar(select(func.count()).select_from(UnsealedBallot))
    cast = db.session.scalar(select(func.count()).select_from(Ballot))
    assert cast == waiting
    return cast or 0


def test_a_ballot_is_stored_with_its_place_in_the_queue(ctx: Flask) -> None:
    made, voter = campaign(), person()
    chosen = candidates(made, 3)
    receipt = ballots.cast(actor_of(voter), made.id, choices=chosen)
    ballot = db.session.get_one(Ballot, receipt.id)
    assert (ballot.voter_id, ballot.period, ballot.revision) == (voter.id, "once", 1)
    assert ballot.choices == sorted(map(str, chosen))
    assert receipt.choices_count == 3
    assert stored_ballots() == 1


def test_the_same_choices_again_give_the_same_receipt(ctx: Flask) -> None:
    made, voter = campaign(), actor_of(person())
    chosen = candidates(made, 3)
    first = ballots.cast(voter, made.id, choices=chosen)
    with clock.frozen(first.cast_at + timedelta(hours=1)):
        assert ballots.cast(voter, made.id, choices=chosen[::-1]) == first
    assert stored_ballots() == 1


def test_other_choices_are_another_revision(ctx: Flask) -> None:
    made, voter = campaign(), actor_of(person())
    one, other = candidates(made, 2)
    for revision, choice in enumerate([one, other, one], start=1):
        assert ballots.cast(voter, made.id, choices=[choice]).revision == revision
    assert [b.revision for b in ballots.list_mine(voter, PageRequest()).items] == [3]


def test_people_vote_apart(ctx: Flask) -> None:
    made = campaign()
    chosen = candidates(made, 1)
    receipts = [ballots.cast(actor_of(person()), made.id, choices=chosen) for _ in range(3)]
    assert [r.revision for r in receipts] == [1, 1, 1]
    assert stored_ballots() == 3


def test_a_day_ends_at_midnight_in_shanghai(ctx: Flask) -> None:
    midnight = datetime(2026, 5, 2, 16, tzinfo=UTC)
    with clock.frozen(midnight):
        made = campaign(period=BallotPeriod.DAILY)
        chosen = candidates(made, 1)
    voter = actor_of(person())
    seen = []
    for at in (midnight - INSTANT, midnight, midnight + timedelta(hours=24) - INSTANT):
        with clock.frozen(at):
            receipt = ballots.cast(voter, made.id, choices=chosen)
        seen.append((receipt.period, receipt.revision))
    assert seen == [("2026-05-02", 1), ("2026-05-03", 1), ("2026-05-03", 1)]
    assert stored_ballots() == 2
    assert len(ballots.list_mine(voter, PageRequest()).items) == 2


def test_a_leap_day_is_a_day_of_its_own(ctx: Flask) -> None:
    midnight = datetime(2028, 2, 28, 16, tzinfo=UTC)
    with clock.frozen(midnight):
        made = campaign(period=BallotPeriod.DAILY)
        chosen = candidates(made, 1)
    voter = actor_of(person())
    seen = []
    for at in (midnight - INSTANT, midnight, midnight + timedelta(hours=24)):
        with clock.frozen(at):
            seen.append(ballots.cast(voter, made.id, choices=chosen).period)
    assert seen == ["2028-02-28", "2028-02-29", "2028-03-01"]


def test_the_closing_instant_is_outside(ctx: Flask) -> None:
    made = campaign()
    chosen = candidates(made, 1)
    with clock.frozen(window(made)[1] - INSTANT):
        ballots.cast(actor_of(person()), made.id, choices=chosen)
    with clock.frozen(window(made)[1]), pytest.raises(AssessmentNotOpen) as refused:
        ballots.cast(actor_of(person()), made.id, choices=chosen)
    assert refused.value.details == {"state": "assessing"}
    assert stored_ballots() == 1


def test_the_opening_instant_is_inside(ctx: Flask) -> None:
    made = campaign()
    chosen = candidates(made, 1)
    with clock.frozen(window(made)[0] - INSTANT), pytest.raises(AssessmentNotOpen):
        ballots.cast(actor_of(person()), made.id, choices=chosen)
    with clock.frozen(window(made)[0]):
        ballots.cast(actor_of(person()), made.id, choices=chosen)


@pytest.mark.parametrize("status", [s for s in C if s not in (C.DRAFT, C.ASSESSING)])
def test_ballots_are_taken_in_the_assessment_only(ctx: Flask, status: CampaignStatus) -> None:
    made = campaign(C.ASSESSING)
    chosen = candidates(made, 1)
    made.status, made.holding_reason = status, None
    if status is C.PAUSED:
        made.paused_from, made.pause_reason = C.ASSESSING, "核实票数"
    db.session.flush()
    with pytest.raises(AssessmentNotOpen):
        ballots.cast(actor_of(person()), made.id, choices=chosen)


def test_a_campaign_that_is_not_public_takes_no_ballot(ctx: Flask) -> None:
    for campaign_id in (campaign(C.DRAFT).id, uuid4()):
        with pytest.raises(NotFound):
            ballots.cast(actor_of(person()), campaign_id, choices=[uuid4()])


@pytest.mark.parametrize(
    "choose",
    [
        lambda ids: [],
        lambda ids: [ids[0], ids[0]],
        lambda ids: [ids[0], uuid4()],
        lambda ids: ids,  # five, where four are allowed
        lambda ids: ids[:3],  # three, but all in one category
    ],
)
def test_a_ballot_against_the_rules_is_refused(
    ctx: Flask, choose: Callable[[list[UUID]], list[UUID]]
) -> None:
    made = campaign(max_choices=4, max_per_category=2)
    ids = [candidate(made).id for _ in range(3)]
    ids += [candidate(made, "bravery").id for _ in range(2)]
    with pytest.raises(InvalidInput) as refused:
        ballots.cast(actor_of(person()), made.id, choices=choose(ids))
    assert list(refused.value.errors or ()) == ["choices"]
    assert stored_ballots() == 0


def test_only_candidates_of_this_campaign_can_be_chosen(ctx: Flask) -> None:
    made, voter = campaign(), actor_of(person())
    candidate(made)
    for other in (
        candidate(campaign()),
        nomination(made, NominationStatus.SUBMITTED),
        nomination(made, NominationStatus.WITHDRAWN),
    ):
        with pytest.raises(InvalidInput):
            ballots.cast(voter, made.id, choices=[other.id])


def test_a_withdrawn_candidate_can_not_be_chosen_for_long(ctx: Flask) -> None:
    made, nominator = campaign(), person()
    gone = candidate(made, by=nominator).id
    candidate(made)
    at = clock.now()
    with clock.frozen(at):
        ballots.cast(actor_of(person()), made.id, choices=[gone])
        departures.withdraw(actor_of(nominator), gone)
    with clock.frozen(at + ballots.CANDIDATES_KEPT), pytest.raises(InvalidInput):
        ballots.cast(actor_of(person()), made.id, choices=[gone])


def test_a_ballot_for_somebody_who_withdrew_is_still_its_receipt(ctx: Flask) -> None:
    made, nominator, voter = campaign(), person(), actor_of(person())
    gone = candidate(made, by=nominator).id
    first = ballots.cast(voter, made.id, choices=[gone])
    departures.withdraw(actor_of(nominator), gone)
    with clock.frozen(first.cast_at + timedelta(minutes=1)):
        assert ballots.cast(voter, made.id, choices=[gone]) == first


def test_a_voter_gets_a_receipt_that_names_no_candidate(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made, voter = campaign(), person()
        made_id, chosen = made.id, [str(n) for n in candidates(made, 2)]
    path = f"/campaigns/{made_id}/ballots"
    answer = http.as_(voter).post(path, json={"choices": chosen})
    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json.keys() == {
        "id",
        "campaign_id",
        "period",
        "revision",
        "choices_count",
        "cast_at",
    }
    assert not any(choice in answer.get_data(as_text=True) for choice in chosen)
    again = http.as_(voter).post(path, json={"choices": chosen})
    assert (again.status_code, again.json) == (201, answer.json)
    mine = http.as_(voter).get("/me/ballots")
    assert mine.json is not None
    assert mine.json["items"][0]["choices"] == sorted(chosen)
    assert mine.headers["Cache-Control"] == "private, no-cache"


def test_nobody_votes_without_signing_in(http: Http) -> None:
    refused = http.post(f"/campaigns/{uuid4()}/ballots", json={"choices": [str(uuid4())]})
    assert refused.status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"choices": []}, {"choices": "x"}, {"choices": ["x"]}, {"choices": [None]}]
)
def test_a_malformed_ballot_names_the_field(
    http: Http, rolled_back: Flask, body: dict[str, object]
) -> None:
    with stored(rolled_back):
        made, voter = campaign().id, person()
    refused = http.as_(voter).post(f"/campaigns/{made}/ballots", json=body)
    assert refused.status_code == 422
    assert refused.json is not None
    assert "choices" in refused.json["errors"]
