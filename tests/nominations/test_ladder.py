"""The ladder: where a case waits, who decides there, and what happens where nobody can."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import roles
from core import clock
from core.actor import SYSTEM, Actor, ScopeKind
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from nominations.errors import (
    DecidedBefore,
    NotReady,
    NotYourStep,
    OwnNomination,
    RecommendationsUsedUp,
    StageClosed,
)
from nominations.lifecycles import (
    CampaignStatus,
    NominationStatus,
    NomineeKind,
    Verdict,
)
from nominations.models.recommendations import RecommendationCount
from nominations.rules import Quota, Step
from nominations.services import (
    departures,
    nominations,
    nominators,
    nominees,
    screenings,
)
from tests.factories.accounts import grant, id_number, site
from tests.factories.nominations import campaign, channel, nomination, reviewer
from tests.nominations.climbing import (
    COMMUNITY,
    COUNTY,
    TOWN,
    climbing,
    handed_in,
    history,
    submitted,
)

C, N, V = CampaignStatus, NominationStatus, Verdict
ALL = (Step.COMMUNITY, Step.TOWNSHIP, Step.COUNTY, Step.CITY)


def village() -> Any:
    """A station below the town; the reference data ends with towns."""
    town = site(TOWN)
    made = type(town)(
        source="test",
        code=COMMUNITY,
        name="测试社区文明实践站",
        division="测试社区",
        level="station",
        parent_id=town.id,
        path=f"{town.path}{COMMUNITY}/",
    )
    db.session.add(made)
    db.session.flush()
    return made


# Where a case waits


def test_a_case_climbs_step_by_step_to_the_city(ctx: Flask) -> None:
    home = village()
    judges = [reviewer(COMMUNITY), reviewer(TOWN), reviewer(COUNTY), reviewer("411000")]
    _, made = submitted(climbing(), site_id=home.id)
    seen = []
    for judge in judges:
        assert screenings.queue(judge, PageRequest()).items == [made]
        seen.append((made.step, made.status))
        screenings.pass_(judge, made.id, opinion="属实")
        assert screenings.queue(judge, PageRequest()).items == []
    assert seen == [
        (Step.COMMUNITY, N.SUBMITTED),
        (Step.TOWNSHIP, N.COMMUNITY_CHECKED),
        (Step.COUNTY, N.TOWNSHIP_RECOMMENDED),
        (Step.CITY, N.COUNTY_REVIEWED),
    ]
    assert (made.status, made.step) == (N.CANDIDATE, None)
    assert history(made) == [(step, V.PASS) for step in ALL]


def test_the_steps_of_a_campaign_are_data(ctx: Flask) -> None:
    town, city = reviewer(TOWN), reviewer(None)
    _, made = submitted(climbing((Step.TOWNSHIP, Step.CITY)))
    assert made.step is Step.TOWNSHIP
    screenings.pass_(town, made.id)
    assert (made.status, made.step) == (N.TOWNSHIP_RECOMMENDED, Step.CITY)
    assert screenings.pass_(city, made.id).status is N.CANDIDATE


def test_a_step_without_reviewers_passes_the_case_up_and_says_so(ctx: Flask) -> None:
    reviewer(COUNTY)
    _, made = submitted(climbing())
    assert (made.step, made.step_site_id) == (Step.COUNTY, site(COUNTY).id)
    assert made.step_note == "村社、乡镇街道没有审核人员，已转交上一级"
    assert history(made) == [(Step.COMMUNITY, V.PASSED_UP), (Step.TOWNSHIP, V.PASSED_UP)]


@pytest.mark.parametrize("steps", [(Step.COUNTY,), (Step.COMMUNITY, Step.COUNTY), ()])
def test_with_nobody_below_the_city_decides(ctx: Flask, steps: tuple[Step, ...]) -> None:
    city = reviewer(None)
    _, made = submitted(climbing(steps))
    assert made.step is Step.CITY
    assert screenings.pass_(city, made.id).status is N.CANDIDATE


def test_whose_only_reviewer_recommends_the_nominee_is_passed_up(ctx: Flask) -> None:
    """Nobody would ever decide otherwise."""
    judge = reviewer(COUNTY)
    made = nomination(climbing((Step.COUNTY,)), N.DRAFT, by=db.session.get_one(Person, judge.id))
    handed_in(judge, made)
    assert made.step is Step.CITY


def test_a_channel_decides_in_place_of_all_steps_below_the_city(ctx: Flask) -> None:
    school = channel()
    judge, elsewhere, city = reviewer(channel=school), reviewer(COUNTY), reviewer(None)
    _, made = submitted(climbing(), channel_id=school.id)
    assert (made.step, made.step_site_id) == (Step.COUNTY, None)
    assert screenings.queue(judge, PageRequest()).items == [made]
    assert screenings.queue(elsewhere, PageRequest()).items == []
    with pytest.raises(NotYourStep):
        screenings.pass_(elsewhere, made.id)
    screenings.pass_(judge, made.id)
    assert (made.status, made.step) == (N.COUNTY_REVIEWED, Step.CITY)
    assert screenings.queue(judge, PageRequest()).items == []
    assert screenings.pass_(city, made.id).status is N.CANDIDATE


def test_a_channel_without_reviewers_goes_to_the_city(ctx: Flask) -> None:
    _, made = submitted(climbing(), channel_id=channel().id)
    assert made.step is Step.CITY


# Who decides


def test_only_a_grant_at_exactly_the_place_decides(ctx: Flask) -> None:
    reviewer(TOWN)
    _, made = submitted(climbing((Step.TOWNSHIP, Step.COUNTY, Step.CITY)))
    for above in (reviewer(COUNTY), reviewer("411000"), reviewer(None)):
        with pytest.raises(NotYourStep) as refused:
            screenings.pass_(above, made.id)
        assert refused.value.details == {"step": "township"}
    with pytest.raises(NotFound):
        screenings.pass_(reviewer("411024"), made.id)
    assert nominations.get(reviewer(None), made.id) is made


def test_nobody_decides_a_case_on_two_steps(ctx: Flask) -> None:
    judge = reviewer(TOWN)
    roles.bestow(
        SYSTEM, judge.id, role=Role.REVIEWER, scope_kind=ScopeKind.SITE, scope_id=site(COUNTY).id
    )
    both = Actor(judge.person_id, (*judge.grants, grant(Role.REVIEWER, over=site(COUNTY))))
    other = reviewer(COUNTY)
    _, made = submitted(climbing((Step.TOWNSHIP, Step.COUNTY, Step.CITY)))
    screenings.pass_(both, made.id)
    assert made.step is Step.COUNTY
    with pytest.raises(DecidedBefore):
        screenings.pass_(both, made.id)
    assert screenings.queue(both, PageRequest()).items == []
    assert screenings.queue(other, PageRequest()).items == [made]


def test_whoever_joined_as_a_nominator_does_not_decide(ctx: Flask) -> None:
    judge = reviewer(COUNTY)
    _, made = submitted(climbing((Step.COUNTY,)))
    nominators.add(made.id, judge.id)
    with pytest.raises(OwnNomination):
        screenings.pass_(judge, made.id)
    with pytest.raises(OwnNomination):
        screenings.history(judge, made.id)
    assert screenings.queue(judge, PageRequest()).items == []


# Sending back, transferring


def test_what_was_sent_back_returns_to_the_step_that_sent_it(ctx: Flask) -> None:
    town, county = reviewer(TOWN), reviewer(COUNTY)
    nominator, made = submitted(climbing((Step.TOWNSHIP, Step.COUNTY, Step.CITY)))
    screenings.pass_(town, made.id)
    screenings.send_back(county, made.id, missing="请补充证明")
    assert (made.status, made.step, made.step_site_id) == (N.SENT_BACK, None, None)
    handed_in(nominator, made)
    assert (made.status, made.step) == (N.SUBMITTED, Step.COUNTY)
    screenings.pass_(county, made.id)
    assert made.status is N.COUNTY_REVIEWED


def test_from_another_place_it_begins_anew(ctx: Flask) -> None:
    reviewer(TOWN), reviewer("411024101")
    county = reviewer(COUNTY)
    nominator, made = submitted(climbing((Step.TOWNSHIP, Step.COUNTY)))
    made.step, made.step_site_id = Step.COUNTY, site(COUNTY).id
    screenings.send_back(county, made.id, missing="地点有误")
    nominations.update(nominator, made.id, site_id=site("411024101").id)
    handed_in(nominator, made)
    assert (made.step, made.step_site_id) == (Step.TOWNSHIP, site("411024101").id)


def test_a_transfer_restarts_at_the_right_step_of_the_other_place(ctx: Flask) -> None:
    town, county = reviewer(TOWN), reviewer(COUNTY)
    there, there_above = reviewer("411024101"), reviewer("411024")
    _, made = submitted(climbing((Step.TOWNSHIP, Step.COUNTY, Step.CITY)))
    screenings.pass_(town, made.id)
    screenings.transfer(county, made.id, site_id=site("411024101").id, reason="户籍在鄢陵")
    assert (made.status, made.step) == (N.SUBMITTED, Step.TOWNSHIP)
    with pytest.raises(NotFound):
        screenings.pass_(county, made.id)
    screenings.pass_(there, made.id)
    assert screenings.queue(there_above, PageRequest()).items == [made]


def test_a_transfer_to_a_channel_and_its_mistakes(ctx: Flask) -> None:
    county, school = reviewer(COUNTY), channel()
    judge = reviewer(channel=school)
    _, made = submitted(climbing((Step.COUNTY, Step.CITY)))
    for wrong in ({}, {"site_id": made.site_id}, {"channel_id": made.id}):
        with pytest.raises(InvalidInput):
            screenings.transfer(county, made.id, reason="走错了", **wrong)
    school.is_active = False
    with pytest.raises(InvalidInput):
        screenings.transfer(county, made.id, channel_id=school.id, reason="教职工")
    school.is_active = True
    screenings.transfer(county, made.id, channel_id=school.id, reason="教职工")
    assert screenings.queue(judge, PageRequest()).items == [made]
    assert history(made) == [(Step.COUNTY, V.TRANSFER)]


def test_a_reject_above_the_ladder_is_the_citys(ctx: Flask) -> None:
    county, city = reviewer(COUNTY), reviewer(None)
    made = nomination(campaign(C.REVIEWING), N.CITY_SHORTLISTED)
    with pytest.raises(NotYourStep):
        screenings.reject(county, made.id, reason="材料不实")
    assert screenings.reject(city, made.id, reason="材料不实").status is N.REJECTED
    with pytest.raises(WrongState):
        screenings.reject(city, made.id, reason="材料不实")


# Quotas of recommendations


def test_a_county_sends_up_as_many_as_the_rules_allow(ctx: Flask) -> None:
    county = reviewer(COUNTY)
    made = climbing((Step.COUNTY, Step.CITY), recommendations=Quota(by_place={COUNTY: 1}))
    (_, one), (_, two) = submitted(made), submitted(made)
    screenings.pass_(county, one.id)
    with pytest.raises(RecommendationsUsedUp) as refused:
        screenings.pass_(county, two.id)
    assert refused.value.details == {"limit": 1}
    assert two.status is N.SUBMITTED


def test_what_comes_back_from_another_county_skips_no_step(ctx: Flask) -> None:
    """The city sent it back, and the nominator moved it meanwhile."""
    campaign = climbing((Step.COUNTY, Step.CITY))
    weidu, changge, city = reviewer(COUNTY), reviewer("411082"), reviewer(None)
    nominator, made = submitted(campaign)
    screenings.pass_(weidu, made.id)
    screenings.send_back(city, made.id, missing="户籍证明")
    nominations.update(nominator, made.id, site_id=site("411082").id)
    handed_in(nominator, made)
    assert (made.step, made.step_site_id) == (Step.COUNTY, site("411082").id)
    screenings.pass_(changge, made.id)
    assert (made.step, made.status) == (Step.CITY, N.COUNTY_REVIEWED)


def test_a_case_is_counted_once_and_given_back_when_it_goes_elsewhere(ctx: Flask) -> None:
    county, city = reviewer(COUNTY), reviewer(None)
    reviewer("411024")
    made = climbing((Step.COUNTY, Step.CITY), recommendations=Quota(by_place={COUNTY: 1}))
    _, one = submitted(made)
    assert screenings.pass_(county, one.id).recommended_from == COUNTY
    screenings.transfer(city, one.id, site_id=site("411024101").id, reason="户籍在鄢陵")
    assert one.recommended_from is None
    taken = select(RecommendationCount.taken).where(RecommendationCount.place == COUNTY)
    assert db.session.scalar(taken) == 0
    _, two = submitted(made)
    assert screenings.pass_(county, two.id).step is Step.CITY


# Admitting


def test_without_consent_a_case_waits_on_the_shortlist(ctx: Flask) -> None:
    county, city = reviewer(COUNTY), reviewer(None)
    _, made = submitted(climbing((Step.COUNTY,)))
    made.consented_at = None
    assert screenings.pass_(county, made.id).status is N.CITY_SHORTLISTED
    with pytest.raises(NotReady) as refused:
        screenings.admit(city, made.id)
    assert refused.value.details == {"missing": ["consent"]}
    made.consented_at = clock.now()
    with pytest.raises(NotYourStep):
        screenings.admit(county, made.id)
    assert screenings.admit(city, made.id).status is N.CANDIDATE
    assert history(made)[-1] == (Step.CITY, V.ADMIT)


def test_a_person_whose_id_number_is_unknown_waits_until_a_reviewer_has_seen_it(
    ctx: Flask,
) -> None:
    county, city = reviewer(COUNTY), reviewer(None)
    made = nomination(climbing((Step.COUNTY,)), nominee_id_number=None)
    assert screenings.pass_(county, made.id).status is N.CITY_SHORTLISTED
    with pytest.raises(NotReady) as refused:
        screenings.admit(city, made.id)
    assert refused.value.details == {"missing": ["identity"]}
    assert "身份证号码" in str(refused.value)
    nominees.identify(county, made.id, id_number=id_number())
    assert screenings.admit(city, made.id).status is N.CANDIDATE


def test_a_second_case_of_a_candidate_waits_to_be_merged(ctx: Flask) -> None:
    county, city, number = reviewer(COUNTY), reviewer(None), id_number()
    of = climbing((Step.COUNTY,))
    known = nominees.settled({"nominee_id_number": number})
    first, second = nomination(of, **known), nomination(of, **known)
    nomination(climbing((Step.COUNTY,)), N.CANDIDATE, **known)  # of another campaign
    assert screenings.pass_(county, first.id).status is N.CANDIDATE
    assert screenings.pass_(county, second.id).status is N.CITY_SHORTLISTED
    with pytest.raises(NotReady) as refused:
        screenings.admit(city, second.id)
    assert refused.value.details == {"missing": ["twin"]}
    departures.remove(city, first, reason="重复")
    assert screenings.admit(city, second.id).status is N.CANDIDATE


@pytest.mark.parametrize(("speaker", "status"), [(None, N.CITY_SHORTLISTED), ("丁", N.CANDIDATE)])
@pytest.mark.parametrize("kind", [k for k in NomineeKind if k is not NomineeKind.PERSON])
def test_several_people_are_known_by_who_speaks_for_them(
    ctx: Flask, kind: NomineeKind, speaker: str | None, status: NominationStatus
) -> None:
    facts: dict[str, Any] = {"nominee_kind": kind, "representative_name": speaker}
    made = nomination(climbing((Step.COUNTY,)), **facts)
    assert screenings.pass_(reviewer(COUNTY), made.id).status is status


def test_all_that_is_missing_is_told_at_once(ctx: Flask) -> None:
    of = climbing((Step.COUNTY, Step.CONSULTATION, Step.VISIT))
    facts: dict[str, Any] = {"consented_at": None, "nominee_id_number": None}
    made = nomination(of, N.CITY_SHORTLISTED, category_code="bravery", **facts)
    with pytest.raises(NotReady) as refused:
        screenings.admit(reviewer(None), made.id)
    wanted = ["consultations", "visit", "identity", "consent", "bravery"]
    assert refused.value.details == {"missing": wanted}


def test_nothing_moves_once_the_assessment_is_open(ctx: Flask) -> None:
    made = nomination(campaign(C.ASSESSING))
    judge = reviewer(COUNTY)
    with pytest.raises(StageClosed):
        screenings.transfer(judge, made.id, site_id=site("411024").id, reason="走错了")
    with pytest.raises(StageClosed):
        screenings.write(judge, made.id, opinion="感人")
    with pytest.raises(StageClosed):
        screenings.admit(reviewer(None), nomination(campaign(C.ASSESSING), N.VISITED).id)
