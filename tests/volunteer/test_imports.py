"""Imports: checked as a whole, confirmed by another person, written once, every row accounted."""

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import func, select

from accounts.models.consents import Consent
from accounts.models.inbox import InboxMessage
from accounts.models.persons import Person
from accounts.permissions import Role
from core import clock, outbox, sheets
from core.actor import Actor
from core.crypto import vault
from core.db import db
from jobs import imports as jobs
from jobs.activities import settle_activities
from jobs.flags import flag_hours
from jobs.hours import tally_hours
from jobs.runner import JobContext
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, id_number, person, site
from tests.factories.hours import city_staff
from tests.factories.ledger import entry
from tests.factories.volunteer import NINE, Scene
from tests.support.importing import as_csv, as_xlsx, enrolled, process, sent_as_form
from volunteer.models.activities import Activity
from volunteer.models.attendances import Attendance
from volunteer.models.flags import Flag
from volunteer.models.hours import HoursEntry, HoursTotal, Ledger
from volunteer.models.imports import ImportedVolunteer, ImportRow
from volunteer.models.memberships import Membership
from volunteer.services import deadlines, import_work, imports, statistics

VOLUNTEERS = ["姓名", "身份证号码", "手机号码", "同意书编号"]
HOURS = ["身份证号码", "活动名称", "服务日期", "服务分钟", "服务地点"]
AFTER = NINE + timedelta(days=30)


@pytest.fixture
def scene(rolled_back: Flask) -> Scene:
    with stored(rolled_back):
        return make.scene()


@pytest.fixture(autouse=True)
def late() -> Any:
    with clock.frozen(AFTER):
        yield


def send(
    http: Http, who: Actor, made: Scene, content: bytes, kind: str = "volunteers", **more: Any
) -> Any:
    fields = {"kind": kind, "organization_id": str(made.organization_id), "note": "2024 年纸质台账"}
    if kind == "hours":
        fields["project_id"] = str(made.project_id)
    return sent_as_form(http.as_(who), "/imports", content, {**fields, **more})


def uploaded(
    http: Http, app: Flask, made: Scene, content: bytes, kind: str = "volunteers"
) -> dict[str, Any]:
    """The import after its check."""
    answer = send(http, made.organizer, made, content, kind)
    assert answer.status_code == 202, answer.get_data(as_text=True)
    assert process(app) == 1
    return dict(http.as_(made.organizer).get(f"/imports/{answer.json['id']}").json or {})


def problems(http: Http, made: Scene, found: dict[str, Any]) -> dict[int, str]:
    answer = http.as_(made.organizer).get(f"/imports/{found['id']}/problems?limit=100").json
    assert answer is not None
    return {
        row["number"]: "；".join(f"{p['column']}：{p['reason']}" for p in row["problems"])
        for row in answer["items"]
    }


def count(model: type) -> int:
    return db.session.scalars(select(func.count()).select_from(model)).one()


