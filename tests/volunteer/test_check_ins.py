"""What proves that somebody came: codes, digits, personal codes, places; and what is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import DomainError, InvalidInput, NotFound
from core.ids import new_id
from core.paging import PageRequest
from jobs.housekeeping import purge_expired
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from volunteer import codes, personal_codes
from volunteer.errors import (
    CheckInClosed,
    CodeExpired,
    CodeInvalid,
    CodeUsed,
    LocationNotEnough,
    NotSignedUp,
    OutsideFence,
    OwnAttendance,
    PersonalCodeInvalid,
    TooManyAttempts,
)
from volunteer.geofence import Position
from volunteer.lifecycles import AttendanceStatus
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance, CheckMethod, Direction
from volunteer.models.check_attempts import CheckAttempt
from volunteer.models.signups import Signup
from volunteer.services import attendances, check_attempts, shifts, signups

ALL = PageRequest(limit=100)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
PLACE = (34.0357, 113.8526)
FAR = (34.1, 113.8526)


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def signed_up(scene: Scene, name: str = "王志愿", shift_id: UUID | None = None) -> Actor:
    volunteer = make.volunteer(name)
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(volunteer, shift_id or scene.shift_id)
    return volunteer


def in_at(at: datetime, volunteer: Actor, **proof: Any) -> Attendance:
    with clock.frozen(at):
        return attendances.check_in(volunteer, **proof)


def code_at(at: datetime, shift_id: UUID) -> codes.CheckInCode:
    return codes.issue(shifts.code_key(), shift_id, at)


def personal_code_at(at: datetime, volunteer: Actor) -> str:
    return personal_codes.issue(shifts.code_key(), volunteer.id, at).code


def place(scene: Scene, *, radius: int | None = 200, alone: bool = False) -> None:
    latitude, longitude = PLACE
    db.session.execute(
        update(Activity)
        .where(Activity.id == scene.activity_id)
        .values(
            latitude=latitude,
            longitude=longitude,
            fence_radius=radius,
            has_location_check_in=alone,
        )
    )
    db.session.expire_all()


def kept(volunteer: Actor) -> list[tuple[Direction, CheckMethod, str, UUID | None]]:
    query = select(CheckAttempt).where(CheckAttempt.person_id == volunteer.id)
    attempts = db.session.scalars(query.order_by(CheckAttempt.id))
    return [(a.direction, a.method, a.outcome, a.shift_id) for a in attempts]


def refused(work: Callable[[], Any]) -> str | None:
    try:
        work()
    except DomainError as error:
        return error.code
    return None


# -- posts beside each other


@pytest.fixture
def posts(ctx: Flask) -> tuple[Scene, UUID]:
    """Two posts at overlapping times, and the id of the second."""
    scene = make.scene(published=False)
    with clock.frozen(DAY_BEFORE):
        other = shifts.create(
            scene.organizer,
            scene.activity_id,
            starts_at=NINE + 60 * MINUTE,
            ends_at=NINE + 180 * MINUTE,
            capacity=5,
        )
        make.publish(scene)
    return scene, other.id


def test_a_code_of_another_post_finds_the_own_shift(posts: tuple[Scene, UUID]) -> None:
    scene, other = posts
    volunteer = signed_up(scene, shift_id=other)
    at = NINE + 50 * MINUTE
    attendance = in_at(at, volunteer, code=code_at(at, scene.shift_id).code)
    assert attendance.shift_id == other
    again = in_at(at + MINUTE, volunteer, code=code_at(at + MINUTE, scene.shift_id).code)
    assert again.id == attendance.id
    left = NINE + 180 * MINUTE
    with clock.frozen(left):
        out = attendances.check_out(volunteer, code=code_at(left, scene.shift_id).code)
        repeat = attendances.check_out(volunteer, code=code_at(left, scene.shift_id).code)
    assert (out.id, out.minutes, repeat.id) == (attendance.id, 120, attendance.id)


def test_who_served_at_another_post_before_comes_in_at_their_next(
    posts: tuple[Scene, UUID],
) -> None:
    """Left the first early, and was given a seat in the second."""
    scene, other = posts
    volunteer = signed_up(scene)
    first = in_at(NINE, volunteer, code=code_at(NINE, scene.shift_id).code)
    left, came = NINE + 45 * MINUTE, NINE + 60 * MINUTE
    with clock.frozen(left):
        attendances.check_out(volunteer, code=code_at(left, scene.shift_id).code)
    seat = db.session.scalars(select(Signup).where(Signup.person_id == volunteer.id)).one()
    values = {c.key: getattr(seat, c.key) for c in Signup.__table__.columns}
    db.session.add(Signup(**(values | {"id": new_id(), "shift_id": other})))
    db.session.flush()
    second = in_at(came, volunteer, code=code_at(came, other).code)
    assert (first.shift_id, second.shift_id) == (scene.shift_id, other)
    out = NINE + 170 * MINUTE
    with clock.frozen(out):
        done = attendances.check_out(volunteer, code=code_at(out, scene.shift_id).code)
    assert (done.id, done.checked_out_at) == (second.id, out)


def test_the_window_is_that_of_the_own_shift(posts: tuple[Scene, UUID]) -> None:
    scene, other = posts
    volunteer = signed_up(scene, shift_id=other)
    with pytest.raises(CheckInClosed):
        in_at(NINE, volunteer, code=code_at(NINE, scene.shift_id).code)


def test_digits_of_another_post_do_too(posts: tuple[Scene, UUID]) -> None:
    scene, other = posts
    volunteer, at = signed_up(scene, shift_id=other), NINE + 50 * MINUTE
    digits = code_at(at, scene.shift_id).digits
    assert in_at(at, volunteer, digits=digits, shift_id=other).shift_id == other


def test_a_shift_at_another_time_is_no_post_beside(ctx: Flask) -> None:
    scene = make.scene(published=False)
    with clock.frozen(DAY_BEFORE):
        after = shifts.create(
            scene.organizer,
            scene.activity_id,
            starts_at=NINE + 120 * MINUTE,
            ends_at=NINE + 180 * MINUTE,
            capacity=5,
        )
        make.publish(scene)
    volunteer, at = signed_up(scene, shift_id=after.id), NINE + 110 * MINUTE
    with pytest.raises(NotSignedUp):
        in_at(at, volunteer, code=code_at(at, scene.shift_id).code)


# -- one code, one use


@pytest.mark.parametrize(("seconds", "is_used"), [(0, True), (9, True), (10, False)])
def test_check_out_needs_a_later_code_than_check_in(
    scene: Scene, seconds: int, is_used: bool
) -> None:
    volunteer, at = signed_up(scene), NINE + 5 * SECOND - 5 * SECOND
    in_at(at, volunteer, code=code_at(at, scene.shift_id).code)
    later = code_at(at + seconds * SECOND, scene.shift_id).code
    with clock.frozen(at + 15 * SECOND):
        outcome = refused(lambda: attendances.check_out(volunteer, code=later))
    assert (outcome == CodeUsed.code) is is_used


def test_the_digits_of_the_check_in_do_not_check_out(scene: Scene) -> None:
    volunteer, shift_id = signed_up(scene), scene.shift_id
    digits = code_at(NINE, shift_id).digits
    in_at(NINE, volunteer, digits=digits, shift_id=shift_id)
    with clock.frozen(NINE + 70 * SECOND), pytest.raises(CodeUsed):
        attendances.check_out(volunteer, digits=digits, shift_id=shift_id)
    with clock.frozen(NINE + 70 * SECOND):
        fresh = code_at(clock.now(), shift_id).digits
        left = attendances.check_out(volunteer, digits=fresh, shift_id=shift_id)
    assert left.check_out_method is CheckMethod.DIGITS


def test_a_code_is_good_until_its_grace_ends(scene: Scene) -> None:
    one, other = signed_up(scene, "王志愿"), signed_up(scene, "李志愿")
    code = code_at(NINE, scene.shift_id).code
    in_at(NINE + 30 * SECOND - timedelta(microseconds=1), one, code=code)
    with pytest.raises(CodeExpired):
        in_at(NINE + 30 * SECOND, other, code=code)


# -- digits


def test_wrong_digits_are_counted_to_five(scene: Scene) -> None:
    volunteer, shift_id = signed_up(scene), scene.shift_id
    right = code_at(NINE, shift_id).digits
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for n in range(5):
        with pytest.raises(CodeInvalid):
            in_at(NINE - n * MINUTE, volunteer, digits=wrong, shift_id=shift_id)
    with pytest.raises(TooManyAttempts) as too_many:
        in_at(NINE, volunteer, digits=right, shift_id=shift_id)
    assert too_many.value.retry_after == 360
    assert kept(volunteer) == [(Direction.IN, CheckMethod.DIGITS, "code_invalid", shift_id)] * 5
    at = NINE + 6 * MINUTE
    in_at(at, volunteer, digits=code_at(at, shift_id).digits, shift_id=shift_id)


def test_the_count_is_of_one_person(scene: Scene) -> None:
    clumsy, other = signed_up(scene, "王志愿"), signed_up(scene, "李志愿")
    right = code_at(NINE, scene.shift_id).digits
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(5):
        with pytest.raises(CodeInvalid):
            in_at(NINE, clumsy, digits=wrong, shift_id=scene.shift_id)
    in_at(NINE, other, digits=right, shift_id=scene.shift_id)
    in_at(NINE, clumsy, code=code_at(NINE, scene.shift_id).code)


def test_digits_need_a_shift_that_exists(scene: Scene) -> None:
    volunteer = signed_up(scene)
    with pytest.raises(InvalidInput):
        in_at(NINE, volunteer, digits="123456")
    with pytest.raises(NotFound):
        in_at(NINE, volunteer, digits="123456", shift_id=new_id())
    with pytest.raises(InvalidInput):
        in_at(NINE, volunteer, shift_id=scene.shift_id)


# -- places


@pytest.mark.parametrize(("where", "inside", "metres"), [(PLACE, True, 0), (FAR, False, 7150)])
def test_a_place_beside_a_code_is_evidence_only(
    scene: Scene, where: tuple[float, float], inside: bool, metres: int
) -> None:
    place(scene)
    volunteer, position = signed_up(scene), Position(*where)
    attendance = in_at(NINE, volunteer, code=code_at(NINE, scene.shift_id).code, position=position)
    assert attendance.check_in_method is CheckMethod.CODE
    assert attendance.check_in_inside_fence is inside
    assert attendance.check_in_distance_m == pytest.approx(metres, abs=10)
    with clock.frozen(NINE + 120 * MINUTE):
        code = code_at(clock.now(), scene.shift_id).code
        attendances.check_out(volunteer, code=code, position=position)
    assert attendance.check_out_inside_fence is inside


def test_a_place_alone_is_enough_only_at_large_events_and_inside(scene: Scene) -> None:
    volunteer, shift_id, here = signed_up(scene), scene.shift_id, Position(*PLACE)
    with pytest.raises(LocationNotEnough):
        in_at(NINE, volunteer, shift_id=shift_id, position=here)
    place(scene)
    with pytest.raises(LocationNotEnough):
        in_at(NINE, volunteer, shift_id=shift_id, position=here)
    place(scene, alone=True)
    with pytest.raises(OutsideFence):
        in_at(NINE, volunteer, shift_id=shift_id, position=Position(*FAR, accuracy=90_000))
    with pytest.raises(CheckInClosed):
        in_at(NINE - 31 * MINUTE, volunteer, shift_id=shift_id, position=here)
    attendance = in_at(NINE, volunteer, shift_id=shift_id, position=here)
    assert attendance.check_in_method is CheckMethod.LOCATION
    with clock.frozen(NINE + 90 * MINUTE):
        with pytest.raises(OutsideFence):
            attendances.check_out(volunteer, shift_id=shift_id, position=Position(*FAR))
        left = attendances.check_out(volunteer, shift_id=shift_id, position=here)
    assert (left.status, left.minutes) == (AttendanceStatus.COUNTED, 90)


# -- the leader scans


def test_the_leader_scans_a_personal_code_in_and_out(scene: Scene) -> None:
    volunteer = signed_up(scene)
    for at, direction in ((NINE, Direction.IN), (NINE + 120 * MINUTE, Direction.OUT)):
        with clock.frozen(at):
            attendance = attendances.scan(
                scene.organizer,
                scene.shift_id,
                code=personal_code_at(at, volunteer),
                direction=direction,
            )
    assert (attendance.status, attendance.minutes) == (AttendanceStatus.COUNTED, 120)
    assert attendance.check_in_method is attendance.check_out_method is CheckMethod.PERSONAL_CODE
    assert attendance.created_by == scene.organizer.id
    assert not attendance.awaits_person


def test_a_scan_is_by_who_leads_of_somebody_else_and_fresh(scene: Scene) -> None:
    volunteer, organizer = signed_up(scene), scene.organizer

    def scan(actor: Actor, code: str) -> None:
        with clock.frozen(NINE):
            attendances.scan(actor, scene.shift_id, code=code, direction=Direction.IN)

    with pytest.raises(NotFound):
        scan(make.volunteer(), personal_code_at(NINE, volunteer))
    with pytest.raises(OwnAttendance):
        scan(organizer, personal_code_at(NINE, organizer))
    with pytest.raises(PersonalCodeInvalid):
        scan(organizer, personal_code_at(NINE - MINUTE, volunteer))
    guest = make.volunteer("没报名的人")
    with pytest.raises(NotSignedUp):
        scan(organizer, personal_code_at(NINE, guest))
    assert kept(guest) == [
        (Direction.IN, CheckMethod.PERSONAL_CODE, "not_signed_up", scene.shift_id)
    ]


# -- refused attempts


def test_refused_attempts_are_kept_and_shown_to_the_leader(scene: Scene) -> None:
    guest, code = make.volunteer("没报名的人"), code_at(NINE, scene.shift_id).code
    for at, proof in ((NINE, code), (NINE + MINUTE, code), (NINE, "x" * 50)):
        refused(lambda at=at, proof=proof: in_at(at, guest, code=proof))  # type: ignore[misc]
    with clock.frozen(NINE):
        code = code_at(NINE, scene.shift_id).code
        refused(lambda: attendances.check_out(guest, code=code))
    assert [(d.value, o, s) for d, _, o, s in kept(guest)] == [
        ("in", "not_signed_up", scene.shift_id),
        ("in", "code_expired", scene.shift_id),
        ("in", "code_invalid", None),
        ("out", "not_checked_in", scene.shift_id),
    ]
    shown = check_attempts.list_of_shift(scene.organizer, scene.shift_id, ALL).items
    assert [a.outcome for a in shown] == ["not_checked_in", "code_expired", "not_signed_up"]
    with pytest.raises(NotFound):
        check_attempts.list_of_shift(make.volunteer(), scene.shift_id, ALL)


def test_attempts_survive_the_refusal_and_are_forgotten_after_half_a_year(
    committed: Flask,
) -> None:
    with stored(committed):
        scene, guest = make.scene(), make.volunteer()
    with clock.frozen(NINE), pytest.raises(NotSignedUp), stored(committed):
        attendances.check_in(guest, code=make.code_of(scene.shift_id))
    for days, left in ((180, 1), (181, 0)):
        with clock.frozen(NINE + timedelta(days=days)):
            make.run(committed, purge_expired)
        with committed.app_context():
            assert len(kept(guest)) == left


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        place(scene)
        volunteer, clumsy = signed_up(scene, "王志愿"), signed_up(scene, "马大哈")
    leader, me, path = http.as_(scene.organizer), http.as_(volunteer), f"/shifts/{scene.shift_id}"
    position = {"latitude": PLACE[0], "longitude": PLACE[1], "accuracy": 12.5}
    with clock.frozen(NINE):
        shown: Any = leader.get(f"{path}/check-in-code").json
        body = {"digits": shown["digits"], "shift_id": str(scene.shift_id), "position": position}
        assert me.post("/attendances/check-in", json=body).status_code == 200
        bad = {"digits": "12345x", "shift_id": str(scene.shift_id)}
        assert me.post("/attendances/check-in", json=bad).status_code == 422
        wrong = f"{(int(shown['digits']) + 1) % 1_000_000:06d}"
        guess = {"digits": wrong, "shift_id": str(scene.shift_id)}
        for _ in range(5):
            refusal: Any = http.as_(clumsy).post("/attendances/check-in", json=guess)
            assert (refusal.status_code, refusal.json["code"]) == (422, "code_invalid")
        refusal = http.as_(clumsy).post("/attendances/check-in", json=guess)
        assert (refusal.status_code, refusal.headers["Retry-After"]) == (429, "600")
        attempts: Any = leader.get(f"{path}/check-attempts").json
        assert [(a["name"], a["outcome"]) for a in attempts["items"]] == [
            ("马**", "code_invalid")
        ] * 5
        own: Any = http.as_(clumsy).get("/me/personal-code").json
        scan = {"code": own["code"], "direction": "in"}
        assert leader.post(f"{path}/scans", json=scan).json["status"] == "checked_in"  # type: ignore[index]
        roll: Any = leader.get(f"{path}/attendances").json
    assert [
        (a["check_in_method"], a["check_in_inside_fence"], a["check_in_distance_m"])
        for a in roll["items"]
    ] == [("digits", True, 0), ("personal_code", None, None)]
