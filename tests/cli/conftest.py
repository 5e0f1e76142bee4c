"""The demo, loaded once for all tests that only look at it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models.persons import Person
from accounts.models.staff import StaffCredential
from accounts.services import sessions
from cli.demo import content
from cli.demo import load as demo
from core import clock
from core import db as database
from core.actor import Actor
from core.config import Settings
from core.db import Base, db
from core.wechat import WeChatSession
from tests.conftest import closing_app, copy_of

LOADED_AT = datetime(2026, 11, 23, 10, 2, 30, tzinfo=clock.SHANGHAI)


@pytest.fixture(scope="package")
def loaded(
    template: Settings, tmp_path_factory: pytest.TempPathFactory, postgres_server: str | None
) -> Iterator[Flask]:
    """A database of its own with the demo, loaded once for all tests that only look at it."""
    settings = copy_of(template, tmp_path_factory.mktemp("demo"), postgres_server, "liancheng_demo")
    with closing_app(settings) as app, clock.frozen(LOADED_AT):
        with app.app_context():
            assert demo.load(app).startswith("demo data loaded")
        yield app


@pytest.fixture
def ctx(loaded: Flask) -> Iterator[Flask]:
    with loaded.app_context():
        yield loaded
        db.session.rollback()


def count(model: type[Base], *conditions: Any) -> int:
    return db.session.execute(
        select(func.count()).select_from(model).where(*conditions)
    ).scalar_one()


def citizen(app: Flask, number: int) -> Actor:
    """A citizen of the demo, signed in by their openid."""
    openid = content.CITIZENS[number - 1].openid

    def sign_in() -> Actor:
        signed_in = sessions.sign_in_with_wechat(WeChatSession(openid, None, ""))
        assert not signed_in.is_new
        return sessions.authenticate(signed_in.token)

    return database.atomically(app, sign_in, write=True)


def member_of_staff(app: Flask, username: str) -> Actor:
    """A member of the demo's staff, signed in."""

    def sign_in() -> Actor:
        query = select(Person).join(StaffCredential, StaffCredential.person_id == Person.id)
        person = db.session.scalars(query.where(StaffCredential.username == username)).one()
        signed_in = sessions.open_for_staff(person, must_change_password=False)
        return sessions.authenticate(signed_in.token)

    return database.atomically(app, sign_in, write=True)
