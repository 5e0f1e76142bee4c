"""Walk-ins, moves between shifts, sign-ups on behalf."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from accounts.errors import ConsentRequired, RealNameRequired
from accounts.models.consents import CURRENT_VERSIONS, ConsentKind
from accounts.permissions import Role
from accounts.services import consents
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound, WrongState
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.volunteer import DAY_BEFORE, NINE
from tests.volunteer.test_signups import messages, seats, sign_up, status_of
from volunteer.errors import (
    AgeUnsuitable,
    AlreadyCheckedIn,
    AlreadySignedUp,
    AnotherActivity,
    OwnSignup,
    PersonalCodeInvalid,
    ShiftEnded,
    ShiftFull,
    SignupOverlaps,
    WalkInClosed,
    WalkInUninsured,
)
from volunteer.lifecycles import SignupStatus
from volunteer.models.activities import RiskLevel
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import attendances, placements, signups

MINUTE = timedelta(minutes=1)
HALF_PAST_EIGHT = NINE - 30 * MINUTE
END = NINE + 120 * MINUTE
INSTANT = timedelta(microseconds=1)


def helper() -> Actor:
    return actor_of(person("帮办员"), grant(Role.HELPER, over=site()))


def consented(who: Actor) -> Actor:
    consents.update(
        who,
        kind=ConsentKind.REAL_NAME,
        version=CURRENT_VERSIONS[ConsentKind.REAL_NAME],
        is_given=True,
    )
    return who


def test_the_leader_admits_who_came(ctx: Flask) -> None:
    scene, who = make.scene(), make.volunteer()
    with clock.frozen(HALF_PAST_EIGHT):
        made = placements.walk_in(scene.organizer, scene.shift_id, person_id=who.id)
        again = placements.walk_in(scene.organizer, scene.shift_id, person_id=who.id)
        assert (made.id, made.is_walk_in, made.created_by) == (again.id, True, scene.organizer.id)
    assert seats(scene.shift_id) == (1, 0)
    assert messages() == ["walked_in"]
    with clock.frozen(NINE):
        attendances.check_in(who, code=make.code_of(scene.shift_id))


def test_when_people_walk_in(ctx: Flask) -> None:
    scene = make.scene()
    for outside in (HALF_PAST_EIGHT - INSTANT, END):
        with clock.frozen(outside), pytest.raises(WalkInClosed):
            placements.walk_in(scene.organizer, scene.shift_id, person_id=make.volunteer().id)
    for inside in (HALF_PAST_EIGHT, END - INSTANT):
        with clock.frozen(inside):
            placements.walk_in(scene.organizer, scene.shift_id, person_id=make.volunteer().id)


def test_who_is_not_admitted(ctx: Flask) -> None:
    scene, other, risky = make.scene(capacity=2), make.scene(), make.scene()
    make.ask(risky, risk_level=RiskLevel.PERSONAL, insurance_number="PICC-1")
    ((busy, _),) = sign_up(other, 1)
    make.ask(scene, min_age=18)
    child = person("孩子")
    child.born_on = clock.day_of(NINE) - timedelta(days=3650)
    db.session.flush()

    def admit(who: UUID, shift_id: UUID, by: Actor) -> None:
        placements.walk_in(by, shift_id, person_id=who)

    with clock.frozen(NINE):
        with pytest.raises(NotFound):
            admit(busy.id, scene.shift_id, other.organizer)
        with pytest.raises(OwnSignup):
            admit(scene.organizer.id, scene.shift_id, scene.organizer)
        with pytest.raises(RealNameRequired):
            admit(person(registered=False).id, scene.shift_id, scene.organizer)
        with pytest.raises(SignupOverlaps):
            admit(busy.id, scene.shift_id, scene.organizer)
        with pytest.raises(AgeUnsuitable):
            admit(child.id, scene.shift_id, scene.organizer)
        with pytest.raises(WalkInUninsured):
            admit(make.volunteer().id, risky.shift_id, risky.organizer)
        for _ in range(2):
            admit(make.volunteer().id, scene.shift_id, scene.organizer)
        with pytest.raises(ShiftFull):
            admit(make.volunteer().id, scene.shift_id, scene.organizer)


def test_until_the_start_the_queue_comes_first_and_then_who_is_there(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    (seated, first), (waiting, second), (_, third) = sign_up(scene, 3)
    with clock.frozen(HALF_PAST_EIGHT):
        signups.cancel(seated, first.id)
        with pytest.raises(ShiftFull):
            placements.walk_in(scene.organizer, scene.shift_id, person_id=make.volunteer().id)
        with pytest.raises(AlreadySignedUp):
            placements.walk_in(scene.organizer, scene.shift_id, person_id=waiting.id)
    with clock.frozen(NINE):
        made = placements.walk_in(scene.organizer, scene.shift_id, person_id=waiting.id)
    assert made.status is SignupStatus.CONFIRMED
    assert [status_of(s).value for s in (second, third)] == ["cancelled", "waitlisted"]
    assert seats(scene.shift_id) == (1, 1)


def test_a_move_takes_the_seat_along(ctx: Flask) -> None:
    scene = make.scene(capacity=1)
    to = make.second_shift(scene, starts_at=END, capacity=1)
    ((who, signup),) = sign_up(scene, 1)
    with clock.frozen(NINE):
        moved = placements.move(scene.organizer, signup.id, shift_id=to)
        assert placements.move(scene.organizer, signup.id, shift_id=to).id == moved.id
    old = db.session.get_one(Signup, signup.id, populate_existing=True)
    assert (old.status, old.moved_to_id) == (SignupStatus.MOVED, moved.id)
    assert (moved.status, moved.person_id) == (SignupStatus.CONFIRMED, who.id)
    assert (seats(scene.shift_id), seats(to)) == ((0, 0), (1, 0))
    assert messages() == ["signup_moved"]


def test_what_is_not_moved(ctx: Flask) -> None:
    scene, other = make.scene(capacity=1), make.scene()
    to = make.second_shift(scene, starts_at=END, capacity=1)
    (who, signup), (_, waiting) = sign_up(scene, 2)
    leader = scene.organizer
    with clock.frozen(NINE - MINUTE):
        with pytest.raises(NotFound):
            placements.move(other.organizer, signup.id, shift_id=to)
        with pytest.raises(NotFound):
            placements.move(leader, signup.id, shift_id=scene.activity_id)
        with pytest.raises(AnotherActivity):
            placements.move(leader, signup.id, shift_id=other.shift_id)
        with pytest.raises(AlreadySignedUp):
            placements.move(leader, signup.id, shift_id=scene.shift_id)
        with pytest.raises(WrongState):
            placements.move(leader, waiting.id, shift_id=to)
        attendances.check_in(who, code=make.code_of(scene.shift_id))
        with pytest.raises(AlreadyCheckedIn):
            placements.move(leader, signup.id, shift_id=to)
    assert (seats(scene.shift_id), seats(to)) == ((1, 1), (0, 0))


def test_a_move_needs_a_seat_and_a_shift_that_lasts(ctx: Flask) -> None:
    scene = make.scene()
    full = make.second_shift(scene, starts_at=END, capacity=1)
    early = make.second_shift(scene, starts_at=NINE - 120 * MINUTE, minutes=60)
    ((_, signup),) = sign_up(scene, 1)
    with clock.frozen(DAY_BEFORE - 180 * MINUTE):
        signups.sign_up(make.volunteer(), full)
    with clock.frozen(NINE - 60 * MINUTE):
        with pytest.raises(ShiftFull):
            placements.move(scene.organizer, signup.id, shift_id=full)
        with pytest.raises(ShiftEnded):
            placements.move(scene.organizer, signup.id, shift_id=early)
    assert db.session.get_one(Shift, full, populate_existing=True).seats_taken == 1


def test_a_helper_signs_up_and_cancels_on_behalf(ctx: Flask) -> None:
    scene, by, who = make.scene(), helper(), make.volunteer()
    elsewhere = actor_of(person(), grant(Role.HELPER, over=site("411081001")))
    with clock.frozen(DAY_BEFORE):
        with pytest.raises(ConsentRequired):
            signups.sign_up_on_behalf(by, scene.shift_id, person_id=who.id)
        consented(who)
        for outsider in (elsewhere, scene.staff):
            with pytest.raises(NotFound):
                signups.sign_up_on_behalf(outsider, scene.shift_id, person_id=who.id)
        made = signups.sign_up_on_behalf(by, scene.shift_id, person_id=who.id)
        again = signups.sign_up_on_behalf(by, scene.shift_id, person_id=who.id)
        assert (made.id, made.created_by) == (again.id, by.id)
        assert messages() == ["signed_up_on_behalf"]
        with pytest.raises(NotFound):
            signups.cancel(elsewhere, made.id)
        assert signups.cancel(by, made.id).status is SignupStatus.CANCELLED
    assert messages() == ["cancelled_on_behalf", "signed_up_on_behalf"]
    assert seats(scene.shift_id) == (0, 0)


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, by, who = make.scene(), helper(), consented(make.volunteer())
        to, late = make.second_shift(scene, starts_at=END), make.volunteer()
    leader = http.as_(scene.organizer)
    path, body = f"/shifts/{scene.shift_id}", {"person_id": str(who.id)}
    with clock.frozen(DAY_BEFORE):
        made = http.as_(by).post(f"{path}/signups/on-behalf", json=body)
        assert (made.status_code, made.json["status"]) == (201, "confirmed")  # type: ignore[index]
        assert http.as_(who).post(f"{path}/signups/on-behalf", json=body).status_code == 403
    with clock.frozen(NINE):
        moved = leader.post(f"/signups/{made.json['id']}/move", json={"shift_id": str(to)})  # type: ignore[index]
        assert (moved.status_code, moved.json["shift_id"]) == (200, str(to))  # type: ignore[index]
        admitted = leader.post(f"{path}/walk-ins", json={"person_id": str(late.id)})
        assert (admitted.status_code, admitted.json["is_walk_in"]) == (201, True)  # type: ignore[index]
        assert http.as_(late).post(f"{path}/walk-ins", json=body).status_code == 404


def test_a_personal_code_names_who_came(ctx: Flask) -> None:
    scene, who = make.scene(), make.volunteer()
    with clock.frozen(NINE - timedelta(seconds=90)):
        stale = attendances.show_personal_code(who).code
    with clock.frozen(NINE):
        for wrong in (stale, "x" * 50):
            with pytest.raises(PersonalCodeInvalid):
                placements.walk_in(scene.organizer, scene.shift_id, code=wrong)
        own = attendances.show_personal_code(scene.organizer).code
        with pytest.raises(OwnSignup):
            placements.walk_in(scene.organizer, scene.shift_id, code=own)
        code = attendances.show_personal_code(who).code
        with pytest.raises(NotFound):
            placements.walk_in(make.scene().organizer, scene.shift_id, code=code)
        assert placements.walk_in(scene.organizer, scene.shift_id, code=code).person_id == who.id


def test_a_walk_in_is_named_in_one_way(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back), clock.frozen(NINE):
        scene, who = make.scene(), make.volunteer()
        code = attendances.show_personal_code(who).code
    leader, path = http.as_(scene.organizer), f"/shifts/{scene.shift_id}/walk-ins"
    with clock.frozen(NINE):
        for wrong in ({}, {"code": code, "person_id": str(who.id)}):
            assert leader.post(path, json=wrong).status_code == 422
        assert leader.post(path, json={"code": code}).status_code == 201
