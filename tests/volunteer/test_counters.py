"""Somebody without a phone at a counter: reads, confirms and disputes with the card in hand."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.errors import IdNumberMismatch
from accounts.models.inbox import InboxMessage
from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import merges
from core import clock
from core.actor import Actor
from core.audit import Entry
from core.db import db
from core.ids import new_id
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, helper, id_number, person
from tests.factories.hours import MINUTE, served
from tests.factories.ledger import entry
from tests.factories.volunteer import NINE, Scene
from volunteer.errors import OwnAttendance, OwnDispute, ReviewNotIndependent
from volunteer.models.attendances import Attendance
from volunteer.models.disputes import DisputeAbout
from volunteer.models.hours import Ledger
from volunteer.services import attendance_changes, counters, disputes, signups

ELEVEN = NINE + 120 * MINUTE


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def card_of(who: Person) -> str:
    assert who.id_number is not None
    return who.id_number


def written_down(scene: Scene, who: Person) -> Attendance:
    """The leader marked somebody who has no phone to check in with."""
    with clock.frozen(make.DAY_BEFORE):
        signups.sign_up(actor_of(who), scene.shift_id)
    with clock.frozen(ELEVEN):
        return attendance_changes.record(
            scene.organizer,
            scene.shift_id,
            person_id=who.id,
            checked_in_at=NINE,
            checked_out_at=ELEVEN,
            reason="在现场看到",
        )


def test_the_record_is_what_a_phone_would_show_and_each_look_is_logged(scene: Scene) -> None:
    elder = person("孙奶奶")
    attendance = written_down(scene, elder)
    opened = disputes.open(
        actor_of(elder), about_type=DisputeAbout.ATTENDANCE, about_id=attendance.id, reason="不符"
    )
    by = helper()
    found = counters.view(by, elder.id, id_number=card_of(elder))
    assert [a.id for a in found.attendances] == [attendance.id]
    assert ([s.shift_id for s in found.signups], found.hours.pending) == ([scene.shift_id], 1)
    assert [d.id for d in found.disputes] == [opened.id]
    with pytest.raises(IdNumberMismatch):
        counters.view(by, elder.id, id_number=id_number())
    query = select(Entry.actor_id).where(Entry.verb == "view_record", Entry.thing_id == elder.id)
    assert db.session.scalars(query).all() == [by.id]


def test_hours_of_the_account_that_was_merged_are_there_too(scene: Scene) -> None:
    elder, other = person("孙奶奶"), Person(id=new_id(), created_at=NINE)
    db.session.add(other)
    db.session.flush()
    entry(Actor(other.id), scene, 90)
    merges.absorb(helper(), other, elder, reason="同一人")
    found = counters.view(helper(), elder.id, id_number=card_of(elder))
    assert (found.hours.verified_minutes, len(found.entries)) == (90, 1)


def test_what_the_leader_wrote_down_is_verified_by_the_word_given_at_the_counter(
    scene: Scene,
) -> None:
    elder, by = person("孙奶奶"), helper()
    attendance = written_down(scene, elder)
    assert attendance.status == "unconfirmed"
    with clock.frozen(ELEVEN + timedelta(hours=1)):
        with pytest.raises(IdNumberMismatch):
            attendance_changes.confirm_on_behalf(by, attendance.id, id_number=id_number())
        for _ in range(2):
            attendance_changes.confirm_on_behalf(by, attendance.id, id_number=card_of(elder))
    assert (attendance.status, attendance.minutes) == ("counted", 120)
    assert attendance.ledger is Ledger.VERIFIED
    assert told(elder) == ["confirmed_on_behalf"]


def test_nobody_who_runs_the_activity_nor_oneself_confirms_at_a_counter(scene: Scene) -> None:
    elder = person("孙奶奶")
    attendance, card = written_down(scene, elder), card_of(elder)
    with pytest.raises(ReviewNotIndependent):
        attendance_changes.confirm_on_behalf(scene.organizer, attendance.id, id_number=card)
    with pytest.raises(OwnAttendance):
        attendance_changes.confirm_on_behalf(actor_of(elder), attendance.id, id_number=card)
    member = Actor(
        person("钱助理").id, (grant(Role.ORGANIZER, organization=scene.organization_id),)
    )
    with pytest.raises(ReviewNotIndependent):
        attendance_changes.confirm_on_behalf(member, attendance.id, id_number=card)


def test_a_dispute_is_opened_for_the_person_who_hears_of_it(scene: Scene) -> None:
    elder = person("孙奶奶")
    attendance = served(actor_of(elder), scene.shift_id, NINE, NINE + 70 * MINUTE)
    about = {"about_type": DisputeAbout.ATTENDANCE, "about_id": attendance.id}
    by = helper()
    opened = disputes.open_on_behalf(
        by,
        elder.id,
        id_number=card_of(elder),
        reason="一直在后厨",
        **about,  # type: ignore[arg-type]
    )
    assert (opened.person_id, told(elder)) == (elder.id, ["disputed_on_behalf"])
    with pytest.raises(OwnDispute):
        disputes.open_on_behalf(
            actor_of(elder),
            elder.id,
            id_number=card_of(elder),
            reason="自己",
            **about,  # type: ignore[arg-type]
        )


def told(who: Person) -> list[str]:
    query = select(InboxMessage.template).where(
        InboxMessage.person_id == who.id, InboxMessage.template.endswith("d_on_behalf")
    )
    return list(db.session.scalars(query))


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, elder, by = make.scene(), person("孙奶奶"), helper()
        attendance, card = written_down(scene, elder), card_of(elder)
        another = id_number()
    at_counter = http.as_(by)
    path = f"/persons/{elder.id}"
    read = at_counter.post(f"{path}/service-record", json={"id_number": card})
    assert read.status_code == 200, read.json
    assert read.json is not None
    assert read.json["attendances"][0]["awaits_person"] is True
    assert card not in read.get_data(as_text=True)
    wrong = at_counter.post(f"{path}/service-record", json={"id_number": another})
    assert (wrong.status_code, wrong.json["code"]) == (409, "id_number_mismatch")  # type: ignore[index]
    assert http.as_(elder).post(f"{path}/service-record", json={}).status_code == 403
    confirming = f"/attendances/{attendance.id}/confirm_on_behalf"
    confirmed = at_counter.post(confirming, json={"id_number": card})
    assert (confirmed.status_code, confirmed.json["status"]) == (200, "counted")  # type: ignore[index]
    said = {
        "about_type": "attendance",
        "about_id": str(attendance.id),
        "reason": "时间不对",
        "id_number": card,
    }
    opened = at_counter.post(f"{path}/disputes", json=said)
    assert (opened.status_code, opened.json["status"]) == (201, "open")  # type: ignore[index]
