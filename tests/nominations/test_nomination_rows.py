"""Collected nominations: judged as a citizen's, submitted on behalf, once."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models.persons import Person
from accounts.models.sites import Site, SiteLevel
from core import clock
from core.db import db
from core.paging import PageRequest
from nominations.lifecycles import CampaignStatus, NominationStatus
from nominations.models.campaigns import Campaign
from nominations.models.imports import ImportedNomination
from nominations.models.nominations import Nomination
from nominations.rules import Rules, Step
from nominations.services import (
    merging,
    nominations,
)
from tests.conftest import Http, stored
from tests.factories.accounts import id_number, person, site
from tests.factories.nominations import campaign, nomination
from tests.nominations.importing import (
    CASE,
    Office,
    checked,
    count,
    problems,
    table,
    view,
    written,
)
from tests.support.importing import process

ALL = PageRequest(limit=100)


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


def test_a_village_of_a_common_name_needs_its_township(
    http: Http, rolled_back: Flask, county: Office, selection: Campaign
) -> None:
    with stored(rolled_back):
        for township in ("411002001", "411002002"):
            above, code = site(township), f"v{township}"
            db.session.add(
                Site(
                    source="test",
                    code=code,
                    name="文明社区新时代文明实践站",
                    division="文明社区",
                    level=SiteLevel.STATION,
                    parent_id=above.id,
                    path=f"{above.path}{code}/",
                )
            )
    row = CASE | {"村社区": "文明社区"}
    found = checked(http, rolled_back, county, table(row | {"乡镇街道": ""}), selection)
    assert problems(http, county, found) == {2: "村社区：有几个同名的地方，请同时填写上一级"}
    written(http, rolled_back, county, table(row), selection)
    with stored(rolled_back):
        made = db.session.scalars(select(Nomination)).one()
        assert made.site_id == site("v411002001").id
