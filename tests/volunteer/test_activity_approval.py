"""Activities before they are public: what a draft may say, who approves it, when it is settled."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.permissions import Role
from core import clock
from core.actor import Actor
from core.db import db, violation_of
from core.errors import InvalidInput, NotFound, WrongState
from jobs.activities import close_activities, settle_activities
from jobs.shifts import advance_shifts
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.volunteer import DAY_BEFORE, HOUR, NINE, Scene
from volunteer.errors import (
    ActivityNotEditable,
    ActivityNotInsured,
    AttendancesOpen,
    LocationCheckInRefused,
    OrganizationNotApproved,
    OwnApplication,
    ProjectNotApproved,
    RollOpen,
)
from volunteer.lifecycles import ActivityStatus, OrganizationStatus, ProjectStatus
from volunteer.models.activities import Activity, RiskLevel
from volunteer.models.attendances import Attendance
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.services import activities, attendances, closings, rolls, shifts, signups


def drafted(**details: Any) -> Scene:
    made = make.scene(published=False, capacity=details.pop("capacity", 10))
    if details:
        activities.update_draft(made.organizer, made.activity_id, details)
    return made


def submitted(**details: Any) -> Scene:
    made = drafted(**details)
    with clock.frozen(DAY_BEFORE):
        activities.submit(made.organizer, made.activity_id)
    return made


def approved(**details: Any) -> Scene:
    made = submitted(**details)
    activities.approve(made.staff, made.activity_id)
    return made


def test_what_is_sent_back_is_corrected_and_handed_in_again(ctx: Flask) -> None:
    scene = submitted()
    sent_back = activities.send_back(scene.staff, scene.activity_id, reason="地点不清楚")
    assert (sent_back.status, sent_back.decision_reason) == (
        ActivityStatus.SENT_BACK,
        "地点不清楚",
    )
    changes = {"place": "文峰社区东门岗亭旁"}
    assert activities.update_draft(scene.organizer, scene.activity_id, changes).place == (
        "文峰社区东门岗亭旁"
    )
    with clock.frozen(DAY_BEFORE):
        activities.submit(scene.organizer, scene.activity_id)
    assert activities.approve(scene.staff, scene.activity_id).decision_reason is None


def test_a_decision_falls_once(ctx: Flask) -> None:
    scene = approved()
    for act in (activities.approve, activities.send_back):
        reason = {"reason": "再想想"} if act is activities.send_back else {}
        with pytest.raises(WrongState):
            act(scene.staff, scene.activity_id, **reason)


def test_what_is_handed_in_does_not_change(ctx: Flask) -> None:
    scene = submitted()
    with pytest.raises(ActivityNotEditable) as refused:
        activities.update_draft(scene.organizer, scene.activity_id, {"title": "换个名字"})
    assert refused.value.details == {"state": "submitted"}
    with pytest.raises(ActivityNotEditable):
        shifts.update_draft(scene.organizer, scene.shift_id, {"capacity": 20})
    with pytest.raises(ActivityNotEditable):
        shifts.delete(scene.organizer, scene.shift_id)


def test_nobody_approves_what_they_made_lead_or_organise(ctx: Flask) -> None:
    scene = submitted()
    activity = activities.load(scene.activity_id)
    over_site = grant(Role.SITE_STAFF, over=site())
    creator = Actor(person_id=activity.created_by, grants=(over_site,))
    leader, colleague = person("李站长"), person("周组织")
    activity.leader_id = leader.id
    db.session.flush()
    organizes = grant(Role.ORGANIZER, organization=scene.organization_id)
    for insider in (
        creator,
        actor_of(leader, over_site),
        actor_of(colleague, over_site, organizes),
    ):
        with pytest.raises(OwnApplication):
            activities.approve(insider, scene.activity_id)
        with pytest.raises(OwnApplication):
            activities.send_back(insider, scene.activity_id, reason="自己退回")


def test_the_key_of_the_rule_is_told_by_its_error(ctx: Flask) -> None:
    activity = activities.load(submitted().activity_id)
    activity.decided_by = activity.created_by
    with pytest.raises(IntegrityError) as violated:
        db.session.flush()
    assert isinstance(violation_of(violated.value), OwnApplication)


def test_a_small_office_leaves_it_to_the_site_above(ctx: Flask) -> None:
    scene = submitted()
    with pytest.raises(NotFound):
        activities.approve(make.staff(site("411003")), scene.activity_id)
    county = make.staff(site("411002"))
    assert activities.approve(county, scene.activity_id).status is ActivityStatus.APPROVED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "周三例会"}, "title"),
        ({"content": "现场推销保健品"}, "content"),
        ({"latitude": 34.02}, "longitude"),
        ({"fence_radius": 100}, "fence_radius"),
        ({"has_location_check_in": True}, "has_location_check_in"),
        ({"min_age": 60, "max_age": 16}, "max_age"),
        ({"risk_level": RiskLevel.DANGEROUS}, "min_age"),
        ({"risk_level": RiskLevel.DANGEROUS, "min_age": 17}, "min_age"),
        ({"qualification_code": "juggling"}, "qualification_code"),
    ],
)
def test_values_that_do_not_fit_together_are_refused(
    ctx: Flask, changes: dict[str, Any], field: str
) -> None:
    scene = drafted()
    with pytest.raises(InvalidInput) as refused:
        activities.update_draft(scene.organizer, scene.activity_id, changes)
    assert list(refused.value.errors or {}) == [field]


def test_dangerous_work_is_for_adults(ctx: Flask) -> None:
    details = {"risk_level": RiskLevel.DANGEROUS, "min_age": 18, "qualification_code": "first_aid"}
    activity = activities.load(drafted(**details).activity_id)
    assert (activity.risk_level, activity.min_age) == (RiskLevel.DANGEROUS, 18)


@pytest.mark.parametrize(
    ("capacity", "others", "is_refused"),
    [
        (99, {}, True),
        (100, {}, False),
        (60, {0: 40}, False),  # another post at the same time
        (60, {7 * 24: 40}, True),  # another Saturday
        (100, {7 * 24: 10}, True),
    ],
)
def test_the_place_is_proof_only_where_a_hundred_come(
    ctx: Flask, capacity: int, others: dict[int, int], is_refused: bool
) -> None:
    place = {"latitude": 34.02, "longitude": 113.82, "fence_radius": 300}
    scene = drafted(capacity=capacity, has_location_check_in=True, **place)
    for hours_later, seats in others.items():
        make.second_shift(scene, starts_at=NINE + hours_later * HOUR, capacity=seats)
    with clock.frozen(DAY_BEFORE):
        if is_refused:
            with pytest.raises(LocationCheckInRefused):
                activities.submit(scene.organizer, scene.activity_id)
        else:
            activities.submit(scene.organizer, scene.activity_id)


def test_a_risky_activity_is_insured_before_it_is_published(ctx: Flask) -> None:
    scene = approved(risk_level=RiskLevel.PERSONAL)
    with clock.frozen(DAY_BEFORE):
        with pytest.raises(ActivityNotInsured):
            activities.publish(scene.organizer, scene.activity_id)
        with pytest.raises(ActivityNotEditable):
            activities.update_draft(scene.organizer, scene.activity_id, {"title": "换个名字"})
        bought = {"insurance_number": "PICC-2027-0501"}
        activities.update_draft(scene.organizer, scene.activity_id, bought)
        activities.publish(scene.organizer, scene.activity_id)


def test_nothing_is_published_by_who_may_begin_nothing(ctx: Flask) -> None:
    scene = approved()
    organization = db.session.get_one(Organization, scene.organization_id)
    organization.suspend_reason, organization.status = "整改", OrganizationStatus.SUSPENDED
    db.session.flush()
    with clock.frozen(DAY_BEFORE), pytest.raises(OrganizationNotApproved):
        activities.publish(scene.organizer, scene.activity_id)
    organization.status = OrganizationStatus.APPROVED
    project = db.session.get_one(Project, scene.project_id)
    project.close_reason, project.status = "完成", ProjectStatus.CLOSED
    db.session.flush()
    with clock.frozen(DAY_BEFORE), pytest.raises(ProjectNotApproved):
        activities.publish(scene.organizer, scene.activity_id)
    assert (
        activities.cancel(scene.organizer, scene.activity_id, reason="不办了").published_at is None
    )
    with pytest.raises(NotFound):
        activities.get_public(scene.activity_id)


def test_insiders_see_it_in_every_state(ctx: Flask) -> None:
    scene = drafted()
    activities.get_inside(scene.organizer, scene.activity_id)
    for other in (scene.staff, make.volunteer(), make.scene().organizer):
        with pytest.raises(NotFound):
            activities.get_inside(other, scene.activity_id)
    with clock.frozen(DAY_BEFORE):
        activities.submit(scene.organizer, scene.activity_id)
    activities.get_inside(scene.staff, scene.activity_id)


def test_shifts_of_a_draft_change_and_go(ctx: Flask) -> None:
    scene = drafted()
    with clock.frozen(DAY_BEFORE):
        changes = {"capacity": 4, "min_people": 3, "post": "引导"}
        shift = shifts.update_draft(scene.organizer, scene.shift_id, changes)
        assert (shift.capacity, shift.min_people, shift.post) == (4, 3, "引导")
        with pytest.raises(InvalidInput):
            shifts.update_draft(scene.organizer, scene.shift_id, {"min_people": 5})
    with pytest.raises(NotFound):
        shifts.delete(make.scene().organizer, scene.shift_id)
    shifts.delete(scene.organizer, scene.shift_id)
    assert activities.load(scene.activity_id).shifts == []


def test_it_is_settled_when_no_attendance_is_open(rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene()
        one, other = make.volunteer(), make.volunteer()
        with clock.frozen(DAY_BEFORE):
            for someone in (one, other):
                signups.sign_up(someone, scene.shift_id)
        with clock.frozen(NINE):
            for someone in (one, other):
                attendances.check_in(someone, code=make.code_of(scene.shift_id))
        with clock.frozen(NINE + 2 * HOUR):
            attendances.check_out(one, code=make.code_of(scene.shift_id))
        with pytest.raises(AttendancesOpen) as refused:
            closings.settle(scene.organizer, scene.activity_id)
        assert refused.value.details == {"open": 1}
    with clock.frozen(NINE + 4 * HOUR):
        assert make.run(rolled_back, close_activities) == 2
        assert make.run(rolled_back, settle_activities) == 0
        with stored(rolled_back):
            missed = db.session.scalars(
                select(Attendance.id).where(Attendance.person_id == other.person_id)
            ).one()
            attendances.confirm_time(
                scene.organizer, missed, checked_out_at=NINE + HOUR, reason="见到他走"
            )
        make.run(rolled_back, advance_shifts)
        assert make.run(rolled_back, settle_activities) == 0
        with stored(rolled_back):
            with pytest.raises(RollOpen):
                closings.settle(scene.organizer, scene.activity_id)
            rolls.close_roll(scene.organizer, scene.shift_id)
        assert make.run(rolled_back, settle_activities) == 1
        assert make.run(rolled_back, settle_activities) == 0
    with rolled_back.app_context():
        activity = db.session.get_one(Activity, scene.activity_id)
        assert (activity.status, activity.settled_at) == (ActivityStatus.SETTLED, NINE + 4 * HOUR)


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene = make.scene(published=False)
    me, staff = http.as_(scene.organizer), http.as_(scene.staff)
    path, shift = f"/activities/{scene.activity_id}", f"/shifts/{scene.shift_id}"
    with clock.frozen(DAY_BEFORE):
        seen = me.get(f"{path}/inside")
        assert (seen.status_code, seen.json["risk_level"]) == (200, "none")  # type: ignore[index]
        match = {"If-Match": seen.headers["ETag"]}
        change = {"content": "清扫楼道", "latitude": 34.0212345, "longitude": 113.8212345}
        changed = me.patch(path, json=change, headers=match)
        assert changed.json["latitude"] == 34.0212345, changed.json  # type: ignore[index]
        assert me.patch(path, json=change, headers=match).status_code == 412
        for bad in (True, "34", 91, None):
            refused = me.patch(path, json={"longitude": bad, "latitude": bad})
            assert refused.status_code == (200 if bad is None else 422), bad
        before = me.get(shift)
        resized = me.patch(
            shift, json={"capacity": 12}, headers={"If-Match": before.headers["ETag"]}
        )
        assert resized.json["capacity"] == 12  # type: ignore[index]
        extra = me.post(
            f"{path}/shifts",
            json={
                "starts_at": "2027-05-01T14:00:00+08:00",
                "ends_at": "2027-05-01T16:00:00+08:00",
                "capacity": 5,
                "post": "引导",
                "min_people": 2,
            },
        )
        assert (extra.json["post"], extra.json["min_people"]) == ("引导", 2)  # type: ignore[index]
        assert me.delete(f"/shifts/{extra.json['id']}").status_code == 204  # type: ignore[index]
        assert me.post(f"{path}/submit").json["status"] == "submitted"  # type: ignore[index]
        queue = staff.get("/activities/review").json["items"]  # type: ignore[index]
        assert [a["id"] for a in queue] == [str(scene.activity_id)]
        back = staff.post(f"{path}/send_back", json={"reason": "请写清内容"})
        assert (back.json["status"], back.json["reason"]) == ("sent_back", "请写清内容")  # type: ignore[index]
        own = me.get(f"/organizations/{scene.organization_id}/activities?status=sent_back")
        assert [a["id"] for a in own.json["items"]] == [str(scene.activity_id)]  # type: ignore[index]
        assert me.post(f"{path}/settle").json["code"] == "wrong_state"  # type: ignore[index]
