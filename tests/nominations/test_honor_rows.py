"""Earlier honours: every reason against a row, and what an imported one is afterwards."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.permissions import Role
from core import clock
from core.db import db
from core.paging import PageRequest
from nominations.errors import HonorFromArchive
from nominations.lifecycles import HonorStatus
from nominations.models.archive_entries import ArchiveEntry
from nominations.models.campaigns import Campaign
from nominations.models.care_visits import CareOccasion
from nominations.models.honors import Honor, HonorSource, RevokeGround
from nominations.models.nominations import WITHHELD_NAME
from nominations.models.referrals import ReferralTarget
from nominations.services import (
    benefit_cards,
    care_visits,
    honors,
    own_honors,
    referrals,
    revocations,
)
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, id_number, person, site
from tests.factories.honors import honor
from tests.factories.honors import office as city_office
from tests.factories.nominations import nomination
from tests.nominations.importing import (
    HONOR,
    Office,
    checked,
    count,
    problems,
    table,
    written,
)
from tests.support.importing import as_xlsx
from volunteer.models.imports import ImportRow

ALL = PageRequest(limit=100)


def test_earlier_honors_stand_on_the_roll_under_their_year(
    http: Http, rolled_back: Flask, city: Office
) -> None:
    with stored(rolled_back):
        today = honor()
    number = id_number()
    older = HONOR | {
        "姓名或名称": "漆雕勇",
        "级别": "省级",
        "年度": "2012",
        "授予日期": "2013年1月8日",
    }
    content = as_xlsx(
        list(HONOR),
        list((HONOR | {"身份证号码": number, "授予日期": date(2014, 10, 10)}).values()),
        list((older | {"授予日期": "2013年1月8日", "区县": "", "乡镇街道": ""}).values()),
    )
    done = written(http, rolled_back, city, content)
    assert (done["status"], done["written"], done["bad"]) == ("done", 2, 0)
    roll = (http.get("/honors").json or {})["items"]
    assert [line["name"] for line in roll] == [roll[0]["name"], "申屠敬", "漆雕勇"]
    assert [line["source"] for line in roll] == ["selection", "archive", "archive"]
    assert roll[0]["id"] == str(today.id), "the latest grant is first, not the latest import"
    _, line, other = roll
    assert (line["title"], line["year"], line["level"]) == (
        "许昌好人（2014年第三季度）",
        2014,
        "city",
    )
    assert (line["category"], line["division"]) == ("helping_others", "西大街街道")
    assert (other["year"], other["granted_on"]) == (2012, "2013-01-08")
    assert other["division"] == "许昌市"
    assert [h["name"] for h in (http.get("/honors?year=2014").json or {})["items"]] == ["申屠敬"]
    page = http.get(f"/honors/{line['id']}").json or {}
    assert (page["summary"], page["deeds"], page["photo"]) == ("十年照顾孤寡老人", "", None)
    with stored(rolled_back):
        entry = db.session.scalars(
            select(ArchiveEntry).where(ArchiveEntry.nominee_name == "申屠敬")
        ).one()
        assert entry.nominee_id_number == number
        assert number.encode() not in (entry.nominee_id_number_cipher or b"")
        assert all(row.values_cipher is None for row in db.session.scalars(select(ImportRow)))


def test_a_name_without_consent_is_on_no_page(http: Http, rolled_back: Flask, city: Office) -> None:
    written(http, rolled_back, city, table(HONOR | {"同意公开姓名": "否"}))
    text = http.get("/honors").text
    assert "申屠敬" not in text
    assert WITHHELD_NAME in text
    assert "十年照顾" not in text


BAD_HONORS = {
    "no name": ({"姓名或名称": ""}, "姓名或名称：必须填写"),
    "long name": ({"姓名或名称": "甲" * 41}, "姓名或名称：应为 2 至 40 个字"),
    "unknown kind of holder": ({"对象类型": "宠物"}, "对象类型：只能填写：个人、群体、家庭、单位"),
    "wrong check digit": ({"身份证号码": "110101199001011230"}, "身份证号码：身份证号码有误"),
    "number of a group": ({"对象类型": "群体", "身份证号码": "{new}"}, "身份证号码：表彰个人时"),
    "other name": ({"身份证号码": "{known}"}, "姓名或名称：与该身份证号码已登记的姓名不一致"),
    "unknown kind": ({"荣誉类型": "劳模"}, "荣誉类型：只能填写：好人"),
    "unknown level": ({"级别": "村级"}, "级别：只能填写：区县级"),
    "unknown category": ({"类别": "唱歌跳舞"}, "类别：没有这个类别"),
    "category of another kind": ({"类别": "诚信商户"}, "类别：没有这个类别"),
    "no title": ({"荣誉称号": ""}, "荣誉称号：必须填写"),
    "year in words": ({"年度": "一四年"}, "年度：应为整数"),
    "year before all": ({"年度": "1979"}, "年度：应在 1980 至 2100 之间"),
    "granted in another year": ({"年度": "2012"}, "年度：授予日期应在该年度或下一年"),
    "no document": ({"文号": ""}, "文号：必须填写"),
    "no such day": ({"授予日期": "2014-02-30"}, "授予日期：日期无效"),
    "day to come": ({"授予日期": "2099-01-01"}, "授予日期：日期不能晚于今天"),
    "unknown county": ({"区县": "禹州"}, "区县：没有这个地方"),
    "township elsewhere": ({"区县": "长葛市"}, "乡镇街道：没有这个地方"),
    "long summary": ({"事迹简介": "好" * 141}, "事迹简介：应为 1 至 140 个字"),
    "posthumous or not": ({"追授": "不详"}, "追授：请填写“是”或“否”"),
    "consent unknown": ({"同意公开姓名": ""}, "同意公开姓名：必须填写"),
    "twice": ({"姓名或名称": "漆雕勇"}, "姓名或名称：与第 2 行重复"),
    "granted here": (
        {"姓名或名称": "令狐新", "文号": "{document}"},
        "文号：这份荣誉已经在光荣榜上",
    ),
}


@pytest.mark.parametrize("case", BAD_HONORS)
def test_a_bad_row_of_honors_is_told_and_writes_nothing(
    http: Http, rolled_back: Flask, city: Office, case: str
) -> None:
    changes, reason = BAD_HONORS[case]
    with stored(rolled_back):
        known = person("李四").id_number
        granted = honor(nominee_name="令狐新").document_number
    said = {
        column: text.format(known=known, new=id_number(), document=granted)
        for column, text in changes.items()
    }
    found = checked(http, rolled_back, city, table(HONOR | {"姓名或名称": "漆雕勇"}, HONOR | said))
    assert (found["status"], found["checked"], found["bad"]) == ("checked", 2, 1)
    told = problems(http, city, found)
    assert list(told) == [3]
    assert told[3].startswith(reason)
    report = http.as_(city.clerk).get(f"/selection-imports/{found['id']}/problems.csv")
    assert report.get_data().decode("utf-8-sig").splitlines()[1].startswith("3,")
    with stored(rolled_back):
        assert count(ArchiveEntry) == 0


def test_a_county_imports_its_own_level_and_places(
    http: Http, rolled_back: Flask, county: Office
) -> None:
    own = HONOR | {"级别": "区县级", "荣誉称号": "魏都好人"}
    content = table(
        own,
        HONOR,
        own | {"姓名或名称": "漆雕勇", "区县": "长葛市", "乡镇街道": ""},
        own | {"姓名或名称": "濮阳文", "区县": "", "乡镇街道": ""},
    )
    found = checked(http, rolled_back, county, content)
    assert problems(http, county, found) == {
        3: "姓名或名称：与第 2 行重复",
        4: "区县：没有这个地方，或不在本单位的范围内",
    }
    found = checked(http, rolled_back, county, table(HONOR))
    assert problems(http, county, found) == {2: "级别：区县只能导入区县级荣誉，其他级别由市里导入"}


def test_the_same_file_twice_is_once(http: Http, rolled_back: Flask, city: Office) -> None:
    content = table(HONOR)
    written(http, rolled_back, city, content)
    again = checked(http, rolled_back, city, content)
    assert problems(http, city, again) == {2: "文号：这份荣誉已经在光荣榜上"}
    refused = http.as_(city.chief).post(f"/selection-imports/{again['id']}/confirm")
    assert refused.json["code"] == "import_empty"  # type: ignore[index]
    with stored(rolled_back):
        assert (count(ArchiveEntry), count(Honor)) == (1, 1)


def test_an_earlier_honor_is_revoked_alone(http: Http, rolled_back: Flask, city: Office) -> None:
    written(http, rolled_back, city, table(HONOR, HONOR | {"姓名或名称": "漆雕勇"}))
    with stored(rolled_back):
        one, other = honors.list_public(ALL).items
        revoked = revocations.revoke(
            city_office(),
            one.id,
            ground=RevokeGround.FALSE_DEEDS,
            reason="事迹造假",
            document_number="许文明〔2027〕30号",
        )
        assert revoked.status is HonorStatus.REVOKED
        assert [h.id for h in honors.list_public(ALL).items] == [other.id]


def test_an_earlier_winner_has_a_card_and_hears_of_a_change(
    http: Http, rolled_back: Flask, city: Office
) -> None:
    with stored(rolled_back):
        winner = person("申屠敬")
        number = winner.id_number
    written(http, rolled_back, city, table(HONOR | {"身份证号码": number}))
    with stored(rolled_back):
        (card,) = own_honors.cards(actor_of(winner))
        assert card.honor.source is HonorSource.ARCHIVE
        assert benefit_cards.check(city_office(), card.code).is_valid
        assert honors.people_of(card.honor) == [winner.id]
        revocations.suspend(city_office(), card.honor.id, reason="接到举报，正在核查")
        assert not benefit_cards.check(city_office(), card.code).is_valid
        case = revocations.restore(city_office(), card.honor.id, reason="查无实据")
        assert (
            own_honors.apply_for_help(
                actor_of(winner), case.id, need="医疗费用负担沉重，请求帮扶"
            ).honor.holder.shown_name
            == "申屠敬"
        )


def test_the_dead_and_groups_have_no_account(http: Http, rolled_back: Flask, city: Office) -> None:
    with stored(rolled_back):
        number = person("申屠敬").id_number
    group = HONOR | {"姓名或名称": "莲城救援队", "对象类型": "群体"}
    written(http, rolled_back, city, table(HONOR | {"身份证号码": number, "追授": "是"}, group))
    with stored(rolled_back):
        found = honors.list_public(ALL).items
        assert sorted(h.holder.is_posthumous for h in found) == [False, True]
        assert [list(honors.people_of(h)) for h in found] == [[], []]


def test_a_festival_visit_to_an_earlier_winner_is_planned_by_staff(
    http: Http, rolled_back: Flask, city: Office
) -> None:
    written(http, rolled_back, city, table(HONOR))
    with stored(rolled_back), clock.frozen(clock.start_of(date(2027, 1, 20))):
        (found,) = honors.list_public(ALL).items
        assert care_visits.plan_festivals() == 0
        planned = honors.plan_visit(
            city_office(),
            found.id,
            occasion=CareOccasion.SPRING_FESTIVAL,
            planned_on=date(2027, 2, 1),
        )
        assert planned.honor.holder.shown_name == "申屠敬"
        care_visits.remind(planned.id)


def test_without_material_nobody_is_sent_up(http: Http, rolled_back: Flask, city: Office) -> None:
    written(http, rolled_back, city, table(HONOR))
    with stored(rolled_back):
        (found,) = honors.list_public(ALL).items
        with pytest.raises(HonorFromArchive):
            referrals.prepare(
                city_office(), found.id, target=ReferralTarget.HENAN_GOOD_PEOPLE, batch="5月"
            )


def test_a_reviewer_is_told_of_an_earlier_honor(
    http: Http, rolled_back: Flask, city: Office, selection: Campaign
) -> None:
    with stored(rolled_back):
        winner, other = person("申屠敬"), person("申屠敬")
        number = winner.id_number
        cases = [
            nomination(
                selection, nominee_name=who.name, nominee_id_number_index=who.id_number_index
            )
            for who in (winner, other)
        ]
        cases.append(nomination(selection, nominee_name="申屠敬"))
    written(http, rolled_back, city, table(HONOR | {"身份证号码": number}))
    asked = [
        http.as_(city.chief).get(f"/nominations/{case.id}/earlier_honors").json for case in cases
    ]
    assert [[h["year"] for h in (told or {})["items"]] for told in asked] == [[2014], [], []]
    with stored(rolled_back):
        stranger = actor_of(person(), grant(Role.REVIEWER, over=site("411082")))
    answer = http.as_(stranger).get(f"/nominations/{cases[0].id}/earlier_honors")
    assert answer.status_code == 404
