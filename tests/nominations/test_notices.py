"""Public notices: planned, opened, extended, closed and withdrawn, and what the public sees."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.models.persons import Person
from core import clock
from core.actor import SYSTEM
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.outbox import Message
from core.paging import PageRequest
from core.workdays import DAY
from nominations.errors import NobodyToNotice, NoticeDecided, ObjectionPending, StageClosed
from nominations.lifecycles import CampaignStatus, NominationStatus, NoticeKind, NoticeStatus
from nominations.models.notices import Notice, NoticeEntry
from nominations.rules import Rules
from nominations.services import approvals, notice_days, notices
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, person
from tests.factories.nominations import campaign as make_campaign
from tests.factories.nominations import candidate, nomination
from tests.factories.notices import (
    MONDAY,
    SUNDAY,
    THE_DAY_BEFORE,
    accepted,
    filed,
    morning,
    noon,
    office,
    opened,
    pass_days,
    proposed,
    scheduled,
)
from volunteer.services import holidays

C = CampaignStatus
N = NominationStatus
S = NoticeStatus
MICROSECOND = timedelta(microseconds=1)
ALL = PageRequest(limit=100)


def names(notice: Notice) -> list[str]:
    return [nominee.name for nominee in notices.get_public(notice.id).nominees]


def test_it_opens_on_its_first_midnight_and_closes_after_its_last(ctx: Flask) -> None:
    campaign, (one, two) = proposed()
    notice = scheduled(campaign)
    assert (notice.status, notice.closes_on) == (S.SCHEDULED, SUNDAY)
    with clock.frozen(morning(MONDAY) - MICROSECOND):
        assert notice_days.to_advance() == []
        assert notice_days.advance(SYSTEM, notice.id) is S.SCHEDULED
    with clock.frozen(morning(MONDAY)):
        assert notice_days.to_advance() == [notice.id]
        assert notice_days.advance(SYSTEM, notice.id) is S.OPEN
        assert notice_days.to_advance() == []
    assert (one.status, two.status) == (N.ON_NOTICE, N.ON_NOTICE)
    with clock.frozen(morning(SUNDAY + DAY) - MICROSECOND):
        assert notice_days.to_advance() == []
        assert notice_days.advance(SYSTEM, notice.id) is S.OPEN
        assert not notices.are_closed(campaign.id)
    with clock.frozen(morning(SUNDAY + DAY)):
        assert notice_days.to_advance() == [notice.id]
        assert notice_days.advance(SYSTEM, notice.id) is S.CLOSED
        assert notice_days.advance(SYSTEM, notice.id) is S.CLOSED
        assert notices.are_closed(campaign.id)


def test_nominators_hear_of_it_once(ctx: Flask) -> None:
    campaign, _ = proposed(1)
    notice = opened(campaign)
    told = select(Message).where(Message.dedupe_key.startswith("nomination_progress"))
    before = len(db.session.scalars(told).all())
    assert before == 1
    with clock.frozen(noon(MONDAY)):
        notice_days.advance(SYSTEM, notice.id)
    assert len(db.session.scalars(told).all()) == before


def test_one_that_could_not_open_on_its_day_has_its_full_length_from_the_day_it_does(
    ctx: Flask,
) -> None:
    campaign, _ = proposed()
    notice = scheduled(campaign)
    campaign.status, campaign.paused_from, campaign.pause_reason = C.PAUSED, C.NOTICING, "核实"
    db.session.flush()
    pass_days(notice.id, MONDAY, MONDAY + DAY)
    assert notice.status is S.SCHEDULED
    campaign.status, campaign.paused_from, campaign.pause_reason = C.NOTICING, None, None
    db.session.flush()
    pass_days(notice.id, MONDAY + 2 * DAY, MONDAY + 2 * DAY)
    assert (notice.status, notice.opens_on) == (S.OPEN, MONDAY + 2 * DAY)
    assert notice.closes_on == SUNDAY + 2 * DAY


def test_its_days_are_those_of_the_rules(ctx: Flask) -> None:
    campaign = make_campaign(C.NOTICING, rules=Rules(notice_days=10))
    nomination(campaign, N.PROPOSED)
    assert scheduled(campaign).closes_on == date(2026, 6, 10)


def test_it_opens_tomorrow_at_the_earliest_and_needs_somebody(ctx: Flask) -> None:
    campaign, _ = proposed()
    with clock.frozen(noon(MONDAY)), pytest.raises(InvalidInput):
        notices.create(
            office(),
            campaign.id,
            kind=NoticeKind.WINNERS,
            title="公示",
            text="公示",
            contact="电话",
            opens_on=MONDAY,
        )
    scheduled(campaign)
    with pytest.raises(NobodyToNotice):
        scheduled(campaign)


def test_who_moved_up_is_noticed_apart(ctx: Flask) -> None:
    campaign, _ = proposed()
    first = opened(campaign)
    late = nomination(campaign, N.PROPOSED)
    second = scheduled(campaign, NoticeKind.REPLACEMENT, opens_on=SUNDAY + DAY)
    pass_days(second.id, SUNDAY + DAY, SUNDAY + DAY)
    assert late.status is N.ON_NOTICE
    assert names(second) == [late.nominee_name]
    assert late.nominee_name not in names(first)


@pytest.mark.parametrize("status", [C.REVIEWING, C.COUNTING, C.CONCLUDED])
def test_winners_are_noticed_once_the_result_is_made(ctx: Flask, status: C) -> None:
    campaign = make_campaign(status)
    nomination(campaign, N.PROPOSED)
    with pytest.raises(StageClosed):
        scheduled(campaign)


def test_a_notice_of_candidates_moves_nobody(ctx: Flask) -> None:
    campaign = make_campaign(C.ASSESSING)
    one = candidate(campaign)
    notice = opened(campaign, kind=NoticeKind.CANDIDATES)
    assert (notice.status, one.status) == (S.OPEN, N.CANDIDATE)
    assert names(notice) == [one.nominee_name]
    pass_days(notice.id, SUNDAY, SUNDAY + DAY)
    assert (notice.status, one.status) == (S.CLOSED, N.CANDIDATE)
    assert not notices.is_scheduled(campaign.id)
    with pytest.raises(StageClosed):
        scheduled(campaign)


def test_nominees_stand_by_category_and_name(ctx: Flask) -> None:
    campaign = make_campaign(C.NOTICING)
    for name, category in (("乙", "integrity"), ("丙", "helping_others"), ("甲", "helping_others")):
        nomination(campaign, N.PROPOSED, nominee_name=name, category_code=category)
    assert names(opened(campaign)) == ["丙", "甲", "乙"]


def test_the_withheld_are_in_no_notice_whenever_it_was_decided(ctx: Flask) -> None:
    campaign, (before, between, after, other) = proposed(4)
    before.is_withheld, before.withheld_reason = True, "防止报复"
    notice = scheduled(campaign)
    between.is_withheld, between.withheld_reason = True, "防止报复"
    db.session.flush()
    pass_days(notice.id, MONDAY, MONDAY)
    assert (before.status, between.status, after.status) == (N.PROPOSED, N.PROPOSED, N.ON_NOTICE)
    after.is_withheld, after.withheld_reason = True, "防止报复"
    db.session.flush()
    assert names(notice) == [other.nominee_name]
    assert not notices.are_closed(campaign.id)


def test_a_child_shows_the_surname_only_in_the_texts_too(ctx: Flask) -> None:
    campaign = make_campaign(C.NOTICING)
    nomination(
        campaign,
        N.PROPOSED,
        nominee_name="欧阳小莲",
        nominee_born_on=date(2008, 6, 2),
        summary="欧阳小莲救人",
    )
    (shown,) = notices.get_public(opened(campaign).id).nominees
    assert (shown.name, shown.summary) == ("欧阳**", "欧阳**救人")


def test_the_place_is_the_county(ctx: Flask) -> None:
    campaign, _ = proposed(1)
    (shown,) = notices.get_public(opened(campaign).id).nominees
    assert shown.county == "魏都区"


def test_a_planned_notice_is_not_public(ctx: Flask) -> None:
    campaign, _ = proposed()
    notice = scheduled(campaign)
    assert notices.list_public(ALL).items == []
    with pytest.raises(NotFound):
        notices.get_public(notice.id)
    assert [n.id for n in notices.list_of_campaign(office(), campaign.id)] == [notice.id]
    assert notices.is_scheduled(campaign.id)


def test_extending_moves_the_end_of_everybody_back(ctx: Flask) -> None:
    campaign, (one, _) = proposed()
    notice = opened(campaign)
    with clock.frozen(noon(MONDAY)):
        with pytest.raises(InvalidInput):
            notices.extend(office(), notice.id, closes_on=SUNDAY, reason="材料补充")
        notices.extend(office(), notice.id, closes_on=SUNDAY + 2 * DAY, reason="材料补充")
    assert (notice.status, notice.extension_reason) == (S.EXTENDED, "材料补充")
    entry = notices.binding_entry(one.id)
    assert entry is not None
    assert entry.closes_on == SUNDAY + 2 * DAY
    pass_days(notice.id, SUNDAY, SUNDAY + 2 * DAY)
    assert notice.status is S.EXTENDED
    pass_days(notice.id, SUNDAY + 3 * DAY, SUNDAY + 3 * DAY)
    with pytest.raises(WrongState):
        notices.extend(office(), notice.id, closes_on=SUNDAY + 9 * DAY, reason="材料补充")


def test_extending_gives_more_days_to_whoever_stands_still(ctx: Flask) -> None:
    campaign, (one, _) = proposed()
    notice = opened(campaign)
    accepted(notice, one, at=noon(SUNDAY))
    with clock.frozen(noon(SUNDAY)):
        notices.extend(office(), notice.id, closes_on=SUNDAY + 3 * DAY, reason="材料补充")
    entry = notices.binding_entry(one.id)
    assert entry is not None
    assert entry.days_owed == 4


def test_withdrawing_frees_the_nominees_for_another_notice(ctx: Flask) -> None:
    campaign, (one, _) = proposed()
    notice = opened(campaign)
    notices.withdraw(office(), notice.id, reason="名单有误")
    shown = notices.get_public(notice.id)
    assert (shown.notice.withdrawal_reason, shown.nominees) == ("名单有误", [])
    assert not notices.is_scheduled(campaign.id)
    assert not notices.are_closed(campaign.id)
    again = scheduled(campaign, opens_on=SUNDAY)
    pass_days(again.id, SUNDAY, SUNDAY)
    assert one.status is N.ON_NOTICE
    assert one.nominee_name in names(again)


def test_withdrawing_waits_for_objections_and_never_undoes_an_approval(ctx: Flask) -> None:
    campaign, (one, two) = proposed()
    notice = opened(campaign)
    filed(notice, one, at=noon(MONDAY))
    with pytest.raises(ObjectionPending):
        notices.withdraw(office(), notice.id, reason="名单有误")
    two.status = N.APPROVED
    db.session.flush()
    with pytest.raises(NoticeDecided):
        notices.withdraw(office(), notice.id, reason="名单有误")


def test_a_cancelled_campaign_takes_its_notices_back(ctx: Flask) -> None:
    campaign, _ = proposed()
    notice = opened(campaign)
    campaign.status = C.CANCELLED
    db.session.flush()
    with clock.frozen(noon(MONDAY)):
        assert notice_days.to_advance() == [notice.id]
        assert notice_days.advance(SYSTEM, notice.id) is S.WITHDRAWN
        assert notice_days.to_advance() == []


def test_with_nobody_left_it_does_not_open(ctx: Flask) -> None:
    campaign, (one,) = proposed(1)
    notice = scheduled(campaign)
    one.status, one.removal_reason = N.REMOVED, "失信"
    db.session.flush()
    pass_days(notice.id, MONDAY, MONDAY)
    assert notice.status is S.WITHDRAWN
    assert notices.list_public(ALL).items == []


def test_before_the_holidays_are_known_nothing_closes_and_then_it_is_longer(ctx: Flask) -> None:
    first = date(2027, 2, 4)
    campaign, (one,) = proposed(1)
    notice = opened(campaign, opens_on=first)
    assert (notice.is_provisional, notice.closes_on) == (True, date(2027, 2, 10))
    with clock.frozen(noon(date(2027, 2, 12))):
        assert notice_days.advance(SYSTEM, notice.id) is S.OPEN
        holidays.load(
            office(),
            [
                {"day": date(2027, 2, day), "is_workday": False, "name": "春节"}
                for day in range(5, 12)
            ],
        )
        assert notice_days.advance(SYSTEM, notice.id) is S.EXTENDED
    assert (notice.is_provisional, notice.closes_on) == (False, date(2027, 2, 17))
    entry = notices.binding_entry(one.id)
    assert entry is not None
    assert entry.closes_on == notice.closes_on


def test_holidays_that_make_it_shorter_leave_it_as_it_was_told(ctx: Flask) -> None:
    first = date(2027, 2, 4)
    campaign, _ = proposed(1)
    notice = opened(campaign, opens_on=first)
    with clock.frozen(noon(first)):
        worked = [{"day": date(2027, 2, day), "is_workday": True, "name": "调休"} for day in (6, 7)]
        holidays.load(office(), worked)
        notice_days.advance(SYSTEM, notice.id)
    assert (notice.status, notice.is_provisional) == (S.OPEN, False)
    assert notice.closes_on == date(2027, 2, 10)


def test_all_waived_is_as_good_as_a_notice(ctx: Flask) -> None:
    campaign, (one,) = proposed(1, is_withheld=True, withheld_reason="防止报复")
    assert not notices.is_scheduled(campaign.id)
    approvals.waive_notice(office(), one.id, reason="确认机关决定不公开")
    assert notices.is_scheduled(campaign.id)
    assert notices.are_closed(campaign.id)


def test_the_database_keeps_one_binding_place_of_a_nominee(ctx: Flask) -> None:
    campaign, (one,) = proposed(1)
    scheduled(campaign)
    other, _ = proposed(1)
    notice = scheduled(other)
    db.session.add(
        NoticeEntry(
            notice_id=notice.id,
            nomination_id=one.id,
            position=9,
            is_binding=True,
            runs_from=MONDAY,
            closes_on=SUNDAY,
            days_owed=7,
            workdays_owed=5,
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_only_the_office_plans(ctx: Flask) -> None:
    campaign, _ = proposed()
    notice = opened(campaign)
    citizen = actor_of(person())
    with pytest.raises(NotFound):
        notices.extend(citizen, notice.id, closes_on=SUNDAY + DAY, reason="延长")
    with pytest.raises(NotFound):
        notices.withdraw(citizen, notice.id, reason="撤回")
    with pytest.raises(NotFound):
        notices.list_of_campaign(citizen, campaign.id)


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        campaign, (one, _) = proposed()
        admin, campaign_id, nominee = office(), campaign.id, one.nominee_name
    body = {
        "kind": "winners",
        "title": "许昌好人公示",
        "text": "现予公示",
        "contact": "市文明办",
        "opens_on": "2026-06-01",
    }
    with clock.frozen(THE_DAY_BEFORE):
        made = http.as_(admin).post(f"/campaigns/{campaign_id}/notices", json=body)
        assert made.status_code == 201, made.json
        assert made.json is not None
        assert (made.json["status"], made.json["closes_on"]) == ("scheduled", "2026-06-07")
        planned = http.as_(admin).get(f"/campaigns/{campaign_id}/notices").json
        assert planned is not None
        assert len(planned["items"]) == 1
        assert (
            http.as_(person_of(rolled_back))
            .post(f"/campaigns/{campaign_id}/notices", json=body)
            .status_code
            == 403
        )
    path = f"/notices/{made.json['id']}"
    with stored(rolled_back), clock.frozen(morning(MONDAY)):
        notice_days.advance(SYSTEM, db.session.scalars(select(Notice.id)).one())
    with clock.frozen(noon(MONDAY)):
        listed = http.get(f"/notices?campaign={campaign_id}").json
        assert listed is not None
        assert [n["status"] for n in listed["items"]] == ["open"]
        shown = http.get(path).json
        assert shown is not None
        assert shown["contact"] == "市文明办"
        assert nominee in {n["name"] for n in shown["nominees"]}
        later = {"closes_on": "2026-06-10", "reason": "材料补充"}
        extended = http.as_(admin).post(f"{path}/extend", json=later).json
        assert extended is not None
        assert (extended["status"], extended["closes_on"]) == ("extended", "2026-06-10")
        gone = http.as_(admin).post(f"{path}/withdraw", json={"reason": "名单有误"}).json
        assert gone is not None
        assert gone["status"] == "withdrawn"


def person_of(app: Flask) -> Person:
    with stored(app):
        return person()
