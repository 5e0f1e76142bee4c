"""What a minor had signed up for is given up once the guardian's consent is gone."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.guardians import Guardianship
from accounts.models.inbox import InboxMessage
from accounts.models.persons import Person
from accounts.services import guardians
from core import clock
from core.actor import SYSTEM, Actor
from core.db import db
from core.errors import NotFound
from jobs.signups import release_wards
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, helper, person
from tests.factories.volunteer import NINE, Scene
from volunteer.lifecycles import SignupStatus
from volunteer.models.shifts import Shift
from volunteer.models.signups import Signup
from volunteer.services import attendances, signups, wards

EARLY = NINE - timedelta(days=5)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def consented(ward: Person, paper: str = "2027-监-1") -> Guardianship:
    return guardians.record_for(helper(), ward, paper_reference=paper)


def seated(scene: Scene, at: datetime = EARLY, born: str = "20120101") -> tuple[Person, UUID]:
    """A minor of fifteen with a seat."""
    ward = person("小明", born=born)
    with clock.frozen(at):
        consented(ward)
        return ward, signups.sign_up(actor_of(ward), scene.shift_id).id


def withdraw(ward: Person, at: datetime) -> None:
    query = select(Guardianship).where(Guardianship.ward_id == ward.id)
    made = db.session.scalars(query.where(Guardianship.withdrawn_at.is_(None))).one()
    with clock.frozen(at):
        guardians.withdraw(Actor(made.recorded_by), made.id)


@pytest.mark.parametrize(
    ("withdrawn", "looked", "is_due"),
    [
        (timedelta(days=4), timedelta(days=4), False),
        (timedelta(days=4), timedelta(days=3) + INSTANT, False),  # another guardian has a day
        (timedelta(days=4), timedelta(days=3), True),
        (timedelta(hours=24) + INSTANT, timedelta(hours=24) + INSTANT, False),
        (timedelta(hours=24), timedelta(hours=24), True),  # the shift itself is near
        (timedelta(hours=24), INSTANT, True),
        (timedelta(hours=24), timedelta(), False),  # it has begun
    ],
)
def test_a_day_after_the_withdrawal_or_a_day_before_the_shift(
    scene: Scene, withdrawn: timedelta, looked: timedelta, is_due: bool
) -> None:
    ward, signup_id = seated(scene)
    withdraw(ward, NINE - withdrawn)
    with clock.frozen(NINE - looked):
        assert wards.to_release() == ([signup_id] if is_due else [])


def test_another_guardian_keeps_the_seat(scene: Scene) -> None:
    ward, signup_id = seated(scene)
    withdraw(ward, EARLY)
    with clock.frozen(EARLY + timedelta(hours=1)):
        consented(ward, "2027-监-2")
    with clock.frozen(NINE - timedelta(hours=1)):
        assert wards.to_release() == []
        with pytest.raises(NotFound):
            wards.release(SYSTEM, signup_id)


@pytest.mark.parametrize(("born", "is_due"), [("20090502", True), ("20090501", False)])
def test_whoever_is_of_age_on_the_day_keeps_it(scene: Scene, born: str, is_due: bool) -> None:
    ward, signup_id = seated(scene, born=born)
    withdraw(ward, EARLY)
    with clock.frozen(NINE - timedelta(hours=12)):
        assert wards.to_release() == ([signup_id] if is_due else [])


def test_who_is_there_already_stays(scene: Scene) -> None:
    ward, signup_id = seated(scene)
    with clock.frozen(NINE - timedelta(minutes=20)):
        attendances.check_in(actor_of(ward), code=make.code_of(scene.shift_id))
    withdraw(ward, NINE - timedelta(minutes=10))
    with clock.frozen(NINE - timedelta(minutes=9)), pytest.raises(NotFound):
        wards.release(SYSTEM, signup_id)


def test_the_job_gives_the_seat_back_and_tells_the_person_once(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        ward, signup_id = seated(scene)
        withdraw(ward, EARLY)
    with clock.frozen(NINE - timedelta(hours=20)):
        assert make.run(rolled_back, release_wards) == 1
        assert make.run(rolled_back, release_wards) == 0
    with rolled_back.app_context():
        assert db.session.get_one(Signup, signup_id).status is SignupStatus.CANCELLED
        assert db.session.get_one(Shift, scene.shift_id).seats_taken == 0
        query = select(InboxMessage).where(InboxMessage.template == "ward_released")
        (told,) = db.session.scalars(query)
        assert told.person_id == ward.id
