"""Time above a daily tier: a named approver lets it count, or the next site up does."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.permissions import Role
from core import clock
from core.actor import SYSTEM, Actor
from core.clock import SHANGHAI
from core.db import db
from core.errors import NotFound, WrongState
from core.ids import new_id
from core.outbox import Message
from core.paging import PageRequest
from jobs.reviews import escalate_reviews
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.hours import city_staff, entries_of, know_holidays, served
from tests.factories.volunteer import NINE, Scene
from volunteer.errors import HigherTierNeeded, OwnAttendance, ReviewNotIndependent
from volunteer.models.attendances import Attendance
from volunteer.models.hours import SourceType
from volunteer.models.reviews import Review
from volunteer.services import hours, reviews, settlements, shifts

ALL = PageRequest(limit=100)
SEVEN = NINE - timedelta(hours=2)
HOUR = timedelta(hours=1)


def long_day(volunteer: Actor, length: int = 10) -> tuple[Scene, Attendance]:
    """So many hours from seven in the morning, known at their end."""
    scene = make.scene(starts_at=SEVEN, minutes=length * 60)
    end = SEVEN + length * HOUR
    with clock.frozen(end):
        return scene, served(volunteer, scene.shift_id, SEVEN, end)


def review_of(attendance: Attendance) -> Review:
    query = select(Review).where(Review.attendance_id == attendance.id)
    return db.session.scalars(query.order_by(Review.id.desc())).first()  # type: ignore[return-value]


def reasons(attendance: Attendance) -> dict[str, int]:
    return {part.reason.value: part.minutes for part in attendance.not_counted}


def test_eight_hours_count_at_once_and_the_rest_waits(ctx: Flask) -> None:
    volunteer = make.volunteer()
    scene, attendance = long_day(volunteer)
    assert (attendance.status, attendance.minutes, attendance.held_minutes) == (
        "under_review",
        480,
        120,
    )
    assert [e.minutes for e in entries_of(volunteer)] == [480]
    review = review_of(attendance)
    assert (review.minutes, review.site_id) == (120, scene.site_id)


def test_what_is_approved_is_added(ctx: Flask) -> None:
    volunteer = make.volunteer()
    scene, attendance = long_day(volunteer)
    reviews.approve(scene.staff, attendance.id)
    assert (attendance.status, attendance.minutes, attendance.held_minutes) == ("counted", 600, 0)
    assert reasons(attendance) == {}
    earned, adjusted = entries_of(volunteer)
    assert (adjusted.minutes, adjusted.corrects_id) == (120, earned.id)
    assert (adjusted.source_type, adjusted.created_by) == (SourceType.REVIEW, scene.staff.id)
    assert hours.summarize(volunteer).verified_minutes == 600
    with pytest.raises(WrongState):
        reviews.reject(scene.staff, attendance.id, reason="来晚了")


def test_what_is_refused_has_a_reason_and_takes_nothing_away(ctx: Flask) -> None:
    volunteer = make.volunteer()
    scene, attendance = long_day(volunteer)
    reviews.reject(scene.staff, attendance.id, reason="现场照片显示已收工")
    assert (attendance.status, attendance.minutes, attendance.held_minutes) == ("rejected", 480, 0)
    assert reasons(attendance) == {"refused": 120}
    assert review_of(attendance).reason == "现场照片显示已收工"
    assert [e.minutes for e in entries_of(volunteer)] == [480]


def test_a_day_that_is_full_already_earns_all_by_review(ctx: Flask) -> None:
    volunteer = make.volunteer()
    long_day(volunteer, 8)
    evening = make.scene(starts_at=SEVEN + 9 * HOUR, minutes=60)
    attendance = served(volunteer, evening.shift_id, SEVEN + 9 * HOUR, SEVEN + 10 * HOUR)
    assert (attendance.status, attendance.minutes, attendance.held_minutes) == (
        "under_review",
        0,
        60,
    )
    reviews.approve(evening.staff, attendance.id)
    assert [e.minutes for e in entries_of(volunteer)] == [480, 60]


def test_nobody_who_ran_the_activity_and_not_the_volunteer_decides(ctx: Flask) -> None:
    volunteer = make.volunteer()
    scene, attendance = long_day(volunteer)
    over = grant(Role.SITE_STAFF, over=site())
    himself = Actor(volunteer.id, (*volunteer.grants, over))
    with pytest.raises(OwnAttendance):
        reviews.approve(himself, attendance.id)
    for other in (over, grant(Role.SITE_STAFF)):
        organizer = Actor(scene.organizer.id, (*scene.organizer.grants, other))
        with pytest.raises(ReviewNotIndependent):
            reviews.approve(organizer, attendance.id)
    leader = Actor(scene.organizer.id, (over,))
    with pytest.raises(ReviewNotIndependent):
        reviews.reject(leader, attendance.id, reason="不行")
    for outsider in (make.volunteer(), make.staff(site("411002002")), scene.organizer):
        with pytest.raises(NotFound):
            reviews.approve(outsider, attendance.id)


def test_above_twelve_hours_the_city_decides(ctx: Flask) -> None:
    volunteer = make.volunteer()
    scene, attendance = long_day(volunteer, 14)
    assert reasons(attendance) == {"awaits_site": 240, "awaits_city": 120}
    for too_low in (scene.staff, make.staff(site("411002"))):
        with pytest.raises(HigherTierNeeded):
            reviews.approve(too_low, attendance.id)
    reviews.approve(city_staff(), attendance.id)
    assert attendance.minutes == 840


def test_a_correction_asks_again_only_for_what_is_new(ctx: Flask) -> None:
    volunteer = make.volunteer()
    scene, attendance = long_day(volunteer, 12)
    attendance.checked_out_at = SEVEN + 10 * HOUR
    correct(scene, attendance)
    assert (attendance.minutes, attendance.held_minutes) == (480, 120)
    reviews.approve(scene.staff, attendance.id)
    attendance.checked_out_at = SEVEN + 11 * HOUR
    correct(scene, attendance)
    assert (attendance.minutes, attendance.held_minutes) == (600, 60)
    assert review_of(attendance).minutes == 60
    reviews.reject(scene.staff, attendance.id, reason="已过收工时间")
    attendance.checked_out_at = SEVEN + 9 * HOUR
    correct(scene, attendance)
    assert (attendance.status, attendance.minutes, reasons(attendance)) == (
        "counted",
        540,
        {"left_early": 180},
    )


def test_a_correction_can_make_a_review_needless(ctx: Flask) -> None:
    volunteer = make.volunteer()
    scene, attendance = long_day(volunteer)
    attendance.checked_out_at = SEVEN + 8 * HOUR
    correct(scene, attendance)
    assert (attendance.status, attendance.minutes, attendance.held_minutes) == ("counted", 480, 0)
    assert reviews.list_waiting(scene.staff, ALL).items == []


def correct(scene: Scene, attendance: Attendance) -> None:
    settlements.resettle(
        scene.organizer,
        attendance,
        shifts.load(scene.shift_id),
        cause_type=SourceType.CORRECTION,
        cause_id=new_id(),
        reason="更正签退时间",
    )


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


def test_after_ten_working_days_the_next_site_up_decides(rolled_back: Flask) -> None:
    with stored(rolled_back):
        know_holidays(2027)
        volunteer = make.volunteer()
        scene, attendance = long_day(volunteer)
        due = review_of(attendance).due_on
    assert due == date(2027, 5, 14), "Saturday the 1st, then two full weeks"
    with clock.frozen(noon(due)):
        assert make.run(rolled_back, escalate_reviews) == 0
    with clock.frozen(noon(due + timedelta(days=1))):
        assert make.run(rolled_back, escalate_reviews) == 1
        assert make.run(rolled_back, escalate_reviews) == 0
    with rolled_back.app_context():
        review = review_of(attendance)
        assert (review.site_id, review.escalations) == (site("411002").id, 1)
        assert review.due_on == date(2027, 5, 28)
        with pytest.raises(HigherTierNeeded):
            reviews.approve(scene.staff, attendance.id)
        reviews.approve(make.staff(site("411002")), attendance.id)


def test_the_city_is_the_last_to_decide(rolled_back: Flask) -> None:
    with stored(rolled_back):
        know_holidays(2027)
        _, attendance = long_day(make.volunteer(), 14)
    with clock.frozen(noon(date(2027, 12, 1))):
        assert make.run(rolled_back, escalate_reviews) == 0
    with rolled_back.app_context():
        assert review_of(attendance).site_id == site("411000").id


def test_while_the_holidays_are_unknown_nothing_moves_by_itself(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, attendance = long_day(make.volunteer())
        assert not review_of(attendance).is_due_certain
    with clock.frozen(noon(date(2027, 6, 1))):
        make.run(rolled_back, escalate_reviews)
        with stored(rolled_back):
            assert review_of(attendance).site_id == scene.site_id
            know_holidays(2027)
        make.run(rolled_back, escalate_reviews)
        with rolled_back.app_context():
            assert review_of(attendance).site_id == site("411002").id


def test_a_review_is_told_once(ctx: Flask) -> None:
    volunteer = make.volunteer()
    scene, attendance = long_day(volunteer)
    reviews.approve(scene.staff, attendance.id)
    query = select(Message).where(Message.dedupe_key.startswith("hours_reviewed:"))
    (message,) = db.session.scalars(query)
    assert str(volunteer.id) in message.dedupe_key


def test_escalating_a_decided_review_changes_nothing(ctx: Flask) -> None:
    know_holidays(2027)
    scene, attendance = long_day(make.volunteer())
    reviews.approve(scene.staff, attendance.id)
    with clock.frozen(noon(date(2027, 6, 1))):
        review = reviews.escalate(SYSTEM, review_of(attendance).id)
    assert (review.escalations, review.site_id) == (0, scene.site_id)


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        volunteer = make.volunteer()
        scene, attendance = long_day(volunteer)
        _, other = long_day(make.volunteer(), 9)
        leader = actor_of(person("别处"), grant(Role.SITE_STAFF, over=site("411002002")))
    desk = http.as_(scene.staff)
    listed = desk.get("/attendances/review").json["items"]  # type: ignore[index]
    assert [i["minutes"] for i in listed] == [120, 60]
    assert listed[0]["attendance"]["name"] == "王**"
    assert listed[0]["activity"]["id"] == str(scene.activity_id)
    assert (listed[0]["tier"], listed[0]["review_due_on"]) == ("site", "2027-05-14")
    assert http.as_(leader).get("/attendances/review").json["items"] == []  # type: ignore[index]
    assert http.as_(volunteer).get("/attendances/review").status_code == 403
    approved = desk.post(f"/attendances/{attendance.id}/approve")
    assert approved.json["minutes"] == 600  # type: ignore[index]
    again = desk.post(f"/attendances/{attendance.id}/approve")
    assert (again.status_code, again.json["code"]) == (409, "wrong_state")  # type: ignore[index]
    refused = desk.post(f"/attendances/{other.id}/reject", json={"reason": "没有人在场"})
    assert refused.json["status"] == "rejected"  # type: ignore[index]
    assert refused.json["not_counted"] == [  # type: ignore[index]
        {"reason": "refused", "sentence": "待审核的时间，审核未通过", "minutes": 60}
    ]
