"""What people hear about a backfill on its way, and who sees it waiting."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from accounts.permissions import Role
from accounts.services import roles
from core import clock
from core.actor import SYSTEM, Actor, ScopeKind
from core.db import db
from tests.factories import volunteer as make
from tests.factories.accounts import person
from tests.factories.hours import MINUTE, served
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from tests.volunteer.test_backfills import ALL, DAY, EVENING, approved, claim, joined
from volunteer.errors import ActivityNotOpen
from volunteer.services import backfills, deputies, notices, postponements, rolls


@pytest.fixture
def scene(ctx: Flask) -> Scene:
    return make.scene()


def heard(who: Actor) -> list[str]:
    """The status in each sentence about the backfill of two hours."""
    query = select(InboxMessage).where(
        InboxMessage.person_id == who.id, InboxMessage.template == "backfill_decided"
    )
    told = [m.text or "" for m in db.session.scalars(query.order_by(InboxMessage.id))]
    return [text.split("：")[1].split("。")[0] for text in told]


def test_every_turn_is_told_also_the_second_and_third(scene: Scene) -> None:
    volunteer, member, office = make.volunteer(), make.volunteer("队友"), person("阵地")
    roles.bestow(
        SYSTEM, office.id, role=Role.SITE_STAFF, scope_kind=ScopeKind.SITE, scope_id=scene.site_id
    )
    joined(member, scene)
    made = approved(scene, volunteer)
    notices.contest(member, made.id, reason="我没看到他")
    notices.clear(scene.staff, made.id, note="他在后厨")
    served(volunteer, scene.shift_id, NINE, NINE + 120 * MINUTE)
    with clock.frozen(EVENING + 8 * DAY):
        notices.record(SYSTEM, made.id)
    assert heard(volunteer) == ["公示中", "有人异议", "异议不成立", "无需补记"]
    query = select(InboxMessage.person_id).where(InboxMessage.template == "dispute_opened")
    assert db.session.scalars(query).all() == [office.id]


def test_one_found_false_on_notice_is_told(scene: Scene) -> None:
    volunteer = make.volunteer()
    made = approved(scene, volunteer)
    with clock.frozen(EVENING):
        backfills.void(scene.staff, made.id, reason="照片是去年的")
    assert heard(volunteer) == ["公示中", "已作废"]


def test_a_deputy_sees_what_a_deputy_may_decide(scene: Scene) -> None:
    deputy, volunteer = make.volunteer("副队长"), make.volunteer()
    with clock.frozen(DAY_BEFORE):
        deputies.replace(scene.organizer, scene.activity_id, [deputy.id])
    with clock.frozen(EVENING):
        made = claim(volunteer, scene)
        assert [b.id for b in backfills.list_to_decide(deputy, ALL).items] == [made.id]
        assert backfills.approve(deputy, made.id).decided_by == deputy.id


def test_hours_of_a_shift_that_was_put_off_are_not_claimed(scene: Scene) -> None:
    early = make.second_shift(scene, starts_at=NINE - timedelta(hours=3))
    with clock.frozen(NINE - timedelta(hours=3)):
        rolls.begin(scene.organizer, early)
        postponements.postpone(scene.organizer, scene.activity_id, reason="大雨")
    with clock.frozen(EVENING):
        with pytest.raises(ActivityNotOpen):
            claim(make.volunteer(), scene)
        began = replace(scene, shift_id=early)
        assert claim(make.volunteer(), began).shift_id == early
