"""Recommending further up: prepared, sent, listed or not, with the usual material."""

import io
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from core import clock
from core.errors import InvalidInput, WrongState
from core.paging import PageRequest
from nominations.errors import HonorNotInForce
from nominations.lifecycles import ReferralStatus
from nominations.models.attachments import AttachmentKind
from nominations.models.honors import HonorLevel
from nominations.models.nominations import WITHHELD_NAME
from nominations.models.referrals import Referral, ReferralTarget
from nominations.services import honors, referrals, revocations
from tests.conftest import Http, stored
from tests.factories.attachments import attached
from tests.factories.honors import honor, office, staff
from tests.nominations.reading import words_of

R = ReferralStatus
LIST = ReferralTarget.HENAN_GOOD_PEOPLE


def prepared() -> Referral:
    return referrals.prepare(office(), honor().id, target=LIST, batch="2027年第一季度")


def test_what_was_listed_enters_the_roll_a_level_up(ctx: Flask) -> None:
    made, today = prepared(), clock.today()
    referrals.send(office(), made.id, reference="许文明函〔2027〕3号", sent_on=today)
    listed = referrals.list_(office(), made.id, outcome_on=today, title="河南好人")
    assert listed.status is R.LISTED
    roll = honors.list_public(PageRequest(limit=9), level=HonorLevel.PROVINCE).items
    assert [(h.title, h.nomination_id) for h in roll] == [("河南好人", made.honor.nomination_id)]


def test_an_outcome_comes_after_the_sending(ctx: Flask) -> None:
    made, today = prepared(), clock.today()
    with pytest.raises(WrongState):
        referrals.not_list(office(), made.id, outcome_on=today)
    with pytest.raises(InvalidInput):
        referrals.send(office(), made.id, reference="3号文", sent_on=today + timedelta(days=1))
    referrals.send(office(), made.id, reference="3号文", sent_on=today)
    assert referrals.not_list(office(), made.id, outcome_on=today).status is R.NOT_LISTED
    with pytest.raises(WrongState):
        referrals.withdraw(office(), made.id, reason="重复")


def test_an_honor_is_referred_to_an_issue_once(ctx: Flask) -> None:
    made = prepared()
    with pytest.raises(IntegrityError):
        referrals.prepare(office(), made.honor_id, target=LIST, batch=made.batch)


def test_a_suspended_honor_is_not_referred(ctx: Flask) -> None:
    made = honor()
    revocations.suspend(office(), made.id, reason="核查")
    with pytest.raises(HonorNotInForce):
        referrals.prepare(office(), made.id, target=LIST, batch="2027年第一季度")


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_material_over_http(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        runs, local = office(), staff()
        honored = honor(nominee_name="卢柏岭", nominee_unit="神垕镇钧瓷厂")
        made = honored.id
        attached(honors.nomination_of(honored), cleared=True)
        attached(honors.nomination_of(honored))
        attached(honors.nomination_of(honored), AttachmentKind.EVIDENCE, cleared=True)
        attached(honors.nomination_of(honored), AttachmentKind.ID_PHOTO, cleared=True)
    sent = http.as_(runs).post(
        f"/honors/{made}/referrals", json={"target": "china_good_people", "batch": "2027年第二批"}
    )
    assert sent.status_code == 201
    assert sent.json is not None
    again = http.as_(runs).post(
        f"/honors/{made}/referrals", json={"target": "china_good_people", "batch": "2027年第二批"}
    )
    assert again.json is not None
    assert (again.status_code, again.json["code"]) == (409, "already_referred")
    path = f"/referrals/{sent.json['id']}"
    assert http.as_(local).get(f"{path}/material.zip").status_code == 403
    answer = http.as_(runs).get(f"{path}/material.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    files = files_of(answer.data)
    written = ["1-推荐表.docx", "2-事迹材料.docx", "3-简要事迹.txt"]
    assert list(files) == [*written, "照片-1.jpg", "照片-2.jpg"]
    assert files["照片-1.jpg"].startswith(b"\xff\xd8")
    form = words_of(files["1-推荐表.docx"])
    assert "中国好人榜推荐表" in form
    for word in ("卢柏岭", "助人为乐", "神垕镇钧瓷厂", "2027年第二批"):
        assert word in form
    assert "他十年如一日" in words_of(files["2-事迹材料.docx"])
    day = clock.today().isoformat()
    for verb, json in (
        ("send", {"reference": "3号文", "sent_on": day}),
        ("list", {"outcome_on": day, "title": "中国好人"}),
    ):
        assert http.as_(runs).post(f"{path}/{verb}", json=json).status_code == 200
    assert http.as_(runs).post(f"{path}/not_list", json={"outcome_on": day}).status_code == 409
    assert http.as_(runs).post(f"{path}/withdraw", json={"reason": "重复"}).status_code == 409
    listed = http.as_(runs).get("/referrals").json
    assert listed is not None
    assert [r["status"] for r in listed["items"]] == ["listed"]


def test_the_material_of_a_withheld_case_names_nobody(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        runs = office()
        made = honor(
            nominee_name="淳于无名",
            nominee_unit="某某单位",
            summary="淳于无名跳河救人",
            short_deeds="淳于无名两次下水。",
            deeds="那天傍晚淳于无名路过河边。" * 70,
            is_withheld=True,
            withheld_reason="近亲属申请保密",
        )
        attached(honors.nomination_of(made), cleared=True)
        referral = referrals.prepare(runs, made.id, target=LIST, batch="2027年5月").id
    files = files_of(http.as_(runs).get(f"/referrals/{referral}/material.zip").data)
    text = "".join(words_of(c) for n, c in files.items() if n.endswith("docx"))
    text += files["3-简要事迹.txt"].decode()
    assert not [name for name in files if name.startswith("照片")]
    assert WITHHELD_NAME in text
    assert "淳于无名" not in text
    assert "某某单位" not in text
