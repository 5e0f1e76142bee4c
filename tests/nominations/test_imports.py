"""Imports of the selection: handed in, confirmed by another, gone on with after a crash."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.permissions import Role
from core import clock, sheets
from core.db import db
from core.errors import NotFound
from nominations.lifecycles import CampaignStatus
from nominations.models.archive_entries import ArchiveEntry
from nominations.models.campaigns import Campaign
from nominations.models.honors import HonorLevel
from nominations.models.imports import ImportedNomination
from nominations.models.nominations import Nomination
from nominations.services import (
    honor_rows,
    imports,
)
from tests.conftest import Http, stored
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.honors import office as city_office
from tests.factories.nominations import campaign
from tests.nominations.importing import (
    CASE,
    HONOR,
    Office,
    checked,
    count,
    office,
    problems,
    send,
    table,
    view,
    written,
)
from tests.support.importing import process
from volunteer.models.imports import ImportRow
from volunteer.services import import_work


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
