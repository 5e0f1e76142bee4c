"""Objections: who may object and until when, who handles them, and what becomes of the nominee."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.models.persons import Person
from accounts.permissions import Role
from accounts.services import roles
from core import audit, clock
from core.actor import SYSTEM, ScopeKind
from core.crypto import mask_name
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from core.workdays import DAY
from nominations.errors import (
    HandlerNotIndependent,
    ObjectionClosed,
    ObjectionTooMany,
    VerificationIncomplete,
)
from nominations.lifecycles import (
    NominationStatus,
    NoticeStatus,
    ObjectionChannel,
    ObjectionStatus,
)
from nominations.services import objection_rulings, objections
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.notices import (
    MONDAY,
    SUNDAY,
    accepted,
    filed,
    handler,
    morning,
    noon,
    pass_days,
    proposed,
    verified,
)
from tests.nominations.objecting import WEDNESDAY, on_notice, told

N = NominationStatus
O = ObjectionStatus  # noqa: E741 - beside N
MICROSECOND = timedelta(microseconds=1)
ALL = PageRequest(limit=100)


@pytest.mark.parametrize(
    ("before_midnight", "is_in_time"), [(MICROSECOND, True), (timedelta(), False)]
)
def test_in_time_is_before_the_last_midnight_and_late_ones_are_taken_too(
    ctx: Flask, before_midnight: timedelta, is_in_time: bool
) -> None:
    notice, (one, _) = on_notice()
    midnight = morning(SUNDAY + DAY)
    pass_days(notice.id, SUNDAY + DAY, SUNDAY + DAY)  # even if the notice is closed already
    assert notice.status is NoticeStatus.CLOSED
    objection = filed(notice, one, at=midnight - before_midnight)
    assert (objection.status, objection.is_in_time) == (O.FILED, is_in_time)


def test_a_decision_needs_two_different_people_to_have_looked(ctx: Flask) -> None:
    notice, (one, _) = on_notice()
    objection, looked = accepted(notice, one, at=noon(WEDNESDAY)), handler()
    for text in ("第一次", "第二次"):
        objection_rulings.verify(looked, objection.id, findings=text)
    assert [v.findings for v in objection.verifications] == ["第一次"]
    for rule in (objection_rulings.uphold, objection_rulings.dismiss):
        with pytest.raises(VerificationIncomplete) as refused:
            rule(looked, objection.id, reason="理由")
        assert refused.value.details == {"verified": 1}
    objection_rulings.verify(handler("另一人"), objection.id, findings="不属实")
    with clock.frozen(noon(WEDNESDAY)):
        objection_rulings.dismiss(looked, objection.id, reason="理由")
    with pytest.raises(WrongState):
        objection_rulings.verify(handler("第三人"), objection.id, findings="晚了")


def test_not_accepting_says_why_and_changes_nothing_else(ctx: Flask) -> None:
    notice, (one, _) = on_notice()
    objector = actor_of(person("异议人"))
    objection = filed(notice, one, at=noon(WEDNESDAY), by=objector)
    objections.not_accept(handler(), objection.id, reason="没有具体内容")
    assert (objection.status, objection.decision) == (O.NOT_ACCEPTED, "没有具体内容")
    assert one.status is N.ON_NOTICE
    (text,) = told(objector, "objection_decided")
    assert "没有具体内容" in text
    with pytest.raises(WrongState):
        objections.accept(handler(), objection.id, substance="改主意了")


def test_handlers_have_no_part_in_the_case(ctx: Flask) -> None:
    notice, (one, _) = on_notice()
    nominator = db.session.get_one(Person, one.nominator_id)
    screener, objector = handler("审核过的人"), handler("提出异议的人")
    audit.record(screener, one, "pass")
    named = filed(notice, one, at=noon(WEDNESDAY), by=objector)
    anonymous = filed(notice, one, at=noon(WEDNESDAY), by=objector, is_anonymous=True)
    of_city = grant(Role.ADMIN)
    for who in (actor_of(nominator, of_city), screener, objector):
        with pytest.raises(HandlerNotIndependent):
            objections.accept(who, named.id, substance="内容")
        with pytest.raises(HandlerNotIndependent):
            objections.get(who, named.id)
        assert named.id not in {o.id for o in objections.list_all(who, ALL).items}
    with pytest.raises(HandlerNotIndependent):
        objections.accept(objector, anonymous.id, substance="内容")
    county = actor_of(person(), grant(Role.REVIEWER, over=site("411002")))
    with pytest.raises(NotFound):
        objections.get(county, named.id)
    with pytest.raises(NotFound):
        objections.list_all(county, ALL)


def test_handlers_hear_of_it_but_not_those_of_the_case(ctx: Flask) -> None:
    notice, (one, _) = on_notice()
    free, bound = person("查核员"), person("审核过的人")
    for who in (free, bound):
        roles.bestow(SYSTEM, who.id, role=Role.ADMIN, scope_kind=ScopeKind.CITY, scope_id=None)
    audit.record(actor_of(bound), one, "pass")
    filed(notice, one, at=noon(WEDNESDAY))
    assert len(told(actor_of(free), "objection_to_handle")) == 1
    assert told(actor_of(bound), "objection_to_handle") == []


def test_an_anonymous_objector_stands_nowhere(ctx: Flask) -> None:
    notice, (one, _) = on_notice()
    objector = actor_of(person("异议人"))
    objection = filed(notice, one, at=noon(WEDNESDAY), by=objector, is_anonymous=True)
    assert (objection.objector_id, objection.contact) == (None, None)
    entries = select(audit.Entry.actor_id).where(audit.Entry.thing_id == objection.id)
    assert db.session.scalars(entries).all() == [None]
    assert objections.list_mine(objector, ALL).items == []
    objections.not_accept(handler(), objection.id, reason="没有具体内容")
    assert told(objector, "objection_decided") == []


def test_words_are_not_readable_in_the_database(ctx: Flask) -> None:
    notice, (one, _) = on_notice()
    objection = filed(notice, one, at=noon(WEDNESDAY), contact="张三 13912345678")
    assert "不符".encode() not in objection.text_cipher
    assert objection.contact_cipher is not None
    assert "张三".encode() not in objection.contact_cipher
    assert (objection.text, objection.contact) == ("事迹与实际不符", "张三 13912345678")


def test_five_of_a_person_for_a_notice_named_or_not(ctx: Flask) -> None:
    notice, (one, two) = on_notice()
    objector = actor_of(person())
    for n in range(objections.MAX_OF_ONE_PERSON):
        about = (one, two)[n % 2]
        filed(notice, about, at=noon(WEDNESDAY), by=objector, is_anonymous=n % 2 == 0)
    with pytest.raises(ObjectionTooMany):
        filed(notice, one, at=noon(WEDNESDAY), by=objector)
    filed(notice, one, at=noon(WEDNESDAY))


def test_what_comes_on_paper_is_in_time_by_its_arrival(ctx: Flask) -> None:
    notice, (one, _) = on_notice()
    values: dict[str, Any] = {
        "nomination_id": one.id,
        "channel": ObjectionChannel.LETTER,
        "text": "来信反映事迹不实",
    }
    with clock.frozen(noon(SUNDAY + 2 * DAY)):
        in_time = objections.enter(handler(), notice.id, received_at=noon(SUNDAY), **values)
        late = objections.enter(
            handler(), notice.id, received_at=morning(SUNDAY + DAY), contact="李四", **values
        )
        for wrong in (noon(MONDAY - DAY), noon(SUNDAY + 3 * DAY)):
            with pytest.raises(InvalidInput):
                objections.enter(handler(), notice.id, received_at=wrong, **values)
        by_app = values | {"channel": ObjectionChannel.APP}
        with pytest.raises(InvalidInput):
            objections.enter(handler(), notice.id, received_at=noon(SUNDAY), **by_app)
        with pytest.raises(NotFound):
            objections.enter(actor_of(person()), notice.id, received_at=noon(SUNDAY), **values)
    assert (in_time.is_in_time, in_time.is_anonymous) == (True, True)
    assert (late.is_in_time, late.is_anonymous, late.contact) == (False, False, "李四")


def test_nobody_objects_to_what_is_not_before_the_public(ctx: Flask) -> None:
    notice, (one, two) = on_notice()
    other = proposed(1)[1][0]
    one.is_withheld, one.withheld_reason = True, "防止报复"
    two.status = N.HONORED
    db.session.flush()
    for about, error in ((other, NotFound), (one, NotFound), (two, ObjectionClosed)):
        with pytest.raises(error):
            filed(notice, about, at=noon(WEDNESDAY))
    with pytest.raises(InvalidInput):
        filed(notice, two, at=noon(WEDNESDAY), is_anonymous=True, contact="张三")


def test_the_nominees_side_sees_the_substance_and_answers(ctx: Flask) -> None:
    notice, (one, _) = on_notice()
    nominator = actor_of(db.session.get_one(Person, one.nominator_id))
    waiting = filed(notice, one, at=noon(WEDNESDAY))
    with pytest.raises(NotFound):
        objections.answer(nominator, waiting.id, text="没有这回事")
    assert objections.list_of_nomination(nominator, one.id) == []
    objection = accepted(notice, one, at=noon(WEDNESDAY))
    (shown,) = objections.list_of_nomination(nominator, one.id)
    assert shown.substance == "对部分事迹有异议"
    objections.answer(nominator, objection.id, text="没有这回事")
    assert (objection.answer, objection.answered_by) == ("没有这回事", nominator.id)
    objections.answer(handler(), objection.id, text="家属补充说明")
    assert objection.answer == "家属补充说明"
    for outsider in (actor_of(person()), actor_of(person(), grant(Role.ORGANIZER))):
        with pytest.raises(NotFound):
            objections.answer(outsider, objection.id, text="与我无关")
        with pytest.raises(NotFound):
            objections.list_of_nomination(outsider, one.id)
    verified(objection, at=noon(WEDNESDAY))
    with clock.frozen(noon(WEDNESDAY)):
        objection_rulings.dismiss(handler(), objection.id, reason="不属实")
    with pytest.raises(WrongState):
        objections.answer(nominator, objection.id, text="还想说")


def test_whoever_left_meanwhile_is_neither_resumed_nor_removed(ctx: Flask) -> None:
    notice, (one, two) = on_notice()
    pending = [accepted(notice, n, at=noon(WEDNESDAY)) for n in (one, two)]
    for objection in pending:
        verified(objection, at=noon(WEDNESDAY))
    one.status = two.status = N.WITHDRAWN
    db.session.flush()
    with clock.frozen(noon(WEDNESDAY)):
        objection_rulings.dismiss(handler(), pending[0].id, reason="不属实")
        objection_rulings.uphold(handler(), pending[1].id, reason="属实")
    assert (one.status, two.status) == (N.WITHDRAWN, N.WITHDRAWN)
    pass_days(notice.id, SUNDAY + DAY, SUNDAY + DAY)
    assert notice.status is NoticeStatus.CLOSED


@pytest.mark.parametrize(
    "change",
    [
        {"objector_id": None, "objector_index": None},
        {"status": O.ACCEPTED},
        {"status": O.NOT_ACCEPTED},
        {"is_anonymous": True},
        {"answer": "说明"},
    ],
)
def test_the_database_binds_a_status_to_its_facts(ctx: Flask, change: dict[str, Any]) -> None:
    notice, (one, _) = on_notice()
    objection = filed(notice, one, at=noon(WEDNESDAY))
    for name, value in change.items():
        setattr(objection, name, value)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_calls(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        notice, (one, _) = on_notice()
        objector, first, second = person("司马异议"), handler(), handler("另一人")
        nominator = db.session.get_one(Person, one.nominator_id)
        notice_id, nominee = notice.id, str(one.id)
    body = {"nomination_id": nominee, "text": "事迹与实际不符", "is_anonymous": False}
    with clock.frozen(noon(WEDNESDAY)):
        receipt = http.as_(objector).post(f"/notices/{notice_id}/objections", json=body)
        assert receipt.status_code == 201, receipt.json
        assert receipt.json is not None
        assert receipt.json["is_in_time"]
        assert http.post(f"/notices/{notice_id}/objections", json=body).status_code == 401
        path = f"/objections/{receipt.json['id']}"
        mine = http.as_(objector).get("/me/objections").json
        assert mine is not None
        assert [o["status"] for o in mine["items"]] == ["filed"]
        seen = http.as_(first).get("/objections?status=filed").json
        assert seen is not None
        assert [o["objector_name"] for o in seen["items"]] == [mask_name("司马异议")]
        assert http.as_(objector).get(path).status_code == 403
        shown = http.as_(first).post(f"{path}/accept", json={"substance": "有异议"}).json
        assert shown is not None
        assert shown["status"] == "accepted"
        theirs = http.as_(nominator).get(f"/nominations/{nominee}/objections")
        assert theirs.json is not None
        assert theirs.json["items"][0]["substance"] == "有异议"
        assert "事迹与实际不符" not in theirs.get_data(as_text=True)
        answered = http.as_(nominator).post(f"{path}/answer", json={"text": "没有"})
        assert answered.json is not None
        assert answered.json["answer"] == "没有"
        early = http.as_(first).post(f"{path}/dismiss", json={"reason": "不实"})
        assert early.status_code == 409
        for who in (first, second):
            looked = http.as_(who).post(f"{path}/verify", json={"findings": "走访属实"})
            assert looked.status_code == 200, looked.json
        done = http.as_(second).post(f"{path}/uphold", json={"reason": "属实"}).json
        assert done is not None
        assert (done["status"], len(done["verifications"])) == ("upheld", 2)
        on_paper = {
            "nomination_id": nominee,
            "channel": "phone",
            "received_at": noon(WEDNESDAY).isoformat(),
            "text": "来电反映",
        }
        entered = http.as_(first).post(f"/notices/{notice_id}/objections/enter", json=on_paper)
        assert entered.json is not None
        assert entered.json["code"] == "objection_closed"  # the nominee is gone by now


@pytest.mark.parametrize("verb", ["not_accept", "dismiss"])
def test_the_calls_against(http: Http, rolled_back: Flask, verb: str) -> None:
    with stored(rolled_back):
        notice, (one, _) = on_notice()
        if verb == "dismiss":
            objection = accepted(notice, one, at=noon(WEDNESDAY))
            verified(objection, at=noon(WEDNESDAY))
        else:
            objection = filed(notice, one, at=noon(WEDNESDAY))
        path, who = f"/objections/{objection.id}/{verb}", handler()
    with clock.frozen(noon(WEDNESDAY)):
        answer = http.as_(who).post(path, json={"reason": "不属实"})
        assert answer.status_code == 200, answer.json
        assert http.as_(who).post(path, json={"reason": "不属实"}).status_code == 409
