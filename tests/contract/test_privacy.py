"""Canaries: an ID number, a phone, an openid and a token are planted, and looked for everywhere."""

import logging

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.consents import CURRENT_VERSIONS, ConsentKind
from core.db import Base, atomically, db
from tests.conftest import Http, stored
from tests.doubles.wechat import RecordingWeChat
from tests.factories.accounts import helper, id_number, site

PHONE = "+8613912345678"
OPENID = "o-canary-7f3a"
NAME = "金丝雀"
BENEFICIARY = "白灵鸟"
PLACE = "画眉巷一号院"
KEY = "Idempotency-Key"


def everything_stored(app: Flask) -> str:
    """Every cell of every table, as text; bytes as they are and as hexadecimal."""

    def read() -> str:
        cells: list[str] = []
        for table in Base.metadata.tables.values():
            for row in db.session.execute(select(table)):
                for cell in row:
                    cells.append(repr(cell) + (cell.hex() if isinstance(cell, bytes) else ""))
        return "\n".join(cells)

    with app.app_context():
        return atomically(app, read, write=False)


def test_nothing_personal_stands_anywhere_in_clear(
    http: Http,
    rolled_back: Flask,
    wechat: RecordingWeChat,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = id_number()
    answers: list[str] = []
    with caplog.at_level(logging.DEBUG):
        token = register(http, OPENID, number, answers)
        other = register(http, "o-canary-other", number, answers)  # identity_in_use
        me = {"Authorization": f"Bearer {token}"}
        key = {KEY: "canary-1"}
        answers.append(
            http.post("/me/phone", json={"code": PHONE}, headers=me | key).get_data(as_text=True)
        )
        site_id = (http.get("/sites?limit=1").json or {})["items"][0]["id"]
        order = {
            "site_id": site_id,
            "category_code": "elderly_and_orphans",
            "title": "陪老人取药",
            "description": "腿脚不便",
            "place": PLACE,
            "beneficiary_name": BENEFICIARY,
            "wanted_from": "2099-01-01T09:00:00+08:00",
            "wanted_until": "2099-01-02T09:00:00+08:00",
        }
        ordered = http.post("/service-requests", json=order, headers=me | {KEY: "canary-2"})
        assert ordered.status_code == 201, ordered.json
        answers.append(ordered.get_data(as_text=True))
        for path in (
            "/me",
            "/me/sessions",
            "/me/hours",
            "/me/signups",
            "/me/nominations",
            "/me/service-requests",
        ):
            answers.append(http.get(path, headers=me).get_data(as_text=True))
    assert "identity_in_use" in "".join(answers)
    assert other != token
    written = capsys.readouterr()
    logged = caplog.text + written.out + written.err
    stored = everything_stored(rolled_back)
    spoken = "".join(answers)
    for secret in (number, PHONE, PHONE.removeprefix("+86")):
        assert secret not in spoken, "in an answer"
        assert secret not in logged, "in the log"
        assert secret not in stored, "in the database"
    assert NAME not in spoken, "a name leaves masked"
    assert BENEFICIARY not in spoken + logged + stored
    assert PLACE not in logged + stored
    assert token not in stored, "tokens are stored as hashes"
    assert OPENID not in spoken + logged
    assert "k" * 24 not in spoken + logged + stored, "the session key goes nowhere"


def register(http: Http, openid: str, number: str, answers: list[str]) -> str:
    signed_in = http.post("/auth/wechat", json={"code": openid}).json
    assert signed_in is not None
    token = str(signed_in.pop("token"))
    answers.append(str(signed_in))
    me = {"Authorization": f"Bearer {token}"}
    consent = {
        "kind": "real_name",
        "version": CURRENT_VERSIONS[ConsentKind.REAL_NAME],
        "is_given": True,
    }
    http.put("/me/consents", json=consent, headers=me)
    body = {"name": NAME, "id_number": number}
    answers.append(http.put("/me/identity", json=body, headers=me).get_data(as_text=True))
    return token


def test_nothing_personal_leaves_a_counter(
    http: Http,
    rolled_back: Flask,
    wechat: RecordingWeChat,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = id_number()
    with stored(rolled_back):
        counter, at_site = http.as_(helper()), str(site().id)
    body = {
        "name": NAME,
        "id_number": number,
        "phone": PHONE,
        "site_id": at_site,
        "paper_reference": "纸-1",
    }
    with caplog.at_level(logging.DEBUG):
        made = counter.post("/persons", json=body, headers={"Idempotency-Key": "canary-2"})
        assert made.json is not None, made
        path = f"/persons/{made.json['id']}"
        binding = {"code": OPENID, "id_number": number, "reason": "已核对"}
        answers = [
            made,
            counter.post("/persons", json=body),  # identity_in_use
            counter.post("/persons/find", json={"id_number": number}),
            counter.get(path),
            counter.post(f"{path}/bindings", json=binding),
            counter.post(f"{path}/bindings", json=binding | {"id_number": id_number()}),
        ]
    written = capsys.readouterr()
    logged = caplog.text + written.out + written.err
    spoken = "".join(answer.get_data(as_text=True) for answer in answers)
    kept = everything_stored(rolled_back)
    for secret in (number, PHONE, PHONE.removeprefix("+86")):
        assert secret not in spoken + logged + kept
    assert NAME not in spoken
    assert OPENID not in spoken + logged


def test_the_search_finds_what_is_there(
    http: Http, rolled_back: Flask, wechat: RecordingWeChat
) -> None:
    """Negative control: a name is kept in clear, so the same search must find it."""
    register(http, OPENID, id_number(), [])
    assert NAME in everything_stored(rolled_back)
    assert OPENID in everything_stored(rolled_back)
