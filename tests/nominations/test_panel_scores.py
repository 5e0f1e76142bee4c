"""Marks and secret votes of members, and when they stand."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text

from core import audit
from core.db import db
from core.errors import InvalidInput, NotFound
from nominations.errors import (
    AnotherMethod,
    JudgingNotOpen,
    MarksMissing,
    MarksSubmitted,
    StageClosed,
)
from nominations.lifecycles import CampaignStatus
from nominations.models.attachments import AttachmentKind
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from nominations.models.panel_scores import PanelVote, PanelVoteRoll
from nominations.services import declarations, panel_scores, panelists
from tests.conftest import Http, stored
from tests.factories import panels as make
from tests.factories.attachments import attached

PHOTO, EVIDENCE = AttachmentKind.LIFE_PHOTO, AttachmentKind.EVIDENCE
MIXED: dict[str, str | None] = {"deeds": "87.5", "influence": None, "example": "60"}


def test_marks_are_kept_exactly_and_may_be_changed(ctx: Flask) -> None:
    court = make.court()
    member, candidate = court.members[0], court.candidates[0]
    panel_scores.score(member, candidate, marks=make.marks("10.01"))
    panel_scores.score(member, candidate, marks=make.marks(MIXED))
    db.session.expire_all()
    kept = panel_scores.view_file(member, candidate).marks
    assert {m.criterion: m.points for m in kept} == {
        "deeds": Decimal("87.5"),
        "influence": None,
        "example": Decimal(60),
    }


@pytest.mark.parametrize(
    "marks",
    [
        make.marks({"deeds": "80"}),
        make.marks({**MIXED, "charm": "80"}),
        make.marks("100.01"),
        make.marks(dict.fromkeys(MIXED)),
        [*make.marks(MIXED), {"criterion": "deeds", "points": Decimal(1)}],
    ],
    ids=["one missing", "one too many", "above the most", "none applies", "one twice"],
)
def test_marks_that_do_not_fit_the_rubric_are_refused(
    ctx: Flask, marks: list[dict[str, Any]]
) -> None:
    court = make.court()
    with pytest.raises(InvalidInput):
        panel_scores.score(court.members[0], court.candidates[0], marks=marks)


def test_marks_stand_once_all_are_submitted(ctx: Flask) -> None:
    court = make.court()
    member = court.members[0]
    panel_scores.score(member, court.candidates[0], marks=make.marks())
    with pytest.raises(MarksMissing) as refused:
        panel_scores.submit(member, court.campaign_id)
    assert refused.value.details == {"nominations": [str(court.candidates[1])]}
    panel_scores.score(member, court.candidates[1], marks=make.marks())
    first = panel_scores.submit(member, court.campaign_id).submitted_at
    assert panel_scores.submit(member, court.campaign_id).submitted_at == first
    with pytest.raises(MarksSubmitted):
        panel_scores.score(member, court.candidates[0], marks=make.marks())


def test_a_member_is_done_without_those_for_whom_they_are_recused(ctx: Flask) -> None:
    court = make.court(members=4)
    declarations.declare(court.members[0], court.candidates[0], conflict=True, reason="同事")
    panel_scores.score(court.members[0], court.candidates[1], marks=make.marks())
    assert panel_scores.submit(court.members[0], court.campaign_id).submitted_at is not None


def test_nothing_is_marked_before_judging_opens_or_while_the_campaign_is_paused(
    ctx: Flask,
) -> None:
    court = make.court(opened=False)
    with pytest.raises(JudgingNotOpen):
        panel_scores.score(court.members[0], court.candidates[0], marks=make.marks())
    court.open()
    campaign = db.session.get_one(Campaign, court.campaign_id)
    campaign.status = CampaignStatus.PAUSED
    campaign.paused_from, campaign.pause_reason = CampaignStatus.JUDGING, "核实材料"
    db.session.flush()
    with pytest.raises(StageClosed):
        panel_scores.score(court.members[0], court.candidates[0], marks=make.marks())


def test_each_method_has_its_own_act(ctx: Flask) -> None:
    scored, secret = make.court(), make.court(rules=make.SECRET)
    with pytest.raises(AnotherMethod):
        panel_scores.vote(scored.members[0], scored.candidates[0], approves=True)
    with pytest.raises(AnotherMethod):
        panel_scores.score(secret.members[0], secret.candidates[0], marks=make.marks())
    with pytest.raises(AnotherMethod):
        panel_scores.submit(secret.members[0], secret.campaign_id)


def test_the_first_secret_vote_stands(ctx: Flask) -> None:
    court = make.court(rules=make.SECRET)
    member, candidate = court.members[0], court.candidates[0]
    assert panel_scores.vote(member, candidate, approves=True).is_first
    assert not panel_scores.vote(member, candidate, approves=False).is_first
    assert db.session.scalars(select(PanelVote.approves)).all() == [True]
    assert panel_scores.view_file(member, candidate).has_voted


def test_a_secret_vote_holds_nothing_that_leads_to_its_member(ctx: Flask) -> None:
    court = make.court(members=5, rules=make.SECRET)
    candidate = court.candidates[0]
    seen: list[set[Any]] = []
    for n, member in enumerate(court.members):
        panel_scores.vote(member, candidate, approves=n % 2 == 0)
        seen.append(set(db.session.scalars(select(PanelVote.id))))
    assert {c.name for c in PanelVote.__table__.columns} == {"id", "nomination_id", "approves"}
    assert {c.name for c in PanelVoteRoll.__table__.columns} == {"panelist_id", "nomination_id"}
    assert sum(map(len, seen)) == len(set[Any]().union(*seen)), "every vote gives all new keys"
    counted = select(PanelVote.approves, func.count()).group_by(PanelVote.approves)
    assert dict(db.session.execute(counted).all()) == {True: 3, False: 2}
    told = select(audit.Entry.verb).where(audit.Entry.actor_id.in_([m.id for m in court.members]))
    assert "vote" not in set(db.session.scalars(told))


def test_votes_have_no_hidden_order(ctx: Flask) -> None:
    """On SQLite a table without rowid is kept in the order of its random key."""
    assert inspect(db.session.connection()).has_table("panel_votes")
    if db.engine.dialect.name == "sqlite":
        made = text("SELECT sql FROM sqlite_master WHERE name IN ('panel_votes','panel_vote_roll')")
        for statement in db.session.scalars(made):
            assert statement.rstrip().endswith("WITHOUT ROWID")


@pytest.mark.postgresql
def test_all_papers_of_a_nominee_are_of_one_transaction(committed: Flask) -> None:
    with stored(committed):
        court = make.court(rules=make.SECRET)
    for member in court.members:
        with stored(committed):
            panel_scores.vote(member, court.candidates[0], approves=True)
    with stored(committed):
        versions = db.session.scalars(text("SELECT DISTINCT xmin::text FROM panel_votes")).all()
        roll = db.session.scalars(text("SELECT DISTINCT xmin::text FROM panel_vote_roll")).all()
    assert (len(versions), len(roll)) == (1, 3)


def test_marks_over_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        court = make.court(candidates=1)
    me, path = http.as_(court.members[0]), f"/panel/{court.candidates[0]}"
    body = {
        "marks": [
            {"criterion": "deeds", "points": "87.5"},
            {"criterion": "influence", "points": None},
            {"criterion": "example", "points": "60"},
        ]
    }
    before = me.get(f"{path}/file")
    assert (before.status_code, before.json["marks"]) == (200, [])  # type: ignore[index]
    stored_marks = me.put(f"{path}/scores", json=body)
    assert stored_marks.status_code == 200, stored_marks.json
    assert [m["points"] for m in stored_marks.json["marks"]] == ["87.50", None, "60.00"]  # type: ignore[index]
    assert me.put(f"{path}/scores", json=body, headers={"If-Match": '"old"'}).status_code == 412
    for points in ("-1", "1e2", "8.005", "１０", 87.5):
        bad = {"marks": [{"criterion": "deeds", "points": points}]}
        assert me.put(f"{path}/scores", json=bad).status_code == 422, points
    other = http.as_(court.members[1]).get(f"{path}/file")
    assert other.json["marks"] == []  # type: ignore[index]
    done = me.post(f"/campaigns/{court.campaign_id}/panel/submit")
    assert done.json["submitted_at"]  # type: ignore[index]
    assert me.put(f"{path}/scores", json=body).json["code"] == "marks_submitted"  # type: ignore[index]


def test_voting_over_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        court = make.court(candidates=1, rules=make.SECRET)
    me, path = http.as_(court.members[0]), f"/panel/{court.candidates[0]}/vote"
    first = me.post(path, json={"approves": True})
    assert (first.status_code, first.json["is_first"]) == (200, True)  # type: ignore[index]
    assert me.post(path, json={"approves": False}).json["is_first"] is False  # type: ignore[index]


def test_a_member_who_left_is_gone(ctx: Flask) -> None:
    court = make.court()
    seat = panelists.seat_of(court.members[0], court.campaign_id)
    panelists.remove(court.office, seat.id, reason="长期在外")
    with pytest.raises(NotFound):
        panel_scores.submit(court.members[0], court.campaign_id)


def test_the_file_has_what_a_moderator_cleared(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        court = make.court()
        member, silent = court.members[0], make.member(court.campaign_id)
        first, second = (db.session.get_one(Nomination, c) for c in court.candidates[:2])
        shown = {str(attached(first, kind, cleared=True).id) for kind in (PHOTO, EVIDENCE)}
        hidden = [
            attached(first, PHOTO),
            attached(first, AttachmentKind.CONSENT_PAPER, cleared=True),
            attached(second, PHOTO, cleared=True),
        ]
        path = f"/panel/{first.id}"
    told = (http.as_(member).get(f"{path}/file").json or {})["attachments"]
    assert {one["id"] for one in told} == shown
    addresses = [f"{path}/attachments/{one}" for one in shown]
    for address in addresses:
        answer = http.as_(member).get(address)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.data.startswith(b"\xff\xd8")
        assert (http.as_(silent).get(address).json or {})["code"] == "not_declared"
        assert http.as_(court.office).get(address).status_code == 403
    for one in hidden:
        assert http.as_(member).get(f"{path}/attachments/{one.id}").status_code == 404


def test_the_file_of_who_is_withheld_has_no_files(ctx: Flask) -> None:
    court = make.court()
    nominee = db.session.get_one(Nomination, court.candidates[0])
    kept = attached(nominee, PHOTO, cleared=True)
    nominee.is_withheld, nominee.withheld_reason = True, "防止报复"
    db.session.flush()
    assert panel_scores.view_file(court.members[0], nominee.id).attachments == []
    with pytest.raises(NotFound):
        panel_scores.view_attachment(court.members[0], nominee.id, kept.id)
