"""Hours under many hands: one decision each, one person-minute once, sums that stay true."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select
from sqlalchemy.orm import joinedload

from core import audit, clock
from core.actor import Actor
from core.db import atomically, db, lock_exclusively
from core.errors import WrongState
from core.ids import new_id
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.hours import MINUTE, served
from tests.factories.volunteer import NINE, Scene
from tests.races.crowd import naive_rush, rush
from volunteer.errors import AlreadyBackfilled, BackfillTooLong
from volunteer.lifecycles import DisputeStatus
from volunteer.models.attendances import Attendance
from volunteer.models.backfills import Backfill
from volunteer.models.disputes import Dispute, DisputeAbout
from volunteer.models.hours import HoursEntry, SourceType
from volunteer.services import (
    backfills,
    disputed_minutes,
    disputes,
    hours,
    reviews,
    settlements,
    shifts,
)
from volunteer.services.disputed_minutes import Correction

pytestmark = pytest.mark.race

EVENING = NINE + timedelta(hours=10)


def column(app: Flask, query: Any) -> list[Any]:
    """What a query of one column finds."""
    with app.app_context():
        return atomically(app, lambda: list(db.session.scalars(query)), write=False)


def verbs_on(app: Flask, thing_id: UUID, *verbs: str) -> list[str]:
    query = select(audit.Entry.verb).where(
        audit.Entry.thing_id == thing_id, audit.Entry.verb.in_(verbs)
    )
    return column(app, query)


def claim(volunteer: Actor, scene: Scene, minutes: int = 60) -> list[Backfill]:
    return backfills.claim(
        volunteer,
        activity_id=scene.activity_id,
        shift_id=scene.shift_id,
        minutes=minutes,
        evidence="签到表照片",
        reference="2027-015 号",
        reason="现场没有信号",
    )


def test_of_two_approvers_of_a_backfill_one_is_the_second_person(committed: Flask) -> None:
    for _ in range(5):
        with stored(committed), clock.frozen(EVENING):
            scene, other = make.scene(), make.staff(name="乙审核")
            (made,) = claim(make.volunteer(), scene)
        with clock.frozen(EVENING):
            outcomes = rush(
                committed,
                [
                    partial(backfills.approve, scene.organizer, made.id),
                    partial(backfills.approve, other, made.id),
                    partial(backfills.reject, scene.staff, made.id, reason="看不清"),
                ],
            )
        assert len([o for o in outcomes if isinstance(o, WrongState)]) == 2
        assert len(verbs_on(committed, made.id, "approve", "reject")) == 1


def test_twenty_claims_of_one_shift_are_one(committed: Flask) -> None:
    with stored(committed):
        scene, volunteer = make.scene(), make.volunteer()
    with clock.frozen(EVENING):
        works = [partial(claim, volunteer, scene, 50 + n % 2) for n in range(20)]
        outcomes = rush(committed, works)
    made = [o[0].id for o in outcomes if isinstance(o, list)]
    assert len(set(made)) == 1
    refused = [o for o in outcomes if not isinstance(o, list)]
    assert {type(o) for o in refused} == {AlreadyBackfilled}
    count = select(func.count()).select_from(Backfill)
    assert column(committed, count) == [1]


def test_claims_of_two_shifts_at_one_time_do_not_both_fit(committed: Flask) -> None:
    for _ in range(5):
        with stored(committed):
            one, other, volunteer = make.scene(), make.scene(), make.volunteer()
        with clock.frozen(EVENING):
            outcomes = rush(
                committed, [partial(claim, volunteer, scene, 100) for scene in (one, other)]
            )
        assert len([o for o in outcomes if isinstance(o, BackfillTooLong)]) == 1


def test_without_the_guard_both_approvals_are_written(committed: Flask) -> None:
    """Negative control: reading that nobody has decided, then writing that one did."""
    decisions = Table("naive_approvals", MetaData(), Column("id", Integer, primary_key=True))
    with stored(committed):
        decisions.create(db.session.connection())

    def is_undecided() -> bool:
        return not db.session.execute(select(decisions.c.id)).all()

    assert (
        naive_rush(committed, 2, is_undecided, lambda: db.session.execute(insert(decisions))) == 2
    )


def test_of_uphold_and_dismiss_one_happens(committed: Flask) -> None:
    for _ in range(5):
        with stored(committed):
            scene, volunteer, other = make.scene(), make.volunteer(), make.staff(name="乙审核")
            attendance = served(volunteer, scene.shift_id, NINE, NINE + 70 * MINUTE)
            opened = disputes.open(
                volunteer,
                about_type=DisputeAbout.ATTENDANCE,
                about_id=attendance.id,
                reason="我在后厨",
            )
        outcomes = rush(
            committed,
            [
                partial(disputes.uphold, scene.staff, opened.id, answer="属实", minutes=120),
                partial(disputes.uphold, scene.organizer, opened.id, answer="属实", minutes=100),
                partial(disputes.dismiss, other, opened.id, answer="不属实"),
            ],
        )
        assert len([o for o in outcomes if isinstance(o, WrongState)]) == 2
        (verb,) = verbs_on(committed, opened.id, "uphold", "dismiss")
        entries = select(HoursEntry.minutes).where(HoursEntry.person_id == volunteer.id)
        found = column(committed, entries)
        assert len(found) == (1 if verb == "uphold" else 0)


def disputed_activity(scene: Scene) -> tuple[Dispute, list[Attendance]]:
    found = [served(make.volunteer(), scene.shift_id, NINE, NINE + 120 * MINUTE) for _ in range(3)]
    opened = disputes.open(
        Actor(found[0].person_id),
        about_type=DisputeAbout.ACTIVITY,
        about_id=scene.activity_id,
        reason="活动没有办",
    )
    return opened, found


def test_of_two_answers_about_an_activity_one_corrects_everybody(committed: Flask) -> None:
    for _ in range(4):
        with stored(committed):
            scene, other = make.scene(), make.staff(name="乙处理")
            opened, found = disputed_activity(scene)
        answers = [
            partial(
                disputes.uphold,
                by,
                opened.id,
                answer="属实",
                corrections=[Correction(a.id, minutes) for a in listed],
            )
            for by, minutes, listed in ((scene.staff, 0, found), (other, 60, found[::-1]))
        ]
        outcomes = rush(committed, answers)
        assert len([o for o in outcomes if isinstance(o, WrongState)]) == 1
        entries = select(HoursEntry.minutes).where(HoursEntry.source_id == opened.id)
        assert column(committed, entries) in ([-120] * 3, [-60] * 3)


def test_without_the_guard_an_activity_is_corrected_twice(committed: Flask) -> None:
    """Negative control: reading that the dispute is open, then correcting."""
    with stored(committed):
        scene = make.scene()
        opened, found = disputed_activity(scene)
    left = iter((0, 60))

    def is_open() -> bool:
        return db.session.get_one(Dispute, opened.id).status is DisputeStatus.OPEN

    def correct() -> None:
        lock_exclusively(f"person:{found[0].person_id}")
        listed = [Correction(a.id, next(left)) for a in found[:1]]
        query = select(Dispute).options(joinedload(Dispute.site)).where(Dispute.id == opened.id)
        disputed_minutes.correct(scene.staff, db.session.scalars(query).one(), listed)

    assert naive_rush(committed, 2, is_open, correct) == 2
    entries = select(func.count()).where(HoursEntry.source_id == opened.id)
    assert column(committed, entries) == [2]


def test_of_approving_and_rejecting_long_time_one_happens(committed: Flask) -> None:
    for _ in range(5):
        with stored(committed):
            scene = make.scene(minutes=600)
            other = make.staff(name="乙审核")
            volunteer = make.volunteer()
            attendance = served(volunteer, scene.shift_id, NINE, NINE + 600 * MINUTE)
        outcomes = rush(
            committed,
            [
                partial(reviews.approve, scene.staff, attendance.id),
                partial(reviews.approve, other, attendance.id),
                partial(reviews.reject, other, attendance.id, reason="不属实"),
            ],
        )
        assert len([o for o in outcomes if isinstance(o, WrongState)]) == 2
        query = select(func.sum(HoursEntry.minutes)).where(HoursEntry.person_id == volunteer.id)
        (total,) = column(committed, query)
        (verb,) = verbs_on(committed, attendance.id, "approve", "reject")
        assert total == (600 if verb == "approve" else 480)


def test_records_that_arrive_at_once_count_a_minute_once(committed: Flask) -> None:
    """Four shifts that overlap, recorded by four leaders at the same moment."""
    for _ in range(3):
        with stored(committed):
            scenes = [make.scene(starts_at=NINE + n * 30 * MINUTE) for n in range(4)]
            volunteer = make.volunteer()
        works = [
            partial(
                served,
                volunteer,
                scene.shift_id,
                NINE + n * 30 * MINUTE,
                NINE + (n * 30 + 120) * MINUTE,
            )
            for n, scene in enumerate(scenes)
        ]
        outcomes = rush(committed, works)
        assert [type(o) for o in outcomes] == [Attendance] * 4
        query = select(func.sum(HoursEntry.minutes)).where(HoursEntry.person_id == volunteer.id)
        assert column(committed, query) == [210]
        told = select(Attendance.minutes).where(Attendance.person_id == volunteer.id)
        assert sorted(column(committed, told)) == [30, 30, 30, 120]


def test_without_the_lock_the_same_minutes_are_counted_twice(committed: Flask) -> None:
    """Negative control: reading what is counted, then counting the rest."""
    counted = Table("naive_minutes", MetaData(), Column("id", Integer, primary_key=True))
    with stored(committed):
        counted.create(db.session.connection())

    def is_free() -> bool:
        return db.session.scalar(select(func.count()).select_from(counted)) == 0

    assert naive_rush(committed, 4, is_free, lambda: db.session.execute(insert(counted))) > 1


def test_sums_stay_true_while_entries_are_corrected(committed: Flask) -> None:
    with stored(committed):
        scene = make.scene(capacity=12)
        people = [make.volunteer(f"志愿{n}") for n in range(12)]
        known = [served(p, scene.shift_id, NINE, NINE + 120 * MINUTE) for p in people]

    def correct(number: int) -> None:
        attendance = db.session.get_one(Attendance, known[number].id)
        attendance.checked_out_at = NINE + (80 + number) * MINUTE
        settlements.resettle(
            scene.organizer,
            attendance,
            shifts.load(scene.shift_id),
            cause_type=SourceType.CORRECTION,
            cause_id=new_id(),
            reason="更正签退时间",
        )

    works: list[Callable[[], Any]] = [partial(correct, n) for n in range(12)]
    works += [hours.tally_batch] * 6
    outcomes = rush(committed, works)
    assert not [o for o in outcomes if isinstance(o, Exception)]
    rush(committed, [hours.tally_batch] * 2)
    with committed.app_context():
        assert atomically(committed, hours.reconcile, write=True) == []
    total = select(func.sum(HoursEntry.minutes))
    assert column(committed, total) == [sum(80 + n for n in range(12))]
