"""The ledger, the sums that follow it, stars, and what a person is shown."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from accounts.permissions import Role
from accounts.services import inbox, merges, persons
from core import clock
from core.actor import Actor
from core.db import db
from core.ids import new_id
from core.paging import PageRequest
from core.sheets import SheetFormat
from jobs.exports import make_exports
from jobs.hours import HoursDiffer, reconcile_hours, tally_hours
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person
from tests.factories.ledger import entry, taken_back
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from volunteer.actions import Action
from volunteer.models.exports import ExportKind
from volunteer.models.hours import (
    EntryKind,
    HoursEntry,
    HoursTotal,
    Ledger,
    SourceType,
    UntalliedHours,
    VolunteerStanding,
)
from volunteer.services import attendances, exports, hours, signups, stars, sync_batches

ALL = PageRequest(limit=100)


def served(volunteer: Actor, scene: Scene, minutes: int = 120) -> None:
    """Sign up, check in at nine, and leave after so many minutes."""
    with clock.frozen(DAY_BEFORE):
        signups.sign_up(volunteer, scene.shift_id)
    with clock.frozen(NINE):
        attendances.check_in(volunteer, code=make.code_of(scene.shift_id))
    with clock.frozen(NINE + timedelta(minutes=minutes)):
        attendances.check_out(volunteer, code=make.code_of(scene.shift_id))


def entered(scene: Scene, volunteer: Actor, minutes: Iterable[int]) -> None:
    """Entries straight in the ledger, as long service leaves them."""
    for number in minutes:
        entry = HoursEntry(
            id=new_id(),
            person_id=volunteer.id,
            organization_id=scene.organization_id,
            activity_id=scene.activity_id,
            site_id=scene.site_id,
            action=Action.RURAL_SERVICE,
            minutes=number,
            kind=EntryKind.EARNED,
            ledger=Ledger.VERIFIED,
            source_type=SourceType.ATTENDANCE,
            source_id=new_id(),
            served_on=NINE.date(),
            created_by=volunteer.id,
            created_at=NINE,
        )
        db.session.add(entry)
        db.session.flush()
        db.session.add(UntalliedHours(entry_id=entry.id))
    db.session.flush()


def standing(person_id: UUID) -> VolunteerStanding:
    return db.session.get_one(VolunteerStanding, person_id, populate_existing=True)


def test_the_sums_follow_the_ledger_once(ctx: Flask) -> None:
    scene = make.scene()
    one, two = make.volunteer(), make.volunteer()
    served(one, scene, 120)
    served(two, scene, 90)
    assert hours.tally_batch() == 2
    assert hours.tally_batch() == 0
    total = db.session.query(HoursTotal).one()
    assert (total.minutes, total.entries, total.month) == (210, 2, "2027-05")
    assert (total.organization_id, total.site_id) == (scene.organization_id, scene.site_id)
    assert (total.action, total.ledger) == (Action.RURAL_SERVICE, Ledger.VERIFIED)
    assert standing(two.id).verified_minutes == hours.summarize(two).tallied_minutes == 90
    assert hours.reconcile() == []


def test_later_entries_are_added_to_the_same_sums(ctx: Flask) -> None:
    scene, volunteer = make.scene(), make.volunteer()
    for minutes in (10, 20, 30):
        entered(scene, volunteer, [minutes])
        assert hours.tally_batch() == 1
    assert db.session.query(HoursTotal).one().minutes == 60
    assert standing(volunteer.id).verified_minutes == 60


def test_a_long_queue_is_tallied_in_bounded_batches(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, volunteer = make.scene(), make.volunteer()
        entered(scene, volunteer, [1] * (hours.BATCH + 7))
    assert make.run(rolled_back, tally_hours) == hours.BATCH + 7
    assert make.run(rolled_back, tally_hours) == 0
    with rolled_back.app_context():
        assert standing(volunteer.id).verified_minutes == hours.BATCH + 7
        assert db.session.scalar(select(func.count()).select_from(UntalliedHours)) == 0


def test_a_star_comes_with_its_hundredth_hour_and_not_a_minute_before(ctx: Flask) -> None:
    scene, volunteer = make.scene(), make.volunteer()
    entered(scene, volunteer, [5999])
    hours.tally_batch()
    assert (standing(volunteer.id).star, standing(volunteer.id).starred_at) == (0, None)
    entered(scene, volunteer, [1])
    with clock.frozen(NINE):
        hours.tally_batch()
    assert (standing(volunteer.id).star, standing(volunteer.id).starred_at) == (1, NINE)


def test_stars_can_be_skipped(ctx: Flask) -> None:
    scene, volunteer = make.scene(), make.volunteer()
    entered(scene, volunteer, [1000 * 60])
    hours.tally_batch()
    assert standing(volunteer.id).star == 4
    summary = hours.summarize(volunteer)
    assert (summary.star, summary.next_star) == (4, stars.NextStar(5, 500 * 60, 200 * 60, None))


def test_a_changed_sum_is_found(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, volunteer = make.scene(), make.volunteer()
        entered(scene, volunteer, [60])
        hours.tally_batch()
        entered(scene, volunteer, [30])  # waits for the next tally: no difference
    assert make.run(rolled_back, reconcile_hours) == 0
    with stored(rolled_back):
        db.session.execute(update(HoursTotal).values(minutes=61))
        db.session.execute(update(VolunteerStanding).values(verified_minutes=59))
        found = {d.what.rsplit(" ", 1)[0]: (d.stored, d.summed) for d in hours.reconcile()}
    assert sorted(found.values()) == [(59, 60), (61, 60)]
    assert f"minutes of {volunteer.id}" in found
    with pytest.raises(HoursDiffer):
        make.run(rolled_back, reconcile_hours)


def test_a_person_sees_the_exact_sum_before_it_is_tallied(ctx: Flask) -> None:
    scene, volunteer = make.scene(), make.volunteer()
    served(volunteer, scene, 100)
    summary = hours.summarize(volunteer)
    assert (summary.verified_minutes, summary.honorary_minutes, summary.star) == (100, 0, 0)
    assert summary.next_star == stars.NextStar(1, 6000 - 100, 4800 - 100, None)
    assert [(n.activity.id, n.part.reason, n.part.minutes) for n in summary.not_counted] == [
        (scene.activity_id, "left_early", 20)
    ]
    assert [e.minutes for e in hours.list_entries(volunteer, ALL).items] == [100]
    assert hours.summarize(make.volunteer()).verified_minutes == 0


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, volunteer = make.scene(), make.volunteer()
        served(volunteer, scene, 100)
    me = http.as_(volunteer)
    assert http.get("/me/hours").status_code == 401
    mine = me.get("/me/hours")
    assert mine.json == {
        "verified_minutes": 100,
        "honorary_minutes": 0,
        "verified_hours": "1.6",
        "honorary_hours": "0.0",
        "tallied_minutes": 0,
        "pending": 0,
        "not_counted": [
            {
                "activity": {
                    "id": str(scene.activity_id),
                    "title": "周六清洁家园",
                    "place": "文峰社区服务站门口",
                    "status": "published",
                },
                "reason": "left_early",
                "sentence": "提前离开后的时间不计入",
                "minutes": 20,
            }
        ],
        "star": 0,
        "next_star": {
            "star": 1,
            "minutes_missing": 5900,
            "verified_minutes_missing": 4700,
            "score_tenths_needed": None,
        },
    }
    listed = me.get("/me/hours/entries")
    (entry,) = listed.json["items"]  # type: ignore[index]
    assert (entry["minutes"], entry["ledger"], entry["served_on"]) == (
        100,
        "verified",
        "2027-05-01",
    )


def test_a_correction_is_told_as_one(rolled_back: Flask) -> None:
    with stored(rolled_back):
        who = make.volunteer()
        taken_back(entry(who, make.scene(), 120))
    make.run(rolled_back, tally_hours)
    with rolled_back.app_context():
        told = sorted(m.text or "" for m in inbox.list_mine(who, ALL).items)
    assert told == [
        "您在“周六清洁家园”的签到时长：120 分钟（签到签退）。如与实际不符，可以申诉",
        "您在“周六清洁家园”的签到时长：更正 -120 分钟（未到场）。如与实际不符，可以申诉",
    ]


def test_hours_of_a_merged_account_are_read_and_summed_as_one(
    http: Http, rolled_back: Flask
) -> None:
    with stored(rolled_back):
        scene = make.scene()
        lost, kept = person(registered=False), person("张三")
        entered(scene, actor_of(lost), [90 * 60])
    make.run(rolled_back, tally_hours)
    with stored(rolled_back):
        entered(scene, actor_of(lost), [5 * 60])
        entered(scene, actor_of(kept), [6 * 60])
        admin = actor_of(person("李管理"), grant(Role.ADMIN))
        merges.merge(admin, lost.id, into=kept.id, reason="同一人")
    make.run(rolled_back, tally_hours)
    make.run(rolled_back, reconcile_hours)
    with rolled_back.app_context():
        me = actor_of(persons.get(kept.id))
    hours_of = http.as_(me).get("/me/hours").json
    assert hours_of is not None
    assert (hours_of["verified_minutes"], hours_of["star"]) == (101 * 60, 1)
    assert len(http.as_(me).get("/me/hours/entries").json["items"]) == 3  # type: ignore[index]


def test_an_entry_tells_how_far_it_has_come_to_civil_affairs(
    http: Http, rolled_back: Flask
) -> None:
    with stored(rolled_back):
        scene, who = make.scene(), make.volunteer()
        served(who, scene)
        wanted = exports.ExportRequest(
            ExportKind.DECREE67, SheetFormat.CSV, organization_id=scene.organization_id
        )

    def told() -> list[str]:
        listed = http.as_(who).get("/me/hours/entries").json
        return [entry["sync_status"] for entry in listed["items"]]  # type: ignore[index]

    assert told() == ["pending"]
    with stored(rolled_back):
        exports.unmask(scene.staff, wanted, reason="月度上报")
    assert told() == ["pending"]
    make.run(rolled_back, make_exports)
    assert told() == ["exported"]
    with stored(rolled_back):
        (batch,) = sync_batches.list_visible(scene.staff, ALL).items
        sync_batches.acknowledge(scene.staff, batch.id)
    assert told() == ["acknowledged"]
