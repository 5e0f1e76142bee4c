"""A panel as a whole: opened, closed, shown, reminded."""

import io
from datetime import timedelta
from decimal import Decimal

import docx
import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.permissions import Role
from core import clock
from core.actor import SYSTEM
from core.db import db
from core.errors import NotFound
from jobs.panels import close_panels, remind_panelists
from jobs.runner import JobContext
from nominations.errors import (
    DeclarationsMissing,
    JudgingNotClosed,
    JudgingNotOpen,
    PanelTooSmall,
    QuorumLacking,
    StageClosed,
)
from nominations.lifecycles import CampaignStatus, NominationStatus, PanelStatus
from nominations.models.campaigns import Campaign
from nominations.models.nominations import WITHHELD_NAME
from nominations.services import (
    declarations,
    panel_records,
    panel_scores,
    panelists,
    panels,
    results,
)
from tests.conftest import Http, stored
from tests.factories import panels as make
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.panels import Court

CONFLICT = "候选人是我的同事"


def judge(court: Court, *points: str) -> None:
    """One member after another gives every candidate the same points, as far as they reach."""
    for member, given in zip(court.members, points, strict=False):
        for candidate in court.candidates:
            panel_scores.score(member, candidate, marks=make.marks(given))


def test_judging_opens_when_all_is_ready(ctx: Flask) -> None:
    early = make.court(status=CampaignStatus.COUNTING, opened=False)
    with pytest.raises(StageClosed):
        early.open()
    small = make.court(members=2, opened=False)
    with pytest.raises(PanelTooSmall):
        small.open()
    ready = make.court(opened=False)
    silent = make.member(ready.campaign_id, ready.office)
    with pytest.raises(DeclarationsMissing) as refused:
        ready.open()
    seat = panelists.seat_of(silent, ready.campaign_id)
    assert refused.value.details == {"panelists": [str(seat.id)]}
    panelists.remove(ready.office, seat.id, reason="没有声明")
    ready.open()
    assert panelists.panel_of(ready.campaign_id).status is PanelStatus.SCORING


def test_judging_does_not_open_for_a_nominee_whom_hardly_anybody_may_judge(ctx: Flask) -> None:
    court = make.court(opened=False)
    for member in court.members[:2]:
        declarations.declare(member, court.candidates[0], conflict=True, reason=CONFLICT)
    with pytest.raises(PanelTooSmall) as refused:
        court.open()
    assert refused.value.details == {"nominations": [str(court.candidates[0])]}


def test_judging_closes_with_a_quorum_for_everybody(ctx: Flask) -> None:
    court = make.court(members=4)
    judge(court, "80", "80")
    with pytest.raises(QuorumLacking) as refused:
        panels.close_judging(court.office, court.campaign_id)
    assert set(refused.value.details["nominations"]) == set(map(str, court.candidates))
    panel_scores.score(court.members[2], court.candidates[0], marks=make.marks())
    with pytest.raises(QuorumLacking) as refused:
        panels.close_judging(court.office, court.campaign_id)
    assert refused.value.details == {"nominations": [str(court.candidates[1])]}
    declarations.declare(court.members[3], court.candidates[1], conflict=True, reason=CONFLICT)
    assert not panels.is_closed(court.campaign_id)
    panels.close_judging(court.office, court.campaign_id)
    assert panels.is_closed(court.campaign_id)
    with pytest.raises(JudgingNotOpen):
        panels.close_judging(court.office, court.campaign_id)
    with pytest.raises(JudgingNotOpen):
        panel_scores.score(court.members[3], court.candidates[0], marks=make.marks())


def test_who_left_the_selection_needs_no_quorum(ctx: Flask) -> None:
    court = make.court()
    for member in court.members:
        panel_scores.score(member, court.candidates[0], marks=make.marks())
    declarations.get_candidate(court.candidates[1]).status = NominationStatus.WITHDRAWN
    panels.close_judging(court.office, court.campaign_id)
    (shown,) = panel_records.record(court.office, court.campaign_id).nominees
    assert shown.nomination_id == court.candidates[0]


