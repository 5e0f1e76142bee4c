"""Help in hardship: the county proposes, another person in the city checks."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from accounts.permissions import Role
from core import clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound, WrongState
from core.paging import PageRequest
from nominations.errors import HonorNotInForce, ProposedByYou
from nominations.lifecycles import HardshipStatus
from nominations.services import hardship_cases, own_honors, revocations
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person
from tests.factories.honors import honor, office, staff

H = HardshipStatus
NEED = "爱人重病，医疗费用负担沉重"


def of(nominee_name: str = "卢柏岭") -> tuple[Actor, UUID]:
    nominee = person(nominee_name)
    return actor_of(nominee), honor(nominee=nominee).id


def test_a_case_goes_from_the_county_to_the_city(ctx: Flask) -> None:
    nominee, honor_id = of()
    case = own_honors.apply_for_help(nominee, honor_id, need=NEED)
    hardship_cases.propose(staff(), case.id, amount_fen=200_000, note="情况属实")
    assert hardship_cases.approve(office(), case.id).status is H.APPROVED
    done = hardship_cases.complete(office(), case.id, helped_on=clock.today())
    assert (done.status, done.amount_fen) == (H.HELPED, 200_000)


def test_no_step_is_left_out(ctx: Flask) -> None:
    nominee, honor_id = of()
    case = own_honors.apply_for_help(nominee, honor_id, need=NEED)
    with pytest.raises(WrongState):
        hardship_cases.approve(office(), case.id)
    with pytest.raises(WrongState):
        hardship_cases.complete(office(), case.id, helped_on=clock.today())


def test_nobody_checks_what_they_proposed(ctx: Flask) -> None:
    nominee, honor_id = of()
    case = own_honors.apply_for_help(nominee, honor_id, need=NEED)
    both = actor_of(person(), grant(Role.SITE_STAFF), grant(Role.ADMIN))
    hardship_cases.propose(both, case.id, amount_fen=1, note="属实")
    with pytest.raises(ProposedByYou):
        hardship_cases.approve(both, case.id)


def test_one_case_is_open_at_a_time(ctx: Flask) -> None:
    nominee, honor_id = of()
    case = own_honors.apply_for_help(nominee, honor_id, need=NEED)
    hardship_cases.reject(staff(), case.id, reason="不符合条件")
    own_honors.apply_for_help(nominee, honor_id, need=NEED)
    with pytest.raises(IntegrityError):
        own_honors.apply_for_help(nominee, honor_id, need=NEED)


def test_help_is_for_the_honored_and_asked_for_by_their_place(ctx: Flask) -> None:
    _, honor_id = of()
    with pytest.raises(NotFound):
        own_honors.apply_for_help(actor_of(person()), honor_id, need=NEED)
    with pytest.raises(NotFound):
        own_honors.apply_for_help(staff("411082"), honor_id, need=NEED)
    own_honors.apply_for_help(staff(), honor_id, need=NEED)


def test_no_help_while_an_honor_is_suspended(ctx: Flask) -> None:
    _, honor_id = of()
    revocations.suspend(office(), honor_id, reason="核查")
    with pytest.raises(HonorNotInForce):
        own_honors.apply_for_help(staff(), honor_id, need=NEED)


def test_the_need_is_kept_encrypted(ctx: Flask) -> None:
    nominee, honor_id = of()
    case = own_honors.apply_for_help(nominee, honor_id, need=NEED)
    (kept,) = db.session.execute(text("SELECT need_cipher FROM hardship_cases")).one()
    assert NEED.encode() not in bytes(kept)
    assert case.need == NEED


def test_a_list_is_of_a_place(ctx: Flask) -> None:
    nominee, honor_id = of()
    own_honors.apply_for_help(nominee, honor_id, need=NEED)
    page = PageRequest(limit=10)
    assert len(hardship_cases.list_within(staff(), page, status=H.APPLIED).items) == 1
    assert hardship_cases.list_within(staff("411082"), page, status=H.APPLIED).items == []


def test_a_case_over_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        nominee = person("卢柏岭")
        honor_id = honor(nominee=nominee).id
        county, city = staff(), office()
    path = f"/honors/{honor_id}/hardship-cases"
    assert http.as_(nominee).post(path, json={"need": "难"}).status_code == 422
    made = http.as_(nominee).post(path, json={"need": NEED})
    assert made.status_code == 201
    assert made.json is not None
    repeated = http.as_(nominee).post(path, json={"need": NEED})
    assert repeated.json is not None
    assert repeated.json["code"] == "hardship_case_open"
    case = f"/hardship-cases/{made.json['id']}"
    listed = http.as_(county).get("/hardship-cases").json
    assert listed is not None
    assert [c["need"] for c in listed["items"]] == [NEED]
    amount = {"amount_fen": 200000, "note": "情况属实"}
    assert http.as_(county).post(f"{case}/propose", json=amount).status_code == 200
    assert http.as_(city).post(f"{case}/approve", json={}).status_code == 200
    helped = {"helped_on": clock.today().isoformat()}
    assert http.as_(city).post(f"{case}/complete", json=helped).status_code == 200
    assert http.as_(city).post(f"{case}/reject", json={"reason": "不符"}).status_code == 409
    own = http.as_(nominee).get("/me/hardship-cases").json
    assert own is not None
    assert [c["status"] for c in own["items"]] == ["helped"]