def test_volunteers_are_registered_linked_and_told(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    known_number, new_number = id_number(), id_number()
    with stored(rolled_back):
        known = person("李四")
        known.id_number = known_number
        known.id_number_index = vault().index.digest(known_number, purpose="id_number")
        before = count(Person)
    content = as_xlsx(
        VOLUNTEERS,
        ["王新", new_number, "13912345678", "甲-001"],
        ["李四", known_number, "", "甲-002"],
    )
    found = uploaded(http, rolled_back, scene, content)
    assert (found["status"], found["checked"], found["bad"]) == ("checked", 2, 0)
    with stored(rolled_back):
        assert count(Person) == before, "checking writes nothing"
    confirmed = http.as_(scene.staff).post(f"/imports/{found['id']}/confirm")
    assert confirmed.json["status"] == "confirmed"  # type: ignore[index]
    assert process(rolled_back) == 1
    done = http.as_(scene.organizer).get(f"/imports/{found['id']}").json
    assert done is not None
    assert (done["status"], done["written"], done["bad"]) == ("done", 2, 0)
    with stored(rolled_back):
        assert count(Person) == before + 1
        new = db.session.scalars(select(Person).where(Person.name == "王新")).one()
        assert (new.id_number, new.phone) == (new_number, "+8613912345678")
        assert new.registered_at is not None
        assert db.session.scalar(select(Consent.id).where(Consent.person_id == new.id))
        entered = db.session.scalars(select(ImportedVolunteer)).all()
        assert {(e.person_id, e.consent_reference) for e in entered} == {
            (new.id, "甲-001"),
            (known.id, "甲-002"),
        }
        members = select(Membership.person_id).where(Membership.person_id.in_((new.id, known.id)))
        assert len(db.session.scalars(members).all()) == 2
        assert count(InboxMessage) == 2
        rows = db.session.scalars(select(ImportRow)).all()
        assert all(row.values_cipher is None for row in rows), "what was written is forgotten"


BAD_VOLUNTEERS = {
    "no name": (["", "{new}", "", "甲-1"], "姓名：必须填写"),
    "name of digits": (["123", "{new}", "", "甲-1"], "姓名：姓名只能包含"),
    "wrong check digit": (["王新", "110101199001011230", "", "甲-1"], "身份证号码：身份证号码有误"),
    "no consent": (["王新", "{new}", "", ""], "同意书编号：必须填写"),
    "short phone": (["王新", "{new}", "1391234", "甲-1"], "手机号码：手机号码有误"),
    "child": (["王新", "{child}", "", "甲-1"], "身份证号码：未满 18 周岁"),
    "other name": (["赵六", "{known}", "", "甲-1"], "姓名：与该身份证号码已登记的姓名不一致"),
    "twice": (["王一", "{first}", "", "甲-1"], "身份证号码：与第 2 行重复"),
}


@pytest.mark.parametrize("case", BAD_VOLUNTEERS)
def test_a_bad_row_is_told_with_number_column_and_reason(
    http: Http, rolled_back: Flask, scene: Scene, case: str
) -> None:
    cells, reason = BAD_VOLUNTEERS[case]
    with stored(rolled_back):
        known = person("李四")
    with rolled_back.app_context():
        known_number = known.id_number or ""
    numbers = {
        "new": id_number(),
        "first": (first := id_number()),
        "child": id_number(born="20150101"),
        "known": known_number,
    }
    content = as_csv(
        VOLUNTEERS,
        ["王一", first, "", "甲-0"],
        [],
        [cell.format(**numbers) for cell in cells],
    )
    found = uploaded(http, rolled_back, scene, content)
    assert (found["status"], found["checked"], found["bad"]) == ("checked", 2, 1)
    told = problems(http, scene, found)
    assert list(told) == [4], "an empty row counts as Excel counts it"
    assert told[4].startswith(reason)
    report = http.as_(scene.organizer).get(f"/imports/{found['id']}/problems.csv")
    lines = report.get_data().decode("utf-8-sig").splitlines()
    assert lines[0] == "行号,列,原因"
    assert lines[1].startswith("4," + reason.replace("：", ",", 1))
    assert numbers["new"] not in report.get_data(as_text=True)


def test_hours_become_honorary_entries_of_an_archive_activity_once(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    with stored(rolled_back):
        one, other = enrolled(scene, "甲一"), enrolled(scene, "乙二")
    with rolled_back.app_context():
        a, b = one.id_number or "", other.id_number or ""
    content = as_xlsx(
        HOURS,
        [a, "敬老院慰问", date(2024, 9, 9), 120, "夕阳红敬老院"],
        [b, "敬老院慰问", "2024/9/9", "90", ""],
        [a, "植树", "2024年3月12日", 180, "北海公园"],
    )
    found = uploaded(http, rolled_back, scene, content, "hours")
    assert problems(http, scene, found) == {}
    assert http.as_(scene.staff).post(f"/imports/{found['id']}/confirm").status_code == 200
    process(rolled_back)
    with stored(rolled_back):
        entries = db.session.scalars(select(HoursEntry).order_by(HoursEntry.minutes)).all()
        assert [(e.minutes, e.served_on) for e in entries] == [
            (90, date(2024, 9, 9)),
            (120, date(2024, 9, 9)),
            (180, date(2024, 3, 12)),
        ]
        assert {e.ledger for e in entries} == {Ledger.HONORARY}
        assert {e.organization_id for e in entries} == {scene.organization_id}
        visit, trees = (
            db.session.scalars(select(Activity).where(Activity.title == title)).one()
            for title in ("敬老院慰问", "植树")
        )
        assert visit.status.value == "finished"
        assert (visit.place, trees.place) == ("夕阳红敬老院", "北海公园")
        assert clock.day_of(visit.starts_at or AFTER) == date(2024, 9, 9)
        assert sorted(m.person_id for m in db.session.scalars(select(InboxMessage))) == sorted(
            [one.id, other.id]
        ), "one message each, not one a row"
    with rolled_back.app_context():
        assert tally_hours(JobContext(rolled_back)) == 3
    with stored(rolled_back):
        assert count(InboxMessage) == 2, "nor one an entry when they are tallied"
        assert count(outbox.Message) == 0
        assert sum(t.minutes for t in db.session.scalars(select(HoursTotal))) == 390
    again = uploaded(http, rolled_back, scene, content, "hours")
    assert set(problems(http, scene, again).values()) == {"活动名称：这条记录已经导入过"}
    refused = http.as_(scene.staff).post(f"/imports/{again['id']}/confirm")
    assert refused.json["code"] == "import_empty"  # type: ignore[index]


def test_what_was_imported_is_neither_chased_nor_flagged(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    with stored(rolled_back):
        who = enrolled(scene, "甲一")
        city = city_staff()
    with rolled_back.app_context():
        number = who.id_number or ""
    # Late enough that its organisers would hear of missing records.
    content = as_csv(HOURS, [number, "植树", "2027-05-10", "180", "北海公园"])
    found = uploaded(http, rolled_back, scene, content, "hours")
    assert http.as_(scene.staff).post(f"/imports/{found['id']}/confirm").status_code == 200
    process(rolled_back)
    with stored(rolled_back):
        trees = db.session.scalars(select(Activity.id).where(Activity.title == "植树")).one()
        assert trees not in deadlines.to_chase()
        before = count(Flag)
    assert make.run(rolled_back, flag_hours) == 0
    with stored(rolled_back):
        assert count(Flag) == before
        told = statistics.participation(city, from_month="2027-05", to_month="2027-05")
        assert told.activities_without_check_ins == 1, "the scene's own, to which nobody came"
        assert deadlines.list_outstanding(scene.organizer, scene.organization_id) == []
    make.run(rolled_back, settle_activities)
    with rolled_back.app_context():
        assert db.session.get_one(Activity, trees).status.value == "settled"
        assert count(Attendance) == 0


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["{unknown}", "植树", "2024-03-12", "60", ""], "身份证号码：不是本组织的志愿者"),
        (["{outsider}", "植树", "2024-03-12", "60", ""], "身份证号码：不是本组织的志愿者"),
        (["{known}", "植树", "2024-02-30", "60", ""], "服务日期：日期无效"),
        (["{known}", "植树", "2027-06-01", "60", ""], "服务日期：日期不能晚于今天"),
        (["{known}", "植树", "2024-03-12", "0", ""], "服务分钟：应为 1 至 720 分钟"),
        (["{known}", "植树", "2024-03-12", "721", ""], "服务分钟：应为 1 至 720 分钟"),
        (["{known}", "植树", "2024-03-12", "1.5", ""], "服务分钟：应为整数"),
        (["{known}", "护河", "2024-03-11", "60", ""], "活动名称：与第 2 行重复"),
        (["{known}", "植树", "2024-03-11", "200", ""], "服务分钟：同一人一天合计超过 12 小时"),
    ],
)
def test_bad_hours_are_told(
    http: Http, rolled_back: Flask, scene: Scene, cells: list[str], reason: str
) -> None:
    with stored(rolled_back):
        known = enrolled(scene, "甲一")
        outsider = person("外人")
    with rolled_back.app_context():
        number, other = known.id_number or "", outsider.id_number or ""
    row = [cell.format(known=number, unknown=id_number(), outsider=other) for cell in cells]
    content = as_csv(HOURS, [number, "护河", "2024-03-11", "600", ""], row)
    told = problems(http, scene, uploaded(http, rolled_back, scene, content, "hours"))
    assert list(told) == [3]
    assert told[3].startswith(reason)


