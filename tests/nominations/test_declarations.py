"""Conflicts: declared, certain, hinted at; and what a recused member never sees."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import audit
from core.crypto import vault
from core.db import db
from core.errors import InvalidInput, NotFound
from nominations.errors import (
    ConflictStands,
    JudgingNotOpen,
    NotDeclared,
    Recused,
    StageClosed,
    VotedAlready,
)
from nominations.lifecycles import CampaignStatus, NominationStatus, NomineeKind
from nominations.models.declarations import Declaration, Ground
from nominations.models.nominations import WITHHELD_NAME
from nominations.services import declarations, nominators, panel_scores, panelists, panels
from nominations.services.declarations import Hint
from tests.conftest import Http, stored
from tests.factories import nominations as nominating
from tests.factories import panels as make
from tests.factories.accounts import person, site

KIN = "候选人是我的表兄"


def hints_of(**facts: Any) -> list[Hint]:
    """What a member 张三 of 市第一中学, at home in 411002001, is shown about a nominee."""
    campaign, who = make.campaign(), person("张三")
    who.site_id = site("411002001").id
    member = make.member(campaign.id, who=who, unit="市第一中学")
    nominating.candidate(campaign, **({"nominee_name": "李四"} | facts))
    (shown,) = declarations.list_assignments(member, campaign.id)
    return list(shown.hints)


def test_records_give_hints(ctx: Flask) -> None:
    assert hints_of() == []
    assert hints_of(nominee_unit="许昌市第一中学") == [Hint.SAME_UNIT]
    assert hints_of(nominee_name="市第一中学", nominee_kind=NomineeKind.UNIT) == [Hint.SAME_UNIT]
    assert hints_of(nominee_name="张小五") == [Hint.SAME_SURNAME_AND_PLACE]
    assert hints_of(nominee_name="张五", site_id=site("411082").id) == []


def test_the_representative_of_a_group_may_be_kin(ctx: Flask) -> None:
    facts = {"nominee_kind": NomineeKind.GROUP, "representative_name": "张五"}
    assert hints_of(nominee_name="爱心车队", **facts) == [Hint.SAME_SURNAME_AND_PLACE]


def test_whoever_reviewed_the_case_is_reminded_of_it(ctx: Flask) -> None:
    campaign = make.campaign()
    member = make.member(campaign.id)
    nomination = nominating.candidate(campaign)
    audit.record(member, nomination, "pass")
    db.session.flush()
    (shown,) = declarations.list_assignments(member, campaign.id)
    assert shown.hints == [Hint.REVIEWER]
    assert shown.recusal_reason is None


def test_nominators_and_nominees_are_recused_without_being_asked(ctx: Flask) -> None:
    campaign, nominator, nominee = make.campaign(), person(), person()
    nomination = nominating.candidate(
        campaign,
        by=nominator,
        nominee_id_number_index=vault().index.digest(nominee.id_number or "", purpose="id_number"),
    )
    for who, hint in ((nominator, Hint.NOMINATOR), (nominee, Hint.NOMINEE)):
        member = make.member(campaign.id, who=who)
        (shown,) = declarations.list_assignments(member, campaign.id)
        assert hint in shown.hints
        assert shown.recusal_reason is not None
        with pytest.raises(Recused):
            declarations.declare(member, nomination.id, conflict=False)


def test_a_nominee_who_is_withheld_is_not_named(ctx: Flask) -> None:
    court = make.court()
    nomination = declarations.get_candidate(court.candidates[0])
    nomination.is_withheld, nomination.withheld_reason = True, "近亲属申请"
    nomination.nominee_unit = "市公交公司"
    db.session.flush()
    found = declarations.list_assignments(court.members[0], court.campaign_id)
    shown = next(a for a in found if a.nomination_id == nomination.id)
    assert (shown.nominee_name, shown.unit, shown.is_withheld) == (WITHHELD_NAME, None, True)
    assert panel_scores.view_file(court.members[0], nomination.id).unit is None


def test_the_last_declaration_before_judging_counts(ctx: Flask) -> None:
    court = make.court(opened=False)
    member, candidate = court.members[0], court.candidates[0]
    with pytest.raises(InvalidInput):
        declarations.declare(member, candidate, conflict=True)
    declarations.declare(member, candidate, conflict=True, reason=KIN)
    declarations.declare(member, candidate, conflict=False)
    last = declarations.declare(member, candidate, conflict=False)
    assert last.number == 3
    assert len(db.session.scalars(select(Declaration)).all()) == 6 + 2
    court.open()
    panel_scores.score(member, candidate, marks=make.marks())


def test_a_conflict_found_while_judging_stays_and_its_marks_never_count(ctx: Flask) -> None:
    court = make.court(members=4)
    member, candidate = court.members[0], court.candidates[0]
    for one in court.members:
        for c in court.candidates:
            panel_scores.score(one, c, marks=make.marks())
    declarations.declare(member, candidate, conflict=True, reason=KIN)
    with pytest.raises(ConflictStands):
        declarations.declare(member, candidate, conflict=False)
    with pytest.raises(Recused, match=KIN):
        panel_scores.view_file(member, candidate)
    with pytest.raises(Recused):
        panel_scores.score(member, candidate, marks=make.marks())
    panels.close_judging(court.office, court.campaign_id)
    seat = str(panelists.seat_of(member, court.campaign_id).id)
    kept = panels.record_of(court.campaign_id)
    assert kept.recused == {(seat, str(candidate))}
    assert (seat, str(candidate)) not in {(m.member, m.nominee) for m in kept.marks}
    with pytest.raises(JudgingNotOpen):
        declarations.declare(member, candidate, conflict=True, reason=KIN)


def test_what_was_certain_when_judging_closed_stays_written(ctx: Flask) -> None:
    court = make.court(members=4)
    for one in court.members:
        for c in court.candidates:
            panel_scores.score(one, c, marks=make.marks())
    nominators.add(court.candidates[0], court.members[0].id)
    panels.close_judging(court.office, court.campaign_id)
    nominators.add(court.candidates[1], court.members[1].id)
    (certain,) = db.session.scalars(
        select(Declaration).where(Declaration.ground == Ground.NOMINATOR)
    )
    assert panels.record_of(court.campaign_id).recused == {
        (str(certain.panelist_id), str(court.candidates[0]))
    }


def test_a_vote_can_not_be_taken_back_by_a_conflict(ctx: Flask) -> None:
    court = make.court(rules=make.SECRET)
    panel_scores.vote(court.members[0], court.candidates[0], approves=False)
    with pytest.raises(VotedAlready):
        declarations.declare(court.members[0], court.candidates[0], conflict=True, reason=KIN)


def test_nobody_reads_a_file_before_having_declared(ctx: Flask) -> None:
    court = make.court()
    late = make.member(court.campaign_id, court.office)
    with pytest.raises(NotDeclared):
        panel_scores.view_file(late, court.candidates[0])
    declarations.declare(late, court.candidates[0], conflict=False)
    assert panel_scores.view_file(late, court.candidates[0]).rubric


def test_candidates_are_shown_when_their_list_is_complete(ctx: Flask) -> None:
    campaign = make.campaign(CampaignStatus.REVIEWING)
    candidate = nominating.candidate(campaign)
    member = make.member(campaign.id)
    with pytest.raises(StageClosed):
        declarations.list_assignments(member, campaign.id)
    with pytest.raises(StageClosed):
        declarations.declare(member, candidate.id, conflict=False)


def test_of_another_campaign_a_panelist_sees_nothing(ctx: Flask) -> None:
    court, elsewhere = make.court(), make.court()
    stranger, candidate = elsewhere.members[0], court.candidates[0]
    with pytest.raises(NotFound):
        declarations.list_assignments(stranger, court.campaign_id)
    with pytest.raises(NotFound):
        declarations.declare(stranger, candidate, conflict=False)
    with pytest.raises(NotFound):
        panel_scores.view_file(stranger, candidate)
    with pytest.raises(NotFound):
        panel_scores.score(stranger, candidate, marks=make.marks())


def test_who_is_no_candidate_is_not_judged(ctx: Flask) -> None:
    court = make.court()
    withdrawn = declarations.get_candidate(court.candidates[0])
    withdrawn.status = NominationStatus.WITHDRAWN
    db.session.flush()
    with pytest.raises(NotFound):
        panel_scores.view_file(court.members[0], withdrawn.id)
    found = declarations.list_assignments(court.members[0], court.campaign_id)
    assert [a.nomination_id for a in found] == [court.candidates[1]]


def test_declaring_over_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        court = make.court(opened=False)
        elsewhere, citizen = make.court(), person()
    me = http.as_(court.members[0])
    listed = me.get(f"/panel/{court.campaign_id}/assignments")
    assert listed.status_code == 200
    assert set(listed.json["items"][0]) == {  # type: ignore[index]
        "nomination_id",
        "nominee_name",
        "nominee_kind",
        "is_withheld",
        "unit",
        "category",
        "hints",
        "has_conflict",
        "recusal_reason",
        "is_judged",
    }
    path = f"/panel/{court.candidates[0]}"
    made = me.post(f"{path}/declaration", json={"conflict": True, "reason": KIN})
    assert (made.status_code, made.json["has_conflict"]) == (200, True)  # type: ignore[index]
    assert me.get(f"{path}/file").json["code"] == "judging_not_open"  # type: ignore[index]
    with stored(rolled_back):
        court.open()
    refused = me.get(f"{path}/file")
    assert (refused.status_code, refused.json["code"]) == (403, "recused")  # type: ignore[index]
    assert KIN in refused.json["detail"]  # type: ignore[index]
    assert http.as_(elsewhere.members[0]).get(f"{path}/file").status_code == 404
    assert http.as_(citizen).get(f"{path}/file").status_code == 403
