"""What a visitor of the demo finds of selections that are beyond their assessment, on any day."""

from collections import Counter
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from cli.demo import good_people, load, noticing
from cli.demo.cast import Cast
from cli.demo.script import Script
from core import audit, clock
from core.db import db
from core.paging import PageRequest
from nominations.errors import Recused
from nominations.lifecycles import (
    CampaignStatus,
    CareStatus,
    HonorStatus,
    NominationStatus,
    NoticeStatus,
    ObjectionStatus,
    PanelStatus,
    ReferralStatus,
)
from nominations.models.campaigns import Campaign
from nominations.models.care_visits import CareVisit
from nominations.models.honors import Honor, HonorLevel, RevokeGround
from nominations.models.nominations import Nomination
from nominations.models.objections import Objection
from nominations.models.panels import Panel
from nominations.models.referrals import Referral
from nominations.services import (
    declarations,
    honors,
    notices,
    objections,
    own_honors,
    panel_records,
    panel_scores,
    result_views,
)
from tests.cli.conftest import citizen, count, member_of_staff

ALL = PageRequest(limit=50)
HONORED = 10


def test_demo_has_a_selection_in_every_stage_that_a_visitor_can_try(ctx: Flask) -> None:
    assert Counter(db.session.scalars(select(Campaign.status))) == {
        CampaignStatus.NOMINATING: 1,
        CampaignStatus.ASSESSING: 1,
        CampaignStatus.JUDGING: 1,
        CampaignStatus.NOTICING: 1,
        CampaignStatus.CONCLUDED: 1,
    }
    assert set(db.session.scalars(select(Campaign.holding_reason))) == {None}


def test_demo_roll_has_honors_of_every_category_with_a_page(ctx: Flask) -> None:
    shown = honors.list_public(ALL).items
    assert Counter(honor.level for honor in shown) == {HonorLevel.CITY: 9, HonorLevel.PROVINCE: 1}
    assert len({honor.category_code for honor in shown}) == 5
    pages = [honors.get_public(honor.id) for honor in shown]
    assert all("演示" in page.title and honors.nomination_of(page).deeds for page in pages)
    revoked = db.session.scalars(select(Honor).where(Honor.status == HonorStatus.REVOKED)).one()
    assert revoked.revoke_ground is RevokeGround.DISHONESTY
    assert revoked.medal_returned_on is not None
    selected = Nomination.status == NominationStatus.HONORED
    assert count(Nomination, selected) == HONORED
    assert count(Nomination, Nomination.status == NominationStatus.NOT_SELECTED) == 1


def test_demo_has_a_card_that_was_used_once(ctx: Flask) -> None:
    honored = citizen(ctx, good_people.HONORED_CITIZEN)
    (card,) = own_honors.cards(honored)
    assert card.benefits
    assert [use.benefit.code for use in own_honors.uses(honored, ALL).items] == ["check_up"]


def test_demo_has_what_follows_from_an_honor(ctx: Flask) -> None:
    assert Counter(db.session.scalars(select(Referral.status))) == {
        ReferralStatus.LISTED: 1,
        ReferralStatus.NOT_LISTED: 1,
        ReferralStatus.SENT: 1,
    }
    assert count(CareVisit, CareVisit.status == CareStatus.DONE) == 1
    assert count(CareVisit, CareVisit.status == CareStatus.PLANNED) == HONORED - 1


def test_demo_has_a_notice_that_is_over_and_one_to_object_to(ctx: Flask) -> None:
    now_open, over = notices.list_public(ALL).items
    assert (now_open.status, over.status) == (NoticeStatus.OPEN, NoticeStatus.CLOSED)
    assert now_open.opens_on < clock.today() < now_open.closes_on
    shown = notices.get_public(now_open.id).nominees
    assert len(shown) == 4
    assert not any(nominee.is_suspended for nominee in shown)
    disputes = db.session.scalars(select(Objection).order_by(Objection.filed_at)).all()
    assert [(o.notice_id, o.status) for o in disputes] == [
        (over.id, ObjectionStatus.DISMISSED),
        (now_open.id, ObjectionStatus.FILED),
    ]


def test_demo_objection_can_be_handled_by_two_people(ctx: Flask) -> None:
    (waiting,) = db.session.scalars(
        select(Objection.id).where(Objection.status == ObjectionStatus.FILED)
    )
    db.session.rollback()
    handlers = [member_of_staff(ctx, name) for name in ("demo-review-city", "demo-deputy")]
    for handler in handlers:
        assert objections.get(handler, waiting).id == waiting


def test_demo_panelist_can_begin_and_is_kept_from_a_conflict(ctx: Flask) -> None:
    (judged,) = db.session.scalars(select(Campaign.id).where(Campaign.title == good_people.JUDGED))
    db.session.rollback()
    fresh, torn = citizen(ctx, 60), citizen(ctx, 59)
    listed = declarations.list_assignments(fresh, judged)
    assert [a.is_judged for a in listed] == [False] * len(good_people.TO_JUDGE)
    assert panel_scores.view_file(fresh, listed[0].nomination_id).marks == []
    (recused,) = [a for a in declarations.list_assignments(torn, judged) if a.recusal_reason]
    with pytest.raises(Recused):
        panel_scores.view_file(torn, recused.nomination_id)


def test_demo_supervisor_sees_how_far_the_panel_is(ctx: Flask) -> None:
    (judged,) = db.session.scalars(select(Campaign.id).where(Campaign.title == good_people.JUDGED))
    db.session.rollback()
    supervisor = member_of_staff(ctx, "demo-supervisor")
    seen = panel_records.progress(supervisor, judged)
    assert seen.panel.status is PanelStatus.SCORING
    assert [(m.recused, m.assigned, m.judged) for m in seen.members] == [
        (0, 5, 5),
        (0, 5, 5),
        (0, 5, 2),
        (1, 4, 0),
        (0, 5, 0),
    ]
    assert not all(nominee.has_quorum for nominee in seen.nominees)


def test_demo_results_are_what_their_inputs_give(ctx: Flask) -> None:
    fixed = result_views.standing()
    assert len(fixed) == 2
    assert [result_views.recheck(result_id) for result_id in fixed] == [[], []]


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 2, 17, 0, 1, tzinfo=clock.SHANGHAI),
        datetime(2026, 10, 1, 12, tzinfo=clock.SHANGHAI),
        datetime(2026, 12, 31, 23, 59, 59, tzinfo=clock.SHANGHAI),
        datetime(2028, 2, 29, 8, 30, tzinfo=clock.SHANGHAI),
    ],
    ids=["spring_festival", "national_day", "end_of_year", "leap_day"],
)
def test_demo_selections_are_played_on_any_day(rolled_back: Flask, now: datetime) -> None:
    """Also of a year whose holidays no table has."""
    with rolled_back.app_context(), clock.frozen(now):
        script = Script()
        cast = Cast(now=now, joined_at=now - load.HISTORY)
        cast.plan(script)
        noticing.plan(cast, script)
        script.play()
        assert count(Honor, Honor.status == HonorStatus.GRANTED) == HONORED
        assert count(Panel, Panel.status == PanelStatus.SCORING) == 1
        now_open, _ = notices.list_public(ALL).items
        assert now_open.status is NoticeStatus.OPEN
        assert not now_open.is_provisional
        assert now_open.closes_on > clock.today()
        assert db.session.scalars(select(func.max(audit.Entry.at))).one() <= now