@pytest.mark.parametrize(("minutes", "is_bad"), [("120", False), ("121", True)])
def test_a_day_is_full_whatever_filled_it(
    http: Http, rolled_back: Flask, scene: Scene, minutes: str, is_bad: bool
) -> None:
    """Another file, and hours of check-in: each row alone, and both files, would be possible."""
    with stored(rolled_back):
        known = enrolled(scene, "甲一")
        entry(actor_of(known), scene, 200, on=date(2024, 3, 11))
    with rolled_back.app_context():
        number = known.id_number or ""
    first = as_csv(HOURS, [number, "护河", "2024-03-11", "400", ""])
    later = as_csv(HOURS, [number, "植树", "2024-03-11", minutes, ""])
    checked = uploaded(http, rolled_back, scene, later, "hours")
    assert checked["bad"] == 0, "so far only the first 200 minutes are in the ledger"
    before = uploaded(http, rolled_back, scene, first, "hours")
    http.as_(scene.staff).post(f"/imports/{before['id']}/confirm")
    process(rolled_back)
    told = problems(http, scene, uploaded(http, rolled_back, scene, later, "hours"))
    http.as_(scene.staff).post(f"/imports/{checked['id']}/confirm")
    process(rolled_back)
    written = problems(http, scene, checked)
    reason = "服务分钟：加上已有的记录，这个人这一天超过 12 小时，不能批量导入"
    assert told == written == ({2: reason} if is_bad else {})


