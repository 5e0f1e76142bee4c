"""50,000 rows, one in a hundred bad: all of those told, nothing lost, memory and time bounded."""

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import func, select

from core.db import atomically, db
from tests.conftest import stored
from tests.factories import volunteer as make
from tests.factories.accounts import id_number
from volunteer.models.imports import Import, ImportedVolunteer, ImportKind, ImportRow, RowStatus
from volunteer.services import imports

ROWS, ROWS_ON_POSTGRES = 50_000, 10_000
"""PostgreSQL takes longer for each and shows nothing more by many."""
BAD_EVERY = 100
MAX_PEAK_BYTES = 300 << 20
MAX_SECONDS = 300
"""For both steps on a busy machine of two cores; alone they take a fifth of it."""

ROOT = Path(__file__).resolve().parents[2]


def large_xlsx(rows: int) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for column, heading in enumerate(("姓名", "身份证号码", "手机号码", "同意书编号")):
            sheet.write_string(0, column, heading)
        for n in range(1, rows + 1):
            number = id_number(n, born="19950202")
            sheet.write_string(n, 0, "王新")
            sheet.write_string(n, 1, number if n % BAD_EVERY else "1101")
            sheet.write_string(n, 2, f"139{n:08d}")
            sheet.write_string(n, 3, f"甲-{n}")
    return content.getvalue()


def worker(app: Flask) -> dict[str, Any]:
    settings = app.extensions["liancheng.settings"]
    command = [sys.executable, "-m", "tests.volunteer.importing", str(settings.var_dir)]
    environment = {**os.environ, "DATABASE_URL": settings.database_url}
    told = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, env=environment, capture_output=True, check=True, timeout=MAX_SECONDS
    )
    return dict(json.loads(told.stdout))


@pytest.mark.process
def test_a_large_import_is_whole_and_bounded(committed: Flask, on_postgres: bool) -> None:
    rows = ROWS_ON_POSTGRES if on_postgres else ROWS
    with stored(committed):
        made = make.scene()
    with committed.app_context():
        kept = imports.keep(made.organizer, body={"file": large_xlsx(rows)})
    with stored(committed):
        imports.upload(
            made.organizer,
            kept,
            kind=ImportKind.VOLUNTEERS,
            organization_id=made.organization_id,
            note="历年纸质台账",
        )
    began = time.monotonic()
    checking = worker(committed)
    with stored(committed):
        imports.confirm(made.staff, kept)
    writing = worker(committed)
    seconds = time.monotonic() - began
    print(f"checked {checking}, written {writing}, {seconds:.1f} s")  # noqa: T201 - with -s
    assert max(checking["peak_bytes"], writing["peak_bytes"]) < MAX_PEAK_BYTES
    assert seconds < MAX_SECONDS

    def look() -> tuple[Import, list[ImportRow], int]:
        bad = select(ImportRow).where(ImportRow.status == RowStatus.BAD)
        return (
            db.session.get_one(Import, kept),
            list(db.session.scalars(bad.order_by(ImportRow.number))),
            db.session.scalars(select(func.count()).select_from(ImportedVolunteer)).one(),
        )

    with committed.app_context():
        found, bad, registered = atomically(committed, look, write=False)
    assert (found.status.value, found.checked) == ("done", rows)
    assert (found.bad, found.written) == (rows // BAD_EVERY, rows - rows // BAD_EVERY)
    assert registered == found.written
    assert [row.number for row in bad] == [n + 1 for n in range(BAD_EVERY, rows + 1, BAD_EVERY)]
    assert all(row.problems[0]["column"] == "身份证号码" for row in bad)
