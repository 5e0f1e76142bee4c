"""Two people rule on what is in quarantine: once for all, with a reason, and nobody named."""

import json
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from accounts.permissions import Role
from core.audit import Entry
from core.db import db, violation_of
from core.errors import InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from nominations.errors import BallotsRuled, OwnRuling, RulingPending, StageClosed
from nominations.lifecycles import RULING_REASONS, BallotFate, CampaignStatus, RulingReason
from nominations.models.ballots import Ballot
from nominations.models.campaigns import Campaign
from nominations.models.quarantine import HeldBallot
from nominations.models.rulings import RuledBallot, Ruling
from nominations.models.signals import BallotSignals
from nominations.services import findings, rulings, tally
from tests.conftest import Http, stored
from tests.factories import quarantine as make
from tests.factories.accounts import actor_of, grant, person
from tests.factories.nominations import campaign, reviewer, supervisor

C = CampaignStatus
HELD = 20
VOIDED, RESTORED = BallotFate.VOIDED, BallotFate.RESTORED


def votes(of: Campaign) -> dict[UUID, int]:
    return {item.nomination_id: item.votes for item in tally.view(of.id).items if item.votes}


@pytest.mark.parametrize(("fate", "counted"), [(VOIDED, 1), (RESTORED, HELD + 1)])
def test_an_approved_ruling_decides_whether_ballots_count(
    ctx: Flask, fate: BallotFate, counted: int
) -> None:
    made, (first, second), _ = make.bought(HELD)
    proposer, approver = make.officials()
    proposed = make.propose(proposer, made, fate)
    assert votes(made) == {first: 1, second: 1}
    rulings.approve(approver, proposed.id)
    assert votes(made) == {first: counted, second: 1}
    view = tally.view(made.id)
    assert (view.quarantined, view.voided) == (0, HELD if fate is VOIDED else 0)
    assert tally.recount(made.id).is_right
    make.count(made)
    assert votes(made) == {first: counted, second: 1}


def test_a_single_ballot_is_ruled_on_apart(ctx: Flask) -> None:
    made, (first, _), _ = make.bought(HELD)
    proposer, approver = make.officials()
    one, *_ = db.session.scalars(select(HeldBallot.ballot_id))
    rulings.approve(approver, make.propose(proposer, made, RESTORED, [one]).id)
    assert votes(made)[first] == 2
    rest = make.propose(proposer, made, VOIDED)
    assert rest.number == HELD - 1
    rulings.approve(approver, rest.id)
    found = findings.get(proposer, make.finding(made).id)
    assert (found.waiting, found.voided, found.restored) == (0, HELD - 1, 1)
    with pytest.raises(BallotsRuled):
        make.propose(proposer, made, VOIDED, [one])
    with pytest.raises(BallotsRuled):
        make.propose(proposer, made)


def test_whoever_proposed_does_not_approve(ctx: Flask) -> None:
    made, _, _ = make.bought(HELD)
    proposer, _ = make.officials()
    proposed = make.propose(proposer, made)
    with pytest.raises(OwnRuling):
        rulings.approve(proposer, proposed.id)
    with pytest.raises(IntegrityError, match="approved_by_another"), db.session.begin_nested():
        db.session.execute(
            update(Ruling).values(
                status="approved", decided_by=proposer.id, decided_at=proposed.proposed_at
            )
        )


def test_a_declined_proposal_makes_room_for_another(ctx: Flask) -> None:
    made, _, _ = make.bought(HELD)
    proposer, approver = make.officials()
    first = make.propose(proposer, made)
    with pytest.raises(IntegrityError) as refused, db.session.begin_nested():
        make.propose(approver, made, RESTORED)
    assert type(violation_of(refused.value)) is RulingPending
    rulings.decline(proposer, first.id)  # taken back by who made it
    for decide in (rulings.approve, rulings.decline):
        with pytest.raises(WrongState):
            decide(approver, first.id)
    rulings.approve(approver, make.propose(proposer, made, RESTORED).id)
    verbs = db.session.scalars(select(Entry.verb).where(Entry.thing == "rulings"))
    assert sorted(verbs) == ["approve", "decline", "propose", "propose"]


@pytest.mark.parametrize("fate", list(BallotFate))
def test_each_way_to_rule_has_its_reasons(ctx: Flask, fate: BallotFate) -> None:
    made, _, _ = make.bought(HELD)
    proposer, _ = make.officials()
    for reason in set(RulingReason) - set(RULING_REASONS.get(fate, ())):
        with pytest.raises(InvalidInput):
            rulings.propose(
                proposer, finding_id=make.finding(made).id, ruling=fate, reason_code=reason
            )


def test_a_ballot_of_another_finding_is_refused(ctx: Flask) -> None:
    made, _, _ = make.bought(HELD)
    proposer, _ = make.officials()
    honest = db.session.scalars(select(Ballot.id).order_by(Ballot.id)).first()
    assert honest is not None
    for strange in (honest, uuid4()):
        with pytest.raises(InvalidInput):
            make.propose(proposer, made, ballots=[strange])


