"""The calendar feed: a secret address, own confirmed shifts, nobody's name."""

import logging

import icalendar
import pytest
from flask import Flask

from core import clock
from tests.conftest import Http, stored
from tests.contract.test_privacy import everything_stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, NINE
from volunteer.services import activities, signups


def test_the_feed_tells_what_where_and_when(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, off, full = make.scene(), make.scene(starts_at=NINE.replace(hour=14)), make.scene()
        who, other = make.volunteer("司马志愿"), make.volunteer()
        with clock.frozen(DAY_BEFORE):
            signups.sign_up(who, scene.shift_id)
            signups.sign_up(who, off.shift_id)
            activities.cancel(off.organizer, off.activity_id, reason="下雨")
            signups.sign_up(other, full.shift_id)
    with clock.frozen(DAY_BEFORE):
        path = http.as_(who).post("/me/calendar-feed").json["path"]  # type: ignore[index]
        answer = http.get(path.removeprefix("/api/v1"))
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    (event,) = icalendar.Calendar.from_ical(answer.get_data()).walk("VEVENT")
    assert (event["summary"], event["location"]) == ("周六清洁家园", "文峰社区服务站门口")
    assert (event.decoded("dtstart"), (event.decoded("dtend") - NINE).seconds) == (NINE, 7200)
    assert "司马" not in answer.get_data(as_text=True)
    with clock.frozen(NINE):
        again = http.get(path.removeprefix("/api/v1"))
    assert again.headers["ETag"] == answer.headers["ETag"]


def test_the_address_is_a_secret_that_can_be_replaced_and_revoked(
    http: Http,
    rolled_back: Flask,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with stored(rolled_back):
        who = make.volunteer()
    me = http.as_(who)

    def ask() -> str:
        return str(me.post("/me/calendar-feed").json["path"]).removeprefix("/api/v1")  # type: ignore[index]

    with caplog.at_level(logging.DEBUG):
        first, second = ask(), ask()
        assert (http.get(first).status_code, http.get(second).status_code) == (404, 200)
        assert me.delete("/me/calendar-feed").status_code == 204
        assert http.get(second).status_code == 404
    written = capsys.readouterr()
    for path in (first, second):
        token = path.removeprefix("/calendar/").removesuffix(".ics")
        assert len(token) >= 43, "256 bits"
        assert token not in caplog.text + written.out + written.err
        assert token not in everything_stored(rolled_back)
    assert http.post("/me/calendar-feed").status_code == 401
