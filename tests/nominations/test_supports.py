"""Supports: who may see the card of a case and support it, and their number."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models.persons import Person
from core import clock
from core.db import db
from core.errors import NotFound
from nominations.errors import NominatorSupports, StageClosed
from nominations.lifecycles import SUPPORTABLE, CampaignStatus, NominationStatus
from nominations.models.nominations import Nomination
from nominations.models.supports import Support
from nominations.services import merges, nominators, supports
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, person, site
from tests.factories.nominations import campaign, nomination

C, N = CampaignStatus, NominationStatus


def shown(
    status: NominationStatus = N.SUBMITTED, *, stage: CampaignStatus = C.REVIEWING, **facts: Any
) -> Nomination:
    return nomination(campaign(stage), status, **{"consented_at": clock.now(), **facts})


def counted(of: Nomination) -> int:
    """The kept number, which is the number of rows."""
    db.session.refresh(of)
    rows = select(func.count()).where(Support.nomination_id == of.id)
    assert db.session.scalar(rows) == of.supports_count
    return of.supports_count


def give(of: Nomination, *people: Person) -> None:
    for who in people:
        supports.give(actor_of(who), of.id)


def test_a_card_shows_the_county_and_no_more_of_the_place(ctx: Flask) -> None:
    found = supports.card(shown(nominee_name="李桂兰", site_id=site("411082104").id).id)
    assert (found.nominee_name, found.place) == ("李桂兰", "长葛市")
    assert found.category_name == "助人为乐"


def test_a_case_at_the_city_itself_has_a_card(ctx: Flask) -> None:
    assert supports.card(shown(site_id=site("411000").id).id).place == "许昌市"


HIDDEN: list[dict[str, Any]] = [
    {"consented_at": None},
    {"is_withheld": True, "withheld_reason": "本人要求保密"},
    {"deceased_on": clock.today()},
]


@pytest.mark.parametrize("facts", HIDDEN, ids=lambda f: next(iter(f)))
def test_what_may_not_be_shown_has_no_card_and_no_supports(
    ctx: Flask, facts: dict[str, Any]
) -> None:
    made = shown(**facts)
    with pytest.raises(NotFound):
        supports.card(made.id)
    with pytest.raises(NotFound):
        give(made, person())


def test_a_posthumous_case_is_shown(ctx: Flask) -> None:
    made = shown(deceased_on=clock.today(), is_posthumous=True)
    assert supports.card(made.id).nomination_id == made.id


@pytest.mark.parametrize("status", [s for s in N if s is not N.MERGED])
def test_live_cases_are_supported(ctx: Flask, status: NominationStatus) -> None:
    made = shown(status, removal_reason="删除" if status is N.REMOVED else None)
    if status in SUPPORTABLE:
        give(made, person())
        assert counted(made) == 1
    else:
        with pytest.raises(NotFound):
            give(made, person())


@pytest.mark.parametrize("stage", list(C))
def test_cases_are_supported_until_the_assessment(ctx: Flask, stage: CampaignStatus) -> None:
    made = shown(stage=stage)
    if stage in (C.NOMINATING, C.REVIEWING):
        supports.card(made.id)
        give(made, person())
    else:
        with pytest.raises(NotFound):
            supports.card(made.id)
        with pytest.raises((StageClosed, NotFound)):
            give(made, person())


def test_a_person_supports_once_and_may_take_it_back(ctx: Flask) -> None:
    made, who = shown(), person()
    first = supports.give(actor_of(who), made.id)
    assert supports.give(actor_of(who), made.id) is first
    give(made, person())
    assert counted(made) == 2
    supports.withdraw(actor_of(who), made.id)
    assert counted(made) == 1
    with pytest.raises(NotFound):
        supports.withdraw(actor_of(who), made.id)
    give(made, who)
    assert counted(made) == 2


def test_a_support_is_taken_back_at_any_time(ctx: Flask) -> None:
    made, who = shown(), person()
    give(made, who)
    made.status, made.step, made.decision_note = N.REJECTED, None, "材料不实"
    db.session.flush()
    supports.withdraw(actor_of(who), made.id)
    assert counted(made) == 0


def test_nominators_do_not_support(ctx: Flask) -> None:
    nominator, joined = person(), person()
    made = shown(by=nominator)
    nominators.add(made.id, joined.id)
    for who in (nominator, joined):
        with pytest.raises(NominatorSupports):
            give(made, who)
    assert counted(made) == 0


def test_two_accounts_of_one_person_leave_one_support(ctx: Flask) -> None:
    lost, kept = person(registered=False), person()
    by_both, by_lost = shown(), shown()
    give(by_both, lost, kept, person())
    give(by_lost, lost)
    nominated_by_kept, nominated_by_lost = shown(by=kept), shown(by=lost)
    give(nominated_by_kept, lost)
    give(nominated_by_lost, kept)
    merges.follow(lost.id, kept.id)
    assert counted(by_both) == 2
    assert counted(by_lost) == 1
    assert counted(nominated_by_kept) == counted(nominated_by_lost) == 0
    whose = select(Support.person_id).where(Support.nomination_id == by_lost.id)
    assert list(db.session.scalars(whose)) == [kept.id]


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made, who = shown(nominee_name="李桂兰"), person(registered=False)
        nomination_id = str(made.id)
    path = f"/nominations/{nomination_id}/supports"
    shared = http.get(f"/nominations/{nomination_id}/card").json
    assert shared is not None
    assert shared["nominee_name"] == "李桂兰"
    assert "deeds" not in shared
    assert http.post(path).status_code == 401
    first = http.as_(who).post(path)
    assert (first.status_code, first.json["nomination_id"]) == (201, nomination_id)  # type: ignore[index]
    assert http.as_(who).post(path).json == first.json
    assert http.as_(who).delete(path).status_code == 204
    assert http.as_(who).delete(path).status_code == 404
