"""Clues: given, recorded, passed on, completed, answered, reminded of."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import roles
from core import clock
from core.actor import SYSTEM, Actor, ScopeKind
from core.audit import Entry
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.paging import PageRequest
from core.wechat import TextVerdict, WeChatUnavailable
from jobs.clues import advance_clues
from jobs.runner import run_now
from nominations.errors import CluesTooMany, ContentRefused, StageClosed
from nominations.lifecycles import (
    CampaignStatus,
    ClueStatus,
    NominationStatus,
    NomineeKind,
)
from nominations.models.campaigns import Campaign
from nominations.models.clues import Clue, ClueSource
from nominations.models.nominations import Nomination
from nominations.rules import Step
from nominations.services import clues, nominators, screenings
from tests.conftest import Http, stored
from tests.doubles.wechat import RecordingWeChat
from tests.factories import nominations as make
from tests.factories.accounts import actor_of, grant, helper, person, site
from tests.factories.nominations import campaign, channel

C = CampaignStatus
WORDS = "她每天给同楼的三位独居老人送饭，已经坚持了六年，邻居们都知道，大家想推荐她。"
LONG = clues.ANSWERED_WITHIN
TICK = timedelta(microseconds=1)


def reviewer(over: str = "411002") -> Actor:
    return actor_of(person("审核员"), grant(Role.REVIEWER, over=site(over)))


def facts(**changes: Any) -> dict[str, Any]:
    return {"nominee_name": "李桂兰", "site_id": site().id, "text": WORDS, **changes}


def given(of: Campaign, by: Person | None = None, **changes: Any) -> Clue:
    who = actor_of(by or person())
    return clues.give(who, of.id, verdict=TextVerdict.PASS, **facts(**changes))


def recorded(of: Campaign, **changes: Any) -> Clue:
    values = {"source": ClueSource.PHONE, **facts(**changes)}
    return clues.record(helper(), of.id, **values)


def inbox(of: Person) -> list[str]:
    found = select(InboxMessage).where(InboxMessage.person_id == of.id).order_by(InboxMessage.id)
    return [str(m.text) for m in db.session.scalars(found)]


AS_NOMINATION: dict[str, Any] = {
    "category_code": "helping_others",
    "nominee_kind": NomineeKind.PERSON,
}


# Giving


@pytest.mark.parametrize("status", [C.ANNOUNCED, C.NOMINATING])
def test_clues_are_taken_from_the_announcement_on(ctx: Flask, status: CampaignStatus) -> None:
    assert given(campaign(status)).status is ClueStatus.RECEIVED


@pytest.mark.parametrize("status", [C.REVIEWING, C.ASSESSING, C.CANCELLED, C.PAUSED])
def test_clues_are_not_taken_afterwards(ctx: Flask, status: CampaignStatus) -> None:
    over = campaign(status)
    with pytest.raises(StageClosed):
        given(over)
    with pytest.raises(StageClosed):
        recorded(over)


def test_the_closing_instant_is_outside(ctx: Flask) -> None:
    of = campaign(C.NOMINATING)
    with clock.frozen(of.nominations_close_at - TICK):
        given(of)
    with clock.frozen(of.nominations_close_at), pytest.raises(StageClosed):
        given(of)


def test_a_person_gives_ten_clues_a_day_of_shanghai(ctx: Flask) -> None:
    of, giver = campaign(C.NOMINATING), person()
    midnight = clock.start_of(clock.today() + timedelta(days=1))
    with clock.frozen(midnight - timedelta(seconds=90)):
        for _ in range(clues.MOST_A_DAY):
            given(of, giver)
        with pytest.raises(CluesTooMany) as refused:
            given(of, giver)
        assert refused.value.retry_after == 91
        given(of)
    with clock.frozen(midnight):
        given(of, giver)


def test_risky_words_are_refused(ctx: Flask) -> None:
    of = campaign(C.NOMINATING)
    with pytest.raises(ContentRefused):
        clues.give(actor_of(person()), of.id, verdict=TextVerdict.RISKY, **facts())


# Writing down


def test_staff_write_down_what_others_tell(ctx: Flask) -> None:
    of, known = campaign(C.NOMINATING), person("王大妈")
    unknown = recorded(of, source=ClueSource.LETTER)
    assert (unknown.contact_name, unknown.contact_phone) == (None, None)
    by_phone = recorded(of, giver_name="赵老汉", giver_phone="+8613912345678")
    assert (by_phone.contact_name, by_phone.contact_phone) == ("赵老汉", "+8613912345678")
    raw = db.session.execute(select(Clue.__table__).where(Clue.id == by_phone.id)).one()
    assert "赵老汉".encode() not in b"".join(c for c in raw if isinstance(c, bytes))
    assert recorded(of, giver_id=known.id, giver_name="王大妈").giver_id == known.id


def test_to_write_a_clue_down_for_an_account_does_not_open_it(ctx: Flask) -> None:
    of, known = campaign(C.NOMINATING), person("王大妈")
    known.phone = "+8613912345678"
    clue = recorded(of, giver_id=known.id)
    assert (clue.contact_name, clue.contact_phone) == (None, None)
    told = given(of, known)
    assert (told.contact_name, told.contact_phone) == ("王大妈", "+8613912345678")


def test_what_is_written_down_says_how_it_came(ctx: Flask) -> None:
    of = campaign(C.NOMINATING)
    with pytest.raises(InvalidInput):
        recorded(of, source=ClueSource.APP)
    with pytest.raises(InvalidInput):
        recorded(of, giver_id=of.id)
    with pytest.raises(NotFound):
        recorded(of, site_id=site("411082").id)


# What becomes of it


def test_a_giver_who_signs_in_nominates(ctx: Flask) -> None:
    giver, staff = person(openid="o-giver"), reviewer()
    clue = given(campaign(C.NOMINATING), giver)
    done = clues.complete(staff, clue.id, **AS_NOMINATION)
    made = db.session.get_one(Nomination, done.nomination_id)
    assert (made.status, made.nominator_id) == (NominationStatus.DRAFT, giver.id)
    assert (made.nominee_name, made.deeds, made.site_id) == ("李桂兰", WORDS, clue.site_id)
    assert (done.status, done.decided_by) == (ClueStatus.COMPLETED, staff.id)
    assert "已转为推荐" in inbox(giver)[-1]


def test_for_a_giver_without_an_account_staff_nominate(ctx: Flask) -> None:
    staff = reviewer()
    done = clues.complete(staff, recorded(campaign(C.NOMINATING)).id, **AS_NOMINATION)
    assert nominators.of(db.session.get_one(Nomination, done.nomination_id).id) == [staff.id]


def test_a_giver_without_a_phone_hears_of_the_end_all_the_same(ctx: Flask) -> None:
    giver, staff = person(), reviewer()
    clue = recorded(campaign(C.NOMINATING), giver_id=giver.id)
    done = clues.complete(staff, clue.id, **AS_NOMINATION)
    made = db.session.get_one(Nomination, done.nomination_id)
    assert made.nominator_id == staff.id
    assert set(nominators.of(made.id)) == {staff.id, giver.id}
    made.status, made.submitted_at = NominationStatus.SUBMITTED, clock.now()
    made.text_verdict = TextVerdict.PASS  # handed in meanwhile
    made.step, made.step_since, made.step_site_id = Step.COUNTY, clock.now(), site("411002").id
    db.session.flush()
    screenings.reject(reviewer(), made.id, reason="材料不实")
    assert "未通过" in inbox(giver)[-1]


def test_a_clue_becomes_a_nomination_while_they_are_open_only(ctx: Flask) -> None:
    early = given(campaign(C.ANNOUNCED))
    with pytest.raises(StageClosed):
        clues.complete(reviewer(), early.id, **AS_NOMINATION)
    assert early.status is ClueStatus.RECEIVED


def test_an_answer_closes_a_clue_and_reaches_its_giver(ctx: Flask) -> None:
    giver = person()
    clue = given(campaign(C.NOMINATING), giver)
    done = clues.answer(reviewer(), clue.id, text="已有人推荐，谢谢您")
    assert (done.status, done.answer) == (ClueStatus.ANSWERED, "已有人推荐，谢谢您")
    assert inbox(giver)[-1].endswith("已答复。已有人推荐，谢谢您")
    office = reviewer()
    with pytest.raises(WrongState):
        clues.answer(office, clue.id, text="再答")
    with pytest.raises(WrongState):
        clues.complete(office, clue.id, **AS_NOMINATION)
    with pytest.raises(WrongState):
        clues.transfer(office, clue.id, site_id=site("411082").id, reason="转")
    with pytest.raises(WrongState):
        clues.contact(office, clue.id)


def test_a_clue_is_passed_on_without_changing_its_state(ctx: Flask) -> None:
    giver, other = person(), campaign(C.NOMINATING)
    clue = given(campaign(C.NOMINATING), giver)
    moved = clues.transfer(reviewer(), clue.id, site_id=site("411082").id, reason="长葛人")
    assert (moved.status, moved.site.code) == (ClueStatus.RECEIVED, "411082")
    assert "已转办" in inbox(giver)[-1]
    with pytest.raises(NotFound):
        clues.answer(reviewer(), clue.id, text="不归我")
    there = reviewer("411082")
    with pytest.raises(InvalidInput):
        clues.transfer(there, clue.id, campaign_id=clue.campaign_id, reason="原处")
    with pytest.raises(StageClosed):
        clues.transfer(there, clue.id, campaign_id=campaign(C.REVIEWING).id, reason="迟了")
    assert clues.transfer(there, clue.id, campaign_id=other.id, reason="类").campaign_id == other.id


def test_reviewers_see_the_clues_of_their_sites(ctx: Flask) -> None:
    of = campaign(C.NOMINATING)
    waiting, closed = given(of), given(of)
    given(of, site_id=site("411082").id)
    clues.answer(reviewer(), closed.id, text="谢谢")
    seen = clues.queue(reviewer(), PageRequest())
    assert [c.id for c in seen.items] == [waiting.id, closed.id]
    only = clues.queue(reviewer(), PageRequest(), status=ClueStatus.RECEIVED)
    assert [c.id for c in only.items] == [waiting.id]
    assert clues.queue(actor_of(person()), PageRequest()).items == []


def test_a_clue_handed_to_a_channel_is_its_reviewers_and_the_citys(ctx: Flask) -> None:
    giver, of, to = person(), campaign(C.NOMINATING), channel()
    clue, at_site = given(of, giver), given(of)
    moved = clues.transfer(reviewer(), clue.id, channel_id=to.id, reason="许昌学院的教师")
    assert (moved.channel_id, moved.site.code) == (to.id, site().code)
    assert f"由{to.name}继续处理" in inbox(giver)[-1]
    by_channel = make.reviewer(channel=to)
    other = make.reviewer(channel=channel("education_system"))

    def seen(by: Actor) -> list[Any]:
        return [c.id for c in clues.queue(by, PageRequest()).items]

    assert seen(by_channel) == [clue.id]
    assert seen(reviewer()) == [at_site.id]
    for city in (reviewer("411000"), actor_of(person(), grant(Role.REVIEWER))):
        assert seen(city) == [clue.id, at_site.id]
        assert clues.contact(city, clue.id).id == clue.id
    assert seen(other) == []
    for outsider in (reviewer(), other):
        with pytest.raises(NotFound):
            clues.contact(outsider, clue.id)
    with pytest.raises(NotFound):
        clues.contact(by_channel, at_site.id)
    done = clues.complete(by_channel, clue.id, **AS_NOMINATION)
    made = db.session.get_one(Nomination, done.nomination_id)
    assert (made.channel_id, made.site_id) == (to.id, site().id)


def test_a_clue_comes_back_from_a_channel_to_a_site(ctx: Flask) -> None:
    clue, to = given(campaign(C.NOMINATING)), channel()
    clues.transfer(reviewer(), clue.id, channel_id=to.id, reason="许昌学院的教师")
    by_channel = make.reviewer(channel=to)
    for nowhere in (
        {"channel_id": to.id},
        {"channel_id": new_id()},
        {"channel_id": channel("education_system").id, "site_id": site().id},
    ):
        with pytest.raises(InvalidInput):
            clues.transfer(by_channel, clue.id, reason="转", **nowhere)
    back = clues.transfer(by_channel, clue.id, site_id=clue.site_id, reason="不是我校教师")
    assert (back.channel_id, back.site_id) == (None, clue.site_id)
    assert clues.answer(reviewer(), clue.id, text="谢谢").status is ClueStatus.ANSWERED


def test_of_a_channel_its_reviewers_are_reminded_or_else_the_citys(ctx: Flask) -> None:
    of_place, of_city, to, at = warden(), warden("411000"), channel(), clock.now()
    with clock.frozen(at):
        clue = given(campaign(C.NOMINATING))
        clues.transfer(reviewer(), clue.id, channel_id=to.id, reason="许昌学院的教师")
    with clock.frozen(at + LONG):
        assert clues.remind(SYSTEM, clue.id) is True
    of_channel = make.reviewer(channel=to)
    with clock.frozen(at + 2 * LONG):
        assert clues.remind(SYSTEM, clue.id) is True
    told = select(InboxMessage.person_id).where(InboxMessage.template == "clue_waiting")
    told = told.order_by(InboxMessage.id)
    assert list(db.session.scalars(told)) == [of_city.id, of_channel.id]
    assert inbox(of_place) == []


def test_every_look_at_a_phone_is_written_down(ctx: Flask) -> None:
    clue = recorded(campaign(C.NOMINATING), giver_phone="+8613912345678")
    staff = reviewer()
    assert clues.contact(staff, clue.id).contact_phone == "+8613912345678"
    logged = select(Entry.actor_id).where(Entry.thing_id == clue.id, Entry.verb == "contact")
    assert list(db.session.scalars(logged)) == [staff.id]
    with pytest.raises(NotFound):
        clues.contact(reviewer("411082"), clue.id)


# Time


def warden(code: str = "411002") -> Person:
    who = person("值守")
    roles.bestow(
        SYSTEM, who.id, role=Role.REVIEWER, scope_kind=ScopeKind.SITE, scope_id=site(code).id
    )
    return who


def test_reviewers_are_reminded_after_fifteen_days_and_again(ctx: Flask) -> None:
    on_duty, at = warden(), clock.now()
    with clock.frozen(at):
        clue = given(campaign(C.NOMINATING))
    with clock.frozen(at + LONG - TICK):
        assert clues.to_remind() == []
        assert clues.remind(SYSTEM, clue.id) is False
    with clock.frozen(at + LONG):
        assert clues.to_remind() == [clue.id]
        assert clues.remind(SYSTEM, clue.id) is True
        assert clues.remind(SYSTEM, clue.id) is False
        assert clues.to_remind() == []
    assert len(inbox(on_duty)) == 1
    assert "李桂兰" in inbox(on_duty)[0]
    with clock.frozen(at + 2 * LONG):
        assert clues.to_remind() == [clue.id]
        clues.answer(reviewer(), clue.id, text="谢谢")
        assert clues.to_remind() == []


@pytest.mark.parametrize("end", [C.CONCLUDED, C.CANCELLED])
def test_the_end_of_a_campaign_answers_what_waits(rolled_back: Flask, end: CampaignStatus) -> None:
    with stored(rolled_back):
        giver, of = person(), campaign(C.NOMINATING)
        clue_id = given(of, giver).id
        still = given(campaign(C.NOMINATING)).id
        of.status = end
    with rolled_back.app_context():
        assert run_now(rolled_back, advance_clues) == 1
        assert run_now(rolled_back, advance_clues) == 0
    with rolled_back.app_context():
        closed = db.session.get_one(Clue, clue_id)
        assert (closed.status, closed.decided_by) == (ClueStatus.ANSWERED, None)
        assert clues.OVER_ANSWER in inbox(giver)[-1]
        assert db.session.get_one(Clue, still).status is ClueStatus.RECEIVED


# Calls


def test_the_calls_of_a_giver(http: Http, rolled_back: Flask, wechat: RecordingWeChat) -> None:
    with stored(rolled_back):
        giver, of, place = person(openid="o-giver"), campaign(C.NOMINATING).id, str(site().id)
    body = {"nominee_name": "李桂兰", "site_id": place, "text": WORDS}
    wechat.verdict = TextVerdict.REVIEW
    sent = http.as_(giver).post(f"/campaigns/{of}/clues", json=body)
    assert (sent.status_code, sent.json["status"]) == (201, "received")  # type: ignore[index]
    assert wechat.texts == [f"李桂兰\n{WORDS}"]
    (mine,) = http.as_(giver).get("/me/clues").json["items"]  # type: ignore[index]
    assert mine["text"] == WORDS
    wechat.verdict = TextVerdict.RISKY
    refused = http.as_(giver).post(f"/campaigns/{of}/clues", json=body)
    assert refused.json["code"] == "content_refused"  # type: ignore[index]
    wechat.failure = WeChatUnavailable()
    assert http.as_(giver).post(f"/campaigns/{of}/clues", json=body).status_code == 201
    for length, status in ((29, 422), (30, 201), (200, 201), (201, 422)):
        sized = body | {"text": "好" * length}
        assert http.as_(giver).post(f"/campaigns/{of}/clues", json=sized).status_code == status
    assert http.post(f"/campaigns/{of}/clues", json=body).status_code == 401


def test_the_calls_of_staff(http: Http, rolled_back: Flask, wechat: RecordingWeChat) -> None:
    with stored(rolled_back):
        of, desk, office = campaign(C.NOMINATING).id, helper(), reviewer()
        place, there, to = str(site().id), str(site("411002002").id), channel()
        by_channel = make.reviewer(channel=to)
    body = {
        "nominee_name": "李桂兰",
        "site_id": place,
        "text": WORDS,
        "source": "phone",
        "giver_name": "赵老汉",
        "giver_phone": "13912345678",
    }
    made = http.as_(desk).post(f"/campaigns/{of}/clues/record", json=body)
    assert made.status_code == 201
    assert (made.json["giver_name"], made.json["giver_phone"]) == ("赵**", "139****5678")  # type: ignore[index]
    path = f"/clues/{made.json['id']}"  # type: ignore[index]
    assert http.as_(desk).get("/clues").status_code == 403
    office_http = http.as_(office)
    (listed,) = office_http.get("/clues?status=received").json["items"]  # type: ignore[index]
    assert listed["text_verdict"] == "unchecked"
    told = office_http.post(f"{path}/contact").json
    assert told == {"name": "赵老汉", "phone": "+8613912345678"}
    moved = office_http.post(f"{path}/transfer", json={"site_id": there, "reason": "住在那里"})
    assert moved.json["site_id"] == there  # type: ignore[index]
    assert (moved.json["channel_id"], moved.json["channel_name"]) == (None, None)  # type: ignore[index]
    handed = office_http.post(
        f"{path}/transfer", json={"channel_id": str(to.id), "reason": "许昌学院的教师"}
    )
    assert handed.json["channel_name"] == to.name  # type: ignore[index]
    body = {"site_id": there, "reason": "不是我校教师"}
    assert http.as_(by_channel).post(f"{path}/transfer", json=body).status_code == 200
    done = office_http.post(
        f"{path}/complete", json={"category": "helping_others", "nominee_kind": "person"}
    )
    assert done.json["status"] == "completed"  # type: ignore[index]
    again = office_http.post(f"{path}/answer", json={"text": "谢谢"})
    assert (again.status_code, again.json["code"]) == (409, "wrong_state")  # type: ignore[index]
