"""The selection of moral models, as `make walk` plays it."""

from fractions import Fraction

import argon2
import pytest
from flask import Flask

from accounts.services import staff
from core import clock
from tests.conftest import stored
from tests.factories.accounts import person
from tests.support.postgres import fresh_database
from tools.walk.__main__ import main
from tools.walk.selection import judging

MINIMAL = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Staff sign in at every stop; what their passwords cost is none of this test's business."""


@pytest.fixture(autouse=True)
def _walking(monkeypatch: pytest.MonkeyPatch, postgres_server: str | None) -> None:
    """On an empty database: of this run's server, or what the walk makes for itself."""
    url = fresh_database(postgres_server, "liancheng_selection") if postgres_server else ""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr(staff, "_hasher", MINIMAL)
    monkeypatch.setattr("sys.argv", ["walk", "--selection"])


def test_the_whole_selection_can_be_walked(capsys: pytest.CaptureFixture[str]) -> None:
    before = clock.now()
    ended = main()
    said = capsys.readouterr()
    assert ended == 0, said.out + said.err
    assert "全程走通" in said.out
    assert clock.now() > before, "the clock was left standing"


def test_a_wrong_figure_ends_the_walk_with_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Negative control: the walk reckons by other weights than were published."""
    monkeypatch.setattr(judging, "COMMITTEE", Fraction(69, 100))
    assert main() == 1
    assert "马清泉（票数、群众分、评委分、总分、名次、入选）" in capsys.readouterr().err


def test_a_database_with_people_is_left_alone(
    committed: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with stored(committed):
        person()
    settings = committed.extensions["liancheng.settings"]
    monkeypatch.setenv("DATABASE_URL", settings.sqlalchemy_url)
    assert main() == 1
    assert "库里已经有人" in capsys.readouterr().err
