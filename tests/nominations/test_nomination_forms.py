"""The recommendation form and the summary table: for whom, and with what."""

import io
from typing import Any

import pytest
from docx import Document
from docx.shared import Cm
from flask import Flask

from accounts.permissions import Role
from core import audit, clock
from core.crypto import mask_id_number
from core.db import db
from nominations.lifecycles import CampaignStatus, NominationStatus, NomineeKind
from nominations.models.nominations import WITHHELD_NAME
from nominations.rules import Rules, Step
from nominations.services import consultations, nomination_sheets, nomination_tables, screenings
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, id_number, person, site
from tests.factories.nominations import campaign, channel, nomination, reviewer
from tests.nominations.reading import form_of, rows_of, words_of

C, N = CampaignStatus, NominationStatus
WITHHELD: dict[str, Any] = {
    "is_withheld": True,
    "withheld_reason": "近亲属申请保密",
    "nominee_name": "淳于无名",
    "nominee_unit": "某某单位",
    "deeds": "淳于无名跳入河中救人",
}


def test_the_form_of_a_case_on_its_way(http: Http, rolled_back: Flask) -> None:
    number = id_number(born="19620315")
    with stored(rolled_back):
        nominator, county, city = person("荐人者"), reviewer(), reviewer("411000")
        rules = Rules(steps=(Step.COUNTY, Step.CITY, Step.CONSULTATION), departments=("police",))
        made = nomination(
            campaign(C.REVIEWING, rules=rules),
            by=nominator,
            nominee_name="=卢柏岭",
            nominee_id_number=number,
            nominee_id_number_index=b"1" * 32,
            nominee_born_on=clock.today().replace(1962, 3, 15),
            nominee_unit="神垕镇钧瓷厂",
            short_deeds="十年如一日",
        )
        screenings.pass_(county, made.id, opinion="事迹属实，群众公认")
        screenings.pass_(city, made.id)
        consultations.open_all(city, made.id)
        day = clock.today()
        path = f"/nominations/{made.id}/form.docx"
    answer = http.as_(county).get(path)
    assert answer.status_code == 200, answer.json
    form = form_of(answer.data)
    assert form["姓名"] == "=卢柏岭"
    sex = "男" if int(number[16]) % 2 else "女"
    assert (form["性别"], form["出生年月"]) == (sex, "1962年3月")
    assert (form["推荐类别"], form["工作单位"]) == ("助人为乐", "神垕镇钧瓷厂")
    assert number not in words_of(answer.data)
    assert form["身份证号码"] == mask_id_number(number)
    said = f"{day.year}年{day.month}月{day.day}日"
    assert form["县（市、区）意见"] == f"事迹属实，群众公认　魏都区　{said}"
    assert form["市意见"].startswith("同意推荐　")
    assert form["征求意见情况"] == "公安部门：尚未答复"
    assert (form["诚信情况"], form["有无违法违纪"]) == ("", "")
    assert form["主要事迹"].startswith("他十年如一日")
    assert "审核员" not in words_of(answer.data)
    own = form_of(http.as_(nominator).get(path).data)
    assert own["姓名"] == "=卢柏岭"
    assert (own["县（市、区）意见"], own["征求意见情况"]) == ("", "")
    with stored(rolled_back):
        elsewhere = reviewer("411082")
        entries = db.session.query(audit.Entry).filter_by(thing_id=made.id, verb="print").count()
    assert entries == 2
    assert http.as_(elsewhere).get(path).status_code == 404
    assert http.get(path).status_code == 401


