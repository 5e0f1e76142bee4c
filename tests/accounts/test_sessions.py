"""Signing in by WeChat, and telling from a token who acts."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.permissions import Role
from accounts.services import roles
from core import clock
from core.actor import SYSTEM, ScopeKind
from core.ids import new_id
from core.wechat import WeChatUnavailable
from tests.conftest import Http, stored
from tests.doubles.wechat import RecordingWeChat
from tests.factories.accounts import person


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def client(rolled_back: Flask) -> FlaskClient:
    return rolled_back.test_client()


def sign_in(client: FlaskClient, openid: str = "o-citizen") -> dict[str, object]:
    response = client.post("/api/v1/auth/wechat", json={"code": openid})
    assert response.status_code == 200, response.json
    return dict(response.json or {})


def test_a_first_sign_in_makes_a_person(client: FlaskClient, wechat: RecordingWeChat) -> None:
    first = sign_in(client)
    again = sign_in(client)
    assert first["is_new"] is True
    assert again["is_new"] is False
    assert first["person"]["id"] == again["person"]["id"]  # type: ignore[index]
    assert first["token"] != again["token"]


def test_the_session_key_never_leaves(client: FlaskClient, wechat: RecordingWeChat) -> None:
    response = client.post("/api/v1/auth/wechat", json={"code": "o-citizen"})
    assert "k" * 24 not in response.get_data(as_text=True)
    assert "o-citizen" not in response.get_data(as_text=True)


def test_a_token_opens_the_own_profile(client: FlaskClient, wechat: RecordingWeChat) -> None:
    token = str(sign_in(client)["token"])
    me = client.get("/api/v1/me", headers=bearer(token))
    assert me.status_code == 200
    assert me.headers["Cache-Control"] == "private, no-cache"
    assert [r["role"] for r in me.json["roles"]] == ["citizen"]  # type: ignore[index]


def test_panelists_work_in_the_mini_program_and_reviewers_do_not(
    client: FlaskClient, rolled_back: Flask, wechat: RecordingWeChat
) -> None:
    with stored(rolled_back):
        who = person(openid="o-panelist").id
        kind, scope_id = ScopeKind.CAMPAIGN, new_id()
        roles.bestow(SYSTEM, who, role=Role.PANELIST, scope_kind=kind, scope_id=scope_id)
        roles.bestow(SYSTEM, who, role=Role.REVIEWER, scope_kind=ScopeKind.CITY, scope_id=None)
    token = str(sign_in(client, "o-panelist")["token"])
    me = client.get("/api/v1/me", headers=bearer(token)).json
    assert {r["role"] for r in me["roles"]} == {"citizen", "volunteer", "panelist"}  # type: ignore[index]


def test_a_bad_code_is_refused(client: FlaskClient, wechat: RecordingWeChat) -> None:
    response = client.post("/api/v1/auth/wechat", json={"code": "bad"})
    assert response.status_code == 401
    assert response.json["code"] == "login_code_invalid"  # type: ignore[index]


def test_wechat_out_of_reach_is_503(client: FlaskClient, wechat: RecordingWeChat) -> None:
    wechat.failure = WeChatUnavailable()
    response = client.post("/api/v1/auth/wechat", json={"code": "o-citizen"})
    assert response.status_code == 503
    assert response.json["code"] == "wechat_unavailable"  # type: ignore[index]


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic abc", "Bearer unknown"])
def test_a_header_that_is_no_token_is_401(client: FlaskClient, header: str) -> None:
    response = client.get("/api/v1/me", headers={"Authorization": header})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_ends_after_thirty_days_to_the_second(
    client: FlaskClient, wechat: RecordingWeChat
) -> None:
    began = clock.now()
    with clock.frozen(began):
        token = str(sign_in(client)["token"])
    with clock.frozen(began + timedelta(days=30) - timedelta(seconds=1)):
        assert client.get("/api/v1/me", headers=bearer(token)).status_code == 200
    with clock.frozen(began + timedelta(days=30)):
        assert client.get("/api/v1/me", headers=bearer(token)).status_code == 401


def test_signing_out_ends_this_sign_in_only(client: FlaskClient, wechat: RecordingWeChat) -> None:
    phone, tablet = str(sign_in(client)["token"]), str(sign_in(client)["token"])
    assert client.post("/api/v1/auth/logout", headers=bearer(phone)).status_code == 204
    assert client.get("/api/v1/me", headers=bearer(phone)).status_code == 401
    assert client.get("/api/v1/me", headers=bearer(tablet)).status_code == 200


def test_a_lost_phone_can_be_signed_out_from_another(
    client: FlaskClient, wechat: RecordingWeChat
) -> None:
    lost, kept = str(sign_in(client)["token"]), str(sign_in(client)["token"])
    listed = client.get("/api/v1/me/sessions", headers=bearer(kept)).json["items"]  # type: ignore[index]
    assert sorted(s["is_current"] for s in listed) == [False, True]
    assert "token" not in str(listed)
    for session in (s for s in listed if not s["is_current"]):
        client.delete(f"/api/v1/me/sessions/{session['id']}", headers=bearer(kept))
    assert client.get("/api/v1/me", headers=bearer(lost)).status_code == 401
    assert client.get("/api/v1/me", headers=bearer(kept)).status_code == 200


def test_nobody_ends_the_sign_in_of_another(client: FlaskClient, wechat: RecordingWeChat) -> None:
    mine, theirs = str(sign_in(client, "o-a")["token"]), str(sign_in(client, "o-b")["token"])
    listed = client.get("/api/v1/me/sessions", headers=bearer(theirs)).json["items"]  # type: ignore[index]
    response = client.delete(f"/api/v1/me/sessions/{listed[0]['id']}", headers=bearer(mine))
    assert response.status_code == 404
    assert client.get("/api/v1/me", headers=bearer(theirs)).status_code == 200


def test_a_person_known_to_the_test_needs_no_sign_in(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        someone = person("李四")
    assert http.as_(someone).get("/me").json["person"]["name"] == "李*"  # type: ignore[index]
