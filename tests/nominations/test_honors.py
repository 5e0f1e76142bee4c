"""The honour roll: granted once, warned, suspended, revoked, and what each of them shows."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.permissions import Role
from core import clock
from core.db import db
from core.errors import InvalidInput, NotFound, WrongState
from core.paging import PageRequest
from nominations.errors import HonorNotInForce
from nominations.lifecycles import (
    CampaignStatus,
    CareStatus,
    HardshipStatus,
    HonorStatus,
    NominationStatus,
    ReferralStatus,
)
from nominations.models.care_visits import CareVisit
from nominations.models.honors import Honor, HonorLevel, RevokeGround
from nominations.models.nominations import WITHHELD_NAME
from nominations.models.referrals import ReferralTarget
from nominations.services import benefit_cards, hardship_cases, honors, referrals, revocations
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.attachments import attached
from tests.factories.honors import approved_by_the_office, honor, office, staff
from tests.factories.nominations import campaign, nomination
from tests.nominations.reading import told

ALL = PageRequest(limit=100)
N = NominationStatus
REVOKED: Mapping[str, Any] = {
    "ground": RevokeGround.FALSE_DEEDS,
    "reason": "事迹造假",
    "document_number": "许文明〔2027〕30号",
}


def test_an_approved_nominee_is_honored_once(ctx: Flask) -> None:
    nominator = person()
    approved = nomination(campaign(CampaignStatus.NOTICING), N.APPROVED, by=nominator)
    made = honors.grant(office(), approved_by_the_office(approved).id)
    assert (approved.status, made.status) == (N.HONORED, HonorStatus.GRANTED)
    assert (made.level, made.year) == (HonorLevel.CITY, clock.today().year)
    assert any("被授予" in text for text in told(nominator.id))
    with pytest.raises(WrongState):
        honors.grant(office(), approved.id)


@pytest.mark.parametrize("status", [s for s in N if s not in (N.APPROVED, N.MERGED, N.REMOVED)])
def test_nobody_is_honored_who_was_not_approved(ctx: Flask, status: NominationStatus) -> None:
    made = nomination(campaign(CampaignStatus.NOTICING), status)
    with pytest.raises(WrongState):
        honors.grant(office(), made.id)


def test_the_roll_shows_honors_in_force(ctx: Flask) -> None:
    shown, suspended, revoked = honor(), honor(), honor()
    revocations.suspend(office(), suspended.id, reason="接到举报，正在核查")
    revocations.revoke(office(), revoked.id, **REVOKED)
    assert [h.id for h in honors.list_public(ALL).items] == [shown.id]
    with pytest.raises(NotFound):
        honors.get_public(suspended.id)
    assert honors.get_public(revoked.id).revoke_ground is RevokeGround.FALSE_DEEDS
    revocations.restore(office(), suspended.id, reason="查无实据")
    assert len(honors.list_public(ALL).items) == 2


def test_the_roll_is_read_page_by_page(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = {str(honor().id) for _ in range(3)}
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer: Any = http.get(f"/honors?limit=1{cursor and f'&cursor={cursor}'}").json
        found += [one["id"] for one in answer["items"]]
        cursor = answer["next_cursor"]
    assert (set(found), len(found)) == (made, 3)


def test_staff_of_a_place_find_honors_of_any_state(http: Http, rolled_back: Flask) -> None:
    """Who was suspended is on no public list, and has to be found to be restored."""
    with stored(rolled_back):
        shown, resting = honor().id, honor().id
        revocations.suspend(office(), resting, reason="核查")
        local, elsewhere = staff(), staff("411082")
    found = http.as_(local).get("/honors/inside").json
    assert found is not None
    assert [h["id"] for h in found["items"]] == [str(resting), str(shown)]
    found = http.as_(local).get("/honors/inside?status=suspended").json
    assert found is not None
    assert [h["suspend_reason"] for h in found["items"]] == ["核查"]
    assert http.as_(elsewhere).get("/honors/inside").json == {"items": [], "next_cursor": None}
    assert http.get("/honors/inside").status_code == 401


def test_the_roll_is_searched_by_level_category_and_year(ctx: Flask) -> None:
    brave, kind = honor(category_code="bravery"), honor()
    year = clock.today().year
    assert [h.id for h in honors.list_public(ALL, category_code="bravery").items] == [brave.id]
    assert [h.id for h in honors.list_public(ALL, campaign_id=kind.campaign_id).items] == [kind.id]
    assert len(honors.list_public(ALL, level=HonorLevel.CITY, year=year).items) == 2
    assert honors.list_public(ALL, level=HonorLevel.NATION).items == []
    assert honors.list_public(ALL, year=year - 1).items == []


def test_a_withheld_name_is_on_no_page(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = honor(nominee_name="淳于无名", is_withheld=True, withheld_reason="近亲属申请保密").id
    for path in ("/honors", f"/honors/{made}"):
        text = http.get(path).text
        assert "淳于无名" not in text
        assert WITHHELD_NAME in text
    page = http.get(f"/honors/{made}").json
    assert page is not None
    assert (page["summary"], page["deeds"], page["division"]) == ("", "", "")


def test_a_revoked_honor_stops_everything_that_rests_on_it(ctx: Flask) -> None:
    nominee = person("卢柏岭")
    made = honor(nominee=nominee)
    case = hardship_cases.apply(actor_of(nominee), made, need="医疗费用负担沉重，请求帮扶")
    sent = referrals.prepare(
        office(), made.id, target=ReferralTarget.HENAN_GOOD_PEOPLE, batch="2027年5月"
    )
    card = benefit_cards.issue(made)
    assert benefit_cards.check(staff(), card.code).is_valid
    revocations.revoke(office(), made.id, **REVOKED)
    assert not benefit_cards.check(staff(), card.code).is_valid
    assert case.status is HardshipStatus.ENDED
    assert sent.status is ReferralStatus.WITHDRAWN
    planned = select(CareVisit.status).where(CareVisit.honor_id == made.id)
    assert set(db.session.scalars(planned)) == {CareStatus.CANCELLED}
    assert any("撤销" in text for text in told(nominee.id))


def test_a_revocation_takes_the_higher_honor_with_it(ctx: Flask) -> None:
    made, runs = honor(), office()
    sent = referrals.prepare(
        runs, made.id, target=ReferralTarget.CHINA_GOOD_PEOPLE, batch="2027年第一批"
    )
    referrals.send(runs, sent.id, reference="许文明函〔2027〕3号", sent_on=clock.today())
    referrals.list_(runs, sent.id, outcome_on=clock.today(), title="中国好人")
    revocations.revoke(runs, made.id, **REVOKED)
    levels = db.session.execute(
        select(Honor.level, Honor.status).where(Honor.nomination_id == made.nomination_id)
    )
    assert {(level, status) for level, status in levels} == {
        (HonorLevel.CITY, HonorStatus.REVOKED),
        (HonorLevel.NATION, HonorStatus.REVOKED),
    }


def test_a_warning_talk_is_kept_in_the_file_alone(ctx: Flask) -> None:
    made = honor()
    revocations.warn(office(), made.id, reason="言行失当", talked_on=clock.today())
    found, warnings = honors.view_file(staff(), made.id)
    assert (found.status, [w.reason for w in warnings]) == (HonorStatus.GRANTED, ["言行失当"])
    with pytest.raises(InvalidInput):
        revocations.warn(
            office(), made.id, reason="言行失当", talked_on=clock.today() + timedelta(days=1)
        )
    with pytest.raises(NotFound):
        honors.view_file(staff("411082"), made.id)


def test_a_medal_comes_back_after_the_revocation(ctx: Flask) -> None:
    made, runs = honor(), office()
    with pytest.raises(HonorNotInForce):
        revocations.record_return(runs, made.id, returned_on=clock.today())
    revocations.revoke(runs, made.id, **REVOKED)
    with pytest.raises(InvalidInput):
        revocations.record_return(runs, made.id, returned_on=clock.today() - timedelta(days=1))
    assert revocations.record_return(runs, made.id, returned_on=clock.today()).medal_returned_on


def test_an_honor_over_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        runs = office()
        approved = approved_by_the_office(
            nomination(campaign(CampaignStatus.NOTICING), N.APPROVED)
        ).id
        outsider = actor_of(person(), grant(Role.ADMIN, over=site("411082")))
        citizen = actor_of(person())
    body = {"title": "第五届许昌市道德模范"}
    path = f"/nominations/{approved}/honor"
    assert http.as_(citizen).post(path, json=body).status_code == 403
    assert http.as_(outsider).post(path, json=body).status_code == 404
    made = http.as_(runs).post(path, json=body)
    assert made.status_code == 201
    assert made.json is not None
    honor_path = f"/honors/{made.json['id']}"
    assert http.as_(runs).post(f"{honor_path}/warnings", json={}).status_code == 422
    warned = http.as_(runs).post(
        f"{honor_path}/warnings", json={"reason": "提醒", "talked_on": "2026-01-02"}
    )
    assert warned.status_code == 201
    for verb, sent in (
        ("suspend", {"reason": "核查"}),
        ("restore", {"reason": "查无实据"}),
        (
            "revoke",
            {"ground": "crime", "reason": "犯罪", "document_number": "许文明〔2027〕31号"},
        ),
    ):
        answer = http.as_(runs).post(f"{honor_path}/{verb}", json=sent)
        assert answer.status_code == 200, answer.text
    returned = http.as_(runs).post(
        f"{honor_path}/record_return", json={"returned_on": clock.today().isoformat()}
    )
    assert returned.status_code == 200
    file = http.as_(runs).get(f"{honor_path}/file").json
    assert file is not None
    assert file["honor"]["revoke_ground"] == "crime"
    page = http.get(honor_path).json
    assert page is not None
    assert (page["status"], page["summary"], page["deeds"]) == ("revoked", "", "")
    assert "revoke_reason" not in page


def test_the_page_shows_a_photo_while_somebody_is_honored(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = honor()
        attached(honors.nomination_of(made), cleared=True)
        plain = honor()
        hidden = honor(is_withheld=True, withheld_reason="近亲属申请保密")
        attached(honors.nomination_of(hidden), cleared=True)
    photo = (http.get(f"/honors/{made.id}").json or {})["photo"]
    assert photo == f"/candidates/{made.nomination_id}/photos/1"
    assert http.get(photo).headers["Content-Type"] == "image/jpeg"
    for other in (plain, hidden):
        assert (http.get(f"/honors/{other.id}").json or {})["photo"] is None
    with stored(rolled_back):
        revocations.revoke(office(), made.id, **REVOKED)
    rolled_back.extensions["liancheng.cache"].clear()
    assert (http.get(f"/honors/{made.id}").json or {})["photo"] is None