def test_what_a_panel_left(ctx: Flask) -> None:
    court = make.court()
    with pytest.raises(JudgingNotClosed):
        panels.record_of(court.campaign_id)
    for member in court.members[:2]:
        for candidate in court.candidates:
            given: dict[str, str | None] = {"deeds": "90", "influence": None, "example": "70.5"}
            panel_scores.score(member, candidate, marks=make.marks(given))
    panels.close_judging(court.office, court.campaign_id)
    kept = panels.record_of(court.campaign_id)
    assert len(kept.members) == 3, "who is absent is a member all the same"
    assert len(kept.marks) == 4
    assert kept.marks[0].points == {
        "deeds": Decimal(90),
        "influence": None,
        "example": Decimal("70.5"),
    }
    assert (kept.approvals, kept.voters) == (None, None)


def test_who_was_proposed_beside_the_ranking_holds_nobody_up(ctx: Flask) -> None:
    court = make.court(opened=False)
    hidden = declarations.get_candidate(court.candidates.pop(0))
    hidden.is_withheld, hidden.withheld_reason = True, "近亲属申请"
    results.propose_withheld(
        court.office, hidden.id, bravery_number="见义〔2026〕1号", reason="依法确认"
    )
    court.declare_all()
    court.open()
    judge(court, "90", "80", "70")
    panels.close_judging(court.office, court.campaign_id)
    assert panels.is_closed(court.campaign_id)


def test_what_a_secret_vote_left(ctx: Flask) -> None:
    court = make.court(members=4, rules=make.SECRET)
    first, second = court.candidates
    for n, member in enumerate(court.members[:3]):
        panel_scores.vote(member, first, approves=n > 0)
        panel_scores.vote(member, second, approves=False)
    panels.close_judging(court.office, court.campaign_id)
    kept = panels.record_of(court.campaign_id)
    assert kept.marks == ()
    assert kept.approvals == {str(first): 2}
    assert kept.voters == {str(first): 3, str(second): 3}
    shown = panel_records.record(court.office, court.campaign_id).nominees
    assert {n.nomination_id: n.approvals for n in shown} == {first: 2, second: 0}
    assert all(not n.marks and n.spread is None for n in shown)


def test_a_single_secret_vote_is_never_counted(ctx: Flask) -> None:
    court = make.court(rules=make.SECRET)
    for member in court.members:
        panel_scores.vote(member, court.candidates[0], approves=True)
    panel_scores.vote(court.members[0], court.candidates[1], approves=True)
    with pytest.raises(QuorumLacking):
        panels.close_judging(court.office, court.campaign_id)
    declarations.get_candidate(court.candidates[1]).status = NominationStatus.WITHDRAWN
    panels.close_judging(court.office, court.campaign_id)
    assert panels.record_of(court.campaign_id).voters == {str(court.candidates[0]): 3}


def test_where_no_panel_was_formed_none_is_closed(ctx: Flask) -> None:
    campaign = make.campaign()
    assert not panels.is_closed(campaign.id)
    with pytest.raises(JudgingNotClosed):
        panels.record_of(campaign.id)


def test_members_are_shown_by_numbers_and_their_disagreement(ctx: Flask) -> None:
    court = make.court()
    judge(court, "95", "60", "85")
    panels.close_judging(court.office, court.campaign_id)
    shown = panel_records.record(court.office, court.campaign_id).nominees[0]
    assert [m.member for m in shown.marks] == [1, 2, 3]
    assert {m.total for m in shown.marks} == {95, 60, 85}
    assert shown.spread is not None
    assert [shown.spread.mean, shown.spread.range] == [Decimal(80), Decimal(35)]
    assert shown.spread.is_wide


