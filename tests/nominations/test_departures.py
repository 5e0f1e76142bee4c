"""Cases that end before their time: withdrawn, left, removed, or with the nominee's death."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.permissions import Role
from core import audit, clock
from core.actor import ANONYMOUS, Actor
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from nominations.errors import ConsentLapsed, NomineeAlive, StageClosed
from nominations.lifecycles import LIVE, CampaignStatus, NominationStatus, NomineeKind
from nominations.models.nominations import WITHHELD_NAME, Nomination
from nominations.models.nominators import Nominator
from nominations.services import ballots, consents, deaths, departures, nominations
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.nominations import campaign, candidate, nomination
from tests.nominations.reading import told

C = CampaignStatus
N = NominationStatus
KIN = {"paper_reference": "纸-1", "signer_name": "李小花", "signer_relation": "女儿"}


def reviewer(over: str = "411002") -> Actor:
    return actor_of(person("审核员"), grant(Role.REVIEWER, over=site(over)))


def recommended_by_two(status: NominationStatus = N.SUBMITTED) -> tuple[Nomination, Actor, Actor]:
    first, second = person(), person()
    made = nomination(campaign(C.ASSESSING), status, by=first, nominee_name="李四")
    later = clock.now() + timedelta(seconds=1)
    db.session.add(Nominator(nomination_id=made.id, person_id=second.id, since=later))
    db.session.flush()
    return made, actor_of(first), actor_of(second)


# By those who recommend


@pytest.mark.parametrize("status", LIVE)
def test_while_others_recommend_the_nominee_one_only_leaves(
    ctx: Flask, status: NominationStatus
) -> None:
    made, first, second = recommended_by_two(status)
    departures.withdraw(first, made.id)
    assert (made.status, made.nominator_id) == (status, second.id)
    assert "一人退出" in told(second.id)[0]
    assert told(first.id) == []
    with pytest.raises(NotFound):
        departures.withdraw(first, made.id)
    with pytest.raises(NotFound):
        nominations.get(first, made.id)
    departures.withdraw(second, made.id)
    assert made.status is N.WITHDRAWN


def test_who_joined_leaves_the_case_with_its_writer(ctx: Flask) -> None:
    made, first, second = recommended_by_two()
    assert nominations.get(second, made.id) is made
    departures.withdraw(second, made.id)
    assert made.nominator_id == first.id


def test_a_case_that_has_ended_is_not_left(ctx: Flask) -> None:
    made, first, _ = recommended_by_two(N.NOT_SELECTED)
    with pytest.raises(WrongState):
        departures.withdraw(first, made.id)


# By the office


@pytest.mark.parametrize("status", LIVE)
def test_the_city_removes_in_every_live_state(ctx: Flask, status: NominationStatus) -> None:
    made, first, second = recommended_by_two(status)
    city = actor_of(person(), grant(Role.ADMIN))
    departures.remove_by_office(city, made.id, reason="事迹不实")
    assert (made.status, made.removal_reason, made.step) == (N.REMOVED, "事迹不实", None)
    for who in (first, second):
        assert told(who.id) == ["您推荐的李四：已移出。事迹不实"]
    with pytest.raises(WrongState):
        departures.remove_by_office(city, made.id, reason="事迹不实")


def test_only_the_city_removes(ctx: Flask) -> None:
    made, first, _ = recommended_by_two()
    for who in (reviewer(), first):
        with pytest.raises(NotFound):
            departures.remove_by_office(who, made.id, reason="事迹不实")
    of_the_city = reviewer("411000")
    assert departures.remove_by_office(of_the_city, made.id, reason="不实").status is N.REMOVED
    over = nomination(campaign(C.CONCLUDED), N.APPROVED)
    with pytest.raises(StageClosed):
        departures.remove_by_office(of_the_city, over.id, reason="不实")


def test_ballots_for_others_stay_valid(ctx: Flask) -> None:
    of, voter = campaign(C.ASSESSING), actor_of(person())
    gone, stays = candidate(of), candidate(of)
    receipt = ballots.cast(voter, of.id, choices=[gone.id, stays.id])
    departures.remove(reviewer(), gone, reason="不实")
    (kept,) = ballots.list_mine(voter, PageRequest()).items
    assert kept.id == receipt.id


def test_a_withheld_name_is_not_told(ctx: Flask) -> None:
    who = person()
    made = nomination(
        campaign(C.REVIEWING), by=who, nominee_name="李四", is_withheld=True, withheld_reason="安全"
    )
    departures.remove(reviewer(), made, reason="重复")
    assert told(who.id) == [f"您推荐的{WITHHELD_NAME}：已移出。重复"]


# Death


@pytest.mark.parametrize("status", LIVE)
def test_after_a_death_the_kin_choose(ctx: Flask, status: NominationStatus) -> None:
    made, first, second = recommended_by_two(status)
    made.nominee_phone = "+8613900001111"
    link = consents.ask(first, made.id).token
    consents.give(ANONYMOUS, link)
    deaths.record_death(reviewer(), made.id, deceased_on=clock.today())
    assert made.nominee_phone_cipher is None
    assert not consents.is_given(made)
    with pytest.raises(ConsentLapsed):
        consents.view(link)
    for who in (first, second):
        assert told(who.id)[-1] == "您推荐的李四：已去世。请联系亲属，由亲属决定是否继续推荐"
    deaths.continue_posthumously(reviewer(), made.id, **KIN)
    assert (made.is_posthumous, consents.is_given(made), made.status) == (True, True, status)


@pytest.mark.parametrize("agrees", [True, False])
def test_the_kin_choose_by_a_link_too(ctx: Flask, agrees: bool) -> None:
    made, first, _ = recommended_by_two(N.ON_NOTICE)
    deaths.record_death(reviewer(), made.id, deceased_on=clock.today())
    link = consents.ask(first, made.id).token
    if agrees:
        consents.give(ANONYMOUS, link, signer_name="李小花", signer_relation="女儿")
    else:
        consents.decline(ANONYMOUS, link)
    assert (made.status, made.is_posthumous) == ((N.ON_NOTICE if agrees else N.WITHDRAWN), agrees)


def test_a_death_is_told_once_and_its_day_can_be_corrected(ctx: Flask) -> None:
    made, first, _ = recommended_by_two()
    today = clock.today()
    deaths.record_death(reviewer(), made.id, deceased_on=today)
    deaths.continue_posthumously(reviewer(), made.id, **KIN)
    before = told(first.id)
    for day in (today, today - timedelta(days=1)):
        deaths.record_death(reviewer(), made.id, deceased_on=day)
    assert (made.deceased_on, consents.is_given(made)) == (today - timedelta(days=1), True)
    assert told(first.id) == before
    entries = select(audit.Entry).where(audit.Entry.verb == "record_death")
    assert len(db.session.scalars(entries).all()) == 2


@pytest.mark.parametrize(
    ("facts", "day"),
    [
        ({"nominee_kind": NomineeKind.GROUP}, date(2026, 1, 1)),
        ({}, date(2100, 1, 1)),
        ({"nominee_born_on": date(1990, 1, 2)}, date(1990, 1, 1)),
    ],
)
def test_a_death_that_cannot_be_is_refused(ctx: Flask, facts: dict[str, Any], day: date) -> None:
    made = nomination(campaign(C.REVIEWING), **facts)
    with pytest.raises(InvalidInput):
        deaths.record_death(reviewer(), made.id, deceased_on=day)


def test_the_living_go_on_by_themselves(ctx: Flask) -> None:
    made = nomination(campaign(C.REVIEWING))
    with pytest.raises(NomineeAlive):
        deaths.continue_posthumously(reviewer(), made.id, **KIN)
    ended = nomination(campaign(C.REVIEWING), N.REJECTED)
    with pytest.raises(WrongState):
        deaths.record_death(reviewer(), ended.id, deceased_on=clock.today())
    with pytest.raises(NotFound):
        deaths.record_death(reviewer("411024"), made.id, deceased_on=clock.today())


# Over HTTP


def test_departures_over_http(http: Http, rolled_back: Flask) -> None:
    api: Any = http
    with stored(rolled_back):
        of, who = campaign(C.ASSESSING), person()
        mine, theirs, dead = (nomination(of, by=who).id for _ in range(3))
        admin, staff = actor_of(person(), grant(Role.ADMIN)), reviewer()
        today = clock.today().isoformat()
    left = api.as_(who).post(f"/nominations/{mine}/withdraw", json={})
    assert (left.status_code, left.json["status"]) == (200, "withdrawn")
    out = api.as_(admin).post(f"/nominations/{theirs}/remove", json={"reason": "事迹不实"})
    assert (out.status_code, out.json["status"]) == (200, "removed")
    path = f"/nominations/{dead}"
    died = api.as_(staff).post(f"{path}/record_death", json={"deceased_on": today})
    assert (died.status_code, died.json["deceased_on"]) == (200, today)
    goes_on = api.as_(staff).post(f"{path}/continue_posthumously", json=KIN)
    assert (goes_on.status_code, goes_on.json["is_posthumous"]) == (200, True)
