"""Presets and rules: made, judged, changed until they are frozen."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.db import db
from core.errors import InvalidInput, WrongState
from nominations.errors import RulesFrozen
from nominations.lifecycles import (
    CampaignStatus,
    ListPeriod,
    NomineeKind,
)
from nominations.presets import PRESETS, QUARTERLY, USUAL_RULES
from nominations.rules import Quota, Step
from nominations.services import campaigns, stages
from tests.conftest import Http, stored
from tests.factories.accounts import person
from tests.factories.nominations import campaign
from tests.nominations.drafting import DAY, START, Body, admin, body, plan

C = CampaignStatus
ONLY_THE_PANEL = {"public_weight": Decimal(0), "committee_weight": Decimal(1)}


def test_a_campaign_of_a_preset_has_its_dates_rules_and_number(ctx: Flask) -> None:
    made = campaigns.create(admin(), preset="good_people_quarterly", starts_on=date(2027, 5, 1))
    assert made.title == "许昌好人（2027年第2季度）"
    assert (made.list_period, made.list_year, made.list_number) == (ListPeriod.QUARTER, 2027, 2)
    assert made.nominations_open_at == datetime(2027, 4, 30, 16, tzinfo=UTC)
    assert made.rules == QUARTERLY.rules
    db.session.expire(made)
    assert made.rules == QUARTERLY.rules


def test_whatever_a_preset_says_may_be_said_otherwise(ctx: Flask) -> None:
    later = datetime(2028, 1, 1, tzinfo=UTC)
    made = campaigns.create(
        admin(),
        preset="most_beautiful_families",
        starts_on=date(2027, 5, 1),
        title="最美家庭",
        judging_close_at=later,
        categories=[{"code": "family", "name": "最美家庭"}],
        rules={"steps": (Step.PANEL, Step.ASSESSMENT, Step.COUNTY), "notice_days": 5},
    )
    assert (made.title, made.judging_close_at) == ("最美家庭", later)
    assert made.rules.steps == (Step.COUNTY, Step.ASSESSMENT, Step.PANEL)
    assert made.rules.nominee_kinds == (NomineeKind.FAMILY,)


@pytest.mark.parametrize("preset", [p.code for p in PRESETS])
def test_every_preset_can_be_made_and_announced(ctx: Flask, preset: str) -> None:
    office = admin()
    made = campaigns.create(office, preset=preset, starts_on=date(2028, 2, 29))
    with clock.frozen(made.nominations_open_at):
        campaigns.announce(office, made.id)
        assert stages.advance(made.id) is C.NOMINATING


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"quorum": Fraction(2)}, ["quorum"]),
        ({"steps": (Step.ASSESSMENT, Step.PANEL)}, ["steps"]),
        ({"recommendations": Quota(by_place={"499999": 1})}, ["recommendations", "by_place"]),
    ],
)
def test_rules_that_contradict_are_refused_at_their_field(
    ctx: Flask, change: dict[str, Any], path: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        campaigns.create(admin(), rules=change, **plan())
    found: Any = (refused.value.errors or {})["rules"]
    for name in path:
        found = found[name]
    assert isinstance(found, list)


def test_a_county_or_a_channel_may_have_a_quota(ctx: Flask) -> None:
    quota = Quota(by_place={"411002": 3, "xuchang_university": 1})
    made = campaigns.create(admin(), rules={"recommendations": quota}, **plan())
    assert made.rules.recommendations == quota


def test_a_campaign_has_an_assessment_or_the_end_of_its_review(ctx: Flask) -> None:
    unassessed = {"steps": (Step.COUNTY, Step.PANEL), **ONLY_THE_PANEL}
    with pytest.raises(InvalidInput) as refused:
        campaigns.create(admin(), rules=unassessed, **plan())
    assert list(refused.value.errors or ()) == ["review_close_at"]
    dates = {"assessment_open_at": None, "assessment_close_at": None}
    made = campaigns.create(admin(), rules=unassessed, **plan(review_close_at=START + DAY, **dates))
    assert made.review_close_at == made.nominations_close_at


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"list_period": ListPeriod.MONTH, "list_number": 5}, "list_year"),
        ({"list_period": ListPeriod.MONTH, "list_year": 2027}, "list_number"),
        ({"list_period": ListPeriod.YEAR, "list_year": 2027, "list_number": 1}, "list_number"),
        ({"list_year": 2027}, "list_year"),
        ({"judging_close_at": START + 2 * DAY}, "judging_close_at"),
    ],
)
def test_a_list_has_its_number_and_judging_its_turn(
    ctx: Flask, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        campaigns.create(admin(), **plan(**facts))
    assert list(refused.value.errors or ()) == [field]


def test_a_draft_changes_in_every_part(ctx: Flask) -> None:
    office = admin()
    made = campaigns.create(office, **plan())
    campaigns.update(
        office,
        made.id,
        title="许昌好人第二期",
        nominations_open_at=START - DAY,
        categories=[{"code": "bravery", "name": "见义勇为"}, {"code": "new", "name": "新风尚"}],
        rules={"min_age": 18},
    )
    db.session.expire(made)
    assert (made.title, made.nominations_open_at) == ("许昌好人第二期", START - DAY)
    assert [(c.code, c.position) for c in made.categories] == [("bravery", 1), ("new", 2)]
    assert (made.rules.min_age, made.rules.steps) == (18, USUAL_RULES.steps)


def test_announced_rules_change_until_nominations_open_and_dates_do_not(ctx: Flask) -> None:
    office, made = admin(), campaign(C.ANNOUNCED, rules=USUAL_RULES)
    campaigns.update(office, made.id, rules={"notice_days": 10})
    assert made.rules.notice_days == 10
    later = made.nominations_open_at + timedelta(hours=1)
    with pytest.raises(InvalidInput) as refused:
        campaigns.update(office, made.id, nominations_open_at=later)
    assert list(refused.value.errors or ()) == ["nominations_open_at"]
    with clock.frozen(made.nominations_open_at), pytest.raises(RulesFrozen):
        campaigns.update(office, made.id, rules={"notice_days": 7})


@pytest.mark.parametrize(
    ("status", "error"),
    [(C.NOMINATING, RulesFrozen), (C.PAUSED, RulesFrozen), (C.CANCELLED, WrongState)],
)
def test_frozen_rules_stay(ctx: Flask, status: CampaignStatus, error: type[Exception]) -> None:
    facts = {"rules_frozen_at": START} if status is C.PAUSED else {}
    made = campaign(status, **facts)
    with pytest.raises(error):
        campaigns.update(admin(), made.id, title="另一个题目")


def test_a_preset_is_chosen_from_the_list_and_changed(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        office = admin()
    listed = http.get("/campaign-presets").json
    assert listed is not None
    preset = next(p for p in listed["items"] if p["code"] == "moral_models_5")
    assert preset["days"]["nominations_open_at"] == 0
    assert preset["rules"]["winners"]["by_category"]["bravery"] == 5
    body = {
        "preset": preset["code"],
        "starts_on": "2096-05-01",
        "rules": {
            **preset["rules"],
            "public_weight": "0.5",
            "committee_weight": "0.5",
            "public_weight_reason": "首次试行",
            "quorum": "3/4",
        },
    }
    made = http.as_(office).post("/campaigns", json=body)
    assert made.status_code == 201
    assert made.json is not None
    assert made.json["nominations_open_at"] == "2096-05-01T00:00:00+08:00"
    assert made.json["rules"] == body["rules"]
    assert (made.json["list_period"], made.json["list_number"]) == ("edition", 5)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"public_weight": "0.5"}, ["public_weight_reason", 0]),
        ({"public_weight": 0.3}, ["public_weight", 0]),
        ({"quorum": "2/0"}, ["quorum", 0]),
        ({"notice_days": 4}, ["notice_days", 0]),
        ({"winners": {"by_category": {"bravery": -1}}}, ["winners", "by_category"]),
        ({"winners": {"by_category": {"sixth": 1}}}, ["winners", "by_category"]),
        ({"rubric": [{"code": "a", "name": "甲", "weight": "99.9"}]}, ["rubric", 0]),
        ({"ties": ["lot", "top_marks"]}, ["ties", 0]),
        ({"steps": []}, ["steps", 0]),
        ({"colour": "red"}, ["colour", 0]),
    ],
)
def test_a_bad_rule_is_told_at_its_field(
    http: Http, rolled_back: Flask, change: Body, path: list[Any]
) -> None:
    with stored(rolled_back):
        office = admin()
    refused = http.as_(office).post("/campaigns", json=body(rules=change))
    assert refused.status_code == 422
    assert refused.json is not None
    found = refused.json["errors"]["rules"]
    for name in path:
        found = found[name]
    assert found


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"preset": "moral_models_5"}, "starts_on"),
        ({"preset": "moral_models_5", "starts_on": "1999-12-31"}, "starts_on"),
        ({"preset": "olympic_games", "starts_on": "2096-05-01"}, "preset"),
        ({"title": "许昌好人"}, "max_choices"),
    ],
)
def test_a_preset_comes_with_a_day_or_everything_is_given(
    http: Http, rolled_back: Flask, given: Body, field: str
) -> None:
    with stored(rolled_back):
        office = admin()
    refused = http.as_(office).post("/campaigns", json=given)
    assert refused.json is not None
    assert (refused.status_code, field in refused.json["errors"]) == (422, True)


def test_a_change_is_compared_with_what_was_seen(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        office, citizen = admin(), person()
        path = f"/campaigns/{campaign(C.DRAFT, rules=USUAL_RULES).id}"
    desk = http.as_(office)
    seen = desk.get(f"{path}/inside").headers["ETag"]
    assert http.as_(citizen).patch(path, json={"title": "新题目"}).status_code == 403
    changed = desk.patch(path, json={"title": "新题目"}, headers={"If-Match": seen})
    assert changed.json is not None
    assert (changed.status_code, changed.json["title"]) == (200, "新题目")
    stale = desk.patch(path, json={"title": "旧题目"}, headers={"If-Match": seen})
    assert stale.status_code == 412
    listed = desk.get("/campaigns/inside").json
    assert listed is not None
    assert [c["title"] for c in listed["items"]] == ["新题目"]
    assert http.as_(citizen).get("/campaigns/inside").status_code == 403
    assert http.get(path).status_code == 404


def test_the_rules_of_a_campaign_are_public(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = campaign(C.ANNOUNCED).id
    rules = http.get(f"/campaigns/{made}/rules").json
    assert rules is not None
    assert rules["campaign_id"] == str(made)
    assert (rules["max_choices"], rules["max_per_category"], rules["period"]) == (10, 2, "once")
    assert (rules["rules"]["deeds_min_chars"], rules["rules"]["deeds_max_chars"]) == (800, 1500)
    assert len(rules["categories"]) == 5