def test_the_record_stays_when_candidates_go_on(ctx: Flask) -> None:
    court = make.court()
    judge(court, "80", "80", "80")
    panels.close_judging(court.office, court.campaign_id)
    declarations.get_candidate(court.candidates[0]).status = NominationStatus.PROPOSED
    assert len(panel_records.record(court.office, court.campaign_id).nominees) == 2


def test_progress_tells_who_is_done_and_not_what_was_given(ctx: Flask) -> None:
    court = make.court(members=4)
    judge(court, "80", "70")
    declarations.declare(court.members[3], court.candidates[0], conflict=True, reason=CONFLICT)
    found = panel_records.progress(court.office, court.campaign_id)
    by_person = {m.panelist.person_id: (m.recused, m.assigned, m.judged) for m in found.members}
    wanted = [(0, 2, 2), (0, 2, 2), (0, 2, 0), (1, 1, 0)]
    assert by_person == {m.id: w for m, w in zip(court.members, wanted, strict=True)}
    seen = {n.nomination.id: (n.eligible, n.judged, n.needed) for n in found.nominees}
    assert seen == {court.candidates[0]: (3, 2, 2), court.candidates[1]: (4, 2, 3)}


def test_only_the_office_and_its_supervisors_look(ctx: Flask) -> None:
    court, elsewhere = make.court(), make.court()
    of_another = actor_of(person(), make.over(Role.SUPERVISOR, elsewhere.campaign_id))
    of_a_county = actor_of(person(), grant(Role.ADMIN, over=site("411002")))
    for actor in (of_another, of_a_county):
        with pytest.raises(NotFound):
            panel_records.progress(actor, court.campaign_id)
        with pytest.raises(NotFound):
            panel_records.record(actor, court.campaign_id)
        with pytest.raises(NotFound):
            panel_records.minutes(actor, court.campaign_id)
    supervisor = actor_of(person(), make.over(Role.SUPERVISOR, court.campaign_id))
    assert len(panel_records.progress(supervisor, court.campaign_id).members) == 3
    with pytest.raises(NotFound):
        panels.open_judging(of_a_county, court.campaign_id)
    with pytest.raises(NotFound):
        panels.close_judging(of_a_county, court.campaign_id)


def test_at_its_date_a_panel_closes_with_a_quorum_and_otherwise_holds(ctx: Flask) -> None:
    court = make.court()
    closes = db.session.get_one(Campaign, court.campaign_id).judging_close_at
    assert closes is not None

    def holding() -> str | None:
        return db.session.get_one(Campaign, court.campaign_id).holding_reason

    with clock.frozen(closes - timedelta(seconds=1)):
        assert panels.to_close() == []
        assert not panels.close_due(SYSTEM, court.campaign_id)
    with clock.frozen(closes):
        assert panels.to_close() == [court.campaign_id]
        assert not panels.close_due(SYSTEM, court.campaign_id)
        assert holding() == panels.LACKS_QUORUM
        judge(court, "80", "80", "80")
        assert panels.close_due(SYSTEM, court.campaign_id)
        assert holding() is None
        assert panels.to_close() == []
        assert not panels.close_due(SYSTEM, court.campaign_id)


def test_members_with_something_left_are_reminded_once_before_a_date(ctx: Flask) -> None:
    court = make.court()
    judge(court, "80")
    campaign = db.session.get_one(Campaign, court.campaign_id)
    closes = campaign.judging_close_at
    assert closes is not None

    def told() -> int:
        query = select(InboxMessage.person_id).where(InboxMessage.template == "panel_reminder")
        for panelist_id in panels.to_remind():
            panels.remind(SYSTEM, panelist_id)
        return len(db.session.scalars(query).all())

    with clock.frozen(closes - panels.REMINDED_BEFORE - timedelta(seconds=1)):
        assert told() == 0
    with clock.frozen(closes - panels.REMINDED_BEFORE):
        assert told() == 2
        assert told() == 2
    campaign.judging_close_at = closes + timedelta(days=7)
    with clock.frozen(closes):
        assert told() == 2
    with clock.frozen(closes + timedelta(days=6)):
        assert told() == 4
    with clock.frozen(closes + timedelta(days=7)):
        assert told() == 4


