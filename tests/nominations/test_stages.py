"""Stages of a campaign: by date and by hand, held and refused with the same reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models.inbox import InboxMessage
from accounts.permissions import Role
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound, WrongState
from core.wechat import TextVerdict
from jobs.campaigns import advance_campaigns
from nominations.errors import (
    AssessmentNotOpen,
    PausedPastDates,
    StageClosed,
    StageNotReady,
)
from nominations.lifecycles import CampaignStatus, NominationStatus, NoticeKind
from nominations.models.campaigns import Campaign
from nominations.presets import SHOPS
from nominations.rules import Rules
from nominations.services import (
    ballots,
    campaign_postponements,
    nominations,
    notices,
    results,
    stages,
)
from nominations.services.nominations import TextCheck
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.nominations import campaign, candidate, nomination, window
from tests.factories.volunteer import run
from tests.nominations.drafting import DAY, admin

C, N = CampaignStatus, NominationStatus
INSTANT = timedelta(microseconds=1)
UNASSESSED = {"rules": SHOPS.rules}
LEAP = datetime(2028, 2, 28, 16, tzinfo=UTC)
"""The first instant of 29 February 2028 in Shanghai."""


def judging(**facts: Any) -> Campaign:
    """Judged until tomorrow."""
    at = clock.now()
    plan = {
        "nominations_open_at": at - 9 * DAY,
        "nominations_close_at": at - 8 * DAY,
        "assessment_open_at": at - 7 * DAY,
        "assessment_close_at": at - 6 * DAY,
        "judging_close_at": at + DAY,
    }
    return campaign(C.JUDGING, **plan | facts)


def told(who: Actor) -> list[str]:
    query = select(InboxMessage).where(InboxMessage.person_id == who.id)
    return [m.text for m in db.session.scalars(query.order_by(InboxMessage.id)) if m.text]


@pytest.mark.parametrize(
    ("status", "verb", "date"),
    [
        (C.ANNOUNCED, "open_nominations", "nominations_open_at"),
        (C.NOMINATING, "close_nominations", "nominations_close_at"),
        (C.REVIEWING, "open_assessment", "assessment_open_at"),
        (C.ASSESSING, "close_assessment", "assessment_close_at"),
    ],
)
def test_published_dates_bind_the_office_too(
    ctx: Flask, status: CampaignStatus, verb: str, date: str
) -> None:
    office, made = admin(), campaign(status)
    candidate(made)
    by_hand = getattr(stages, verb)
    at: datetime = getattr(made, date)
    with clock.frozen(at - INSTANT), pytest.raises(StageNotReady, match=stages.TOO_EARLY):
        by_hand(office, made.id)
    with clock.frozen(at):
        assert by_hand(office, made.id).status is not status
        with pytest.raises(WrongState):
            by_hand(office, made.id)


def test_what_holds_a_campaign_refuses_the_office_too(ctx: Flask) -> None:
    office, made = admin(), campaign(C.REVIEWING)
    with clock.frozen(window(made)[0]):
        stages.advance(made.id)
        assert made.holding_reason == stages.NO_CANDIDATE
        with pytest.raises(StageNotReady, match=stages.NO_CANDIDATE) as refused:
            stages.open_assessment(office, made.id)
        assert refused.value.details == {"state": "reviewing"}


def test_without_an_assessment_review_is_finished_before_judging(ctx: Flask) -> None:
    office, made = admin(), campaign(C.REVIEWING, **UNASSESSED)
    waiting = nomination(made)
    assert made.review_close_at is not None
    with clock.frozen(made.review_close_at):
        assert stages.advance(made.id) is C.REVIEWING
        assert made.holding_reason == stages.REVIEW_UNFINISHED
        with pytest.raises(StageNotReady, match=stages.ASSESSMENT_LEFT_OUT):
            stages.open_assessment(office, made.id)
        waiting.step, waiting.status = None, N.CANDIDATE
        assert stages.advance(made.id) is C.JUDGING
        assert not made.holding_reason
        with pytest.raises(AssessmentNotOpen):
            ballots.cast(actor_of(person()), made.id, choices=[waiting.id])


def test_an_assessment_that_was_promised_is_not_skipped(ctx: Flask) -> None:
    made = campaign(C.REVIEWING)
    with pytest.raises(StageNotReady, match=stages.ASSESSMENT_PLANNED):
        stages.skip_assessment(admin(), made.id)


def test_counting_says_what_it_waits_for(ctx: Flask) -> None:
    made = campaign(C.ASSESSING)
    ballots.cast(actor_of(person()), made.id, choices=[candidate(made).id])
    with clock.frozen(window(made)[1]):
        assert stages.advance(made.id) is C.COUNTING
        assert made.holding_reason == stages.BALLOTS_UNSEALED
        with pytest.raises(StageNotReady, match=stages.BALLOTS_UNSEALED):
            stages.finish_counting(admin(), made.id)


def decided(made: Campaign) -> None:
    """A candidate, a result that another person fixed, and a planned notice."""
    candidate(made)
    result = results.compute(admin(), made.id, lot_source="次日第一期开奖号码")
    results.fix(admin(), result.id)
    notices.create(
        admin(),
        made.id,
        kind=NoticeKind.WINNERS,
        title="拟表彰人选公示",
        text="现将拟表彰人选予以公示。",
        contact="0374-2960001",
        opens_on=clock.day_of(clock.now() + DAY),
    )


def test_the_notice_opens_at_its_date_or_earlier_by_hand(ctx: Flask) -> None:
    made, earlier = judging(), judging()
    assert made.judging_close_at is not None
    with clock.frozen(made.judging_close_at - INSTANT):
        assert stages.advance(made.id) is C.JUDGING
        with pytest.raises(StageNotReady, match=stages.RESULT_OPEN):
            stages.open_notice(admin(), earlier.id)
        decided(earlier)
        assert stages.open_notice(admin(), earlier.id).status is C.NOTICING
    with clock.frozen(made.judging_close_at):
        assert made.id in stages.due()
        assert stages.advance(made.id) is C.JUDGING
        assert made.holding_reason == stages.RESULT_OPEN
        decided(made)
        assert stages.advance(made.id) is C.NOTICING
        assert made.holding_reason is None


@pytest.mark.parametrize("open_case", [N.PROPOSED, N.ON_NOTICE, N.SUSPENDED, N.APPROVED])
def test_a_campaign_with_an_open_case_is_not_concluded(
    ctx: Flask, open_case: NominationStatus
) -> None:
    made = campaign(C.NOTICING)
    nomination(made, open_case)
    with pytest.raises(StageNotReady, match=stages.CASES_OPEN):
        stages.conclude(admin(), made.id)


def test_concluding_ends_every_case_and_tells_the_nominators(ctx: Flask) -> None:
    office, made = admin(), campaign(C.NOTICING)
    passed_over, waiting, back = person("甲"), person("乙"), person("丙")
    left = candidate(made, by=passed_over, is_withheld=True, withheld_reason="安全")
    undecided = nomination(made, N.SUBMITTED, by=waiting)
    sent_back = nomination(made, N.SENT_BACK, by=back)
    draft, honored = nomination(made, N.DRAFT), nomination(made, N.HONORED)
    stages.conclude(office, made.id)
    statuses = [n.status for n in (left, undecided, sent_back, draft, honored)]
    assert statuses == [N.NOT_SELECTED, N.REJECTED, N.REJECTED, N.DRAFT, N.HONORED]
    assert undecided.step is None
    assert "未入选" in told(actor_of(passed_over))[0]
    assert left.nominee_name not in told(actor_of(passed_over))[0]
    assert stages.NOT_DECIDED_IN_TIME in told(actor_of(waiting))[0]
    assert len(told(actor_of(back))) == 1
    with pytest.raises(WrongState):
        stages.conclude(office, made.id)


def test_in_a_pause_nothing_moves_and_no_ballot_is_taken(ctx: Flask) -> None:
    office, made = admin(), campaign(C.ASSESSING)
    nominator = person()
    chosen = candidate(made, by=nominator)
    stages.pause(office, made.id, reason="核实票数")
    assert (made.paused_from, made.pause_reason) == (C.ASSESSING, "核实票数")
    with pytest.raises(AssessmentNotOpen) as refused:
        ballots.cast(actor_of(person()), made.id, choices=[chosen.id])
    assert refused.value.details == {"state": "paused"}
    with clock.frozen(window(made)[1]):
        assert made.id not in stages.due()
        assert stages.advance(made.id) is C.PAUSED
    stages.resume(office, made.id)
    assert (made.status, made.paused_from, made.pause_reason) == (C.ASSESSING, None, None)
    assert ballots.cast(actor_of(person()), made.id, choices=[chosen.id]).revision == 1
    assert ["暂停" in told(actor_of(nominator))[0], "恢复" in told(actor_of(nominator))[1]] == [
        True,
        True,
    ]


def test_a_date_that_passed_in_a_pause_is_postponed_or_accepted(ctx: Flask) -> None:
    office, made = admin(), campaign(C.ASSESSING)
    stages.pause(office, made.id, reason="核实票数")
    closes = window(made)[1]
    with clock.frozen(closes):
        with pytest.raises(PausedPastDates) as refused:
            stages.resume(office, made.id)
        assert refused.value.details == {"date": "assessment_close_at"}
        later = {"assessment_close_at": closes + DAY}
        campaign_postponements.postpone(office, made.id, dates=later, reason="暂停期间补足")
        assert stages.resume(office, made.id).status is C.ASSESSING
        stages.pause(office, made.id, reason="再核实")
    with clock.frozen(closes + DAY):
        assert stages.resume(office, made.id, accepts_passed_dates=True).status is C.ASSESSING
        assert stages.advance(made.id) is C.JUDGING


def test_a_pause_does_not_keep_a_closed_assessment_open(ctx: Flask) -> None:
    """The job is late: what was due is done before the pause."""
    office, made = admin(), campaign(C.ASSESSING)
    ballots.cast(actor_of(person()), made.id, choices=[candidate(made).id])
    with clock.frozen(window(made)[1]):
        stages.pause(office, made.id, reason="核实票数")
    assert made.paused_from is C.COUNTING


def test_what_is_not_paused_is_not_resumed(ctx: Flask) -> None:
    office, made = admin(), campaign(C.ASSESSING)
    with pytest.raises(WrongState):
        stages.resume(office, made.id)
    stages.pause(office, made.id, reason="核实")
    with pytest.raises(WrongState):
        stages.pause(office, made.id, reason="核实")


def test_cancelling_tells_the_nominators_of_live_cases_once(ctx: Flask) -> None:
    office, made = admin(), campaign(C.PAUSED)
    nominator, gone = person("甲"), person("乙")
    nomination(made, by=nominator)
    candidate(made, by=nominator)
    nomination(made, N.WITHDRAWN, by=gone)
    stages.cancel(office, made.id, reason="材料有误")
    assert (made.status, made.cancel_reason, made.paused_from) == (C.CANCELLED, "材料有误", None)
    assert [("取消" in text, "材料有误" in text) for text in told(actor_of(nominator))] == [
        (True, True)
    ]
    assert told(actor_of(gone)) == []


def test_a_closing_at_midnight_in_shanghai_closes_with_the_last_instant_of_the_day(
    ctx: Flask,
) -> None:
    with clock.frozen(LEAP - DAY):
        made = campaign(
            C.NOMINATING,
            nominations_open_at=LEAP - 10 * DAY,
            nominations_close_at=LEAP + DAY,
            assessment_open_at=LEAP + 2 * DAY,
            assessment_close_at=LEAP + 3 * DAY,
        )
        nominator = person()
        late, in_time = (nomination(made, N.DRAFT, by=nominator) for _ in range(2))
    unchecked = TextCheck(TextVerdict.UNCHECKED, b"")
    with clock.frozen(LEAP + DAY - INSTANT):
        assert clock.today().isoformat() == "2028-02-29"
        assert stages.advance(made.id) is C.NOMINATING
        nominations.submit(actor_of(nominator), in_time.id, check=unchecked)
    with clock.frozen(LEAP + DAY):
        assert clock.today().isoformat() == "2028-03-01"
        with pytest.raises(StageClosed):
            nominations.submit(actor_of(nominator), late.id, check=unchecked)
        assert stages.advance(made.id) is C.REVIEWING


def test_the_job_twice_is_the_job_once(rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = campaign(C.ANNOUNCED)
        candidate(made)
        made_id, opens = made.id, window(made)[0]
    with clock.frozen(opens):
        first = run(rolled_back, advance_campaigns)
        again = run(rolled_back, advance_campaigns)
    assert (first, again) == (1, 0)
    with stored(rolled_back):
        count = select(func.count()).where(audit.Entry.thing_id == made_id)
        assert db.session.scalar(count) == 3


def test_only_the_city_moves_campaigns(ctx: Flask) -> None:
    of_a_county = actor_of(person(), grant(Role.ADMIN, over=site("411002")))
    made = campaign(C.ASSESSING)
    for act in (stages.close_assessment, stages.conclude, stages.resume):
        with pytest.raises(NotFound):
            act(of_a_county, made.id)
    for act_for in (stages.pause, stages.cancel):
        with pytest.raises(NotFound):
            act_for(of_a_county, made.id, reason="核实")


def test_every_reason_fits_its_column() -> None:
    reasons = [value for name, value in vars(stages).items() if name.isupper()]
    assert all(len(r) <= 60 for r in reasons if isinstance(r, str))


VERBS = [*stages.PRECONDITIONS, "pause", "resume", "cancel"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_its_address(http: Http, rolled_back: Flask, verb: str) -> None:
    with stored(rolled_back):
        office, citizen = admin(), person()
        made = campaign(C.DRAFT).id
    json = {"reason": "有误"} if verb in ("pause", "cancel") else {}
    path = f"/campaigns/{made}/{verb}"
    assert http.post(path, json=json).status_code == 401
    assert http.as_(citizen).post(path, json=json).status_code == 403
    answer = http.as_(office).post(path, json=json)
    assert answer.json is not None
    if verb == "cancel":
        assert answer.json["status"] == "cancelled"
    else:
        assert (answer.status_code, answer.json["code"]) == (409, "wrong_state")


def test_a_held_campaign_says_why_in_public(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        office = admin()
        made = campaign(C.REVIEWING, rules=Rules())
        made_id, opens = made.id, window(made)[0]
    with clock.frozen(opens):
        run(rolled_back, advance_campaigns)
        shown = http.get(f"/campaigns/{made_id}").json
        refused = http.as_(office).post(f"/campaigns/{made_id}/open_assessment").json
    assert shown is not None
    assert refused is not None
    assert shown["holding_reason"] == refused["detail"] == stages.NO_CANDIDATE
    assert refused["code"] == "stage_not_ready"
