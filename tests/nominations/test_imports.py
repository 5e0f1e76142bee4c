"""Imports of earlier honours and of collected nominations: checked, confirmed, written once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models.persons import Person
from accounts.permissions import Role
from core import clock, sheets
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.paging import PageRequest
from nominations.errors import HonorFromArchive
from nominations.lifecycles import CampaignStatus, HonorStatus, NominationStatus
from nominations.models.archive_entries import ArchiveEntry
from nominations.models.campaigns import Campaign
from nominations.models.care_visits import CareOccasion
from nominations.models.honors import Honor, HonorLevel, HonorSource, RevokeGround
from nominations.models.imports import ImportedNomination
from nominations.models.nominations import WITHHELD_NAME, Nomination
from nominations.models.referrals import ReferralTarget
from nominations.rules import Rules, Step
from nominations.services import (
    benefit_cards,
    care_visits,
    honor_rows,
    honors,
    imports,
    merging,
    nominations,
    own_honors,
    referrals,
    revocations,
)
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, id_number, person, site
from tests.factories.honors import honor
from tests.factories.honors import office as city_office
from tests.factories.nominations import DEEDS, campaign, nomination, reviewer
from tests.support.importing import as_csv, as_xlsx, process, sent_as_form
from volunteer.models.imports import ImportRow
from volunteer.services import import_work

ALL = PageRequest(limit=100)

HONOR: dict[str, Any] = {
    "姓名或名称": "申屠敬",
    "对象类型": "个人",
    "身份证号码": "",
    "荣誉类型": "好人",
    "级别": "市级",
    "类别": "助人为乐",
    "荣誉称号": "许昌好人",
    "期次": "2014年第三季度",
    "年度": "2014",
    "文号": "许文明〔2014〕12号",
    "授予日期": "2014-10-10",
    "区县": "魏都区",
    "乡镇街道": "西大街街道",
    "事迹简介": "十年照顾孤寡老人",
    "追授": "否",
    "同意公开姓名": "是",
}
CASE: dict[str, Any] = {
    "被推荐人": "申屠敬",
    "对象类型": "个人",
    "身份证号码": "",
    "类别": "助人为乐",
    "区县": "魏都区",
    "乡镇街道": "西大街街道",
    "一句话介绍": "十年照顾孤寡老人",
    "事迹材料": DEEDS,
    "人数": "",
    "代表人": "",
    "去世日期": "",
    "推荐人或推荐单位": "西大街街道办事处",
}


@dataclass(frozen=True)
class Office:
    """Two people of an office, and where it is."""

    site_id: UUID
    clerk: Actor
    chief: Actor


def office(code: str = "411000") -> Office:
    return Office(site(code).id, reviewer(code), reviewer(code))


@pytest.fixture
def city(rolled_back: Flask) -> Office:
    with stored(rolled_back):
        return office()


@pytest.fixture
def county(rolled_back: Flask) -> Office:
    with stored(rolled_back):
        return office("411002")


@pytest.fixture
def selection(rolled_back: Flask) -> Campaign:
    with stored(rolled_back):
        return campaign(CampaignStatus.NOMINATING)


def table(*rows: Mapping[str, Any], encoding: str = "utf-8") -> bytes:
    return as_csv(list(rows[0]), *[list(row.values()) for row in rows], encoding=encoding)


def send(http: Http, of: Office, content: bytes, kind: str = "honors", **more: Any) -> Any:
    fields = {"kind": kind, "site_id": str(of.site_id), "note": "市文明办纸质档案", **more}
    return sent_as_form(http.as_(of.clerk), "/selection-imports", content, fields)


def checked(
    http: Http, app: Flask, of: Office, content: bytes, into: Campaign | None = None
) -> dict[str, Any]:
    """The import after its check; of nominations if there is a campaign."""
    more = {} if into is None else {"kind": "nominations", "campaign_id": str(into.id)}
    answer = send(http, of, content, **more)
    assert answer.status_code == 202, answer.get_data(as_text=True)
    process(app)
    return view(http, of, answer.json["id"])


def view(http: Http, of: Office, import_id: str) -> dict[str, Any]:
    return dict(http.as_(of.clerk).get(f"/selection-imports/{import_id}").json or {})


def problems(http: Http, of: Office, found: Mapping[str, Any]) -> dict[int, str]:
    answer = http.as_(of.clerk).get(f"/selection-imports/{found['id']}/problems?limit=100").json
    assert answer is not None
    return {
        row["number"]: "；".join(f"{p['column']}：{p['reason']}" for p in row["problems"])
        for row in answer["items"]
    }


def written(
    http: Http, app: Flask, of: Office, content: bytes, into: Campaign | None = None
) -> dict[str, Any]:
    found = checked(http, app, of, content, into)
    assert problems(http, of, found) == {}
    path = f"/selection-imports/{found['id']}/confirm"
    assert http.as_(of.chief).post(path).json["status"] == "confirmed"  # type: ignore[index]
    process(app)
    return view(http, of, found["id"])


def count(model: type) -> int:
    return db.session.scalars(select(func.count()).select_from(model)).one()


# -- earlier honours


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


# -- collected nominations


def test_collected_nominations_are_submitted_on_behalf(
    http: Http, rolled_back: Flask, county: Office, selection: Campaign
) -> None:
    number = id_number()
    with stored(rolled_back):
        known = nomination(selection, nominee_name="申屠敬", summary="照顾老人十年的申屠敬")
    done = written(
        http,
        rolled_back,
        county,
        table(
            CASE | {"身份证号码": number},
            CASE | {"被推荐人": "莲城救援队", "对象类型": "群体", "人数": "12", "代表人": "濮阳文"},
        ),
        selection,
    )
    assert (done["status"], done["written"], done["bad"]) == ("done", 2, 0)
    with stored(rolled_back):
        made = db.session.scalars(
            select(Nomination).join(ImportedNomination).order_by(Nomination.id)
        ).all()
        assert [n.status for n in made] == [NominationStatus.SUBMITTED] * 2
        assert {n.nominator_id for n in made} == {county.clerk.id}
        assert {n.site_id for n in made} == {site("411002001").id}
        assert {n.step for n in made} == {Step.COUNTY}
        assert (made[0].nominee_id_number, made[1].members_count) == (number, 12)
        alike = merging.similar(county.chief, made[0].id)
        assert alike[0].nomination.id == known.id
    source = http.as_(county.chief).get(f"/nominations/{made[0].id}/source").json or {}
    assert source["paper_nominator"] == "西大街街道办事处"
    assert source["import_id"] == done["id"]
    assert http.as_(county.chief).get(f"/nominations/{known.id}/source").status_code == 404


BAD_CASES = {
    "no name": ({"被推荐人": ""}, "被推荐人：必须填写"),
    "kind that is not taken": ({"对象类型": "单位"}, "对象类型：本次活动不推荐这一类对象"),
    "wrong check digit": ({"身份证号码": "110101199001011230"}, "身份证号码：身份证号码有误"),
    "too young": ({"身份证号码": "{child}"}, "身份证号码：被推荐人应年满 16 周岁"),
    "who uploads": ({"身份证号码": "{clerk}"}, "身份证号码：本次活动不接受自荐"),
    "in another category": ({"身份证号码": "{elsewhere}"}, "类别：此人在本次活动的另一个类别"),
    "unknown category": ({"类别": "唱歌跳舞"}, "类别：本次活动没有这个类别"),
    "unknown township": ({"乡镇街道": "神垕镇"}, "乡镇街道：没有这个地方"),
    "long summary": ({"一句话介绍": "好" * 101}, "一句话介绍：一句话介绍最多 100 个字"),
    "longest summary": ({"一句话介绍": "好" * 141}, "一句话介绍：应为 1 至 140 个字"),
    "short deeds": ({"事迹材料": "好"}, "事迹材料：事迹材料应为 800 至 1500 个字，现在有 1 个字"),
    "long deeds": ({"事迹材料": "好" * 1501}, "事迹材料：应为 1 至 1500 个字"),
    "group without a number": (
        {"对象类型": "群体", "代表人": "濮阳文"},
        "人数：请填写人数，至少 2 人",
    ),
    "group of one": ({"对象类型": "群体", "人数": "1"}, "人数：应在 2 至 9999 之间"),
    "group without a name": ({"对象类型": "群体", "人数": "3"}, "代表人：请填写代表人的姓名"),
    "group that died": (
        {"对象类型": "群体", "去世日期": "2020-01-01"},
        "去世日期：推荐个人时才填写",
    ),
    "died before birth": (
        {"身份证号码": "{new}", "去世日期": "1950-01-01"},
        "去世日期：去世日期不能早于出生日期",
    ),
    "twice": ({"被推荐人": "漆雕勇"}, "被推荐人：与第 2 行重复"),
}


@pytest.mark.parametrize("case", BAD_CASES)
def test_a_bad_row_of_nominations_is_told_and_writes_nothing(
    http: Http, rolled_back: Flask, county: Office, case: str
) -> None:
    changes, reason = BAD_CASES[case]
    with stored(rolled_back):
        into = campaign(CampaignStatus.NOMINATING, rules=Rules(summary_max_chars=100))
        other = person("李四")
        nomination(into, category_code="bravery", nominee_id_number_index=other.id_number_index)
        numbers = {
            "child": id_number(born="20150101"),
            "clerk": db.session.get_one(Person, county.clerk.id).id_number,
            "elsewhere": other.id_number,
            "new": id_number(),
        }
        before = count(Nomination)
    said = {column: text.format(**numbers) for column, text in changes.items()}
    content = table(CASE | {"被推荐人": "漆雕勇"}, CASE | said)
    found = checked(http, rolled_back, county, content, into)
    assert (found["status"], found["checked"], found["bad"]) == ("checked", 2, 1)
    told = problems(http, county, found)
    assert list(told) == [3]
    assert told[3].startswith(reason)
    with stored(rolled_back):
        assert (count(Nomination), count(ImportedNomination)) == (before, 0)


def test_one_person_stands_once_in_a_file(
    http: Http, rolled_back: Flask, county: Office, selection: Campaign
) -> None:
    number = {"身份证号码": id_number()}
    content = table(CASE | number, CASE | number | {"类别": "诚实守信"})
    found = checked(http, rolled_back, county, content, selection)
    assert problems(http, county, found) == {3: "身份证号码：与第 2 行重复"}


def test_the_same_nominations_twice_are_once(
    http: Http, rolled_back: Flask, county: Office, selection: Campaign
) -> None:
    content = table(CASE, CASE | {"被推荐人": "漆雕勇", "身份证号码": id_number()})
    written(http, rolled_back, county, content, selection)
    again = checked(http, rolled_back, county, content, selection)
    assert set(problems(http, county, again).values()) == {"被推荐人：这条推荐已经导入过"}
    with stored(rolled_back):
        assert count(Nomination) == 2


def test_where_photos_are_wanted_a_row_becomes_a_draft(
    http: Http, rolled_back: Flask, county: Office
) -> None:
    with stored(rolled_back):
        into = campaign(CampaignStatus.NOMINATING, rules=Rules(life_photos_min=3))
    found = checked(http, rolled_back, county, table(CASE | {"事迹材料": "短"}), into)
    assert list(problems(http, county, found)) == [2], "the text is judged all the same"
    written(http, rolled_back, county, table(CASE), into)
    with stored(rolled_back):
        (made,) = nominations.list_mine(county.clerk, ALL).items
        assert made.status is NominationStatus.DRAFT


def test_nominations_that_close_before_the_writing_are_told_and_not_lost(
    http: Http, rolled_back: Flask, county: Office, selection: Campaign
) -> None:
    found = checked(http, rolled_back, county, table(CASE), selection)
    http.as_(county.chief).post(f"/selection-imports/{found['id']}/confirm")
    with clock.frozen(selection.nominations_close_at - timedelta(microseconds=1)):
        late = checked(http, rolled_back, county, table(CASE | {"被推荐人": "漆雕勇"}), selection)
    assert late["bad"] == 0
    with clock.frozen(selection.nominations_close_at):
        http.as_(county.chief).post(f"/selection-imports/{late['id']}/confirm")
        process(rolled_back)
        view_late = view(http, county, late["id"])
        assert (view_late["status"], view_late["written"], view_late["bad"]) == ("done", 0, 1)
        assert problems(http, county, late) == {2: "被推荐人：推荐已经截止"}


# -- both


def test_who_uploaded_does_not_confirm(http: Http, rolled_back: Flask, city: Office) -> None:
    found = checked(http, rolled_back, city, table(HONOR))
    path = f"/selection-imports/{found['id']}/confirm"
    assert http.as_(city.clerk).post(path).json["code"] == "own_import"  # type: ignore[index]
    with stored(rolled_back):
        elsewhere = office("411082")
    assert http.as_(elsewhere.chief).post(path).status_code == 404
    assert http.as_(city.chief).post(path).json["status"] == "confirmed"  # type: ignore[index]
    assert http.as_(city.chief).post(path).json["code"] == "wrong_state"  # type: ignore[index]


def test_an_import_is_cancelled_before_it_is_written(
    http: Http, rolled_back: Flask, city: Office
) -> None:
    found = checked(http, rolled_back, city, table(HONOR))
    answer = http.as_(city.clerk).post(f"/selection-imports/{found['id']}/cancel").json or {}
    assert answer["status"] == "cancelled"
    with stored(rolled_back):
        assert count(ImportRow) == 0


def test_each_desk_sees_its_own_kinds(http: Http, rolled_back: Flask, city: Office) -> None:
    with stored(rolled_back):
        staff = actor_of(person(), grant(Role.SITE_STAFF, over=site("411000")))
        elsewhere = office("411082")
    found = checked(http, rolled_back, city, table(HONOR))
    for path in ("", "/problems", "/problems.csv"):
        assert http.as_(staff).get(f"/imports/{found['id']}{path}").status_code == 404
        asked = http.as_(elsewhere.clerk).get(f"/selection-imports/{found['id']}{path}")
        assert asked.status_code == 404
    assert http.as_(staff).post(f"/imports/{found['id']}/confirm").status_code == 404
    assert http.as_(staff).get("/imports").json["items"] == []  # type: ignore[index]
    for reader, seen in ((staff, 1), (city.chief, 1), (elsewhere.chief, 0)):
        listed = http.as_(reader).get("/selection-imports").json or {}
        assert len(listed["items"]) == seen


def test_uploads_say_for_which_office_and_campaign(
    http: Http, rolled_back: Flask, city: Office, county: Office, selection: Campaign
) -> None:
    with stored(rolled_back):
        township = office("411002001")
        closed = campaign(CampaignStatus.REVIEWING)
    content = table(HONOR)
    assert "site_id" in send(http, township, content).json["errors"]
    assert send(http, county, content, site_id=str(city.site_id)).status_code == 404
    assert "campaign_id" in send(http, city, content, campaign_id=str(closed.id)).json["errors"]
    assert "campaign_id" in send(http, township, content, "nominations").json["errors"]
    refused = send(http, township, content, "nominations", campaign_id=str(closed.id))
    assert refused.json["code"] == "stage_closed"
    into = {"campaign_id": str(selection.id)}
    assert send(http, township, table(CASE), "nominations", **into).status_code == 202


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_files_are_read_as_excel_writes_them(
    http: Http, rolled_back: Flask, city: Office, encoding: str
) -> None:
    content = table(HONOR | {"姓名或名称": "王㐱"}, encoding=encoding)
    assert checked(http, rolled_back, city, content)["bad"] == 0


def test_a_formula_stays_text_and_leaves_as_text(
    http: Http, rolled_back: Flask, city: Office, selection: Campaign
) -> None:
    said = {"推荐人或推荐单位": "=HYPERLINK(1)"}
    written(http, rolled_back, city, table(CASE | said), selection)
    with stored(rolled_back):
        made = db.session.scalars(select(ImportedNomination)).one()
        assert made.paper_nominator == "=HYPERLINK(1)"
        assert sheets.plain(made.paper_nominator) == "'=HYPERLINK(1)"


@pytest.mark.parametrize("kind", ["honors", "nominations"])
def test_a_template_is_filled_in_and_its_example_is_never_imported(
    http: Http, rolled_back: Flask, city: Office, selection: Campaign, kind: str
) -> None:
    answer = http.as_(city.clerk).get(f"/selection-imports/template?kind={kind}")
    headings, example = sheets.read(answer.data)
    assert answer.mimetype == sheets.SheetFormat.XLSX.content_type
    assert len(headings) == len(example) >= 15
    into = selection if kind == "nominations" else None
    found = checked(http, rolled_back, city, answer.data, into)
    assert problems(http, city, found) == {2: "身份证号码：身份证号码有误，请核对后重新填写"}


@pytest.mark.parametrize("kind", ["honors", "nominations"])
def test_a_killed_import_goes_on_where_it_stopped(
    http: Http,
    rolled_back: Flask,
    city: Office,
    selection: Campaign,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    monkeypatch.setattr(import_work, "BATCH", 2)
    column, example, into = (
        ("姓名或名称", HONOR, None) if kind == "honors" else ("被推荐人", CASE, selection)
    )
    content = table(*[example | {column: f"申屠{n}"} for n in "甲乙丙丁戊"])
    found = checked(http, rolled_back, city, content, into)
    http.as_(city.chief).post(f"/selection-imports/{found['id']}/confirm")
    real, calls = import_work.write_batch, []

    def dying(*arguments: Any) -> int:
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(import_work, "write_batch", dying)
        with pytest.raises(KeyboardInterrupt):
            process(rolled_back)
    assert view(http, city, found["id"])["written"] == 2
    with clock.frozen(clock.now() + import_work.LEASE + timedelta(seconds=1)):
        assert process(rolled_back) == 1
    done = view(http, city, found["id"])
    assert (done["status"], done["written"], done["bad"]) == ("done", 5, 0)
    with stored(rolled_back):
        assert count(ArchiveEntry if kind == "honors" else Nomination) == 5


def test_levels_and_categories_are_known_for_every_kind(ctx: Flask) -> None:
    known = honor_rows._categories()
    assert known["moral_model", "见义勇为"] == "bravery"
    assert known["integrity_unit", "诚信商户"] == "integrity_shop"
    assert {level.value for level in HonorLevel} == {"county", "city", "province", "nation"}


def test_nothing_is_told_of_the_source_of_what_is_not_there(ctx: Flask) -> None:
    with pytest.raises(NotFound):
        imports.source_of(city_office(), UUID(int=0))
