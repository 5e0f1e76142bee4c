"""Exports: whose, masked unless a reason is given, inert, encrypted on disk, kept for a week."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import python_calamine
from flask import Flask
from sqlalchemy import select

from accounts.models.persons import Person
from accounts.permissions import Role
from core import audit, clock
from core.actor import Actor
from core.db import atomically, db
from core.sheets import plain
from jobs import exports as jobs
from jobs.runner import JobContext
from tests.conftest import Http, stored
from tests.factories import volunteer as make
from tests.factories.accounts import actor_of, grant, person, site
from tests.factories.volunteer import DAY_BEFORE, NINE, Scene
from volunteer.models.exports import Export
from volunteer.models.hours import HoursEntry
from volunteer.models.sync_batches import HoursSync
from volunteer.services import attendances, certificates, exports, profiles, signups


def serve(app: Flask, made: Scene, names: list[str]) -> list[Actor]:
    """People who served the whole shift."""
    with stored(app), clock.frozen(DAY_BEFORE):
        people = [make.volunteer(name) for name in names]
        for one in people:
            signups.sign_up(one, made.shift_id)
    for at, act in (
        (NINE, attendances.check_in),
        (NINE + timedelta(minutes=120), attendances.check_out),
    ):
        for one in people:
            with stored(app), clock.frozen(at):
                act(one, code=make.code_of(made.shift_id))
    return people


@pytest.fixture
def scene(rolled_back: Flask) -> Scene:
    with stored(rolled_back):
        made = make.scene(title="=1+1 清洁家园")
    serve(rolled_back, made, ["金丝雀", "@王志愿"])
    return made


def made_by_job(app: Flask) -> int:
    with app.app_context():
        return jobs.make_exports(JobContext(app))


def wanted(made: Scene, kind: str, how: str = "csv", **more: Any) -> dict[str, Any]:
    target = (
        {"activity_id": str(made.activity_id)}
        if kind in ("signups", "attendances")
        else {"organization_id": str(made.organization_id)}
    )
    return {"kind": kind, "format": how, **(more.pop("target", None) or target), **more}


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


@pytest.mark.parametrize("kind", ["signups", "attendances", "hours"])
def test_an_organizer_exports_with_masked_names(
    http: Http, rolled_back: Flask, scene: Scene, kind: str
) -> None:
    organizer = http.as_(scene.organizer)
    asked = organizer.post("/exports", json=wanted(scene, kind))
    assert asked.status_code == 202
    assert asked.json["status"] == "requested"  # type: ignore[index]
    path = f"/exports/{asked.json['id']}"  # type: ignore[index]
    assert organizer.get(f"{path}/file").json["code"] == "export_not_ready"  # type: ignore[index]
    assert made_by_job(rolled_back) == 1
    state = organizer.get(path).json
    assert state is not None
    assert (state["status"], state["written"]) == ("ready", 2)
    answer = organizer.get(f"{path}/file")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.get_data().decode("utf-8-sig")
    assert "金丝雀" not in text
    assert "金**" in text
    heading, *rows = rows_of(answer)
    assert heading[-1] == "志愿者编号"
    assert len({row[-1] for row in rows}) == 2, "people of the same masked name are told apart"
    assert "'=1+1 清洁家园" in text, "a title is no formula"
    assert [o["id"] for o in organizer.get("/exports").json["items"]] == [asked.json["id"]]  # type: ignore[index]


def test_xlsx_has_the_same_cells_and_no_formula(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    organizer = http.as_(scene.organizer)
    asked = organizer.post("/exports", json=wanted(scene, "hours", "xlsx")).json
    made_by_job(rolled_back)
    content = organizer.get(f"/exports/{asked['id']}/file").get_data()  # type: ignore[index]
    assert b"<f>" not in content
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    heading, first, second = sheet.get_sheet_by_index(0).to_python()
    assert heading[:3] == ["服务日期", "姓名", "组织"]
    assert first[0] == "2027-05-01"
    assert first[4] == "'=1+1 清洁家园"
    assert {first[1], second[1]} == {"金**", "'@**"}
    assert (first[6], second[6]) == (120, 120), "numbers, which a clerk can add up"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx"])
def test_no_text_is_a_formula(text: str) -> None:
    assert plain(text) == "'" + text
    assert plain(-30) == "-30", "our own numbers stay numbers"


def test_staff_unmask_with_a_reason_that_is_logged(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    body = wanted(scene, "hours") | {"reason": "表彰前核对名单"}
    assert http.as_(scene.organizer).post("/exports/unmasked", json=body).status_code == 403
    staff = http.as_(scene.staff)
    assert staff.post("/exports/unmasked", json=wanted(scene, "hours")).status_code == 422
    asked = staff.post("/exports/unmasked", json=body).json
    assert asked is not None
    assert asked["is_unmasked"]
    made_by_job(rolled_back)
    answer = staff.get(f"/exports/{asked['id']}/file")
    assert "金丝雀" in answer.get_data().decode("utf-8-sig")
    assert http.as_(scene.organizer).get(f"/exports/{asked['id']}").status_code == 404

    def entries() -> list[tuple[str, str | None]]:
        query = select(audit.Entry).where(audit.Entry.thing_id == UUID(asked["id"]))
        return [(e.verb, e.reason) for e in db.session.scalars(query)]

    with rolled_back.app_context():
        logged = atomically(rolled_back, entries, write=False)
    assert ("unmask", "表彰前核对名单") in logged
    assert [verb for verb, _ in logged][-1] == "download"


def test_others_are_not_told_that_there_is_anything(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    with stored(rolled_back):
        elsewhere = actor_of(person(), grant(Role.SITE_STAFF, over=site("411002002")))
        other = make.scene(title="别处")
    for stranger in (elsewhere, other.organizer):
        for kind in ("signups", "hours"):
            asked = http.as_(stranger).post("/exports", json=wanted(scene, kind))
            assert asked.status_code == 404
    over_site = {"site_id": str(scene.site_id)}
    asked = http.as_(scene.organizer).post(
        "/exports", json=wanted(scene, "hours", target=over_site)
    )
    assert asked.status_code == 404, "an organizer does not export a site"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "hours"}, "organization_id"),
        ({"from": "2027-05-01"}, "from"),
        ({"kind": "decree67"}, "kind"),
        ({"shift_id": "0197a000-0000-7000-8000-000000000000"}, "shift_id"),
    ],
)
def test_what_does_not_go_together_is_told_by_field(
    http: Http, scene: Scene, change: dict[str, Any], field: str
) -> None:
    answer = http.as_(scene.staff).post("/exports", json=wanted(scene, "signups") | change)
    assert answer.status_code == 422
    assert field in answer.json["errors"]  # type: ignore[index]


def test_days_and_sites_narrow_it(http: Http, rolled_back: Flask, scene: Scene) -> None:
    staff = http.as_(scene.staff)
    over_site = {"site_id": str(scene.site_id)}
    ids = [
        staff.post("/exports", json=wanted(scene, "hours", target=over_site, **days)).json["id"]  # type: ignore[index]
        for days in ({"from": "2027-05-01", "to": "2027-05-01"}, {"from": "2027-05-02"}, {})
    ]
    assert made_by_job(rolled_back) == 3
    assert [staff.get(f"/exports/{i}").json["written"] for i in ids] == [2, 0, 2]  # type: ignore[index]


def test_batches_join_without_gap_or_repetition(
    http: Http, rolled_back: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "BATCH", 1)
    asked = http.as_(scene.organizer).post("/exports", json=wanted(scene, "signups")).json
    made_by_job(rolled_back)
    rows = rows_of(http.as_(scene.organizer).get(f"/exports/{asked['id']}/file"))  # type: ignore[index]
    assert sorted(row[0] for row in rows[1:]) == ["'@**", "金**"]


def folder(app: Flask) -> Path:
    return Path(app.extensions["liancheng.settings"].var_dir) / "exports"


def test_the_file_is_encrypted_and_goes_after_a_week(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    staff = http.as_(scene.staff)
    with clock.frozen(NINE):
        body = wanted(scene, "hours") | {"reason": "核对名单"}
        export_id = staff.post("/exports/unmasked", json=body).json["id"]  # type: ignore[index]
        made_by_job(rolled_back)
    kept = folder(rolled_back) / export_id
    assert "金丝雀".encode() not in kept.read_bytes()
    assert kept.stat().st_mode & 0o077 == 0
    assert not list(folder(rolled_back).glob("making-*"))

    def expire_at(at: Any) -> int:
        with clock.frozen(at), rolled_back.app_context():
            return jobs.expire_exports(JobContext(rolled_back))

    assert expire_at(NINE + exports.KEPT) == 0
    with clock.frozen(NINE + exports.KEPT):
        assert staff.get(f"/exports/{export_id}/file").status_code == 200
    with clock.frozen(NINE + exports.KEPT + timedelta(seconds=1)):
        assert staff.get(f"/exports/{export_id}/file").json["code"] == "export_expired"  # type: ignore[index]
    assert expire_at(NINE + exports.KEPT + timedelta(seconds=1)) == 1
    assert not kept.exists()
    assert staff.get(f"/exports/{export_id}").json["status"] == "expired"  # type: ignore[index]


def test_what_can_not_be_made_fails_after_three_attempts(
    http: Http, rolled_back: Flask, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(exports, "_write", broken)
    body = wanted(scene, "decree67") | {"reason": "月度上报"}
    asked = http.as_(scene.staff).post("/exports/unmasked", json=body).json
    assert [made_by_job(rolled_back) for _ in range(4)] == [0] * 4
    with stored(rolled_back):
        export = db.session.get_one(Export, UUID(asked["id"]))  # type: ignore[index]
        assert (export.status.value, export.attempts) == ("failed", 3)
        assert db.session.scalars(select(HoursSync)).all() == [], "the entries are free again"


def test_an_export_whose_maker_was_killed_is_made_anew(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    organizer = http.as_(scene.organizer)
    with clock.frozen(NINE):
        asked = organizer.post("/exports", json=wanted(scene, "signups")).json
        assert asked is not None
        with stored(rolled_back):
            assert exports._claim(UUID(asked["id"])) is not None
    with clock.frozen(NINE + exports.LEASE):
        assert made_by_job(rolled_back) == 0, "another process still has it"
    with clock.frozen(NINE + exports.LEASE + timedelta(seconds=1)):
        assert made_by_job(rolled_back) == 1
        assert organizer.get(f"/exports/{asked['id']}").json["status"] == "ready"  # type: ignore[index]


def test_an_export_that_kills_its_makers_fails_in_the_end(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    asked = http.as_(scene.organizer).post("/exports", json=wanted(scene, "signups")).json
    assert asked is not None
    at = clock.now()
    for _ in range(exports.MAX_ATTEMPTS):
        with clock.frozen(at), stored(rolled_back):
            assert exports._claim(UUID(asked["id"])) is not None
        at += exports.LEASE + timedelta(seconds=1)
    with clock.frozen(at):
        assert made_by_job(rolled_back) == 0
    found = http.as_(scene.organizer).get(f"/exports/{asked['id']}").json
    assert found is not None
    assert found["status"] == "failed"


def test_records_reach_civil_affairs_once_in_the_form_of_decree_67(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    staff = http.as_(scene.staff)
    with stored(rolled_back):
        known = select(Person.id).where(Person.name == "金丝雀")
        who = Actor(db.session.scalars(known).one())
        profiles.update(
            who,
            site_id=site("411002001").id,
            skills=["急救", "手语"],
            category_codes=["major_events", "elderly_and_orphans"],
        )
    body = wanted(scene, "decree67") | {"reason": "月度上报"}
    first, second = (staff.post("/exports/unmasked", json=body).json for _ in range(2))
    assert made_by_job(rolled_back) == 2
    heading, *records = rows_of(staff.get(f"/exports/{first['id']}/file"))  # type: ignore[index]
    assert {"活动名称", "服务日期", "服务地点", "活动组织单位", "活动负责人"} <= set(heading)
    assert len(records) == 2
    record = dict(zip(heading, next(r for r in records if "金丝雀" in r), strict=True))
    assert (record["服务时长（分钟）"], record["时长类别"]) == ("120", "签到时长")
    assert len(record["身份证号码"]) == 18
    assert record["性别"] in ("男", "女")
    assert record["活动负责人"] == "赵队长"
    assert (record["居住区域"], record["服务技能"]) == ("西大街街道", "急救、手语")
    assert record["服务类别"] == "扶老救孤、大型赛会"
    assert record["服务内容"] == record["活动名称"], "where nothing more was written"
    other = dict(zip(heading, next(r for r in records if "金丝雀" not in r), strict=True))
    assert (other["居住区域"], other["服务技能"], other["服务类别"]) == ("", "", "")
    again = rows_of(staff.get(f"/exports/{second['id']}/file"))  # type: ignore[index]
    assert again == [heading], "what was exported is not pending any more"
    batches = staff.get("/sync-batches").json["items"]  # type: ignore[index]
    assert [(b["status"], b["entries"]) for b in batches] == [("exported", 0), ("exported", 2)]
    path = f"/sync-batches/{batches[1]['id']}/acknowledge"
    assert staff.post(path).json["status"] == "acknowledged"  # type: ignore[index]
    assert staff.post(path).json["code"] == "wrong_state"  # type: ignore[index]
    with stored(rolled_back):
        elsewhere = actor_of(person(), grant(Role.SITE_STAFF, over=site("411002002")))
    assert http.as_(elsewhere).post(path).status_code == 404


def test_a_batch_that_was_not_taken_is_abandoned_and_exported_again(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    staff = http.as_(scene.staff)
    with stored(rolled_back):
        colleague = http.as_(make.staff(site()))
        elsewhere = http.as_(make.staff(site("411025")))
    body = wanted(scene, "decree67") | {"reason": "月度上报"}
    first = staff.post("/exports/unmasked", json=body).json
    made_by_job(rolled_back)
    ((batch,), hidden) = (who.get("/sync-batches").json["items"] for who in (colleague, elsewhere))  # type: ignore[index]
    assert hidden == []
    path = f"/sync-batches/{batch['id']}/abandon"
    assert elsewhere.post(path, json={"reason": "文件遗失"}).status_code == 404
    assert colleague.post(path, json={}).status_code == 422
    abandoned = colleague.post(path, json={"reason": "民政系统退回，字段有误"}).json
    assert (abandoned["status"], abandoned["exported_at"]) == ("abandoned", None)  # type: ignore[index]
    assert colleague.post(path, json={"reason": "再来一次"}).json["code"] == "wrong_state"  # type: ignore[index]
    second = staff.post("/exports/unmasked", json=body).json
    made_by_job(rolled_back)
    before, after = (
        rows_of(staff.get(f"/exports/{export['id']}/file"))  # type: ignore[index]
        for export in (first, second)
    )
    assert before == after
    again = colleague.get("/sync-batches").json["items"][0]  # type: ignore[index]
    colleague.post(f"/sync-batches/{again['id']}/acknowledge")
    taken = f"/sync-batches/{again['id']}/abandon"
    assert colleague.post(taken, json={"reason": "文件遗失"}).json["code"] == "wrong_state"  # type: ignore[index]


def test_the_people_of_this_test_are_stored(rolled_back: Flask, scene: Scene) -> None:
    """Negative control: what the exports mask is there in full."""
    with stored(rolled_back):
        assert db.session.scalar(select(Person.id).where(Person.name == "金丝雀"))
        assert len(db.session.scalars(select(HoursEntry)).all()) == 2


def test_certificates_show_what_rests_on_the_unit(
    http: Http, rolled_back: Flask, scene: Scene
) -> None:
    with stored(rolled_back):
        elsewhere = make.scene()
    (who,) = serve(rolled_back, elsewhere, ["金丝雀"])
    with stored(rolled_back), clock.frozen(NINE + timedelta(days=1)):
        issued = certificates.issue(who, from_day=NINE.date(), to_day=NINE.date())
    organizer = http.as_(scene.organizer)
    none = organizer.post("/exports", json=wanted(scene, "certificates"))
    assert none.status_code == 202
    days = wanted(scene, "certificates", **{"from": "2027-05-01"})
    assert organizer.post("/exports", json=days).status_code == 422
    site_wide = wanted(scene, "certificates", target={"site_id": str(scene.site_id)})
    all_of_site = http.as_(scene.staff).post("/exports", json=site_wide)
    assert made_by_job(rolled_back) == 2
    assert len(rows_of(organizer.get(f"/exports/{none.json['id']}/file"))) == 1  # type: ignore[index]
    answer = http.as_(scene.staff).get(f"/exports/{all_of_site.json['id']}/file")  # type: ignore[index]
    heading, row = rows_of(answer)
    told = dict(zip(heading, row, strict=True))
    assert (told["证明编号"], told["姓名"]) == (issued.number, "金**")
    assert told["本单位签到时长（分钟）"] == "120"
    assert told["本单位补记时长（分钟）"] == "0"
    assert told["状态"] == "有效"
