"""One person's calls that come at once, with a real token: the lock that comes with the look at it
is the lock that the services take."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from accounts.models.persons import WeChatIdentity
from accounts.services import sessions
from accounts.services.sessions import SignedIn
from core import clock
from core.db import db, lock_exclusively
from core.wechat import WeChatSession
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.accounts import person
from tests.races.crowd import count
from volunteer.models.signups import Signup
from volunteer.services import signups

pytestmark = pytest.mark.race

SHIFTS = 8


def signed_in() -> SignedIn:
    """A volunteer with a token."""
    openid = "o-one-by-one"
    db.session.add(WeChatIdentity(openid=openid, person_id=person().id, last_seen_at=clock.now()))
    db.session.flush()
    return sessions.sign_in_with_wechat(WeChatSession(openid, None, ""))


def answers(app: Flask, *, has_keys: bool = False) -> list[int]:
    """Of calls that sign one person up for shifts at the same time, all sent at once. One with an
    Idempotency-Key commits only after its answer is made."""
    starts_at = clock.now() + timedelta(days=2)
    with stored(app):
        made = make.scene(starts_at=starts_at)
        others = [make.second_shift(made, starts_at=starts_at) for _ in range(SHIFTS - 1)]
        headers = {"Authorization": f"Bearer {signed_in().token}"}

    def sign_up(shift_id: object) -> int:
        path = f"/api/v1/shifts/{shift_id}/signups"
        key = {"Idempotency-Key": str(shift_id)} if has_keys else {}
        return app.test_client().post(path, headers=headers | key).status_code

    with ThreadPoolExecutor(SHIFTS) as crowd:
        return list(crowd.map(sign_up, (made.shift_id, *others)))


@pytest.mark.parametrize("has_keys", [True, False])
def test_of_shifts_at_the_same_time_one_is_taken(committed: Flask, has_keys: bool) -> None:
    told = answers(committed, has_keys=has_keys)
    assert sorted(told) == [HTTPStatus.CREATED, *[HTTPStatus.CONFLICT] * (SHIFTS - 1)]
    assert count(committed, Signup) == 1


@pytest.mark.postgresql
def test_a_lock_that_is_only_noted_lets_several_through(
    committed: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: all enter before the first commits. On SQLite there is one writer, whatever
    the locks."""
    enter, together = signups._enter_by, Barrier(SHIFTS, timeout=20)

    def enter_together(*given: Any, **named: Any) -> dict[str, Any] | None:
        entered = enter(*given, **named)
        together.wait()
        return entered

    monkeypatch.setattr(sessions, "_FIND_AND_LOCK", sessions._FIND)
    monkeypatch.setattr(signups, "_enter_by", enter_together)
    assert answers(committed, has_keys=True) == [HTTPStatus.CREATED] * SHIFTS


def is_free(person_id: UUID) -> bool:
    attempt = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
    with db.engine.connect() as other:
        return bool(other.scalar(attempt, {"name": f"person:{person_id}"}))


@pytest.mark.postgresql
def test_the_lock_of_the_token_is_the_lock_of_the_services(committed: Flask) -> None:
    with stored(committed):
        made = signed_in()
    with stored(committed):
        sessions.authenticate(made.token)
        assert is_free(made.person.id)
        sessions.authenticate(made.token, one_by_one=True)
        assert not is_free(made.person.id)
    with stored(committed):
        lock_exclusively(f"person:{made.person.id}")
        assert not is_free(made.person.id)


@pytest.mark.postgresql
@pytest.mark.parametrize("has_key", [True, False])
def test_a_seat_is_stored_before_the_answer_is_made_but_for_one_with_a_key(
    committed: Flask, monkeypatch: pytest.MonkeyPatch, has_key: bool
) -> None:
    with stored(committed):
        shift_id = make.scene(starts_at=clock.now() + timedelta(days=2)).shift_id
        made = signed_in()
    sign_up, seen = signups.sign_up, []

    def sign_up_and_look(*given: Any, **named: Any) -> Signup:
        found = sign_up(*given, **named)
        seen.append(is_free(made.person.id))
        return found

    monkeypatch.setattr(signups, "sign_up", sign_up_and_look)
    key = {"Idempotency-Key": "k"} if has_key else {}
    answer = committed.test_client().post(
        f"/api/v1/shifts/{shift_id}/signups",
        headers={"Authorization": f"Bearer {made.token}"} | key,
    )
    assert (answer.status_code, seen) == (HTTPStatus.CREATED, [not has_key])
    assert count(committed, Signup) == 1