def test_the_jobs_close_and_remind(committed: Flask) -> None:
    with stored(committed):
        court = make.court()
        judge(court, "80", "80")
        closes = db.session.get_one(Campaign, court.campaign_id).judging_close_at
        assert closes is not None
    with committed.app_context(), clock.frozen(closes - timedelta(hours=1)):
        assert remind_panelists(JobContext(committed)) == 3
        assert remind_panelists(JobContext(committed)) == 0
    with committed.app_context(), clock.frozen(closes):
        assert close_panels(JobContext(committed)) == 1
        assert close_panels(JobContext(committed)) == 0


def test_the_minutes_say_who_took_part_and_what_came_of_it(ctx: Flask) -> None:
    court = make.court(members=4)
    declarations.declare(court.members[0], court.candidates[0], conflict=True, reason=CONFLICT)
    panel_scores.score(court.members[0], court.candidates[1], marks=make.marks("70"))
    for member in court.members[1:3]:
        for candidate in court.candidates:
            panel_scores.score(member, candidate, marks=make.marks("80"))
    withheld = declarations.get_candidate(court.candidates[0])
    withheld.is_withheld, withheld.withheld_reason = True, "近亲属申请"
    panels.close_judging(court.office, court.campaign_id)
    told = panel_records.minutes(court.office, court.campaign_id)
    assert (told.present, told.absent) == (3, 1)
    assert [m.recused_for for m in told.members] == [[WITHHELD_NAME], [], [], []]
    first = next(n for n in told.nominees if n.name == WITHHELD_NAME)
    assert (first.eligible, first.judged, first.mean) == (3, 2, Decimal(80))


def test_the_whole_judging_over_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        court = make.court(opened=False)
        supervisor = actor_of(person(), make.over(Role.SUPERVISOR, court.campaign_id))
    office, path = http.as_(court.office), f"/campaigns/{court.campaign_id}"
    opened = office.post(f"{path}/open_judging")
    assert (opened.status_code, opened.json["status"]) == (200, "scoring")  # type: ignore[index]
    watch = http.as_(supervisor)
    seen = watch.get(f"{path}/panel/progress")
    assert seen.status_code == 200
    assert [m["judged"] for m in seen.json["members"]] == [0, 0, 0]  # type: ignore[index]
    for part in ("record", "minutes", "minutes.docx"):
        assert watch.get(f"{path}/panel/{part}").json["code"] == "judging_not_closed"  # type: ignore[index]
    lacking = office.post(f"{path}/close_judging")
    assert (lacking.status_code, lacking.json["code"]) == (409, "quorum_lacking")  # type: ignore[index]
    with stored(rolled_back):
        judge(court, "90", "80", "75")
    assert office.post(f"{path}/close_judging").json["status"] == "closed"  # type: ignore[index]
    record = watch.get(f"{path}/panel/record")
    nominee = record.json["nominees"][0]  # type: ignore[index]
    assert nominee["spread"]["mean"] == "81.67"
    assert "钱评委" not in record.get_data(as_text=True)
    minutes = watch.get(f"{path}/panel/minutes")
    assert minutes.json["members"][0]["name"] == "钱**"  # type: ignore[index]
    member = http.as_(court.members[0])
    assert member.get(f"{path}/panel/record").status_code == 403
    printed = watch.get(f"{path}/panel/minutes.docx")
    assert printed.status_code == 200
    paper = docx.Document(io.BytesIO(printed.data))
    lines = [p.text for p in paper.paragraphs]
    assert "评委 3 人，出席 3 人，缺席 0 人。" in lines
    assert [line for line in lines if line.startswith("钱评委：＿")] != []
    members, nominees = paper.tables
    assert members.rows[1].cells[0].text == "钱评委"
    assert nominees.rows[1].cells[-1].text == "81.67"
