"""The door: idempotency, problems, what a bad request meets."""

from typing import Any

import pytest
from flask import Flask

from accounts.permissions import Role
from core.actor import Actor
from core.http import Blueprint, returns
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person, site


@pytest.fixture
def admin(rolled_back: Flask) -> Actor:
    with stored(rolled_back):
        return actor_of(person("管理员"), grant(Role.ADMIN))


def grant_body(app: Flask, actor: Actor) -> dict[str, Any]:
    with app.app_context():
        return {"person_id": str(actor.id), "role": "reviewer", "site_id": str(site().id)}


def test_a_view_without_a_permission_can_not_be_registered() -> None:
    blueprint = Blueprint("broken", __name__)
    with pytest.raises(TypeError, match="declares no permission"):

        @blueprint.get("/open")
        @returns(None, 204)
        def open_door(_actor: Actor) -> None: ...


def test_the_same_key_gives_the_first_answer_again(
    http: Http, rolled_back: Flask, admin: Actor
) -> None:
    body, headers = grant_body(rolled_back, admin), {"Idempotency-Key": "k-1"}
    first = http.as_(admin).post("/role-grants", json=body, headers=headers)
    again = http.as_(admin).post("/role-grants", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_body_is_refused(
    http: Http, rolled_back: Flask, admin: Actor
) -> None:
    body, headers = grant_body(rolled_back, admin), {"Idempotency-Key": "k-1"}
    http.as_(admin).post("/role-grants", json=body, headers=headers)
    other = http.as_(admin).post(
        "/role-grants", json=body | {"role": "site_staff"}, headers=headers
    )
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")  # type: ignore[index]


def test_the_same_key_of_another_person_is_another_key(
    http: Http, rolled_back: Flask, admin: Actor
) -> None:
    with stored(rolled_back):
        colleague = actor_of(person("同事"), grant(Role.ADMIN))
    headers = {"Idempotency-Key": "k-1"}
    first = http.as_(admin).post(
        "/role-grants", json=grant_body(rolled_back, admin), headers=headers
    )
    second = http.as_(colleague).post(
        "/role-grants", json=grant_body(rolled_back, colleague), headers=headers
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json != second.json


def test_a_refusal_is_not_kept_under_its_key(http: Http, rolled_back: Flask, admin: Actor) -> None:
    body, headers = grant_body(rolled_back, admin), {"Idempotency-Key": "k-2"}
    desk = http.as_(admin)
    granted = desk.post("/role-grants", json=body)
    assert desk.post("/role-grants", json=body, headers=headers).status_code == 409
    assert granted.json is not None
    desk.post(f"/role-grants/{granted.json['id']}/revoke", json={"reason": "重来"})
    assert desk.post("/role-grants", json=body, headers=headers).status_code == 201


@pytest.mark.parametrize("key", ["", "a" * 65, "空 格"])
def test_a_key_that_is_none_is_refused(
    http: Http, rolled_back: Flask, admin: Actor, key: str
) -> None:
    response = http.as_(admin).post(
        "/role-grants",
        json=grant_body(rolled_back, admin),
        headers={"Idempotency-Key": key.encode().decode("latin-1")},
    )
    assert (response.status_code, response.json["code"]) == (422, "idempotency_key_invalid")  # type: ignore[index]


def test_a_problem_has_the_shape_of_the_contract(http: Http) -> None:
    response = http.get("/me", headers={"X-Request-Id": "0123456789abcdef0123456789abcdef"})
    assert response.content_type == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json == {
        "type": "urn:liancheng:problem:not_signed_in",
        "title": "请先登录",
        "status": 401,
        "detail": "请先登录",
        "code": "not_signed_in",
        "request_id": "0123456789abcdef0123456789abcdef",
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/sites/not-an-id", 404, "not_found"),
        ("GET", "/sites/%00", 422, "invalid_input"),
        ("DELETE", "/sites", 405, "method_not_allowed"),
        ("GET", "/sites?unknown=1", 422, "invalid_input"),
        ("GET", "/sites?limit=101", 422, "invalid_input"),
        ("GET", "/sites?limit=1&limit=2", 422, "invalid_input"),
        ("GET", "/sites?q=%00", 422, "invalid_input"),
        ("GET", "/sites?q=%ff", 422, "invalid_input"),
        ("GET", "/sites?cursor=e30", 422, "cursor_invalid"),
    ],
)
def test_bad_addresses_meet_a_problem(
    http: Http, method: str, path: str, status: int, code: str
) -> None:
    response = http._send(method, path)
    assert (response.status_code, response.json["code"]) == (status, code)  # type: ignore[index]


def test_a_verb_refuses_a_field_it_does_not_know(http: Http, admin: Actor) -> None:
    response = http.as_(admin).post("/auth/logout", json={"everywhere": True})
    assert response.status_code == 422
    assert "everywhere" in response.json["errors"]  # type: ignore[index]


def test_a_fault_of_ours_is_a_bare_500(http: Http, rolled_back: Flask) -> None:
    def broken(_token: str, **_how: bool) -> Actor:
        raise RuntimeError("password=hunter2 in the driver's text")

    rolled_back.extensions["liancheng.authenticate"] = broken
    response = http.get("/me", headers={"Authorization": "Bearer x"})
    assert (response.status_code, response.json["code"]) == (500, "internal_error")  # type: ignore[index]
    assert "hunter2" not in response.get_data(as_text=True)