def test_today_is_still_the_past(http: Http, rolled_back: Flask, scene: Scene) -> None:
    with stored(rolled_back):
        known = enrolled(scene, "甲一")
    with rolled_back.app_context():
        row = [known.id_number or "", "护河", clock.today().isoformat(), "720", ""]
    found = uploaded(http, rolled_back, scene, as_csv(HOURS, row), "hours")
    assert (found["checked"], found["bad"]) == (1, 0)


def test_hours_are_confirmed_by_somebody_else(http: Http, rolled_back: Flask, scene: Scene) -> None:
    with stored(rolled_back):
        known = enrolled(scene, "甲一")
    with rolled_back.app_context():
        row = [known.id_number or "", "护河", "2024-03-11", "60", ""]
    answer = send(http, scene.staff, scene, as_csv(HOURS, row), "hours")
    process(rolled_back)
    path = f"/imports/{answer.json['id']}/confirm"
    assert http.as_(scene.organizer).post(path).status_code == 403
    assert http.as_(scene.staff).post(path).json["code"] == "own_import"  # type: ignore[index]
    with stored(rolled_back):
        elsewhere = actor_of(person(), grant(Role.SITE_STAFF, over=site("411002002")))
        second = make.staff(name="孙审核")
    assert http.as_(elsewhere).post(path).status_code == 404
    assert http.as_(second).post(path).json["status"] == "confirmed"  # type: ignore[index]
    assert http.as_(second).post(path).json["code"] == "wrong_state"  # type: ignore[index]


def test_gb18030_is_read_as_excel_writes_it(http: Http, rolled_back: Flask, scene: Scene) -> None:
    content = as_csv(VOLUNTEERS, ["王㐱", id_number(), "", "甲-1"], encoding="gb18030")
    assert uploaded(http, rolled_back, scene, content)["bad"] == 0