def test_the_form_of_a_group_says_who_speaks_for_it(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        nominator = person()
        made = nomination(
            campaign(C.REVIEWING),
            by=nominator,
            nominee_kind=NomineeKind.GROUP,
            members_count=12,
            representative_name="带队人",
        )
    form = form_of(http.as_(nominator).get(f"/nominations/{made.id}/form.docx").data)
    assert (form["类型"], form["人数"], form["负责人"]) == ("群体", "12", "带队人")
    assert "性别" not in form


def test_the_form_of_a_withheld_case_names_nobody(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        county = reviewer()
        made = nomination(campaign(C.REVIEWING), **WITHHELD)
    text = words_of(http.as_(county).get(f"/nominations/{made.id}/form.docx").data)
    assert f"{WITHHELD_NAME}跳入河中救人" in text
    for word in ("淳于无名", "某某单位", "魏都", "西大街"):
        assert word not in text


def test_the_table_is_of_ones_places(http: Http, rolled_back: Flask) -> None:
    with stored(rolled_back):
        made = campaign(C.REVIEWING)
        first = nomination(made, nominee_name="=卢柏岭", nominee_unit="钧瓷厂", supports_count=7)
        nomination(made, **WITHHELD)
        nomination(made, N.DRAFT)
        nomination(made, site_id=site("411082").id, nominee_name="远处人")
        nomination(made, channel_id=channel().id, nominee_name="许大人")
        nomination(campaign(C.REVIEWING), nominee_name="别处活动")
        of_it = {
            "county": reviewer(),
            "channel": reviewer(None, channel=channel()),
            "office": actor_of(person(), grant(Role.ADMIN)),
            "elsewhere": reviewer("411081"),
        }
        citizen = person()
        place = site().division
    path = f"/campaigns/{made.id}/nominations.xlsx"
    tables = {name: rows_of(http.as_(who).get(path).data) for name, who in of_it.items()}
    heading, row, hidden, by_channel = tables["county"]
    assert heading == list(nomination_sheets.HEADINGS)
    assert row == [
        "1",
        "'=卢柏岭",
        "助人为乐",
        place,
        "钧瓷厂",
        first.standing,
        "县（市、区）",
        "7",
        "十年照顾孤寡老人",
    ]
    assert (hidden[1], hidden[3], hidden[4], hidden[8]) == (WITHHELD_NAME, "", "", "")
    assert by_channel[:2] == ["3", "许大人"]
    assert [row[1] for row in tables["channel"][1:]] == ["许大人"]
    everybody = ["'=卢柏岭", WITHHELD_NAME, "远处人", "许大人"]
    assert [row[1] for row in tables["office"][1:]] == everybody
    assert tables["elsewhere"] == [heading]
    assert http.as_(citizen).get(path).status_code == 403
    with stored(rolled_back):
        taken = db.session.query(audit.Entry).filter_by(thing_id=made.id, verb="export").count()
    assert taken == len(of_it)


def test_a_long_table_is_read_in_batches(
    rolled_back: Flask, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nomination_sheets, "BATCH", 2)
    with stored(rolled_back):
        made, by = campaign(C.REVIEWING), person()
        names = [nomination(made, by=by).nominee_name for _ in range(5)]
        county = reviewer()
    rows = rows_of(http.as_(county).get(f"/campaigns/{made.id}/nominations.xlsx").data)
    assert [(row[0], row[1]) for row in rows[1:]] == [
        (str(n), name) for n, name in enumerate(names, start=1)
    ]


def test_the_table_on_paper_has_the_rows_of_the_spreadsheet(http: Http, rolled_back: Flask) -> None:
    number = id_number(born="19620315")
    with stored(rolled_back):
        made, county = campaign(C.REVIEWING), reviewer()
        nomination(made, nominee_name="卢柏岭", nominee_unit="钧瓷厂", nominee_id_number=number)
        nomination(made, **WITHHELD)
        nomination(made, site_id=site("411082").id, nominee_name="远处人")
        nomination(
            made,
            channel_id=channel().id,
            nominee_name="车队",
            nominee_kind=NomineeKind.GROUP,
            members_count=19,
        )
        citizen, by_channel = person(), channel().name
    path = f"/campaigns/{made.id}/nominations.docx"
    answer = http.as_(county).get(path)
    assert answer.status_code == 200, answer.json
    document = Document(io.BytesIO(answer.data))
    (table,) = document.tables
    heading, first, hidden, group = [[cell.text for cell in row.cells] for row in table.rows]
    assert heading == list(nomination_tables.HEADINGS)
    sex = "男" if int(number[16]) % 2 else "女"
    born = f"{number[6:10]}年3月"
    assert first == ["1", "卢柏岭", sex, born, "钧瓷厂", "助人为乐", "魏都区", "十年照顾孤寡老人"]
    assert hidden == ["2", WITHHELD_NAME, "", "", "", "助人为乐", "", ""]
    assert group[:4] == ["3", "车队（19人）", "", ""]
    assert group[6] == by_channel
    assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    section = document.sections[0]
    assert section.page_width == pytest.approx(Cm(29.7), rel=0.001)
    assert section.page_height == pytest.approx(Cm(21), rel=0.001)
    sheet = rows_of(http.as_(county).get(f"/campaigns/{made.id}/nominations.xlsx").data)
    assert len(sheet) == len(table.rows)
    assert http.as_(citizen).get(path).status_code == 403
    with stored(rolled_back):
        taken = db.session.query(audit.Entry).filter_by(thing_id=made.id, verb="print").count()
    assert taken == 1


def test_a_table_too_long_for_paper_is_refused_and_not_logged(
    rolled_back: Flask, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nomination_tables, "MOST_PRINTED", 2)
    with stored(rolled_back):
        made, by, county = campaign(C.REVIEWING), person(), reviewer()
        for _ in range(2):
            nomination(made, by=by)
    path = f"/campaigns/{made.id}/nominations.docx"
    assert http.as_(county).get(path).status_code == 200
    with stored(rolled_back):
        nomination(made, by=by)
    refused = http.as_(county).get(path)
    assert (refused.status_code, (refused.json or {})["code"]) == (409, "table_too_long")