@pytest.mark.parametrize("status", [C.JUDGING, C.NOTICING, C.CONCLUDED, C.CANCELLED])
def test_nothing_is_ruled_once_the_counts_stand(ctx: Flask, status: CampaignStatus) -> None:
    made, _, _ = make.bought(HELD)
    proposer, approver = make.officials()
    proposed = make.propose(proposer, made)
    made.status = status
    db.session.flush()
    with pytest.raises(StageClosed):
        rulings.approve(approver, proposed.id)
    with pytest.raises(StageClosed):
        rulings.decline(approver, proposed.id)
    with pytest.raises(StageClosed):
        make.propose(proposer, made)


def test_those_outside_of_the_city_office_find_nothing(ctx: Flask) -> None:
    made, _, _ = make.bought(HELD)
    proposer, _ = make.officials()
    found, proposed = make.finding(made), make.propose(proposer, made)
    county = reviewer("411002")
    watching_another = supervisor(campaign())
    for outsider in (county, watching_another):
        with pytest.raises(NotFound):
            findings.get(outsider, found.id)
        with pytest.raises(NotFound):
            findings.list_of(outsider, made.id, PageRequest())
        with pytest.raises(NotFound):
            findings.list_ballots(outsider, found.id, PageRequest())
        with pytest.raises(NotFound):
            make.propose(outsider, made)
        for decide in (rulings.approve, rulings.decline):
            with pytest.raises(NotFound):
                decide(outsider, proposed.id)
    watching = supervisor(made)
    assert findings.get(watching, found.id).ballots == HELD
    with pytest.raises(NotFound):
        rulings.approve(watching, proposed.id)


def test_findings_tell_whom_they_help_and_when(ctx: Flask) -> None:
    made, (first, _), _ = make.bought(HELD)
    proposer, _ = make.officials()
    (listed,) = findings.list_of(proposer, made.id, PageRequest(), waiting=True).items
    assert [(h.nomination_id, h.ballots) for h in listed.helped] == [(first, HELD)]
    assert sum(h.ballots for h in listed.hours) == HELD
    assert listed.first_cast_at < listed.last_cast_at
    assert {b.fate for b in findings.list_ballots(proposer, listed.id, PageRequest()).items} == {
        BallotFate.QUARANTINED
    }


def test_those_who_rule_use_the_api_and_read_no_voter(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made, _, voters = make.bought(HELD)
        proposer, approver = make.officials()
        admin = actor_of(person("郗管理"), grant(Role.ADMIN))
        found = make.finding(made)
        secrets = [str(voter.id) for voter in voters] + [found.group_hash.hex()]  # type: ignore[union-attr]
    (listed,) = http.as_(proposer).get(f"/campaigns/{made.id}/quarantine").json["items"]  # type: ignore[index]
    assert (listed["ballots"], listed["waiting"], listed["kind"]) == (HELD, HELD, "network")
    seen = [
        http.as_(admin).get(f"/campaigns/{made.id}/quarantine?waiting=true"),
        http.as_(admin).get(f"/findings/{found.id}"),
        http.as_(admin).get(f"/findings/{found.id}/ballots"),
    ]
    assert [answer.status_code for answer in seen] == [200] * 3
    written = " ".join(answer.get_data(as_text=True) for answer in seen)
    assert not any(secret in written for secret in secrets)
    body = {"finding_id": str(found.id), "ruling": "voided", "reason_code": "machine_cast"}
    proposed = http.as_(proposer).post("/rulings", json=body)
    assert (proposed.status_code, proposed.json["status"]) == (201, "proposed")  # type: ignore[index]
    again = http.as_(approver).post("/rulings", json=body)
    assert (again.status_code, again.json["code"]) == (409, "ruling_pending")  # type: ignore[index]
    path = f"/rulings/{proposed.json['id']}"  # type: ignore[index]
    own = http.as_(proposer).post(f"{path}/approve")
    assert (own.status_code, own.json["code"]) == (403, "own_ruling")  # type: ignore[index]
    approved = http.as_(approver).post(f"{path}/approve")
    assert (approved.status_code, approved.json["number"]) == (200, HELD)  # type: ignore[index]
    late = http.as_(admin).post(f"{path}/decline")
    assert (late.status_code, late.json["code"]) == (409, "wrong_state")  # type: ignore[index]
    assert http.as_(admin).get(f"/campaigns/{made.id}/quarantine?waiting=true").json == {
        "items": [],
        "next_cursor": None,
    }
    shown = http.get(f"/campaigns/{made.id}/tally").json
    assert shown is not None
    assert (shown["quarantined"], shown["voided"]) == (0, HELD)
    with stored(rolled_back):
        assert len(db.session.scalars(select(RuledBallot)).all()) == HELD


def test_a_cast_over_http_notes_where_it_came_from(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made, (first, _), _ = make.bought(HELD)
        late = person()
    told = {"X-Forwarded-For": "203.0.113.9, 123.5.7.200", "Device-Id": "phone-00000001"}
    choice = {"choices": [str(first)]}
    answer = http.as_(late).post(f"/campaigns/{made.id}/ballots", json=choice, headers=told)
    assert answer.status_code == 201
    assert "123.5.7" not in json.dumps(answer.json)
    with stored(rolled_back):
        tally.seal(made.id)
        same = findings.find(make.finding(made).id).group_hash
        of_ballot = select(BallotSignals).where(BallotSignals.voter_id == late.id)
        kept = db.session.scalars(of_ballot).one()
        assert (kept.network_hash, kept.device_hash is not None) == (same, True)
