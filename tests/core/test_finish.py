"""COMMIT together with the last statement: what is stored when, and what can be done after it."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Table, bindparam, select, text, update
from sqlalchemy.exc import DBAPIError

from accounts.models.persons import Person
from core.db import (
    HELD,
    DatabaseBusy,
    OutcomeUnknown,
    atomically,
    db,
    finish,
    lock_exclusively,
    note_alone,
    note_held,
)
from core.errors import Conflict, Forbidden
from core.prepared import Prepared
from tests.factories.accounts import person

T = TypeVar("T")
LOCK = "person:of-this-test"

_persons = Person.__table__
assert isinstance(_persons, Table)
RENAME = Prepared(
    update(_persons)
    .where(_persons.c.id == bindparam("who"))
    .values(nickname=bindparam("name", type_=_persons.c.nickname.type))
    .returning(_persons.c.nickname)
)
NO_REGISTRATION = Prepared(
    update(_persons)
    .where(_persons.c.id == bindparam("who"))
    .values(id_number_index=None)
    .returning(_persons.c.id)
)
"""Violates a CHECK for whoever is registered."""


@pytest.fixture
def someone(committed: Flask) -> UUID:
    return do(committed, lambda: person("张三").id)


def do(app: Flask, work: Callable[[], T]) -> T:
    with app.app_context():
        return atomically(app, work, write=True)


def rename(who: UUID, name: str) -> Any:
    return finish(RENAME, {"who": who, "name": name})


def name_for_others(who: UUID) -> str | None:
    """As another connection sees it now."""
    with db.engine.connect() as other:
        return other.scalar(select(_persons.c.nickname).where(_persons.c.id == who))


def is_free() -> bool:
    attempt = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
    with db.engine.connect() as other:
        return bool(other.scalar(attempt, {"name": LOCK}))


def test_a_row_is_given_and_stored(committed: Flask, someone: UUID) -> None:
    def work() -> Any:
        note_alone()
        return rename(someone, "李四")

    assert do(committed, work) == ("李四",)
    assert do(committed, lambda: name_for_others(someone)) == "李四"


def test_with_other_work_it_waits_for_the_end(committed: Flask, someone: UUID) -> None:
    def work() -> None:
        assert rename(someone, "李四") == ("李四",)
        raise Forbidden

    with pytest.raises(Forbidden):
        do(committed, work)
    assert do(committed, lambda: name_for_others(someone)) == "张三"


def test_in_a_savepoint_it_waits_for_the_end(committed: Flask, someone: UUID) -> None:
    def work() -> None:
        note_alone()
        with db.session.begin_nested():
            rename(someone, "李四")
        raise Forbidden

    with pytest.raises(Forbidden):
        do(committed, work)
    assert do(committed, lambda: name_for_others(someone)) == "张三"


@pytest.mark.postgresql
def test_alone_it_is_stored_and_free_before_the_end(committed: Flask, someone: UUID) -> None:
    def work() -> None:
        lock_exclusively(LOCK)
        note_alone()
        assert not is_free()
        rename(someone, "李四")
        assert name_for_others(someone) == "李四"
        assert is_free()

    do(committed, work)


@pytest.mark.postgresql
def test_after_it_nothing_can_be_written(committed: Flask, someone: UUID) -> None:
    """A service that wrote more would have stored half of its work."""

    def work() -> None:
        note_alone()
        rename(someone, "李四")
        db.session.get_one(Person, someone).nickname = "王五"
        db.session.flush()

    with pytest.raises(DBAPIError, match="read-only"):
        do(committed, work)
    assert do(committed, lambda: name_for_others(someone)) == "李四"
    assert do(committed, lambda: rename(someone, "赵六")) == ("赵六",)


@pytest.mark.postgresql
def test_without_a_row_the_work_goes_on(committed: Flask, someone: UUID) -> None:
    def work() -> None:
        lock_exclusively(LOCK)
        note_held(LOCK)
        note_alone()
        assert rename(UUID(int=0), "李四") is None
        assert HELD not in db.session().info
        assert is_free()
        lock_exclusively(LOCK)
        assert not is_free()
        db.session.get_one(Person, someone).nickname = "王五"

    do(committed, work)
    assert do(committed, lambda: name_for_others(someone)) == "王五"


@pytest.mark.postgresql
def test_a_refused_statement_stores_nothing(
    committed: Flask, someone: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    def work() -> None:
        note_alone()
        finish(NO_REGISTRATION, {"who": someone})

    with caplog.at_level(logging.WARNING), pytest.raises(Conflict):
        do(committed, work)
    assert not caplog.records
    assert do(committed, lambda: rename(someone, "李四")) == ("李四",)


@pytest.mark.postgresql
def test_a_refused_commit_stores_nothing(committed: Flask) -> None:
    twins = Prepared(text("INSERT INTO singles VALUES (1), (1) RETURNING n"))

    def work() -> None:
        db.session.execute(
            text("CREATE TABLE singles (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        )
        note_alone()
        finish(twins, {})

    with pytest.raises(Conflict):
        do(committed, work)
    there = text("SELECT to_regclass('singles')")
    assert do(committed, lambda: db.session.scalar(there)) is None


@pytest.mark.postgresql
def test_whoever_waits_too_long_tries_again(committed: Flask, someone: UUID) -> None:
    tried: list[int] = []

    def work() -> None:
        tried.append(1)
        db.session.execute(text("SET LOCAL lock_timeout = 20"))
        note_alone()
        rename(someone, "李四")

    with committed.app_context(), db.engine.execution_options(write=True).begin() as other:
        other.execute(update(Person).values(nickname="王五"))
        with pytest.raises(DatabaseBusy):
            do(committed, work)
    assert len(tried) == 3


@pytest.mark.postgresql
def test_a_connection_lost_meanwhile_leaves_the_outcome_open(
    committed: Flask, someone: UUID
) -> None:
    """Unlike a loss before COMMIT: done again, it might be done twice."""
    leave = Prepared(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    def work() -> None:
        note_alone()
        finish(leave, {})

    with pytest.raises(OutcomeUnknown):
        do(committed, work)
    assert do(committed, lambda: rename(someone, "李四")) == ("李四",)
