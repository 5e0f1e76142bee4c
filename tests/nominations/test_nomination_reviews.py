"""A nomination before its reviewers."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.persons import Person
from accounts.permissions import Role
from core import clock
from core.crypto import vault
from core.db import db
from core.errors import NotFound, WrongState
from core.outbox import Message
from core.paging import PageRequest
from nominations.errors import (
    OwnNomination,
    StageClosed,
)
from nominations.lifecycles import (
    CampaignStatus,
    NominationStatus,
)
from nominations.services import nominations, screenings
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.nominations import UNCHECKED, campaign, nomination, own, reviewer

C = CampaignStatus
N = NominationStatus
SECOND = timedelta(seconds=1)


def messages_to(who: Person) -> list[dict[str, Any]]:
    found = map(_payload, db.session.scalars(select(Message)))
    return [m["data"] for m in found if m["person_id"] == str(who.id)]


def _payload(message: Message) -> dict[str, Any]:
    raw = vault().cipher.decrypt(message.payload, bound_to=b"outbox:" + message.id.bytes)
    found: dict[str, Any] = json.loads(raw)
    return found


@pytest.mark.parametrize("status", [C.NOMINATING, C.REVIEWING])
def test_a_reviewer_passes_a_nominee_and_the_nominator_is_told(
    ctx: Flask, status: CampaignStatus
) -> None:
    who = person()
    made = nomination(campaign(status), by=who, nominee_name="李四")
    assert screenings.pass_(reviewer(), made.id).status is N.CANDIDATE
    assert messages_to(who) == [{"nominee": "李四", "status": "已通过", "note": ""}]
    with pytest.raises(WrongState):
        screenings.pass_(reviewer(), made.id)


def test_nobody_becomes_a_candidate_once_the_assessment_is_open(ctx: Flask) -> None:
    made = nomination(campaign(C.ASSESSING))
    with pytest.raises(StageClosed):
        screenings.pass_(reviewer(), made.id)
    assert screenings.reject(reviewer(), made.id, reason="材料不实").status is N.REJECTED


def test_each_time_it_is_sent_back_the_nominator_is_told(ctx: Flask) -> None:
    who = person()
    made = nomination(campaign(C.NOMINATING), by=who, nominee_name="李四")
    for missing in ("请补充时间", "请补充地点"):
        screenings.send_back(reviewer(), made.id, missing=missing)
        assert (made.status, made.decision_note) == (N.SENT_BACK, missing)
        nominations.submit(actor_of(who), made.id, check=UNCHECKED)
    assert [m["note"] for m in messages_to(who)] == ["请补充时间", "请补充地点"]


def test_a_reviewer_never_reviews_their_own_nomination(ctx: Flask) -> None:
    who = person()
    insider = actor_of(who, grant(Role.REVIEWER, over=site("411002")))
    made = nomination(campaign(C.NOMINATING), by=who)
    with pytest.raises(OwnNomination):
        screenings.pass_(insider, made.id)
    assert screenings.queue(insider, PageRequest()).items == []


def test_a_reviewer_of_another_place_sees_nothing(ctx: Flask) -> None:
    outsider, made = reviewer("411024"), nomination(campaign(C.NOMINATING))
    with pytest.raises(NotFound):
        screenings.pass_(outsider, made.id)
    with pytest.raises(NotFound):
        screenings.reject(outsider, made.id, reason="材料不实")
    with pytest.raises(NotFound):
        screenings.send_back(outsider, made.id, missing="时间")
    with pytest.raises(NotFound):
        nominations.get(outsider, made.id)
    assert screenings.queue(outsider, PageRequest()).items == []


def test_a_reviewer_does_not_see_drafts(ctx: Flask) -> None:
    _, draft = own(campaign(C.NOMINATING), N.DRAFT)
    with pytest.raises(NotFound):
        nominations.get(reviewer(), draft.id)


def test_the_queue_shows_the_oldest_first(ctx: Flask) -> None:
    open_one = campaign(C.NOMINATING)
    at = clock.now()
    late = nomination(open_one, step_since=at)
    early = nomination(open_one, step_since=at - SECOND)
    nomination(open_one, N.CANDIDATE)
    nomination(open_one, site_id=site("411024").id)
    first = screenings.queue(reviewer(), PageRequest(limit=1))
    second = screenings.queue(reviewer(), PageRequest(first.next_cursor, limit=1))
    assert [*first.items, *second.items] == [early, late]
    assert second.next_cursor is None


def test_a_reviewer_works_through_the_queue(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        open_one, judge, who = campaign(C.NOMINATING), reviewer(), person()
        made = [nomination(open_one, by=who).id for _ in range(3)]
    queue = http.as_(judge).get("/screenings/queue").json
    assert queue is not None
    assert [item["id"] for item in queue["items"]] == [str(n) for n in made]
    assert queue["items"][0]["text_verdict"] == "pass"
    calls = [
        ("pass", None, "candidate"),
        ("send_back", {"missing": "请补充时间"}, "sent_back"),
        ("reject", {"reason": "材料不实"}, "rejected"),
    ]
    for nomination_id, (verb, body, status) in zip(made, calls, strict=True):
        answer = http.as_(judge).post(f"/nominations/{nomination_id}/{verb}", json=body)
        assert answer.json is not None
        assert answer.json["status"] == status
        assert answer.json["decision_note"] == (next(iter(body.values())) if body else None)
    assert http.as_(who).get("/screenings/queue").status_code == 403
