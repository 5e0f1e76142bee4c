"""Sign-ups on which an organizer decides."""

import pytest
from flask import Flask

from core import clock
from core.db import db
from core.errors import NotFound, WrongState
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from tests.volunteer.test_signups import messages, seats, sign_up, status_of, tell_seats
from volunteer.errors import OwnSignup, ShiftBegun, SignupOverlaps
from volunteer.lifecycles import SignupStatus
from volunteer.models.signups import Signup
from volunteer.services import approvals, signups


def choosy_scene(*, capacity: int = 10) -> Scene:
    scene = make.scene(capacity=capacity)
    make.ask(scene, needs_approval=True)
    return scene


def test_a_pending_one_holds_nothing_until_it_is_approved(ctx: Flask) -> None:
    scene = choosy_scene(capacity=1)
    (_, first), (_, second) = sign_up(scene, 2)
    assert [s.status for s in (first, second)] == [SignupStatus.PENDING] * 2
    assert seats(scene.shift_id) == (0, 0)
    with clock.frozen(DAY_BEFORE):
        approved = approvals.approve(scene.organizer, second.id)
        assert (approved.status, approved.decided_by) == (
            SignupStatus.CONFIRMED,
            scene.organizer.id,
        )
        queued = approvals.approve(scene.organizer, first.id)
        assert (queued.status, queued.position) == (SignupStatus.WAITLISTED, 1)
    assert seats(scene.shift_id) == (1, 1)
    tell_seats()
    assert messages() == ["seat_confirmed"]


def test_a_repeat_gives_the_pending_one_and_it_is_in_the_way(ctx: Flask) -> None:
    scene, other = choosy_scene(), make.scene()
    ((who, first),) = sign_up(scene, 1)
    with clock.frozen(DAY_BEFORE):
        assert signups.sign_up(who, scene.shift_id).id == first.id
        with pytest.raises(SignupOverlaps):
            signups.sign_up(who, other.shift_id)
        assert signups.cancel(who, first.id).status is SignupStatus.CANCELLED
        assert seats(scene.shift_id) == (0, 0)
        signups.sign_up(who, other.shift_id)


def test_declining_gives_a_reason_which_the_person_reads(ctx: Flask) -> None:
    scene = choosy_scene()
    ((who, signup),) = sign_up(scene, 1)
    with clock.frozen(DAY_BEFORE):
        approvals.decline(scene.organizer, signup.id, reason="需要有讲解经验")
        with pytest.raises(WrongState):
            approvals.approve(scene.organizer, signup.id)
        declined = db.session.get_one(Signup, signup.id, populate_existing=True)
        assert (declined.status, declined.decision_reason) == (
            SignupStatus.DECLINED,
            "需要有讲解经验",
        )
        assert messages() == ["signup_declined"]
        assert signups.sign_up(who, scene.shift_id).id != signup.id, "may apply once more"


def test_who_decides_and_until_when(ctx: Flask) -> None:
    scene, other = choosy_scene(), choosy_scene()
    (_, signup), (_, late) = sign_up(scene, 2)
    with clock.frozen(DAY_BEFORE):
        own = signups.sign_up(scene.organizer, scene.shift_id)
        for outsider in (other.organizer, scene.staff, make.volunteer()):
            with pytest.raises(NotFound):
                approvals.approve(outsider, signup.id)
        with pytest.raises(OwnSignup):
            approvals.approve(scene.organizer, own.id)
    with clock.frozen(NINE):
        with pytest.raises(ShiftBegun):
            approvals.approve(scene.organizer, late.id)
        with pytest.raises(ShiftBegun):
            signups.sign_up(make.volunteer(), scene.shift_id)
    assert status_of(late) is SignupStatus.PENDING


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = choosy_scene()
        (_, first), (who, second) = sign_up(scene, 2)
    leader = http.as_(scene.organizer)
    with clock.frozen(DAY_BEFORE):
        approved = leader.post(f"/signups/{first.id}/approve")
        assert (approved.status_code, approved.json["status"]) == (200, "confirmed")  # type: ignore[index]
        pending = leader.get(f"/shifts/{scene.shift_id}/signups?status=pending").json
        assert [s["id"] for s in pending["items"]] == [str(second.id)]  # type: ignore[index]
        assert leader.post(f"/signups/{second.id}/decline", json={}).status_code == 422
        declined = leader.post(f"/signups/{second.id}/decline", json={"reason": "人数已够"})
        assert (declined.status_code, declined.json["status"]) == (200, "declined")  # type: ignore[index]
        mine = http.as_(who).get("/me/signups").json
        assert mine["items"][0]["decision_reason"] == "人数已够"  # type: ignore[index]
        again = leader.post(f"/signups/{second.id}/approve")
        assert (again.status_code, again.json["code"]) == (409, "wrong_state")  # type: ignore[index]
        assert http.as_(who).post(f"/signups/{second.id}/approve").status_code == 404
