"""A walk through everything of which a volunteer is to hear, read from their inbox."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from core import clock
from core.actor import Actor
from core.db import db
from jobs.activities import close_activities, tell_postponements
from jobs.attendances import remind_check_outs
from jobs.hours import tally_hours
from jobs.signups import promote_waitlist, remind_people, tell_seats
from tests.conftest import stored
from tests.factories import service_requests as orders
from tests.factories import volunteer as make
from tests.factories.hours import entries_of
from tests.factories.volunteer import DAY_BEFORE, HOUR, NINE, Scene
from volunteer.models.disputes import DisputeAbout
from volunteer.models.signups import Signup
from volunteer.services import (
    activities,
    attendances,
    certificates,
    deputies,
    disputes,
    placements,
    postponements,
    service_requests,
    signups,
)

ROOT = Path(__file__).resolve().parents[2]
WEEK, DAY = timedelta(days=7), timedelta(days=1)
EVENING_BEFORE = clock.start_of(clock.day_of(NINE)) - 6 * HOUR
JOB_LATER = timedelta(seconds=10)


def heard(app: Flask, who: Actor) -> list[str]:
    """What stands in the inbox, oldest first; every text is whole."""
    with app.app_context():
        query = select(InboxMessage).where(InboxMessage.person_id == who.id)
        found = list(db.session.scalars(query.order_by(InboxMessage.created_at, InboxMessage.id)))
        assert all(m.text and "{" not in m.text and m.title for m in found)
        return [m.template for m in found]


def signed_up(scene: Scene) -> tuple[Actor, Signup]:
    who = make.volunteer()
    with clock.frozen(DAY_BEFORE):
        return who, signups.sign_up(who, scene.shift_id)


def test_of_a_seat_and_every_change(rolled_back: Flask) -> None:
    app = rolled_back
    with stored(app):
        scene = make.scene(capacity=1)
        other = make.second_shift(scene, starts_at=NINE + 3 * HOUR)
        who, _ = signed_up(scene)
        waiting, _ = signed_up(scene)
    with clock.frozen(DAY_BEFORE):
        make.run(app, tell_seats)
    assert heard(app, who) == ["seat_confirmed"]
    with stored(app), clock.frozen(DAY_BEFORE):
        signup = db.session.scalars(select(Signup).where(Signup.person_id == who.id)).one()
        placements.move(scene.organizer, signup.id, shift_id=other)
    with clock.frozen(DAY_BEFORE):
        make.run(app, promote_waitlist)
    assert heard(app, waiting) == ["seat_offered"]
    with clock.frozen(EVENING_BEFORE):
        make.run(app, remind_people)
    with stored(app), clock.frozen(EVENING_BEFORE + HOUR):
        deputies.lead(scene.organizer, scene.activity_id, make.volunteer("新队长").id)
        postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")
    with clock.frozen(EVENING_BEFORE + HOUR + JOB_LATER):
        make.run(app, tell_postponements)
    times = [
        postponements.NewTime(shift_id, NINE + WEEK, NINE + WEEK + HOUR)
        for shift_id in (scene.shift_id, other)
    ]
    with stored(app), clock.frozen(EVENING_BEFORE + 2 * HOUR):
        postponements.reschedule(scene.organizer, scene.activity_id, times=times, place="文化馆")
    with clock.frozen(EVENING_BEFORE + 2 * HOUR + JOB_LATER):
        make.run(app, tell_postponements)
    with stored(app), clock.frozen(EVENING_BEFORE + 3 * HOUR):
        activities.cancel(scene.organizer, scene.activity_id, reason="疫情")
    with clock.frozen(EVENING_BEFORE + 3 * HOUR + JOB_LATER):
        make.run(app, close_activities)
    assert heard(app, who) == [
        "seat_confirmed",
        "signup_moved",
        "shift_tomorrow",
        "leader_changed",
        "activity_postponed",
        "activity_rescheduled",
        "activity_cancelled",
    ]
    assert heard(app, waiting) == [
        "seat_offered",
        "activity_postponed",
        "activity_rescheduled",
        "activity_cancelled",
    ]


def test_of_hours_and_what_follows_from_them(rolled_back: Flask) -> None:
    app = rolled_back
    with stored(app):
        scene = make.scene()
        who, _ = signed_up(scene)
    end = NINE + 2 * HOUR
    with stored(app), clock.frozen(NINE):
        attendances.check_in(who, code=make.code_of(scene.shift_id))
    with clock.frozen(end + HOUR / 2):
        make.run(app, remind_check_outs)
    with stored(app), clock.frozen(end + HOUR):
        attendances.check_out(who, code=make.code_of(scene.shift_id))
    with clock.frozen(end + HOUR + JOB_LATER):
        make.run(app, tally_hours)
    with stored(app), clock.frozen(NINE + DAY):
        (entry,) = entries_of(who)
        opened = disputes.open(
            who, about_type=DisputeAbout.ENTRY, about_id=entry.id, reason="少了半小时"
        )
        disputes.dismiss(scene.staff, opened.id, answer="以签到记录为准")
    with stored(app), clock.frozen(NINE + 2 * DAY):
        certificates.issue(who, from_day=NINE.date(), to_day=NINE.date())
    assert heard(app, who) == [
        "check_out_reminder",
        "hours_recorded",
        "dispute_decided",
        "certificate_ready",
    ]


def test_of_an_order_on_its_way(rolled_back: Flask) -> None:
    app = rolled_back
    with stored(app), clock.frozen(orders.MONDAY):
        office = orders.office()
        made = orders.order(office)
    team = office.team
    steps: list[Callable[[], object]] = [
        lambda: service_requests.dispatch(office.staff, made.id, organization_id=team.id),
        lambda: service_requests.accept(team.organizer, made.id),
        lambda: service_requests.start(team.organizer, made.id),
        lambda: service_requests.complete(team.organizer, made.id, **orders.report()),
    ]
    for number, step in enumerate(steps, start=1):
        with stored(app), clock.frozen(orders.MONDAY + number * HOUR):
            step()
        assert heard(app, office.citizen) == ["service_request_progress"] * number
