"""What an objection does to the notice of a nominee."""

from uuid import UUID

from flask import Flask
from sqlalchemy import select

from accounts.models.persons import Person
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.workdays import DAY
from nominations.lifecycles import (
    CampaignStatus,
    NominationStatus,
    NoticeKind,
    NoticeStatus,
    ObjectionStatus,
)
from nominations.models.nominations import Nomination
from nominations.models.notices import Notice, NoticeEntry, NoticeSuspension
from nominations.services import notice_days, notices, objection_rulings
from tests.factories.accounts import actor_of
from tests.factories.nominations import campaign as make_campaign
from tests.factories.nominations import candidate
from tests.factories.notices import (
    SUNDAY,
    accepted,
    filed,
    handler,
    noon,
    opened,
    pass_days,
    proposed,
    verified,
)
from tests.nominations.objecting import WEDNESDAY, on_notice, told

N = NominationStatus
O = ObjectionStatus  # noqa: E741 - beside N


def entry_of(one: Nomination) -> NoticeEntry:
    entry = notices.binding_entry(one.id)
    assert entry is not None
    return entry


def test_filing_suspends_nobody(ctx: Flask) -> None:
    notice, (one, _) = on_notice()
    filed(notice, one, at=noon(WEDNESDAY))
    assert one.status is N.ON_NOTICE


def test_accepting_suspends_that_nominee_alone_and_asks_for_an_answer(ctx: Flask) -> None:
    notice, (one, two) = on_notice()
    objection = accepted(notice, one, at=noon(WEDNESDAY))
    assert (one.status, two.status) == (N.SUSPENDED, N.ON_NOTICE)
    entry = entry_of(one)
    assert (entry.suspended_on, entry.days_owed, entry.workdays_owed) == (WEDNESDAY, 5, 3)
    nominator = actor_of(db.session.get_one(Person, one.nominator_id))
    assert len(told(nominator, "objection_to_answer")) == 1
    shown = {n.nomination.id: n for n in notices.get_public(notice.id).nominees}
    assert (shown[one.id].is_suspended, shown[one.id].closes_on) == (True, None)
    assert (shown[two.id].is_suspended, shown[two.id].closes_on) == (False, SUNDAY)
    assert objection.status is O.ACCEPTED


def test_dismissing_resumes_with_the_days_that_are_left(ctx: Flask) -> None:
    notice, (one, two) = on_notice()
    objection = accepted(notice, one, at=noon(WEDNESDAY))
    verified(objection, at=noon(SUNDAY))
    pass_days(notice.id, SUNDAY, SUNDAY + DAY)
    assert not notices.are_closed(notice.campaign_id)  # it waits for whoever stands still
    with clock.frozen(noon(SUNDAY + DAY)):
        objection_rulings.dismiss(handler(), objection.id, reason="经核查不属实")
    assert one.status is N.ON_NOTICE
    entry = entry_of(one)
    assert (entry.runs_from, entry.closes_on) == (SUNDAY + 2 * DAY, SUNDAY + 6 * DAY)
    assert (notice.status, notice.closes_on) == (NoticeStatus.EXTENDED, SUNDAY + 6 * DAY)
    assert notice.extension_reason == notice_days.RESUMED
    assert entry_of(two).closes_on == SUNDAY
    shown = {n.nomination.id: n.is_extended for n in notices.get_public(notice.id).nominees}
    assert shown == {one.id: True, two.id: False}
    stood = db.session.scalars(select(NoticeSuspension)).one()
    assert (stood.suspended_at, stood.resumed_at) == (noon(WEDNESDAY), noon(SUNDAY + DAY))
    pass_days(notice.id, SUNDAY + 7 * DAY, SUNDAY + 7 * DAY)
    assert notices.are_closed(notice.campaign_id)