def test_a_number_that_excel_has_rounded_is_refused(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    content = as_xlsx(VOLUNTEERS, ["王新", int(id_number()[:17] + "0"), 13912345678, "甲-1"])
    told = problems(http, scene, uploaded(http, rolled_back, scene, content))
    assert told == {2: "身份证号码：身份证号码有误，请核对后重新填写"}


@pytest.mark.parametrize("kind", ["volunteers", "hours"])
def test_a_template_is_filled_in_and_its_example_is_never_imported(
    http: Http, rolled_back: Flask, scene: Scene, kind: str
) -> None:
    answer = http.as_(scene.organizer).get(f"/imports/template?kind={kind}")
    headings, example = sheets.read(answer.data)
    assert set(VOLUNTEERS if kind == "volunteers" else HOURS) <= set(headings)
    assert len(example) == len(headings)
    found = uploaded(http, rolled_back, scene, answer.data, kind)
    assert problems(http, scene, found) == {2: "身份证号码：身份证号码有误，请核对后重新填写"}


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", b"0" * (50 << 20))
    return content.getvalue()


def far_cells() -> bytes:
    """Two cells that span a thousand million."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "姓名")
        sheet.write("XFD1048576", "x")
    return content.getvalue()


UNREADABLE = {
    "zip bomb": (bomb, "文件解压后太大"),
    "far cells": (far_cells, "表格最多"),
    "cut off": (lambda: as_xlsx(VOLUNTEERS)[:-100], "无法打开"),
    "binary": (lambda: b"\xff\xfe\x00\x01" * 10, "文件既不是"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_file_that_is_none_is_refused_at_the_door(
    http: Http, rolled_back: Flask, scene: Scene, what: str
) -> None:
    make_content, reason = UNREADABLE[what]
    answer = send(http, scene.organizer, scene, make_content())
    assert answer.status_code == 422
    assert answer.json["code"] == "spreadsheet_invalid"
    assert answer.json["detail"].startswith(reason)


def test_the_wrong_file_is_told_by_its_missing_columns(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    found = uploaded(http, rolled_back, scene, as_csv(HOURS, ["1"] * 5))
    assert found["status"] == "unreadable"
    assert found["fault"] == "第一行缺少这些列：同意书编号、姓名"
    broken = uploaded(http, rolled_back, scene, '姓名,身份证号码,同意书编号\n"王'.encode())
    assert broken["fault"].startswith("CSV 文件的引号")


def test_uploads_are_limited_and_shaped(http: Http, scene: Scene) -> None:
    assert send(http, scene.organizer, scene, b"x" * ((10 << 20) + 1)).status_code == 413
    assert send(http, scene.organizer, scene, b"x" * (11 << 20)).status_code == 413
    assert send(http, scene.organizer, scene, b"").json["errors"]["file"] == ["文件是空的"]
    bare = http.as_(scene.organizer)
    assert bare.post("/imports", json={}).status_code == 415
    missing = bare.post("/imports", data={"kind": "hours"}, content_type="multipart/form-data")
    assert set(missing.json["errors"]) == {"file", "organization_id", "note"}  # type: ignore[index]
    unknown = send(http, scene.organizer, scene, b"a", nobody_knows="1")
    assert unknown.json["errors"] == {"nobody_knows": ["不认识的字段"]}
    no_project = send(
        http, scene.organizer, scene, as_csv(HOURS), "hours", project_id=str(UUID(int=0))
    )
    assert "project_id" in no_project.json["errors"]


def test_strangers_find_nothing(http: Http, rolled_back: Flask, scene: Scene) -> None:
    with stored(rolled_back):
        stranger = make.scene(title="别处").organizer
    assert send(http, stranger, scene, as_csv(VOLUNTEERS)).status_code == 404
    found = uploaded(http, rolled_back, scene, as_csv(VOLUNTEERS, ["王新", "1", "", ""]))
    for path in ("", "/problems", "/problems.csv"):
        answer = http.as_(stranger).get(f"/imports/{found['id']}{path}")
        assert answer.status_code == 404
    assert http.as_(stranger).post(f"/imports/{found['id']}/cancel").status_code == 404
    assert http.as_(stranger).get("/imports").json["items"] == []  # type: ignore[index]
    for insider in (scene.organizer, scene.staff):
        assert len(http.as_(insider).get("/imports").json["items"]) == 1  # type: ignore[index]


def folder(app: Flask) -> Path:
    return Path(app.extensions["liancheng.settings"].var_dir) / "imports"


def test_what_was_uploaded_is_sealed_and_goes(http: Http, rolled_back: Flask, scene: Scene) -> None:
    number = id_number()
    answer = send(http, scene.organizer, scene, as_csv(VOLUNTEERS, ["王新", number, "", "甲-1"]))
    kept = folder(rolled_back) / answer.json["id"]
    assert number.encode() not in kept.read_bytes()
    process(rolled_back)
    assert not kept.exists()
    with stored(rolled_back):
        (row,) = db.session.scalars(select(ImportRow))
        assert number.encode() not in (row.values_cipher or b"")
    cancelled = http.as_(scene.organizer).post(f"/imports/{answer.json['id']}/cancel").json
    assert cancelled is not None
    assert cancelled["status"] == "cancelled"
    with stored(rolled_back):
        assert count(ImportRow) == 0


def test_nobody_waits_for_ever(http: Http, rolled_back: Flask, scene: Scene) -> None:
    found = uploaded(http, rolled_back, scene, as_csv(VOLUNTEERS, ["王新", "1", "", "甲-1"]))
    for later, status, rows in (
        (timedelta(0), "checked", 1),
        (timedelta(seconds=1), "cancelled", 1),
        (imports.KEPT + timedelta(seconds=2), "cancelled", 0),
    ):
        with clock.frozen(AFTER + imports.KEPT + later), rolled_back.app_context():
            jobs.forget_imports(JobContext(rolled_back))
        assert http.as_(scene.organizer).get(f"/imports/{found['id']}").json["status"] == status  # type: ignore[index]
        with stored(rolled_back):
            assert count(ImportRow) == rows


def test_a_killed_import_goes_on_where_it_stopped(
    http: Http, rolled_back: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_work, "BATCH", 2)
    rows = [["王新", id_number(), "", f"甲-{n}"] for n in range(7)]
    answer = send(http, scene.organizer, scene, as_csv(VOLUNTEERS, *rows))
    import_id = UUID(answer.json["id"])

    def killed_after(batches: int, name: str) -> None:
        real, calls = getattr(import_work, name), []

        def dying(*arguments: Any) -> Any:
            calls.append(1)
            if len(calls) > batches:
                raise KeyboardInterrupt
            return real(*arguments)

        with monkeypatch.context() as patch:
            patch.setattr(import_work, name, dying)
            with pytest.raises(KeyboardInterrupt):
                process(rolled_back)

    killed_after(2, "_keep_batch")
    assert process(rolled_back) == 0, "until its lease is over nobody else takes it"
    with clock.frozen(AFTER + import_work.LEASE + timedelta(seconds=1)):
        assert process(rolled_back) == 1
        view = http.as_(scene.organizer).get(f"/imports/{import_id}").json
        assert view is not None
        assert (view["status"], view["checked"], view["bad"]) == ("checked", 7, 0)
        http.as_(scene.staff).post(f"/imports/{import_id}/confirm")
        killed_after(2, "write_batch")
    with clock.frozen(AFTER + 2 * import_work.LEASE + timedelta(seconds=3)):
        assert process(rolled_back) == 1
        view = http.as_(scene.organizer).get(f"/imports/{import_id}").json
    assert view is not None
    assert (view["status"], view["written"]) == ("done", 7)
    with stored(rolled_back):
        assert count(ImportedVolunteer) == 7


def test_what_has_changed_since_the_check_is_told_and_not_lost(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    number = id_number()
    content = as_csv(VOLUNTEERS, ["王新", number, "", "甲-1"], ["王旧", id_number(), "", "甲-2"])
    found = uploaded(http, rolled_back, scene, content)
    with stored(rolled_back):
        sneaked = person("改名了")
        sneaked.id_number = number
        sneaked.id_number_index = vault().index.digest(number, purpose="id_number")
    http.as_(scene.staff).post(f"/imports/{found['id']}/confirm")
    process(rolled_back)
    view = http.as_(scene.organizer).get(f"/imports/{found['id']}").json
    assert view is not None
    assert (view["status"], view["written"], view["bad"]) == ("done", 1, 1)
    assert problems(http, scene, found) == {2: "姓名：与该身份证号码已登记的姓名不一致"}
