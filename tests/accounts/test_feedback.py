"""Complaints and suggestions."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from accounts.models.feedback import Feedback
from accounts.permissions import Role
from accounts.services import feedback
from core import clock
from core.db import db
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person
from tests.factories.volunteer import NINE

WORDS = {"kind": "complaint", "text": "扫码点没有人，联系了王某也不接", "about": "签到"}


def test_a_complaint_is_answered_into_the_inbox_once(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        citizen = person()
        desk = http.as_(actor_of(person("值班员"), grant(Role.ADMIN)))
    sent = http.as_(citizen).post("/feedback", json=WORDS)
    assert sent.status_code == 201
    listed = desk.get("/feedback?kind=complaint&answered=false").json
    assert listed is not None
    (item,) = listed["items"]
    assert item["text"] == WORDS["text"]
    path = f"/feedback/{item['id']}/answer"
    assert desk.post(path, json={"text": "已安排专人值守"}).json["answer"] == "已安排专人值守"  # type: ignore[index]
    assert desk.post(path, json={"text": "再答一次"}).json["code"] == "feedback_answered"  # type: ignore[index]
    inbox = http.as_(citizen).get("/me/inbox").json
    assert inbox is not None
    assert inbox["items"][0]["text"].endswith("提交的投诉已有答复：已安排专人值守")
    assert desk.get("/feedback?answered=false").json["items"] == []  # type: ignore[index]


def test_anybody_may_write_and_only_the_city_reads(http: Http, rolled_back: Flask) -> None:
    sent = http.post("/feedback", json={"kind": "suggestion", "text": "字再大一点"})
    assert sent.status_code == 201
    with stored(rolled_back):
        citizen, desk = person(), http.as_(actor_of(person(), grant(Role.ADMIN)))
    assert http.as_(citizen).get("/feedback").status_code == 403
    assert http.get("/feedback").status_code == 401
    (item,) = desk.get("/feedback").json["items"]  # type: ignore[index]
    answered = desk.post(f"/feedback/{item['id']}/answer", json={"text": "已采纳"})
    assert answered.status_code == 200


def test_the_words_are_stored_encrypted(ctx: Flask) -> None:
    feedback.send(actor_of(person()), **WORDS)  # type: ignore[arg-type]
    row = db.session.execute(select(Feedback.__table__)).one()
    assert str(WORDS["text"]).encode() not in b"".join(c for c in row if isinstance(c, bytes))


def test_a_person_writes_five_times_an_hour(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        citizen, other = person(), person()
    with clock.frozen(NINE):
        codes = [http.as_(citizen).post("/feedback", json=WORDS).status_code for _ in range(6)]
        assert codes == [201] * 5 + [429]
        refused = http.as_(citizen).post("/feedback", json=WORDS)
        assert refused.headers["Retry-After"] == "3600"
        assert http.as_(other).post("/feedback", json=WORDS).status_code == 201
    with clock.frozen(NINE + timedelta(hours=1)):
        assert http.as_(citizen).post("/feedback", json=WORDS).status_code == 201
