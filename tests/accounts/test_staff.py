"""Staff: password and one-time code, lock after failures, idle log-out, first password."""

from dataclasses import dataclass
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.permissions import Role
from accounts.services import roles, staff
from core import clock
from core.actor import SYSTEM, ScopeKind
from tests.conftest import stored
from tests.factories.accounts import person

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct horse battery"


@dataclass
class Desk:
    """A client and a member of staff who sits at it."""

    client: FlaskClient

    def sign_in(self, *, password: str = PASSWORD, otp: str | None = None) -> TestResponse:
        code = otp if otp is not None else pyotp.TOTP(SECRET).at(clock.now())
        body = {"username": "reviewer", "password": password, "otp": code}
        return self.client.post("/api/v1/auth/staff", json=body)

    def me(self, token: str) -> TestResponse:
        return self.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def desk(rolled_back: Flask) -> Desk:
    return Desk(rolled_back.test_client())


def hire(app: Flask, *, must_change: bool = False) -> None:
    with stored(app):
        someone = person("王审")
        staff.create(
            someone,
            username="reviewer",
            password=PASSWORD,
            totp_secret=SECRET,
            must_change_password=must_change,
        )
        roles.bestow(SYSTEM, someone.id, role=Role.ADMIN, scope_kind=ScopeKind.CITY, scope_id=None)


def test_password_and_code_open_a_session_with_the_granted_role(
    rolled_back: Flask, desk: Desk
) -> None:
    hire(rolled_back)
    response = desk.sign_in()
    assert response.status_code == 200
    held = [r["role"] for r in desk.me(response.json["token"]).json["roles"]]  # type: ignore[index]
    assert "admin" in held


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"otp": "000000"}])
def test_a_wrong_part_is_refused_without_saying_which(
    rolled_back: Flask, desk: Desk, wrong: dict[str, str]
) -> None:
    hire(rolled_back)
    response = desk.sign_in(**wrong)
    assert (response.status_code, response.json["code"]) == (401, "sign_in_refused")  # type: ignore[index]


def test_a_code_works_once(rolled_back: Flask, desk: Desk) -> None:
    hire(rolled_back)
    with clock.frozen(clock.now()):
        assert desk.sign_in().status_code == 200
        assert desk.sign_in().status_code == 401


def test_the_fifth_failure_locks_for_fifteen_minutes(rolled_back: Flask, desk: Desk) -> None:
    hire(rolled_back)
    began = clock.now()
    with clock.frozen(began):
        for _ in range(staff.MAX_FAILURES):
            assert desk.sign_in(password="wrong").status_code == 401
        locked = desk.sign_in()
        assert (locked.status_code, locked.json["code"]) == (429, "sign_in_locked")  # type: ignore[index]
        assert 0 < int(locked.headers["Retry-After"]) <= 901
    with clock.frozen(began + staff.LOCKED_FOR - timedelta(seconds=1)):
        assert desk.sign_in().status_code == 429
    with clock.frozen(began + staff.LOCKED_FOR):
        assert desk.sign_in().status_code == 200


def test_a_success_forgets_earlier_failures(rolled_back: Flask, desk: Desk) -> None:
    hire(rolled_back)
    began = clock.now()
    for attempt in range(3):
        with clock.frozen(began + timedelta(minutes=attempt)):
            for _ in range(staff.MAX_FAILURES - 1):
                desk.sign_in(password="wrong")
            assert desk.sign_in().status_code == 200


def test_an_idle_staff_session_ends_and_a_used_one_goes_on(rolled_back: Flask, desk: Desk) -> None:
    hire(rolled_back)
    began = clock.now()
    with clock.frozen(began):
        token = desk.sign_in().json["token"]  # type: ignore[index]
    for minutes in (29, 58):
        with clock.frozen(began + timedelta(minutes=minutes)):
            assert desk.me(token).status_code == 200
    with clock.frozen(began + timedelta(minutes=58 + 31)):
        assert desk.me(token).status_code == 401


def test_before_the_first_password_is_changed_no_role_acts(rolled_back: Flask, desk: Desk) -> None:
    hire(rolled_back, must_change=True)
    signed_in = desk.sign_in().json
    assert signed_in is not None
    assert signed_in["must_change_password"] is True
    headers = {"Authorization": f"Bearer {signed_in['token']}"}
    refused = desk.client.get("/api/v1/role-grants", headers=headers)
    assert refused.json["code"] == "password_change_required"  # type: ignore[index]
    body = {"old_password": PASSWORD, "new_password": "a much better one"}
    changed = desk.client.put("/api/v1/me/password", json=body, headers=headers)
    assert changed.status_code == 204
    assert desk.client.get("/api/v1/role-grants", headers=headers).status_code == 200


@pytest.mark.parametrize("new", ["short", PASSWORD])
def test_a_weak_new_password_is_refused(rolled_back: Flask, desk: Desk, new: str) -> None:
    hire(rolled_back, must_change=True)
    token = desk.sign_in().json["token"]  # type: ignore[index]
    response = desk.client.put(
        "/api/v1/me/password",
        json={"old_password": PASSWORD, "new_password": new},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (response.status_code, response.json["code"]) == (422, "password_weak")  # type: ignore[index]