def test_an_objection_after_the_end_leaves_one_day_and_opens_the_notice_again(ctx: Flask) -> None:
    notice, (one, _) = on_notice()
    pass_days(notice.id, SUNDAY + DAY, SUNDAY + DAY)
    assert notice.status is NoticeStatus.CLOSED
    late = SUNDAY + 3 * DAY
    objection = accepted(notice, one, at=noon(late))
    assert not notices.are_closed(notice.campaign_id)
    verified(objection, at=noon(late))
    with clock.frozen(noon(late)):
        objection_rulings.dismiss(handler(), objection.id, reason="经核查不属实")
    assert entry_of(one).closes_on == late + DAY
    assert (notice.status, notice.closed_at) == (NoticeStatus.EXTENDED, None)


def test_with_two_objections_it_resumes_after_the_second(ctx: Flask) -> None:
    notice, (one, _) = on_notice()
    first, second = (accepted(notice, one, at=noon(WEDNESDAY)) for _ in range(2))
    for objection in (first, second):
        verified(objection, at=noon(WEDNESDAY))
    with clock.frozen(noon(WEDNESDAY)):
        objection_rulings.dismiss(handler(), first.id, reason="不属实")
        assert entry_of(one).suspended_on == WEDNESDAY
        objection_rulings.dismiss(handler(), second.id, reason="不属实")
    assert one.status is N.ON_NOTICE


def test_stopped_twice_it_owes_what_is_left_of_what_was_left(ctx: Flask) -> None:
    notice, (one, _) = on_notice()
    for day in (WEDNESDAY, WEDNESDAY + 2 * DAY):
        objection = accepted(notice, one, at=noon(day))
        verified(objection, at=noon(day))
        with clock.frozen(noon(day)):
            objection_rulings.dismiss(handler(), objection.id, reason="不属实")
    # Two days before Wednesday, Thursday between; the Friday was broken.
    assert entry_of(one).days_owed == 4
    assert entry_of(one).closes_on == WEDNESDAY + 6 * DAY


def test_upholding_removes_the_nominee_and_the_next_one_has_a_notice_of_full_length(
    ctx: Flask,
) -> None:
    campaign, (one, two) = proposed()
    notice, following = opened(campaign), candidate(campaign)
    objection = accepted(notice, one, at=noon(WEDNESDAY))
    verified(objection, at=noon(WEDNESDAY))
    asked: list[tuple[object, str]] = []

    def move_up(actor: Actor, campaign_id: UUID, category_code: str) -> Nomination:
        asked.append((campaign_id, category_code))
        audit.perform(actor, following, "propose")
        return following

    with clock.frozen(noon(WEDNESDAY)):
        objection_rulings.uphold(handler(), objection.id, reason="事迹不实", move_up=move_up)
    assert (one.status, one.removal_reason) == (N.REMOVED, "事迹不实")
    assert two.status is N.ON_NOTICE
    assert asked == [(campaign.id, "helping_others")]
    replacement = db.session.get_one(Notice, entry_of(following).notice_id)
    assert (replacement.kind, replacement.contact) == (NoticeKind.REPLACEMENT, notice.contact)
    assert replacement.opens_on == WEDNESDAY + DAY
    assert replacement.closes_on == WEDNESDAY + 7 * DAY
    assert not notices.are_closed(campaign.id)
    pass_days(replacement.id, WEDNESDAY + DAY, WEDNESDAY + DAY)
    assert following.status is N.ON_NOTICE
    assert one.id not in {n.nomination.id for n in notices.get_public(notice.id).nominees}


def test_upholding_against_a_candidate_leaves_no_place_to_fill(ctx: Flask) -> None:
    campaign = make_campaign(CampaignStatus.ASSESSING)
    one = candidate(campaign)
    notice = opened(campaign, kind=NoticeKind.CANDIDATES)
    objection = accepted(notice, one, at=noon(WEDNESDAY))
    assert db.session.scalars(select(NoticeSuspension)).all() == []
    verified(objection, at=noon(WEDNESDAY))

    def never(*_args: object) -> None:
        raise AssertionError("nobody moves up before there is a result")

    with clock.frozen(noon(WEDNESDAY)):
        objection_rulings.uphold(handler(), objection.id, reason="事迹不实", move_up=never)
    assert one.status is N.REMOVED
