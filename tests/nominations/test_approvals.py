"""Approval: after the notice, with a document, never before; and without one for the withheld."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from core import clock
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from core.workdays import DAY
from nominations.errors import (
    ConsentMissing,
    DocumentNumberTaken,
    NoticeNotOver,
    NotWithheld,
    ObjectionPending,
    StageClosed,
)
from nominations.lifecycles import CampaignStatus, NominationStatus, NoticeStatus
from nominations.models.approvals import Approval
from nominations.models.nominations import Nomination
from nominations.services import approvals, deaths, honors, objection_rulings, objections
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, person
from tests.factories.nominations import reviewer, supervisor
from tests.factories.notices import (
    MONDAY,
    SUNDAY,
    accepted,
    filed,
    handler,
    morning,
    noon,
    office,
    opened,
    pass_days,
    proposed,
    verified,
)
from volunteer.services import holidays

N = NominationStatus
AFTER = SUNDAY + DAY
SPRING_FESTIVAL = [
    *({"day": date(2027, 2, day), "is_workday": False, "name": "春节"} for day in range(5, 14)),
    {"day": date(2027, 2, 14), "is_workday": True, "name": "调休"},
]
"""As it might be announced."""
SAFETY = {"is_withheld": True, "withheld_reason": "防止报复"}


def approve(campaign_id: UUID, *nominees: Nomination, **changes: Any) -> Approval:
    """On the first morning after the notice."""
    values: dict[str, Any] = {
        "nominations": [n.id for n in nominees],
        "document_number": "许文明〔2026〕8号",
        "minutes_reference": "纪要 2026-12",
        "decided_on": AFTER,
        **changes,
    }
    with clock.frozen(morning(values.pop("at", AFTER))):
        return approvals.approve(office(), campaign_id, **values)


def test_not_before_the_last_midnight(ctx: Flask) -> None:
    campaign, (one, two) = proposed()
    opened(campaign)
    with pytest.raises(NoticeNotOver):
        approve(campaign.id, one, at=SUNDAY, decided_on=SUNDAY)
    made = approve(campaign.id, one, two)
    assert (one.status, two.status) == (N.APPROVED, N.APPROVED)
    assert made.nomination_ids == sorted([one.id, two.id])


def test_over_spring_festival_not_before_people_are_back(ctx: Flask) -> None:
    first, last = date(2027, 2, 4), date(2027, 2, 17)
    holidays.load(office(), SPRING_FESTIVAL)
    campaign, (one, _) = proposed()
    notice = opened(campaign, opens_on=first)
    assert (notice.is_provisional, notice.closes_on) == (False, last)
    pass_days(notice.id, last, last)
    assert notice.status is NoticeStatus.OPEN
    with pytest.raises(NoticeNotOver):
        approve(campaign.id, one, at=last, decided_on=last)
    assert approve(campaign.id, one, at=last + DAY, decided_on=last + DAY).decided_on > date(
        2026, 1, 1
    )


def test_not_while_the_holidays_of_the_year_are_unknown(ctx: Flask) -> None:
    """However long one waits: nobody can tell whether five working days were among the days."""
    campaign, (one, _) = proposed()
    notice = opened(campaign, opens_on=date(2027, 2, 4))
    late = date(2027, 3, 1)
    pass_days(notice.id, late, late)
    assert (notice.status, notice.is_provisional) == (NoticeStatus.OPEN, True)
    with pytest.raises(NoticeNotOver):
        approve(campaign.id, one, at=late, decided_on=late)
    holidays.load(office(), SPRING_FESTIVAL)
    pass_days(notice.id, late, late)
    approve(campaign.id, one, at=late, decided_on=late)
    assert one.status is N.APPROVED


def test_a_notice_over_the_end_of_february_of_a_leap_year(ctx: Flask) -> None:
    """From Thursday the 24th; the fifth working day is Wednesday the 1st of March."""
    holidays.load(office(), [{"day": date(2028, 1, 1), "is_workday": False, "name": "元旦"}])
    campaign, (one, _) = proposed()
    notice = opened(campaign, opens_on=date(2028, 2, 24))
    leap_day, last = date(2028, 2, 29), date(2028, 3, 1)
    assert notice.closes_on == last
    for day in (leap_day, last):
        with pytest.raises(NoticeNotOver):
            approve(campaign.id, one, at=day, decided_on=day)
    assert approve(campaign.id, one, at=last + DAY, decided_on=last + DAY).decided_on > date(
        2026, 1, 1
    )


def test_of_who_died_on_the_way_only_when_the_kin_agree(ctx: Flask) -> None:
    campaign, (one, two) = proposed()
    opened(campaign)
    judge = reviewer(None)
    with clock.frozen(noon(SUNDAY)):
        deaths.record_death(judge, one.id, deceased_on=SUNDAY)
    with pytest.raises(ConsentMissing):
        approve(campaign.id, one, two)
    kin = {"signer_name": "茅某", "signer_relation": "子女"}
    with clock.frozen(noon(SUNDAY)):
        deaths.continue_posthumously(judge, one.id, paper_reference="纸-1", **kin)
    approve(campaign.id, one, two)
    assert one.status is N.APPROVED


def test_the_decision_was_taken_after_the_notice_and_not_in_the_future(ctx: Flask) -> None:
    campaign, (one, _) = proposed()
    opened(campaign)
    for day in (SUNDAY, AFTER + DAY):
        with pytest.raises(InvalidInput):
            approve(campaign.id, one, decided_on=day)


def test_nobody_without_a_notice(ctx: Flask) -> None:
    campaign, (one, _) = proposed()
    with pytest.raises(NoticeNotOver):
        approve(campaign.id, one)


def test_a_last_day_that_is_not_certain_is_waited_for(ctx: Flask) -> None:
    campaign, (one, _) = proposed()
    first = MONDAY.replace(year=2027)
    opened(campaign, opens_on=first)
    later = first + 30 * DAY
    with pytest.raises(NoticeNotOver):
        approve(campaign.id, one, at=later, decided_on=later)


def test_an_open_objection_blocks_that_nominee_alone(ctx: Flask) -> None:
    campaign, (one, two) = proposed()
    notice = opened(campaign)
    objection = filed(notice, one, at=noon(AFTER))  # late, and examined all the same
    with pytest.raises(ObjectionPending):
        approve(campaign.id, one, two)
    assert two.status is N.ON_NOTICE  # all or none
    approve(campaign.id, two)
    objections.not_accept(handler(), objection.id, reason="没有具体内容")
    approve(campaign.id, one, document_number="许文明〔2026〕9号")
    assert one.status is N.APPROVED


def test_an_objection_after_the_approval_holds_the_honor_back(ctx: Flask) -> None:
    campaign, (one, _) = proposed()
    notice = opened(campaign)
    approve(campaign.id, one)
    objection = filed(notice, one, at=noon(AFTER))
    with pytest.raises(ObjectionPending):
        honors.grant(office(), one.id)
    while_open = one.status
    objections.not_accept(handler(), objection.id, reason="没有具体内容")
    assert honors.grant(office(), one.id).document_number
    assert (while_open, one.status) == (N.APPROVED, N.HONORED)


def test_after_a_suspension_the_days_of_the_nominee_count(ctx: Flask) -> None:
    campaign, (one, two) = proposed()
    notice = opened(campaign)
    objection = accepted(notice, one, at=noon(SUNDAY))
    verified(objection, at=noon(SUNDAY))
    with pytest.raises(ObjectionPending):
        approve(campaign.id, one)
    with clock.frozen(noon(SUNDAY)):
        objection_rulings.dismiss(handler(), objection.id, reason="不属实")
    approve(campaign.id, two)
    with pytest.raises(NoticeNotOver):
        approve(campaign.id, one, document_number="许文明〔2026〕9号")
    later = AFTER + DAY
    approve(campaign.id, one, at=later, decided_on=later, document_number="许文明〔2026〕9号")
    assert one.status is N.APPROVED


def test_an_objection_upheld_after_approval_removes_before_the_honour(ctx: Flask) -> None:
    campaign, (one, _) = proposed()
    notice = opened(campaign)
    approve(campaign.id, one)
    objection = accepted(notice, one, at=noon(AFTER))
    verified(objection, at=noon(AFTER))
    with clock.frozen(noon(AFTER)):
        objection_rulings.uphold(handler(), objection.id, reason="事迹不实")
    assert one.status is N.REMOVED


def test_the_withheld_need_a_decision_in_place_of_the_notice(ctx: Flask) -> None:
    campaign, (one, other) = proposed()
    with pytest.raises(NotWithheld):
        approvals.waive_notice(office(), one.id, reason="保护")
    one.is_withheld, one.withheld_reason = True, "防止报复"
    db.session.flush()
    with pytest.raises(NoticeNotOver):
        approve(campaign.id, one)
    first = approvals.waive_notice(office(), one.id, reason="确认机关决定不公开")
    assert approvals.waive_notice(office(), one.id, reason="再说一次").reason == first.reason
    approve(campaign.id, one)
    assert one.status is N.APPROVED
    with pytest.raises(WrongState):
        approvals.waive_notice(office(), one.id, reason="再说一次")
    assert other.status is N.PROPOSED


def test_a_number_stands_for_one_decision(ctx: Flask) -> None:
    campaign, (one, two) = proposed()
    opened(campaign)
    first = approve(campaign.id, one)
    assert approve(campaign.id, one).id == first.id
    with pytest.raises(DocumentNumberTaken):
        approve(campaign.id, two)
    elsewhere, (theirs, _) = proposed()
    opened(elsewhere)
    assert approve(elsewhere.id, theirs).id != first.id


def test_nominees_of_another_campaign_and_stages_are_refused(ctx: Flask) -> None:
    campaign, (one, _) = proposed()
    opened(campaign)
    _, (theirs, _) = proposed()
    with pytest.raises(InvalidInput):
        approve(campaign.id, one, theirs)
    campaign.status = CampaignStatus.CONCLUDED
    db.session.flush()
    with pytest.raises(StageClosed):
        approve(campaign.id, one)
    with pytest.raises(NotFound):
        approvals.approve(
            actor_of(person()),
            campaign.id,
            nominations=[one.id],
            document_number="一号",
            minutes_reference="一",
            decided_on=AFTER,
        )


def test_decisions_are_read_by_the_office_and_the_supervisors_of_that_campaign(
    ctx: Flask,
) -> None:
    campaign, (one, two) = proposed()
    opened(campaign)
    first = approve(campaign.id, one)
    with clock.frozen(noon(AFTER)):
        second = approvals.approve(
            office(),
            campaign.id,
            nominations=[two.id],
            document_number="许文明〔2026〕9号",
            minutes_reference="纪要 2026-13",
            decided_on=AFTER,
        )
    elsewhere, _ = proposed()
    page = PageRequest(limit=1)
    for who in (office(), supervisor(campaign)):
        found = approvals.list_of_campaign(who, campaign.id, page)
        assert [approval.id for approval in found.items] == [second.id]
        rest = approvals.list_of_campaign(
            who, campaign.id, PageRequest(limit=1, cursor=found.next_cursor)
        )
        assert [approval.id for approval in rest.items] == [first.id]
    assert approvals.list_of_campaign(office(), elsewhere.id, page).items == []
    for outsider in (supervisor(elsewhere), actor_of(person())):
        with pytest.raises(NotFound):
            approvals.list_of_campaign(outsider, campaign.id, page)


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        campaign, (one, two) = proposed()
        opened(campaign)
        secret = proposed(1, **SAFETY)[1][0]
        admin, citizen = office(), person()
        campaign_id, ids, secret_id = campaign.id, [str(one.id), str(two.id)], secret.id
    body = {
        "nominations": ids,
        "document_number": "许文明〔2026〕8号",
        "minutes_reference": "纪要 2026-12",
        "decided_on": AFTER.isoformat(),
    }
    with clock.frozen(noon(AFTER)):
        path = f"/campaigns/{campaign_id}/approvals"
        assert http.as_(citizen).post(path, json=body).status_code == 403
        made = http.as_(admin).post(path, json=body)
        assert made.status_code == 201, made.json
        assert made.json is not None
        assert sorted(made.json["nominations"]) == sorted(ids)
        assert http.as_(citizen).get(path).status_code == 403
        listed = http.as_(admin).get(path).json
        assert listed is not None
        assert listed["items"] == [made.json]
        path = f"/nominations/{secret_id}/waive_notice"
        assert http.as_(citizen).post(path, json={"reason": "保护"}).status_code == 403
        waived = http.as_(admin).post(path, json={"reason": "确认机关决定"}).json
        assert waived is not None
        assert waived["reason"] == "确认机关决定"
