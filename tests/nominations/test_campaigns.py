"""Campaigns: made in order, moved on by their dates, holding when they must."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.permissions import Permission, Role
from core import audit, clock
from core.actor import Grant, ScopeKind
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from nominations.errors import DatesPassed
from nominations.lifecycles import (
    CampaignStatus,
    NominationStatus,
)
from nominations.models.ballots import UnsealedBallot
from nominations.models.campaigns import Campaign
from nominations.services import ballots, campaigns, quarantine, reference, stages, tally
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.nominations import campaign, candidate, nomination, window
from tests.nominations.drafting import DAY, START, Body, admin, body, plan

C = CampaignStatus


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
        quarantine.score(made.id)
        assert stages.advance(made.id) is C.JUDGING


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


def test_channels_are_public(http: Http) -> None:
    answer = http.get("/channels").json
    assert answer is not None
    assert {"许昌学院", "教育系统"} <= {c["name"] for c in answer["items"]}
    assert len(answer["items"]) == len(reference.CHANNELS)


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
