"""Sign-ups: seats, the queue, overlaps, giving up a seat."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock, outbox
from core.actor import SYSTEM, Actor
from core.db import db
from core.errors import NotFound, WrongState
from core.paging import PageRequest
from jobs.activities import close_activities
from jobs.signups import promote_waitlist
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, person
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from volunteer.errors import ActivityNotOpen, AlreadyCheckedIn, ShiftBegun, SignupOverlaps
from volunteer.lifecycles import SignupStatus
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import activities, attendances, reminders, signups, waitlists

ALL = PageRequest(limit=100)


def seats(shift_id: UUID) -> tuple[int, int]:
    """Seats taken and people waiting, which must be what the sign-ups say."""
    shift = db.session.get_one(Shift, shift_id, populate_existing=True)
    counted = dict(
        db.session.execute(
            select(Signup.status, func.count())
            .where(Signup.shift_id == shift_id)
            .group_by(Signup.status)
        ).all()
    )
    seated = (SignupStatus.CONFIRMED, SignupStatus.OFFERED)
    assert shift.seats_taken == sum(counted.get(status, 0) for status in seated)
    assert shift.waiting == counted.get(SignupStatus.WAITLISTED, 0)
    return shift.seats_taken, shift.waiting


def messages() -> list[str]:
    return sorted(
        key.split(":")[0] for key in db.session.scalars(select(outbox.Message.dedupe_key))
    )


def tell_seats() -> None:
    """What the job does, every few seconds."""
    with clock.frozen(DAY_BEFORE):
        for _ in range(2):  # twice is the same as once
            for signup_id in reminders.to_tell():
                reminders.tell_seat(signup_id)


def sign_up(scene: Scene, number: int) -> list[tuple[Actor, Signup]]:
    who = [make.volunteer(f"志愿{n}") for n in range(number)]
    with clock.frozen(DAY_BEFORE):
        return [(actor, signups.sign_up(actor, scene.shift_id)) for actor in who]


def status_of(signup: Signup) -> SignupStatus:
    return db.session.scalars(select(Signup.status).where(Signup.id == signup.id)).one()


def test_seats_are_given_until_none_is_free_and_then_places_in_the_queue(ctx: Flask) -> None:
    scene = make.scene(capacity=2)
    made = [signup for _, signup in sign_up(scene, 4)]
    assert [(s.status.value, s.position) for s in made] == [
        ("confirmed", None),
        ("confirmed", None),
        ("waitlisted", 1),
        ("waitlisted", 2),
    ]
    assert seats(scene.shift_id) == (2, 2)
    assert messages() == []
    tell_seats()
    assert messages() == ["seat_confirmed"] * 2


def test_a_repeat_gives_the_first_sign_up(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    (seated, first), (waiting, second) = sign_up(scene, 2)
    with clock.frozen(NINE + timedelta(minutes=5)):
        assert signups.sign_up(seated, scene.shift_id).id == first.id
        assert signups.sign_up(waiting, scene.shift_id).id == second.id
    assert seats(scene.shift_id) == (1, 1)


def test_nobody_signs_up_once_the_shift_has_begun(ctx: Flask) -> None:
    scene = make.scene()
    with clock.frozen(NINE), pytest.raises(ShiftBegun):
        signups.sign_up(make.volunteer(), scene.shift_id)
    with clock.frozen(NINE - timedelta(microseconds=1)):
        signups.sign_up(make.volunteer(), scene.shift_id)


def test_nobody_signs_up_to_what_is_not_open(ctx: Flask) -> None:
    draft, off = make.scene(published=False), make.scene()
    with clock.frozen(DAY_BEFORE):
        activities.cancel(off.organizer, off.activity_id, reason="下雨")
        with pytest.raises(NotFound):
            signups.sign_up(make.volunteer(), draft.shift_id)
        with pytest.raises(ActivityNotOpen):
            signups.sign_up(make.volunteer(), off.shift_id)
        with pytest.raises(NotFound):
            signups.sign_up(make.volunteer(), draft.activity_id)


@pytest.mark.parametrize(
    ("begins_after", "overlaps"),
    [(-120, False), (-119, True), (0, True), (119, True), (120, False)],
)
def test_two_shifts_at_the_same_time_are_too_many(
    ctx: Flask, begins_after: int, overlaps: bool
) -> None:
    one = make.scene(capacity=1)
    other = make.scene(starts_at=NINE + timedelta(minutes=begins_after))
    sign_up(one, 1)
    volunteer = make.volunteer()
    with clock.frozen(DAY_BEFORE - timedelta(hours=3)):
        waiting = signups.sign_up(volunteer, one.shift_id)
        assert waiting.status is SignupStatus.WAITLISTED
        if not overlaps:
            signups.sign_up(volunteer, other.shift_id)
            return
        with pytest.raises(SignupOverlaps) as refused:
            signups.sign_up(volunteer, other.shift_id)
        assert refused.value.details["signup_id"] == str(waiting.id)
        signups.cancel(volunteer, waiting.id)
        signups.sign_up(volunteer, other.shift_id)


def test_what_was_called_off_is_in_nobodys_way(ctx: Flask) -> None:
    off, other = make.scene(), make.scene()
    ((volunteer, _),) = sign_up(off, 1)
    with clock.frozen(DAY_BEFORE):
        activities.cancel(off.organizer, off.activity_id, reason="下雨")
        signups.sign_up(volunteer, other.shift_id)


def test_a_freed_seat_goes_to_the_queue_and_not_to_the_next_who_asks(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    (seated, first), (waiting, second), (_, third) = sign_up(scene, 3)
    tell_seats()
    with clock.frozen(DAY_BEFORE):
        signups.cancel(seated, first.id)
        assert seats(scene.shift_id) == (0, 2)
        late = signups.sign_up(make.volunteer(), scene.shift_id)
        assert (late.status, late.position) == (SignupStatus.WAITLISTED, 3)
        assert waitlists.fill(SYSTEM, scene.shift_id) == 1
        assert waitlists.fill(SYSTEM, scene.shift_id) == 0
    assert seats(scene.shift_id) == (1, 2)
    assert [status_of(s).value for s in (second, third)] == ["offered", "waitlisted"]
    assert messages() == ["seat_confirmed", "seat_offered"]
    with clock.frozen(DAY_BEFORE):
        waitlists.take(waiting, second.id)
    tell_seats()
    assert messages() == ["seat_confirmed", "seat_offered", "seat_promoted"]


def test_who_leaves_the_queue_frees_no_seat(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    _, (waiting, signup) = sign_up(scene, 2)
    with clock.frozen(DAY_BEFORE):
        cancelled = signups.cancel(waiting, signup.id)
        assert (cancelled.status, cancelled.cancelled_at) == (SignupStatus.CANCELLED, DAY_BEFORE)
        with pytest.raises(WrongState):
            signups.cancel(waiting, signup.id)
        again = signups.sign_up(waiting, scene.shift_id)
    assert (again.id != signup.id, again.position) == (True, 2)
    assert seats(scene.shift_id) == (1, 1)


def test_only_the_own_sign_up_and_only_before_the_shift(ctx: Flask) -> None:
    scene = make.scene()
    ((volunteer, signup),) = sign_up(scene, 1)
    with clock.frozen(DAY_BEFORE), pytest.raises(NotFound):
        signups.cancel(make.volunteer(), signup.id)
    with clock.frozen(NINE), pytest.raises(ShiftBegun):
        signups.cancel(volunteer, signup.id)


def test_who_has_checked_in_keeps_the_seat(ctx: Flask) -> None:
    scene = make.scene()
    ((volunteer, signup),) = sign_up(scene, 1)
    with clock.frozen(NINE - timedelta(minutes=10)):
        attendances.check_in(volunteer, code=make.code_of(scene.shift_id))
        with pytest.raises(AlreadyCheckedIn):
            signups.cancel(volunteer, signup.id)


def test_the_queue_moves_up_by_itself(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene(capacity=2)
        made = sign_up(scene, 5)
        with clock.frozen(DAY_BEFORE):
            for volunteer, signup in made[:2]:
                signups.cancel(volunteer, signup.id)
    with clock.frozen(DAY_BEFORE):
        assert make.run(rolled_back, promote_waitlist) == 1
        assert make.run(rolled_back, promote_waitlist) == 0
    with rolled_back.app_context():
        assert seats(scene.shift_id) == (2, 1)
        assert [status_of(s).value for _, s in made[2:]] == ["offered", "offered", "waitlisted"]


def test_nobody_moves_up_once_the_shift_has_begun(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    (seated, first), _ = sign_up(scene, 2)
    with clock.frozen(DAY_BEFORE):
        signups.cancel(seated, first.id)
    with clock.frozen(NINE):
        assert waitlists.to_fill() == []
        assert waitlists.fill(SYSTEM, scene.shift_id) == 0


def test_everybody_is_told_that_it_was_called_off(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene(capacity=1)
        made = sign_up(scene, 3)
        with clock.frozen(DAY_BEFORE):
            signups.cancel(made[2][0], made[2][1].id)
            activities.cancel(scene.organizer, scene.activity_id, reason="暴雨")
    with clock.frozen(DAY_BEFORE):
        assert make.run(rolled_back, close_activities) == 2
        assert make.run(rolled_back, close_activities) == 0
    with rolled_back.app_context():
        assert seats(scene.shift_id) == (0, 0)
        assert messages() == ["activity_cancelled"] * 2


def test_the_roll_is_for_those_who_lead(ctx: Flask) -> None:
    scene, other = make.scene(), make.scene()
    made = sign_up(scene, 2)
    with clock.frozen(DAY_BEFORE):
        signups.cancel(made[0][0], made[0][1].id)
    assert [s.id for s in signups.list_of_shift(scene.organizer, scene.shift_id, ALL).items] == [
        made[1][1].id
    ]
    for outsider in (made[1][0], other.organizer, scene.staff):
        with pytest.raises(NotFound):
            signups.list_of_shift(outsider, scene.shift_id, ALL)


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, volunteer = make.scene(capacity=1), make.volunteer("司马志愿")
        citizen = actor_of(person(registered=False))
    path = f"/shifts/{scene.shift_id}/signups"
    with clock.frozen(DAY_BEFORE):
        assert http.post(path).status_code == 401
        refused = http.as_(citizen).post(path)
        assert (refused.status_code, refused.json["code"]) == (403, "real_name_required")  # type: ignore[index]
        first = http.as_(volunteer).post(path)
        again = http.as_(volunteer).post(path)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json == again.json
        assert first.json is not None
        assert first.json["status"] == "confirmed"
        mine = http.as_(volunteer).get("/me/signups")
        assert [s["activity"]["title"] for s in mine.json["items"]] == ["周六清洁家园"]  # type: ignore[index]
        assert mine.json["items"][0]["starts_at"] == "2027-05-01T09:00:00+08:00"  # type: ignore[index]
        roll = http.as_(scene.organizer).get(path)
        assert [s["name"] for s in roll.json["items"]] == ["司马**"]  # type: ignore[index]
        assert http.as_(volunteer).get(path).status_code == 404
        cancelled = http.as_(volunteer).post(f"/signups/{first.json['id']}/cancel")
        assert (cancelled.status_code, cancelled.json["status"]) == (200, "cancelled")  # type: ignore[index]
