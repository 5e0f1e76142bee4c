"""The database door: what is committed, what is undone, and how a violated key is told."""

from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from accounts.errors import IdentityInUse, SignInRefused
from accounts.models.persons import Person, WeChatIdentity
from core import clock
from core.db import DatabaseBusy, atomically, db, insert_if_absent, violation_of
from core.engine import OLDEST_SAFE_SQLITE
from core.errors import Conflict, DomainError, Forbidden
from core.ids import new_id
from tests.factories.accounts import person


def names(app: Flask) -> set[str]:
    with app.app_context():
        return set(
            atomically(app, lambda: list(db.session.scalars(select(Person.nickname))), write=False)
        )


def add_and_raise(app: Flask, error: type[DomainError]) -> None:
    def work() -> None:
        db.session.add(Person(id=new_id(), nickname=error.code, created_at=clock.now()))
        raise error

    with app.app_context(), pytest.raises(error):
        atomically(app, work, write=True)


def test_a_refusal_undoes_the_writes(committed: Flask) -> None:
    add_and_raise(committed, Forbidden)
    assert names(committed) == set()


def test_a_refusal_that_keeps_writes_is_committed(committed: Flask) -> None:
    add_and_raise(committed, SignInRefused)
    assert names(committed) == {"sign_in_refused"}


def test_a_reading_transaction_can_not_write(committed: Flask) -> None:
    def work() -> None:
        db.session.execute(text("DELETE FROM sessions"))

    with committed.app_context(), pytest.raises(DBAPIError):
        atomically(committed, work, write=False)


def test_a_failed_read_leaves_the_next_write_free(committed: Flask) -> None:
    test_a_reading_transaction_can_not_write(committed)
    add_and_raise(committed, SignInRefused)


def lose_connections(app: Flask, times: int) -> list[str]:
    """Nicknames after a write whose connection the server cuts so many times before COMMIT."""
    attempts: list[int] = []

    def work() -> None:
        db.session.add(Person(id=new_id(), nickname="once", created_at=clock.now()))
        db.session.flush()
        attempts.append(1)
        if len(attempts) <= times:
            db.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with app.app_context():
        atomically(app, work, write=True)
        found = select(Person.nickname).order_by(Person.id)
        return atomically(app, lambda: list(db.session.scalars(found)), write=False)


@pytest.mark.postgresql
def test_a_connection_lost_before_commit_is_replaced(committed: Flask) -> None:
    """SQLite has no connection to lose."""
    assert lose_connections(committed, 2) == ["once"]
    with pytest.raises(DatabaseBusy):
        lose_connections(committed, 3)


def test_an_object_stays_readable_after_its_transaction(committed: Flask) -> None:
    with committed.app_context():
        someone = atomically(committed, lambda: person("张三"), write=True)
    assert someone.nickname == "张三"


def test_an_insert_tells_the_first_from_the_repeat(ctx: Flask) -> None:
    someone = person()
    values = {"openid": "o-1", "person_id": someone.id, "last_seen_at": clock.now()}
    assert insert_if_absent(WeChatIdentity, **values) is True
    assert insert_if_absent(WeChatIdentity, **values) is False


def test_what_the_connection_wrote_in_a_savepoint_is_undone_with_it(committed: Flask) -> None:
    def work() -> bool:
        values = {"openid": "o-1", "person_id": person().id, "last_seen_at": clock.now()}
        with suppress(Forbidden), db.session.begin_nested():
            assert insert_if_absent(WeChatIdentity, **values) is True
            raise Forbidden
        return insert_if_absent(WeChatIdentity, **values)

    with committed.app_context():
        assert atomically(committed, work, write=True) is True


def test_a_violated_key_is_told_by_its_name(ctx: Flask) -> None:
    first, second = person(), person(registered=False)
    second.id_number_index = first.id_number_index
    with pytest.raises(IntegrityError) as caught:
        db.session.flush()
    assert isinstance(violation_of(caught.value), IdentityInUse)


def test_a_violated_check_without_a_name_of_ours_is_a_plain_conflict(ctx: Flask) -> None:
    someone = person(registered=False)
    someone.registered_at = clock.now()
    with pytest.raises(IntegrityError) as caught:
        db.session.flush()
    told = violation_of(caught.value)
    assert type(told) is Conflict
    assert told.details == {"constraint": "ck_persons_registered_with_identity"}


def test_sqlite_here_has_no_wal_reset_bug(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            dbapi = db.engine.dialect.dbapi
            assert dbapi is not None
            assert dbapi.sqlite_version_info >= OLDEST_SAFE_SQLITE
        else:
            assert db.engine.dialect.driver == "psycopg"
