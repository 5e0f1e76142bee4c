"""What enters the log beside ballots: by ids, codes and hours, in the transaction of the act."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from accounts.models.persons import Person
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import DomainError
from core.key_store import KeyMissing, key_store
from jobs.public_logs import destroy_keys
from jobs.runner import JobContext
from nominations import leaves
from nominations.leaves import LeafKind
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.models.campaigns import Campaign
from nominations.models.honors import RevokeGround
from nominations.models.nominations import Nomination
from nominations.models.public_log import Checkpoint, LogLeaf, LogNode, PublicLog
from nominations.models.tally import TallyCount
from nominations.services import (
    ballots,
    checkpoints,
    confirmations,
    departures,
    log_recount,
    objection_rulings,
    pseudonyms,
    public_log,
    revocations,
    stages,
    tally,
)
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, people, person
from tests.factories.honors import honor
from tests.factories.honors import office as honors_office
from tests.factories.nominations import campaign, candidate, candidates, reviewer, window
from tests.factories.notices import MONDAY, accepted, handler, noon, opened, proposed, verified
from tests.nominations import recounting
from tests.nominations.drafting import admin

C, N = CampaignStatus, NominationStatus
AT = datetime(2027, 5, 10, 2, tzinfo=UTC)


def logged(campaign_id: UUID, kind: LeafKind | None = None) -> list[dict[str, Any]]:
    query = select(LogLeaf.kind, LogLeaf.body).where(LogLeaf.campaign_id == campaign_id)
    rows = db.session.execute(query.order_by(LogLeaf.leaf_index))
    return [json.loads(body) for found, body in rows if kind in (None, found)]


def verbs(campaign_id: UUID) -> list[str]:
    return [body["verb"] for body in logged(campaign_id, LeafKind.TRANSITION)]


def test_the_log_begins_when_the_rules_freeze(ctx: Flask) -> None:
    made, office = campaign(C.ANNOUNCED), admin()
    assert logged(made.id) == []
    with clock.frozen(made.nominations_open_at):
        stages.open_nominations(office, made.id)
    with clock.frozen(made.nominations_close_at):
        stages.close_nominations(office, made.id)
    assert [body["type"] for body in logged(made.id)] == ["rules", "transition", "transition"]
    assert verbs(made.id) == ["open_nominations", "close_nominations"]
    assert checkpoints.latest(made.id).size == 3


def test_a_campaign_that_was_never_opened_has_no_log(ctx: Flask) -> None:
    made, office = campaign(C.ANNOUNCED), admin()
    stages.pause(office, made.id, reason="连日暴雨")
    stages.cancel(office, made.id, reason="不再举办")
    assert logged(made.id) == []


def test_pausing_resuming_and_cancelling_are_told_without_their_words(ctx: Flask) -> None:
    made, office = campaign(), admin()
    stages.pause(office, made.id, reason="张三举报刷票")
    stages.resume(office, made.id)
    stages.cancel(office, made.id, reason="张三举报属实")
    assert verbs(made.id) == ["pause", "resume", "cancel"]
    assert "张三" not in json.dumps(logged(made.id), ensure_ascii=False)


def test_opening_the_assessment_lists_the_candidates_and_makes_the_key(ctx: Flask) -> None:
    made = campaign(C.REVIEWING)
    one, other = candidate(made), candidate(made, "integrity")
    candidate(made, is_withheld=True, withheld_reason="防止报复")
    assert not (key_store()._folder / str(made.id)).exists()
    with clock.frozen(window(made)[0]):
        stages.open_assessment(admin(), made.id)
    (leaf,) = logged(made.id, LeafKind.TRANSITION)
    assert leaf["candidates"] == [
        {"id": str(one.id), "category": "helping_others"},
        {"id": str(other.id), "category": "integrity"},
    ]
    assert key_store().read(str(made.id))


def test_a_refused_step_leaves_no_leaf(ctx: Flask) -> None:
    made = campaign(C.REVIEWING)
    with pytest.raises(DomainError):
        stages.open_assessment(admin(), made.id)
    assert logged(made.id) == []


def test_candidates_who_leave_are_named_by_their_id_and_no_reason(ctx: Flask) -> None:
    made = campaign()
    one, other = candidate(made), candidate(made)
    who = reviewer(None)
    departures.remove_by_office(who, one.id, reason="材料虚假")
    confirmations.withhold(who, other.id, reason="家属要求")
    confirmations.withhold(who, other.id, reason="家属要求")
    confirmations.disclose(who, other.id, reason="家属同意")
    told = [(leaf["verb"], leaf["nomination"]) for leaf in logged(made.id, LeafKind.TRANSITION)]
    assert told == [("leave", str(one.id)), ("leave", str(other.id)), ("enter", str(other.id))]
    said = json.dumps(logged(made.id), ensure_ascii=False)
    assert not [
        word
        for word in ("材料虚假", "家属", "remove", "withh")
        if word in said[said.index("leave") :]
    ]


def test_who_was_no_candidate_does_not_leave(ctx: Flask) -> None:
    made = campaign(C.REVIEWING)
    departures.remove_by_office(reviewer(None), candidate(made).id, reason="材料虚假")
    assert logged(made.id) == []


def test_an_objection_is_told_by_its_outcome_alone(ctx: Flask) -> None:
    made, (one, _) = proposed()
    notice = opened(made)
    objection = accepted(notice, one, at=noon(MONDAY))
    verified(objection, at=noon(MONDAY))
    with clock.frozen(noon(MONDAY)):
        objection_rulings.dismiss(handler(), objection.id, reason="查无实据")
    (leaf,) = logged(made.id, LeafKind.OBJECTION)
    assert leaf == {
        "type": "objection",
        "campaign": str(made.id),
        "objection": leaf["objection"],
        "outcome": "dismissed",
        "hour": "2026-06-01T12",
    }
    assert str(objection.id) not in json.dumps(leaf)


def test_a_revocation_is_told_by_its_ground(ctx: Flask) -> None:
    given = honor()
    assert given.campaign_id is not None
    revocations.revoke(
        honors_office(),
        given.id,
        ground=RevokeGround.CRIME,
        reason="张三犯罪被判刑",
        document_number="许文明〔2027〕20号",
    )
    (leaf,) = logged(given.campaign_id, LeafKind.REVOCATION)
    assert (leaf["nomination"], leaf["reason"]) == (str(given.nomination_id), "crime")
    assert "张三" not in json.dumps(logged(given.campaign_id), ensure_ascii=False)


def judged_selection(app: Flask) -> recounting.Selection:
    selection = recounting.opened(AT)
    for act in (recounting.closed, recounting.judged, recounting.published):
        act(selection)
    return selection


def test_no_name_enters_the_log_of_a_whole_campaign(ctx: Flask) -> None:
    """Neither of nominees, nor of members of the panel, voters and the office; nor any id of a
    person."""
    selection = judged_selection(ctx)
    said = json.dumps(logged(selection.campaign.id), ensure_ascii=False)
    names = db.session.scalars(select(Nomination.nominee_name)).all()
    persons = db.session.execute(select(Person.id, Person.name, Person.nickname)).all()
    assert names
    assert persons
    for name in names:
        assert name not in said
    for id_, *called in persons:
        assert str(id_) not in said
        assert not [name for name in called if name and name in said]
    kinds = {body["type"] for body in logged(selection.campaign.id)}
    assert kinds == {"rules", "transition", "ballot", "committee", "result"}


def test_what_the_panel_said_is_committed_to_and_opened_by_the_result(ctx: Flask) -> None:
    selection = judged_selection(ctx)
    (committee,) = logged(selection.campaign.id, LeafKind.COMMITTEE)
    (result,) = logged(selection.campaign.id, LeafKind.RESULT)
    assert set(committee["commitments"]) == {str(id_) for id_ in selection.candidates}
    assert not [name for name in ("score", "salt", "exact") if name in committee]
    for line in result["lines"]:
        assert len(line["salt"]) == 64
        assert len(line["committee"]["member_scores"]) == 3


def over(app: Flask, status: CampaignStatus = C.CONCLUDED) -> Campaign:
    """A campaign with sealed ballots that has ended."""
    with stored(app):
        made = campaign()
        (chosen,) = candidates(made, 1)
        for voter in people(2):
            ballots.cast(actor_of(voter), made.id, choices=[chosen])
        tally.seal(made.id)
        db.session.execute(update(Campaign).where(Campaign.id == made.id).values(status=status))
    return made


def run(app: Flask) -> int:
    with app.app_context():
        context = JobContext(app)
        done = destroy_keys(context)
        assert context.failures == 0
        return done


@pytest.mark.parametrize("status", [C.CONCLUDED, C.CANCELLED])
def test_the_key_goes_when_a_campaign_is_over_and_the_log_says_so_once(
    rolled_back: Flask, status: CampaignStatus
) -> None:
    made = over(rolled_back, status)
    assert run(rolled_back) == 1
    assert run(rolled_back) == 0
    with stored(rolled_back):
        assert verbs(made.id) == ["destroy_key"]
        assert checkpoints.latest(made.id).size == 4
        assert log_recount.recount(made.id).is_right
        with pytest.raises(KeyMissing):
            pseudonyms.of_campaign(made.id)


@pytest.mark.parametrize("status", [C.ASSESSING, C.COUNTING, C.JUDGING, C.NOTICING])
def test_the_key_stays_while_a_campaign_runs(rolled_back: Flask, status: CampaignStatus) -> None:
    made = over(rolled_back, status)
    assert run(rolled_back) == 0
    assert key_store_has(rolled_back, made)


def key_store_has(app: Flask, made: Campaign) -> bool:
    with app.app_context():
        return bool(key_store().read(str(made.id)))


def test_an_open_objection_keeps_the_key(rolled_back: Flask) -> None:
    with stored(rolled_back):
        made, (one, _) = proposed()
        objection = accepted(opened(made), one, at=noon(MONDAY))
        verified(objection, at=noon(MONDAY))
        public_log.append(made.id, [])
        pseudonyms.keep(made.id)
        done = update(Campaign).where(Campaign.id == made.id).values(status=C.CONCLUDED)
        db.session.execute(done)
    assert run(rolled_back) == 0
    with stored(rolled_back), clock.frozen(noon(MONDAY)):
        objection_rulings.dismiss(handler(), objection.id, reason="查无实据")
    assert run(rolled_back) == 1


def test_a_crash_before_the_file_is_gone_is_made_good(rolled_back: Flask) -> None:
    made = over(rolled_back)
    with stored(rolled_back):
        pseudonyms.decide_to_forget(made.id)
    assert key_store_has(rolled_back, made)
    assert run(rolled_back) == 1
    with stored(rolled_back):
        assert verbs(made.id) == ["destroy_key"]


@pytest.fixture
def counted(ctx: Flask) -> Campaign:
    made = campaign()
    ids = candidates(made, 3)
    voters: list[Actor] = [actor_of(p) for p in people(4)]
    for n in range(2):
        for voter in voters[n:]:
            ballots.cast(voter, made.id, choices=[ids[n]])
        tally.seal(made.id)
    checkpoints.write(made.id)
    return made


def faults(made: Campaign) -> list[str]:
    return list(log_recount.recount(made.id).faults)


def test_a_recount_of_the_log_agrees(counted: Campaign) -> None:
    assert log_recount.logged() == [counted.id]
    assert log_recount.recount(counted.id).is_right


def test_a_recount_names_counts_that_do_not_follow_from_the_log(counted: Campaign) -> None:
    db.session.execute(update(TallyCount).values(votes=TallyCount.votes + 1))
    found = log_recount.recount(counted.id)
    assert sorted(found.differences.values()) == [(2, 1), (4, 3)]
    assert not found.is_right


def test_a_ballot_that_is_ruled_out_leaves_the_votes_of_the_log(counted: Campaign) -> None:
    def rule(ruling: str) -> None:
        body = leaves.ruling(
            str(counted.id), ballot=5, ruling=ruling, reason="burst", hour="2027-05-10T10"
        )
        public_log.append(counted.id, [body])

    rule("quarantined")
    assert sum(k - v for k, v in log_recount.recount(counted.id).differences.values()) == 1
    rule("restored")
    assert log_recount.recount(counted.id).is_right


def insert_raw(model: type, **values: Any) -> None:
    db.session.add(model(**values))
    db.session.flush()


def test_a_recount_names_what_was_smuggled_into_the_log(counted: Campaign) -> None:
    """Nobody may change a leaf; whoever owns the database can still add one."""
    insert_raw(
        LogLeaf,
        campaign_id=counted.id,
        leaf_index=8,
        kind=LeafKind.BALLOT,
        body='{"type":"ballot"}',
        hash=b"x" * 32,
    )
    assert faults(counted) == [
        "leaf 8 is not what was hashed",
        "the frontier is not that of the leaves",
    ]


def test_a_recount_names_a_gap_a_strange_node_and_a_strange_checkpoint(counted: Campaign) -> None:
    insert_raw(LogNode, campaign_id=counted.id, level=8, node_index=0, hash=b"x" * 32)
    assert faults(counted) == ["the kept nodes are not those of the leaves"]
    values: dict[str, Any] = {"root": b"x" * 32, "at": AT, "note": ""}
    insert_raw(Checkpoint, campaign_id=counted.id, size=3, **values)
    insert_raw(Checkpoint, campaign_id=counted.id, size=99, **values)
    assert faults(counted)[:2] == [
        "checkpoint 3 signed another root",
        "checkpoint 99 is beyond the log",
    ]
    insert_raw(
        LogLeaf,
        campaign_id=counted.id,
        leaf_index=9,
        kind=LeafKind.BALLOT,
        body="{}",
        hash=b"",
    )
    assert "leaf 8 is missing" in faults(counted)


def test_a_recount_names_a_moved_frontier(counted: Campaign) -> None:
    db.session.execute(update(PublicLog).values(ballots=PublicLog.ballots - 1))
    assert faults(counted) == ["the frontier is not that of the leaves"]


def test_the_command_recounts(rolled_back: Flask) -> None:
    over(rolled_back)
    runner = rolled_back.test_cli_runner()
    assert runner.invoke(args=["tally", "recount"]).exit_code == 0
    with stored(rolled_back):
        db.session.execute(update(TallyCount).values(votes=9))
    assert runner.invoke(args=["tally", "recount"]).exit_code == 1


def test_own_ballots_tell_where_they_stand_once_they_are_sealed(
    http: Http, rolled_back: Flask
) -> None:
    with stored(rolled_back):
        made, voter = campaign(), actor_of(person())
        (chosen,) = candidates(made, 1)
        ballots.cast(voter, made.id, choices=[chosen])
    mine = http.as_(voter)

    def read() -> tuple[Any, Any]:
        answer = mine.get("/me/ballots").json
        assert answer is not None
        (item,) = answer["items"]
        return item["leaf"], item["voter"]

    assert read() == (None, None)
    with stored(rolled_back):
        tally.seal(made.id)
        name = pseudonyms.of_campaign(made.id)(voter.id, "once")
    assert read() == (1, name)
