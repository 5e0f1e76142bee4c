"""Published dates move only later, in public; nominations are reopened before the assessment."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.permissions import Role
from core import clock
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from nominations.lifecycles import CampaignStatus
from nominations.models.campaigns import Campaign
from nominations.rules import Rules, Step
from nominations.services import ballots, campaign_postponements, stages
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.nominations import campaign, candidate, nomination, window
from tests.nominations.drafting import DAY, admin

C = CampaignStatus
INSTANT = timedelta(microseconds=1)


def postpone(made: Campaign, **dates: datetime) -> Campaign:
    return campaign_postponements.postpone(admin(), made.id, dates=dates, reason="连日暴雨")


def refused(made: Campaign, **dates: datetime) -> Any:
    with pytest.raises(InvalidInput) as error:
        postpone(made, **dates)
    assert error.value.errors is not None
    return error.value.errors["dates"]


def test_a_date_moves_later_and_the_move_stays_on_record(ctx: Flask) -> None:
    made = campaign(C.ASSESSING)
    nominator = person()
    nomination(made, by=nominator)
    first = window(made)[1]
    postpone(made, assessment_close_at=first + DAY)
    postpone(made, assessment_close_at=first + 2 * DAY)
    moves = campaign_postponements.list_public(made.id)
    assert [(m.before_at, m.after_at, m.reason) for m in moves] == [
        (first, first + DAY, "连日暴雨"),
        (first + DAY, first + 2 * DAY, "连日暴雨"),
    ]
    texts = db.session.scalars(select(InboxMessage).where(InboxMessage.person_id == nominator.id))
    assert ["延期" in (m.text or "") for m in texts] == [True, True]


def test_ballots_are_taken_until_the_new_closing(ctx: Flask) -> None:
    made = campaign(C.ASSESSING)
    chosen, closes = candidate(made), window(made)[1]
    postpone(made, assessment_close_at=closes + DAY)
    with clock.frozen(closes + DAY - INSTANT):
        assert stages.advance(made.id) is C.ASSESSING
        ballots.cast(actor_of(person()), made.id, choices=[chosen.id])
    with clock.frozen(closes + DAY):
        assert stages.advance(made.id) is C.COUNTING


@pytest.mark.parametrize("by", [timedelta(0), -DAY])
def test_a_date_never_moves_earlier(ctx: Flask, by: timedelta) -> None:
    made = campaign(C.ANNOUNCED)
    opens = made.nominations_open_at
    assert "nominations_open_at" in refused(made, nominations_open_at=opens + by)


def test_a_date_that_was_kept_does_not_move(ctx: Flask) -> None:
    made = campaign(C.REVIEWING)
    later = clock.now() + 100 * DAY
    for date in ("nominations_open_at", "nominations_close_at"):
        assert date in refused(made, **{date: later})


def test_an_assessment_that_has_closed_is_not_prolonged(ctx: Flask) -> None:
    """Even if the job that closes it is late."""
    made = campaign(C.ASSESSING)
    closes = window(made)[1]
    with clock.frozen(closes):
        assert "assessment_close_at" in refused(made, assessment_close_at=closes + DAY)


def test_dates_stay_in_order(ctx: Flask) -> None:
    made = campaign(C.NOMINATING)
    behind = window(made)[0] + INSTANT
    assert "assessment_open_at" in refused(made, nominations_close_at=behind)
    postpone(made, nominations_close_at=behind, assessment_open_at=behind)
    assert made.nominations_close_at == made.assessment_open_at


def test_a_new_date_lies_ahead(ctx: Flask) -> None:
    made = campaign(C.REVIEWING)
    opens, closes = window(made)
    with clock.frozen(opens + DAY):
        assert stages.advance(made.id) is C.REVIEWING
        soon = {"assessment_open_at": opens + INSTANT}
        assert "assessment_open_at" in refused(made, **soon)
        postpone(made, assessment_open_at=opens + 2 * DAY, assessment_close_at=closes + 2 * DAY)
        assert made.holding_reason is None


def test_a_missed_window_is_given_anew(ctx: Flask) -> None:
    made = campaign(C.REVIEWING)
    candidate(made)
    closes = window(made)[1]
    with clock.frozen(closes):
        assert stages.advance(made.id) is C.REVIEWING
        assert made.holding_reason == stages.WINDOW_MISSED
        postpone(made, assessment_open_at=closes + DAY, assessment_close_at=closes + 9 * DAY)
    with clock.frozen(closes + DAY):
        assert stages.advance(made.id) is C.ASSESSING


def test_an_assessment_is_not_planned_where_the_rules_have_none(ctx: Flask) -> None:
    made = campaign(C.REVIEWING, rules=Rules(steps=(Step.COUNTY, Step.PANEL)))
    later = clock.now() + 100 * DAY
    assert "assessment_open_at" in refused(made, assessment_open_at=later)


def test_a_plan_for_judging_may_come_later(ctx: Flask) -> None:
    made = campaign(C.COUNTING)
    nobody_has_voted_since = window(made)[1] + 100 * DAY
    postpone(made, judging_close_at=nobody_has_voted_since)
    (move,) = campaign_postponements.list_public(made.id)
    assert (move.before_at, move.after_at) == (None, nobody_has_voted_since)


@pytest.mark.parametrize("status", [C.DRAFT, C.NOTICING, C.CONCLUDED, C.CANCELLED])
def test_without_dates_ahead_there_is_nothing_to_postpone(
    ctx: Flask, status: CampaignStatus
) -> None:
    with pytest.raises(WrongState):
        postpone(campaign(status), judging_close_at=clock.now() + DAY)


def test_nominations_are_reopened_before_the_assessment(ctx: Flask) -> None:
    made = campaign(C.REVIEWING)
    until = window(made)[0]
    campaign_postponements.reopen_nominations(
        admin(), made.id, dates={"nominations_close_at": until}, reason="人选不足"
    )
    assert (made.status, made.nominations_close_at) == (C.NOMINATING, until)
    with clock.frozen(until - INSTANT):
        assert stages.advance(made.id) is C.NOMINATING
    candidate(made)
    with clock.frozen(until):
        assert stages.advance(made.id) is C.ASSESSING
        with pytest.raises(WrongState):
            campaign_postponements.reopen_nominations(
                admin(), made.id, dates={"nominations_close_at": until + DAY}, reason="人选不足"
            )


def test_reopening_names_the_new_closing(ctx: Flask) -> None:
    made = campaign(C.REVIEWING)
    with pytest.raises(InvalidInput):
        campaign_postponements.reopen_nominations(
            admin(),
            made.id,
            dates={"assessment_close_at": window(made)[1] + DAY},
            reason="人选不足",
        )


def test_only_the_city_postpones(ctx: Flask) -> None:
    of_a_county = actor_of(person(), grant(Role.ADMIN, over=site("411002")))
    made = campaign(C.ASSESSING)
    later = {"assessment_close_at": window(made)[1] + DAY}
    for act in (campaign_postponements.postpone, campaign_postponements.reopen_nominations):
        with pytest.raises(NotFound):
            act(of_a_county, made.id, dates=later, reason="连日暴雨")


@pytest.mark.parametrize("verb", ["postpone", "reopen_nominations"])
def test_moves_are_asked_for_by_the_office_and_shown_to_all(
    http: Http, rolled_back: Flask, verb: str
) -> None:
    with stored(rolled_back):
        office, citizen = admin(), person()
        made = campaign(C.REVIEWING)
        path, opens = f"/campaigns/{made.id}", window(made)[0]
    body = {"dates": {"nominations_close_at": opens.isoformat()}, "reason": "连日暴雨"}
    if verb == "postpone":
        later = window(made)[1] + DAY
        body = {"dates": {"assessment_close_at": later.isoformat()}, "reason": "连日暴雨"}
    assert http.as_(citizen).post(f"{path}/{verb}", json=body).status_code == 403
    for lacking in ({"reason": "连日暴雨"}, {"dates": {}, "reason": "连日暴雨"}):
        refusal = http.as_(office).post(f"{path}/{verb}", json=lacking)
        assert refusal.status_code == 422
        assert refusal.json is not None
        assert list(refusal.json["errors"]) == ["dates"]
    assert http.as_(office).post(f"{path}/{verb}", json=body).status_code == 200
    shown = http.get(f"{path}/postponements").json
    assert shown is not None
    assert [m["reason"] for m in shown["items"]] == ["连日暴雨"]
    assert "postponed_by" not in shown["items"][0]
