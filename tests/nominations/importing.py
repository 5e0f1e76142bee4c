"""Rows and uploads of an office, for tests of imports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from core.actor import Actor
from core.db import db
from nominations.models.campaigns import Campaign
from tests.conftest import Http
from tests.factories.accounts import site
from tests.factories.nominations import DEEDS, reviewer
from tests.support.importing import as_csv, process, sent_as_form

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
