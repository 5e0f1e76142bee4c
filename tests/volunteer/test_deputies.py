"""Who answers on site: leaders change, deputies stand in."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.outbox import Message
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import person
from tests.factories.volunteer import DAY_BEFORE, HOUR, NINE
from volunteer.errors import ActivityOver
from volunteer.services import activities, deputies, postponements, shifts


def test_a_deputy_leads_as_the_leader_does(ctx: Flask) -> None:
    scene, deputy = make.scene(), make.volunteer("孙副队")
    with clock.frozen(DAY_BEFORE):
        with pytest.raises(NotFound):
            shifts.show_code(deputy, scene.shift_id)
        deputies.replace(scene.organizer, scene.activity_id, [deputy.id])
    with clock.frozen(NINE):
        shifts.show_code(deputy, scene.shift_id)
        deputies.replace(scene.organizer, scene.activity_id, [])
        with pytest.raises(NotFound):
            shifts.show_code(deputy, scene.shift_id)


def test_deputies_are_three_at_most_and_have_a_real_name(ctx: Flask) -> None:
    scene = make.scene()
    leader = activities.load(scene.activity_id).leader_id
    wrong = (
        [make.volunteer().id for _ in range(4)],
        [person(registered=False).id],
        [new_id()],
        [leader],
    )
    with clock.frozen(DAY_BEFORE):
        for ids in wrong:
            with pytest.raises(InvalidInput) as refused:
                deputies.replace(scene.organizer, scene.activity_id, ids)
            assert list(refused.value.errors or {}) == ["person_ids"]
        three = [make.volunteer().id for _ in range(3)]
        activity = deputies.replace(scene.organizer, scene.activity_id, [*three, three[0]])
    assert sorted(activity.deputy_ids) == sorted(three)


def heard(who: Actor) -> list[str | None]:
    query = select(InboxMessage).where(InboxMessage.person_id == who.id)
    return [m.text for m in db.session.scalars(query.order_by(InboxMessage.id))]


def test_whoever_answers_on_site_hears_of_it_and_of_every_change(ctx: Flask) -> None:
    scene = make.scene(published=False)
    leader, deputy, late = (make.volunteer(name) for name in ("吴队", "郑副队", "冯副队"))
    with clock.frozen(DAY_BEFORE):
        activities.update_draft(scene.organizer, scene.activity_id, {"leader_id": leader.id})
        deputies.replace(scene.organizer, scene.activity_id, [deputy.id])
        assert heard(deputy) == []
        make.publish(scene)
        for _ in range(2):
            deputies.replace(scene.organizer, scene.activity_id, [deputy.id, late.id])
        postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")
        new = postponements.NewTime(scene.shift_id, NINE + 24 * HOUR, NINE + 25 * HOUR)
        postponements.reschedule(scene.organizer, scene.activity_id, times=[new], place="文化馆")
        activities.cancel(scene.organizer, scene.activity_id, reason="场地不可用")
    begins = "2027年5月1日（周六）09:00开始"
    named = "您是“周六清洁家园”的{}，" + begins + "。如不能到场，请尽早联系组织管理员"
    changes = [
        (
            "原定2027年5月1日（周六）09:00的“周六清洁家园”延期，原因：大雨。"
            "新的时间另行通知，您也可以取消报名"
        ),
        "“周六清洁家园”改到2027年5月2日（周日）09:00，地点：文化馆。来不了可以取消报名",
        "原定2027年5月2日（周日）09:00的“周六清洁家园”已取消，原因：场地不可用",
    ]
    assert heard(leader) == [named.format("负责人"), *changes]
    assert heard(deputy) == heard(late) == [named.format("副负责人"), *changes]
    assert heard(scene.organizer) == []


def test_an_organizer_takes_over_and_both_are_told(ctx: Flask) -> None:
    scene, new = make.scene(), make.volunteer("吴接手")
    before = activities.load(scene.activity_id).leader_id
    with clock.frozen(NINE + HOUR):
        activity = deputies.lead(scene.organizer, scene.activity_id, new.id)
        assert (activity.leader_id, activity.deputy_ids) == (new.id, [])
        deputies.lead(scene.organizer, scene.activity_id, new.id)
    told = db.session.scalars(select(Message.dedupe_key)).all()
    assert {key.rpartition(":")[2] for key in told} == {str(before), str(new.id)}
    assert len(told) == 2


@pytest.mark.parametrize(("minutes", "is_refused"), [(119, False), (120, True)])
def test_the_lead_changes_until_the_end(ctx: Flask, minutes: int, is_refused: bool) -> None:
    scene, new = make.scene(minutes=120), make.volunteer()
    with clock.frozen(NINE + timedelta(minutes=minutes)):
        if is_refused:
            with pytest.raises(ActivityOver):
                deputies.lead(scene.organizer, scene.activity_id, new.id)
        else:
            deputies.lead(scene.organizer, scene.activity_id, new.id)


def test_only_its_organizers_decide_who_leads(ctx: Flask) -> None:
    scene, other = make.scene(), make.scene()
    with clock.frozen(DAY_BEFORE), pytest.raises(NotFound):
        deputies.lead(other.organizer, scene.activity_id, other.organizer.id)


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        scene, deputy = make.scene(), make.volunteer()
    me, path = http.as_(scene.organizer), f"/activities/{scene.activity_id}"
    with clock.frozen(DAY_BEFORE):
        named = me.put(f"{path}/deputies", json={"person_ids": [str(deputy.id)]})
        assert named.json["deputy_ids"] == [str(deputy.id)]  # type: ignore[index]
        assert http.as_(deputy).get(f"{path}/inside").status_code == 200
        led = me.post(f"{path}/lead", json={"person_id": str(deputy.id)})
        assert (led.json["leader_id"], led.json["deputy_ids"]) == (str(deputy.id), [])  # type: ignore[index]
        refused = http.as_(deputy).post(f"{path}/lead", json={"person_id": str(deputy.id)})
        assert refused.status_code == 403
