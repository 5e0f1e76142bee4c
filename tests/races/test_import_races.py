"""Imports and exports: confirmed once, written once, an entry in one batch, however many work."""

from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select

from accounts.models.persons import Person
from core import clock
from core.actor import Actor
from core.db import atomically, db
from core.errors import WrongState
from core.sheets import SheetFormat
from schemas.imports import KINDS
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.accounts import id_number
from tests.factories.volunteer import NINE, Scene
from tests.races.crowd import naive_rush, rush
from tests.support.importing import enrolled
from volunteer.models.exports import ExportKind
from volunteer.models.hours import HoursEntry, UntalliedHours
from volunteer.models.imports import Import, ImportedActivity, ImportKind
from volunteer.models.sync_batches import HoursSync
from volunteer.services import exports, import_work, imports, sync_batches

pytestmark = pytest.mark.race
ROWS = 40


def checked_hours(app: Flask, uploads: int = 1) -> tuple[Scene, list[UUID], list[Actor]]:
    """Uploads of the same hours, checked; the scene, and two who may confirm them."""
    with stored(app):
        made = make.scene()
        others = [make.staff(name=name) for name in ("孙审核", "周审核")]
        numbers = [enrolled(made, f"志愿{n}").id_number or "" for n in range(ROWS)]
    lines = ["身份证号码,活动名称,服务日期,服务分钟"]
    lines += [f"{number},护河,2024-03-1{n % 5},60" for n, number in enumerate(numbers)]
    ids = [upload(app, made, "\n".join(lines), ImportKind.HOURS) for _ in range(uploads)]
    return made, ids, others


def upload(app: Flask, made: Scene, text: str, kind: ImportKind) -> UUID:
    with app.app_context():
        kept = imports.keep(made.organizer, body={"file": text.encode()})
    with stored(app):
        imports.upload(
            made.organizer,
            kept,
            kind=kind,
            organization_id=made.organization_id,
            note="纸质台账",
            project_id=made.project_id if kind is ImportKind.HOURS else None,
        )
    with app.app_context():
        assert import_work.check(app, kept, KINDS)
    return kept


def confirmed(app: Flask, import_id: UUID, by: Actor) -> None:
    with stored(app):
        imports.confirm(by, import_id)
    with stored(app):
        assert import_work._claim(import_id, import_work.TO_WRITE, "begin")


def counted(app: Flask, *models: type) -> tuple[int, ...]:
    def read() -> tuple[int, ...]:
        return tuple(
            db.session.scalars(select(func.count()).select_from(model)).one() for model in models
        )

    with app.app_context():
        return atomically(app, read, write=False)


def counters(app: Flask, import_id: UUID) -> tuple[str, int, int, int]:
    def read() -> tuple[str, int, int, int]:
        found = db.session.get_one(Import, import_id)
        return found.status.value, found.checked, found.bad, found.written

    with app.app_context():
        return atomically(app, read, write=False)


def finish(app: Flask, import_id: UUID) -> None:
    with app.app_context():
        while atomically(app, partial(import_work.write_batch, import_id, KINDS), write=True):
            pass


def test_of_two_who_confirm_one_does(committed: Flask) -> None:
    with clock.frozen(NINE):
        _, (import_id,), others = checked_hours(committed)
        outcomes = rush(committed, [partial(imports.confirm, o, import_id) for o in others])
    assert len([o for o in outcomes if isinstance(o, WrongState)]) == 1


def test_confirming_and_cancelling_leave_one_decision(committed: Flask) -> None:
    with clock.frozen(NINE):
        made, (import_id,), others = checked_hours(committed)
        rush(
            committed,
            [
                partial(imports.confirm, others[0], import_id),
                partial(imports.cancel, made.organizer, import_id),
            ],
        )
        status = counters(committed, import_id)[0]
        finish(committed, import_id)
    assert status in ("confirmed", "cancelled")
    assert counted(committed, HoursEntry) == (0,), "what was not begun writes nothing"


def test_many_workers_write_every_row_once(
    committed: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_work, "BATCH", 5)
    with clock.frozen(NINE):
        _, (import_id,), others = checked_hours(committed)
        confirmed(committed, import_id, others[0])
        dealt = rush(committed, [partial(import_work.write_batch, import_id, KINDS)] * 6)
        assert sum(n for n in dealt if isinstance(n, int)) == 30
        finish(committed, import_id)
    assert counters(committed, import_id) == ("done", ROWS, 0, ROWS)
    assert counted(committed, HoursEntry, UntalliedHours, ImportedActivity) == (ROWS, ROWS, 5)


def test_the_same_file_twice_at_once_is_once(committed: Flask) -> None:
    with clock.frozen(NINE):
        _, ids, others = checked_hours(committed, uploads=2)
        for import_id in ids:
            confirmed(committed, import_id, others[0])
        rush(committed, [partial(import_work.write_batch, import_id, KINDS) for import_id in ids])
        for import_id in ids:
            finish(committed, import_id)
    assert counted(committed, HoursEntry, UntalliedHours, ImportedActivity) == (ROWS, ROWS, 5)
    for import_id in ids:
        status, checked, bad, written = counters(committed, import_id)
        assert (status, checked) == ("done", bad + written), "no row is lost"


def test_without_the_key_the_same_rows_are_written_twice(committed: Flask) -> None:
    """Negative control: looking whether a record is there, then writing it."""
    entries = Table("naive_entries", MetaData(), Column("id", Integer, primary_key=True))
    with stored(committed):
        entries.create(db.session.connection())

    def is_new() -> bool:
        return db.session.scalars(select(func.count()).select_from(entries)).one() == 0

    assert naive_rush(committed, 2, is_new, lambda: db.session.execute(insert(entries))) == 2


def test_two_imports_of_one_new_person_make_one(committed: Flask) -> None:
    with clock.frozen(NINE):
        with stored(committed):
            made, staff = make.scene(), make.staff()
        text = f"姓名,身份证号码,同意书编号\n王新,{id_number()},甲-1"
        ids = [upload(committed, made, text, ImportKind.VOLUNTEERS) for _ in range(2)]
        for import_id in ids:
            confirmed(committed, import_id, staff)
        (before,) = counted(committed, Person)
        rush(committed, [partial(import_work.write_batch, import_id, KINDS) for import_id in ids])
        for import_id in ids:
            finish(committed, import_id)
    assert counted(committed, Person) == (before + 1,)


def test_an_entry_goes_to_civil_affairs_in_one_batch(committed: Flask) -> None:
    with clock.frozen(NINE):
        made, (import_id,), others = checked_hours(committed)
        confirmed(committed, import_id, others[0])
        finish(committed, import_id)
        wanted = exports.ExportRequest(
            ExportKind.DECREE67, SheetFormat.CSV, organization_id=made.organization_id
        )
        with stored(committed):
            asked = [exports.unmask(made.staff, wanted, reason="月度上报") for _ in range(4)]
        rush(committed, [partial(sync_batches.collect, export, ()) for export in asked])
    assert counted(committed, HoursSync) == (ROWS,)


def test_of_many_makers_one_has_the_export(committed: Flask) -> None:
    with clock.frozen(NINE):
        with stored(committed):
            made = make.scene()
            wanted = exports.ExportRequest(
                ExportKind.SIGNUPS, SheetFormat.CSV, activity_id=made.activity_id
            )
            export = exports.create(made.organizer, wanted)
        claimed = rush(committed, [partial(exports._claim, export.id)] * 8)
    assert len([c for c in claimed if c is not None]) == 1
