"""Offers of freed seats: taken, expired, passed on."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from core import clock
from core.actor import SYSTEM, Actor
from core.db import db
from core.errors import NotFound, WrongState
from jobs.signups import expire_offers, lapse_signups, promote_waitlist
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from tests.volunteer.test_signups import messages, seats, status_of
from volunteer.errors import ActivityNotOpen, OfferExpired, ShiftBegun, SignupOverlaps
from volunteer.lifecycles import SignupStatus
from volunteer.models.activities import Activity
from volunteer.models.signups import Signup
from volunteer.services import activities, placements, postponements, rolls, signups, waitlists
from volunteer.services.seats import count as seats_of

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)


def queue_of(scene: Scene, waiting: int) -> list[tuple[Actor, Signup]]:
    """Everybody who waits in a shift of one seat that was just given up, in their order."""
    who = [make.volunteer(f"志愿{n}") for n in range(waiting + 1)]
    with clock.frozen(DAY_BEFORE):
        made = [(actor, signups.sign_up(actor, scene.shift_id)) for actor in who]
        seated, first = made[0]
        signups.cancel(seated, first.id)
    return made[1:]


def now(signup: Signup) -> Signup:
    return db.session.get_one(Signup, signup.id, populate_existing=True)


def test_a_freed_seat_is_kept_for_the_first_until_they_answer(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    (first, signup), (_, other) = queue_of(scene, 2)
    with clock.frozen(DAY_BEFORE):
        assert waitlists.fill(SYSTEM, scene.shift_id) == 1
        assert waitlists.fill(SYSTEM, scene.shift_id) == 0
        assert seats(scene.shift_id) == (1, 1)
        assert now(signup).offer_expires_at == DAY_BEFORE + 12 * HOUR
        taken = waitlists.take(first, signup.id)
        assert (taken.status, taken.confirmed_at) == (SignupStatus.CONFIRMED, DAY_BEFORE)
        assert waitlists.take(first, signup.id).id == taken.id
    assert seats(scene.shift_id) == (1, 1)
    assert status_of(other) is SignupStatus.WAITLISTED


def test_only_the_own_offer_can_be_taken(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    (first, signup), (second, other) = queue_of(scene, 2)
    with clock.frozen(DAY_BEFORE):
        waitlists.fill(SYSTEM, scene.shift_id)
        with pytest.raises(NotFound):
            waitlists.take(second, signup.id)
        with pytest.raises(WrongState):
            waitlists.take(second, other.id)
        activities.cancel(scene.organizer, scene.activity_id, reason="下雨")
        with pytest.raises(ActivityNotOpen):
            waitlists.take(first, signup.id)


def test_an_offer_ends_to_the_instant_and_the_next_gets_it(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    (first, signup), (_, second) = queue_of(scene, 2)
    with clock.frozen(DAY_BEFORE):
        waitlists.fill(SYSTEM, scene.shift_id)
    end = now(signup).offer_expires_at
    assert end is not None
    with clock.frozen(end - INSTANT):
        assert waitlists.to_expire() == []
        with pytest.raises(NotFound):
            waitlists.expire(SYSTEM, signup.id)
    with clock.frozen(end):
        with pytest.raises(OfferExpired):
            waitlists.take(first, signup.id)
        assert waitlists.to_expire() == [signup.id]
        waitlists.expire(SYSTEM, signup.id)
        assert seats(scene.shift_id) == (0, 1)
        with pytest.raises(OfferExpired):
            waitlists.take(first, signup.id)
        late = signups.sign_up(make.volunteer(), scene.shift_id)
        assert late.status is SignupStatus.WAITLISTED, "nobody jumps the queue"
        waitlists.fill(SYSTEM, scene.shift_id)
    assert now(second).offer_expires_at == end + 6 * HOUR
    assert messages() == ["offer_expired", "seat_offered", "seat_offered"]


def test_who_let_an_offer_pass_may_sign_up_again_at_the_end_of_the_queue(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    (first, signup), _ = queue_of(scene, 2)
    with clock.frozen(DAY_BEFORE):
        waitlists.fill(SYSTEM, scene.shift_id)
    with clock.frozen(DAY_BEFORE + 13 * HOUR):
        waitlists.expire(SYSTEM, signup.id)
        assert signups.sign_up(first, scene.shift_id).position == 3


def test_shortly_before_the_start_the_seat_is_given_without_asking(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    ((first, signup),) = queue_of(scene, 1)
    with clock.frozen(NINE - 2 * HOUR):
        waitlists.fill(SYSTEM, scene.shift_id)
    assert status_of(signup) is SignupStatus.CONFIRMED
    with clock.frozen(NINE - INSTANT):
        signups.cancel(first, signup.id)
    assert seats(scene.shift_id) == (0, 0)


def test_an_offered_seat_can_be_given_up_and_goes_on(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    (first, signup), (_, second) = queue_of(scene, 2)
    with clock.frozen(DAY_BEFORE):
        waitlists.fill(SYSTEM, scene.shift_id)
        assert not signups.cancel(first, signup.id).is_late
        assert seats(scene.shift_id) == (0, 1)
        waitlists.fill(SYSTEM, scene.shift_id)
    assert status_of(second) is SignupStatus.OFFERED


def test_nobody_takes_a_seat_of_a_shift_that_has_begun(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    ((first, signup),) = queue_of(scene, 1)
    with clock.frozen(NINE - 3 * HOUR):
        waitlists.fill(SYSTEM, scene.shift_id)
    with clock.frozen(NINE), pytest.raises(ShiftBegun):
        waitlists.take(first, signup.id)


@pytest.mark.parametrize(
    ("new_start", "until"),
    [
        (NINE + 168 * HOUR, DAY_BEFORE + 26 * HOUR),
        (DAY_BEFORE + 20 * HOUR, DAY_BEFORE + 17 * HOUR),
        (DAY_BEFORE + 15 * HOUR, DAY_BEFORE + 15 * HOUR),
    ],
)
def test_an_offer_is_kept_through_a_postponement(
    ctx: Flask, new_start: datetime, until: datetime
) -> None:
    scene = make.scene(capacity=1)
    (first, signup), *_ = queue_of(scene, 1)
    with clock.frozen(DAY_BEFORE):
        waitlists.fill(SYSTEM, scene.shift_id)
        postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")
    with clock.frozen(DAY_BEFORE + 14 * HOUR):
        assert waitlists.to_expire() == []
        with pytest.raises(NotFound):
            waitlists.expire(SYSTEM, signup.id)
        new = postponements.NewTime(scene.shift_id, new_start, new_start + HOUR)
        postponements.reschedule(scene.organizer, scene.activity_id, times=[new])
        assert now(signup).offer_expires_at == until
    with clock.frozen(until - INSTANT):
        assert waitlists.to_expire() == []
        assert waitlists.take(first, signup.id).status is SignupStatus.CONFIRMED


def test_a_shift_that_was_ended_before_its_start_takes_nobody(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    (_, signup), *_ = queue_of(scene, 1)
    with clock.frozen(NINE - 20 * MINUTE):
        rolls.begin(scene.organizer, scene.shift_id)
        rolls.end(scene.organizer, scene.shift_id, reason="暴雨")
        assert waitlists.to_fill() == []
        assert waitlists.fill(SYSTEM, scene.shift_id) == 0
        for needs_approval in (False, True):
            db.session.get_one(Activity, scene.activity_id).needs_approval = needs_approval
            db.session.flush()
            with pytest.raises(ShiftBegun):
                signups.sign_up(make.volunteer(), scene.shift_id)
    assert status_of(signup) is SignupStatus.WAITLISTED
    with clock.frozen(NINE):
        assert waitlists.to_lapse() == [signup.id]


def test_an_offer_is_in_the_way_of_another_shift(ctx: Flask) -> None:
    scene, other = make.scene(capacity=1), make.scene()
    ((first, _),) = queue_of(scene, 1)
    with clock.frozen(DAY_BEFORE):
        waitlists.fill(SYSTEM, scene.shift_id)
        with pytest.raises(SignupOverlaps):
            signups.sign_up(first, other.shift_id)


def test_the_queue_moves_by_itself_and_the_call(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene(capacity=1)
        (_, first), (second, other) = queue_of(scene, 2)
    with clock.frozen(DAY_BEFORE):
        assert make.run(rolled_back, promote_waitlist) == 1
        assert make.run(rolled_back, expire_offers) == 0
    with clock.frozen(DAY_BEFORE + 12 * HOUR):
        assert make.run(rolled_back, expire_offers) == 1
        assert make.run(rolled_back, promote_waitlist) == 1
        mine = http.as_(second).get("/me/signups").json
        assert mine is not None
        assert mine["items"][0]["status"] == "offered"
        assert mine["items"][0]["offer_expires_at"] == "2027-05-01T03:00:00+08:00"
        taken = http.as_(second).post(f"/signups/{other.id}/take")
        assert (taken.status_code, taken.json["status"]) == (200, "confirmed")  # type: ignore[index]
        assert http.as_(second).post(f"/signups/{first.id}/take").status_code == 404


@pytest.mark.parametrize(("at", "ended"), [(NINE - INSTANT, 0), (NINE, 2)])
def test_nobody_waits_for_a_shift_that_has_begun(
    rolled_back: Flask, at: datetime, ended: int
) -> None:
    with stored(rolled_back):
        scene = make.scene(capacity=1)
        with clock.frozen(DAY_BEFORE):
            seated, waiting, undecided = (
                signups.sign_up(make.volunteer(), scene.shift_id).id for _ in range(3)
            )
        seats_then = seats(scene.shift_id)
        # As if the activity had asked for approval of the last one.
        db.session.get_one(Signup, undecided).status = SignupStatus.PENDING
        db.session.flush()
        seats_of(scene.shift_id, waiting=-1)
        assert seats_then == (1, 2)
    with clock.frozen(at):
        assert make.run(rolled_back, lapse_signups) == ended
        assert make.run(rolled_back, lapse_signups) == 0
    with rolled_back.app_context():
        assert messages() == ["signup_lapsed"] * ended
        states = [db.session.get_one(Signup, i).status for i in (seated, waiting, undecided)]
        still = [SignupStatus.WAITLISTED, SignupStatus.PENDING]
        assert states == [
            SignupStatus.CONFIRMED,
            *([SignupStatus.EXPIRED] * 2 if ended else still),
        ]
        assert seats(scene.shift_id) == (1, 0 if ended else 1)


def test_who_waited_and_is_there_may_walk_in(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    ((who, signup),) = queue_of(scene, 1)
    with clock.frozen(NINE):
        waitlists.lapse(SYSTEM, signup.id)
        with pytest.raises(WrongState):
            waitlists.lapse(SYSTEM, signup.id)
        assert placements.walk_in(scene.organizer, scene.shift_id, person_id=who.id).is_walk_in
    assert seats(scene.shift_id) == (1, 0)


def test_a_place_in_the_queue_survives_a_postponement(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene(capacity=1)
        with clock.frozen(DAY_BEFORE):
            signups.sign_up(make.volunteer(), scene.shift_id)
            signup = signups.sign_up(make.volunteer(), scene.shift_id)
            postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")
    with clock.frozen(NINE):
        assert make.run(rolled_back, lapse_signups) == 0
        with stored(rolled_back), pytest.raises(NotFound):
            waitlists.lapse(SYSTEM, signup.id)
