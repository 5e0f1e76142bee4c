"""Campaigns: made in order, moved on by their dates, holding when they must."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.permissions import Permission, Role
from core import audit, clock
from core.actor import Actor, Grant, ScopeKind
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from nominations.errors import DatesPassed, RulesFrozen
from nominations.lifecycles import (
    BallotPeriod,
    CampaignStatus,
    HonorKind,
    ListPeriod,
    NominationStatus,
    NomineeKind,
)
from nominations.models.ballots import UnsealedBallot
from nominations.models.campaigns import Campaign
from nominations.presets import PRESETS, QUARTERLY, USUAL_RULES
from nominations.rules import Quota, Step
from nominations.services import ballots, campaigns, reference, stages, tally
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.nominations import campaign, candidate, nomination, window

DAY = timedelta(days=1)
START = datetime(2026, 5, 1, tzinfo=UTC)
ONLY_THE_PANEL = {"public_weight": Decimal(0), "committee_weight": Decimal(1)}
C = CampaignStatus


def plan(**facts: Any) -> dict[str, Any]:
    return {
        "title": "许昌好人第一期",
        "kind": HonorKind.GOOD_PERSON,
        "nominations_open_at": START,
        "nominations_close_at": START + DAY,
        "assessment_open_at": START + 2 * DAY,
        "assessment_close_at": START + 3 * DAY,
        "max_choices": 10,
        "max_per_category": 2,
        "period": BallotPeriod.ONCE,
        "has_hidden_counts": True,
        **facts,
    }


def admin() -> Actor:
    return actor_of(person(), grant(Role.ADMIN))


def test_a_campaign_begins_as_a_draft_with_the_usual_categories(ctx: Flask) -> None:
    made = campaigns.create(admin(), **plan())
    assert made.status is C.DRAFT
    assert [c.code for c in made.categories] == [
        "helping_others",
        "bravery",
        "integrity",
        "dedication",
        "filial_piety",
    ]
    with pytest.raises(NotFound):
        campaigns.get_public(made.id)


def test_a_campaign_may_bring_its_own_categories(ctx: Flask) -> None:
    made = campaigns.create(admin(), categories=[{"code": "family", "name": "文明家庭"}], **plan())
    assert [c.name for c in made.categories] == ["文明家庭"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"nominations_close_at": START}, "nominations_close_at"),
        ({"assessment_open_at": START + DAY - timedelta(seconds=1)}, "assessment_open_at"),
        ({"assessment_close_at": START + 2 * DAY}, "assessment_close_at"),
        ({"max_choices": 1}, "max_per_category"),
        ({"categories": [{"code": "a", "name": "甲"}] * 2}, "categories"),
    ],
)
def test_a_campaign_whose_rules_contradict_is_refused(
    ctx: Flask, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        campaigns.create(admin(), **plan(**facts))
    assert list(refused.value.errors or ()) == [field]


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


def test_supervisors_see_the_inside_of_their_campaign_alone(ctx: Flask) -> None:
    made, other = campaign(C.DRAFT), campaign(C.DRAFT)
    permissions = frozenset({Permission.NOMINATIONS_CAMPAIGN_VIEW})
    watch = Grant(Role.SUPERVISOR, permissions, ScopeKind.CAMPAIGN, made.id)
    notary = actor_of(person(), watch)
    assert campaigns.get_inside(notary, made.id).id == made.id
    with pytest.raises(NotFound):
        campaigns.get_inside(notary, other.id)
    page = PageRequest(cursor=None, limit=20)
    assert [c.id for c in campaigns.list_inside(notary, page).items] == [made.id]
    assert {c.id for c in campaigns.list_inside(admin(), page).items} == {made.id, other.id}


def test_only_the_city_runs_campaigns(ctx: Flask) -> None:
    of_a_county = actor_of(person(), grant(Role.ADMIN, over=site("411002")))
    with pytest.raises(NotFound):
        campaigns.create(of_a_county, **plan())


def test_an_announced_campaign_is_public(ctx: Flask) -> None:
    office = admin()
    made = campaigns.create(office, **plan())
    with clock.frozen(START - DAY):
        campaigns.announce(office, made.id)
    assert campaigns.get_public(made.id).announced_at == START - DAY
    with pytest.raises(WrongState):
        campaigns.announce(office, made.id)


def test_a_campaign_that_is_over_is_not_announced(ctx: Flask) -> None:
    office = admin()
    made = campaigns.create(office, **plan())
    with clock.frozen(START + DAY), pytest.raises(DatesPassed):
        campaigns.announce(office, made.id)


def test_a_campaign_is_cancelled_with_a_reason_until_it_is_concluded(ctx: Flask) -> None:
    office = admin()
    running = campaign(C.ASSESSING)
    stages.cancel(office, running.id, reason="材料有误")
    entry = db.session.scalars(select(audit.Entry).where(audit.Entry.thing_id == running.id)).one()
    assert (entry.verb, entry.reason, entry.to_status) == ("cancel", "材料有误", "cancelled")
    with pytest.raises(WrongState):
        stages.cancel(office, campaign(C.CONCLUDED).id, reason="材料有误")


@pytest.mark.parametrize(
    ("status", "instant", "after"),
    [
        (C.ANNOUNCED, "nominations_open_at", C.NOMINATING),
        (C.NOMINATING, "nominations_close_at", C.REVIEWING),
        (C.REVIEWING, "assessment_open_at", C.ASSESSING),
    ],
)
def test_a_stage_begins_at_its_instant(
    ctx: Flask, status: CampaignStatus, instant: str, after: CampaignStatus
) -> None:
    made = campaign(status)
    candidate(made)
    at: datetime = getattr(made, instant)
    with clock.frozen(at - timedelta(microseconds=1)):
        assert made.id not in stages.due()
        assert stages.advance(made.id) is status
    with clock.frozen(at):
        assert made.id in stages.due()
        assert stages.advance(made.id) is after
        assert stages.advance(made.id) is after


def test_after_downtime_a_campaign_takes_every_step_that_is_due(ctx: Flask) -> None:
    made = campaign(C.ANNOUNCED)
    candidate(made)
    with clock.frozen(window(made)[0]):
        assert stages.advance(made.id) is C.ASSESSING
    with clock.frozen(window(made)[1]):
        assert stages.advance(made.id) is C.JUDGING
    verbs = db.session.scalars(
        select(audit.Entry.verb)
        .where(audit.Entry.thing_id == made.id, audit.Entry.actor_id.is_(None))
        .order_by(audit.Entry.id)
    )
    assert list(verbs) == [
        "open_nominations",
        "close_nominations",
        "open_assessment",
        "close_assessment",
        "finish_counting",
    ]


def test_an_assessment_without_candidates_holds_and_says_why(ctx: Flask) -> None:
    made = campaign(C.REVIEWING)
    nomination(made, NominationStatus.SUBMITTED)
    with clock.frozen(window(made)[0]):
        assert stages.advance(made.id) is C.REVIEWING
        assert made.holding_reason == stages.NO_CANDIDATE
        candidate(made)
        assert stages.advance(made.id) is C.ASSESSING
        assert made.holding_reason is None


def test_an_assessment_whose_window_has_passed_is_not_opened(ctx: Flask) -> None:
    made = campaign(C.REVIEWING)
    candidate(made)
    with clock.frozen(window(made)[1]):
        assert stages.advance(made.id) is C.REVIEWING
    assert made.holding_reason == stages.WINDOW_MISSED


def test_counting_waits_for_the_last_ballot(ctx: Flask) -> None:
    made = campaign(C.ASSESSING)
    chosen = candidate(made)
    ballots.cast(actor_of(person()), made.id, choices=[chosen.id])
    with clock.frozen(window(made)[1]):
        assert stages.advance(made.id) is C.COUNTING
        assert stages.advance(made.id) is C.COUNTING
        tally.seal(made.id)
        assert db.session.scalars(select(UnsealedBallot)).all() == []
        assert stages.advance(made.id) is C.JUDGING


Body = dict[str, Any]


def body(**facts: Any) -> Body:
    return {
        "title": "许昌好人第一期",
        "kind": "good_person",
        "nominations_open_at": "2096-05-01T08:00:00+08:00",
        "nominations_close_at": "2096-05-11T08:00:00+08:00",
        "assessment_open_at": "2096-05-12T08:00:00+08:00",
        "assessment_close_at": "2096-05-22T08:00:00+08:00",
        "max_choices": 10,
        "max_per_category": 2,
        "period": "daily",
        "has_hidden_counts": True,
        **facts,
    }


def test_an_administrator_makes_and_announces_a_campaign(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        office = admin()
    made = http.as_(office).post("/campaigns", json=body())
    assert made.status_code == 201
    assert made.json is not None
    assert made.json["status"] == "draft"
    path = f"/campaigns/{made.json['id']}"
    assert http.get(path).status_code == 404
    announced = http.as_(office).post(f"{path}/announce")
    assert announced.json is not None
    assert announced.json["status"] == "announced"
    shown = http.get(path)
    assert shown.headers["Cache-Control"] == "public, max-age=5"
    assert shown.json == announced.json
    again = http.as_(office).post(f"{path}/announce")
    assert again.status_code == 409
    assert again.json is not None
    assert (again.json["code"], again.json["state"]) == ("wrong_state", "announced")


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


def test_channels_are_public(http: Http) -> None:
    answer = http.get("/channels").json
    assert answer is not None
    assert {"许昌学院", "教育系统"} <= {c["name"] for c in answer["items"]}
    assert len(answer["items"]) == len(reference.CHANNELS)


def test_the_rules_of_a_campaign_are_public(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = campaign(C.ANNOUNCED).id
    rules = http.get(f"/campaigns/{made}/rules").json
    assert rules is not None
    assert rules["campaign_id"] == str(made)
    assert (rules["max_choices"], rules["max_per_category"], rules["period"]) == (10, 2, "once")
    assert (rules["rules"]["deeds_min_chars"], rules["rules"]["deeds_max_chars"]) == (800, 1500)
    assert len(rules["categories"]) == 5


def test_the_list_shows_announced_campaigns_newest_first(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        campaign(C.DRAFT)
        shown = [str(campaign(C.ANNOUNCED).id), str(campaign(C.CONCLUDED).id)]
    first = http.get("/campaigns?limit=1").json
    assert first is not None
    second = http.get(f"/campaigns?limit=1&cursor={first['next_cursor']}").json
    assert second is not None
    assert [first["items"][0]["id"], second["items"][0]["id"]] == shown[::-1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"max_choices": 0}, "max_choices"),
        ({"max_choices": 1.5}, "max_choices"),
        ({"period": "weekly"}, "period"),
        ({"nominations_open_at": "2096-05-01T08:00:00"}, "nominations_open_at"),
        ({"categories": []}, "categories"),
        ({"status": "concluded"}, "status"),
    ],
)
def test_a_bad_campaign_names_the_field(
    http: Http, rolled_back: Flask, change: Body, field: str
) -> None:
    with stored(rolled_back):
        office = admin()
    refused = http.as_(office).post("/campaigns", json=body(**change))
    assert refused.status_code == 422
    assert refused.json is not None
    assert field in refused.json["errors"]


@pytest.mark.parametrize(
    ("path", "json"),
    [
        ("", body()),
        (f"/{UUID(int=1)}/announce", None),
        (f"/{UUID(int=1)}/cancel", {"reason": "有误"}),
    ],
)
def test_citizens_do_not_run_campaigns(
    http: Http, rolled_back: Flask, path: str, json: Body | None
) -> None:
    with stored(rolled_back):
        citizen = person()
    assert http.post(f"/campaigns{path}", json=json).status_code == 401
    assert http.as_(citizen).post(f"/campaigns{path}", json=json).status_code == 403


def test_cancelling_needs_a_reason(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        office, made = admin(), campaign(C.NOMINATING).id
    assert http.as_(office).post(f"/campaigns/{made}/cancel", json={}).status_code == 422
    cancelled = http.as_(office).post(f"/campaigns/{made}/cancel", json={"reason": "材料有误"})
    assert cancelled.json is not None
    assert cancelled.json["status"] == "cancelled"


def test_the_five_categories_are_public(http: Http) -> None:
    answer = http.get("/honor-categories").json
    assert answer is not None
    assert answer["items"][0] == {"code": "helping_others", "name": "助人为乐"}
    assert len(answer["items"]) == 5


@pytest.mark.parametrize(
    "broken",
    [
        lambda c: setattr(c, "status", C.NOMINATING),
        lambda c: setattr(c, "announced_at", START),
        lambda c: setattr(c, "holding_reason", "为何"),
        lambda c: setattr(c, "nominations_close_at", c.nominations_open_at),
        lambda c: setattr(c, "max_per_category", 11),
    ],
)
def test_the_database_binds_a_status_to_its_facts(
    ctx: Flask, broken: Callable[[Campaign], None]
) -> None:
    made = campaign(C.DRAFT)
    broken(made)
    with pytest.raises(IntegrityError):
        db.session.flush()
