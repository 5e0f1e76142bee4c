"""The board of personal hours: off unless the city opens it, empty unless people agree."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from accounts.models.consents import CURRENT_VERSIONS, ConsentKind
from accounts.models.persons import Person
from accounts.services import consents
from core import clock
from core.actor import Actor
from core.db import db
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, person, site
from tests.factories.ledger import entry
from volunteer.errors import BoardsOff
from volunteer.models.hours import Ledger
from volunteer.services import boards, hours

SETTINGS = "liancheng.settings"
MAY = "2027-05"


@pytest.fixture
def opened(rolled_back: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    settings = replace(rolled_back.extensions[SETTINGS], boards="on")
    monkeypatch.setitem(rolled_back.extensions, SETTINGS, settings)
    return rolled_back


def somebody(name: str, nickname: str = "", *, born: date = date(1990, 1, 1)) -> Actor:
    made: Person = person(name)
    made.nickname, made.born_on = nickname, born
    db.session.flush()
    return actor_of(made)


def agrees(who: Actor, kind: ConsentKind = ConsentKind.BOARD, *, is_given: bool = True) -> None:
    consents.update(who, kind=kind, version=CURRENT_VERSIONS[kind], is_given=is_given)


def board(**wanted: object) -> list[tuple[str, int]]:
    found = boards.list_hours(month=MAY, **wanted)  # type: ignore[arg-type]
    return [(s.name, s.verified_minutes) for s in found]


def test_it_is_off_by_default(ctx: Flask) -> None:
    with pytest.raises(BoardsOff):
        boards.list_hours()


def test_only_those_who_agreed_stand_there_as_they_want_to_be_named(
    opened: Flask, ctx: Flask
) -> None:
    scene = make.scene()
    masked, named, silent = somebody("欧阳一"), somebody("王二", "晨风"), somebody("李三")
    for who, minutes in ((masked, 60), (named, 90), (silent, 900)):
        entry(who, scene, minutes)
    entry(masked, scene, 500, ledger=Ledger.HONORARY)
    entry(masked, scene, 500, on=date(2027, 4, 30))
    hours.tally_batch()
    assert board() == []
    agrees(masked)
    agrees(named)
    agrees(named, ConsentKind.BOARD_NICKNAME)
    assert board() == [("晨风", 90), ("欧阳*", 60)]
    agrees(named, is_given=False)
    assert board() == [("欧阳*", 60)]
    assert board(site=site("411002").id) == [("欧阳*", 60)]
    assert board(site=site("411025").id) == []


@pytest.mark.parametrize(("born", "stands"), [(date(2009, 5, 1), True), (date(2009, 5, 2), False)])
def test_minors_never_stand_there(opened: Flask, ctx: Flask, born: date, stands: bool) -> None:
    who = somebody("陈小小", born=born)
    entry(who, make.scene(), 60)
    hours.tally_batch()
    agrees(who)
    with clock.frozen(clock.start_of(date(2027, 5, 1))):
        assert bool(board()) == stands


def test_the_call(http: Http, rolled_back: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = http.get("/boards/hours")
    assert (closed.status_code, closed.json["code"]) == (404, "boards_off")  # type: ignore[index]
    settings = replace(rolled_back.extensions[SETTINGS], boards="on")
    monkeypatch.setitem(rolled_back.extensions, SETTINGS, settings)
    with stored(rolled_back):
        who = somebody("欧阳一")
        entry(who, make.scene(), 60)
        hours.tally_batch()
        agrees(who)
    opened = http.get(f"/boards/hours?month={MAY}")
    assert opened.json == {"items": [{"name": "欧阳*", "verified_minutes": 60}]}
    assert http.get("/boards/hours?month=2027-13").status_code == 422
