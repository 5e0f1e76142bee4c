"""Checking the file of an import, and writing its rows: the work of a job.

Checking writes nothing but its own report. Every batch is a transaction that moves its rows and
the counters of the import together, so a process may be killed anywhere and another goes on; of
two that work at once one waits for the row of the import and finds the next rows.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any, cast
from uuid import UUID

from flask import Flask
from sqlalchemy import CursorResult, or_, select, update

from core import audit, clock, sealed, sheets
from core.actor import SYSTEM
from core.crypto import vault
from core.db import atomically, db
from core.sheets import SheetUnreadable
from volunteer.lifecycles import ImportStatus
from volunteer.models.imports import Import, ImportRow, RowStatus
from volunteer.services.import_kinds import GoodRow, Kind, Kinds, Problem, Values
from volunteer.services.imports import MAX_ROWS, TO_CHECK, binding_of, end, load, path_of

BATCH = 250
LEASE = timedelta(minutes=2)

TO_WRITE = (ImportStatus.CONFIRMED, ImportStatus.IMPORTING)


def to_check() -> list[UUID]:
    """Imports whose file was not checked to the end."""
    return _free(TO_CHECK)


def to_write() -> list[UUID]:
    """Confirmed imports that are not written to the end."""
    return _free(TO_WRITE)


def _free(statuses: Sequence[ImportStatus]) -> list[UUID]:
    query = select(Import.id).where(Import.status.in_(statuses), _is_free())
    return list(db.session.scalars(query.order_by(Import.id).limit(20)))


def _is_free() -> Any:
    return or_(Import.lease_until.is_(None), Import.lease_until < clock.now())


def check(app: Flask, import_id: UUID, kinds: Kinds) -> bool:
    """Check the file of an import, from where an earlier process stopped; False if another has
    it. A file that can't be read to its end is told to be unreadable."""
    claim = partial(_claim, import_id, TO_CHECK, "begin_check")
    found = atomically(app, claim, write=True)
    if found is None:
        return False
    kind = kinds[found.kind]
    judged = _judged(found, kind)
    try:
        while rows := list(islice(judged, _batch_of(kind))):
            if not atomically(app, partial(_keep_batch, import_id, rows, kind), write=True):
                return False
    except SheetUnreadable as fault:
        atomically(app, partial(_refuse, import_id, str(fault)), write=True)
    else:
        atomically(app, partial(_finish_check, import_id), write=True)
    path_of(import_id).unlink(missing_ok=True)
    return True


def _batch_of(kind: Kind) -> int:
    return min(BATCH, kind.rules.most_at_once)


def _claim(import_id: UUID, from_states: Sequence[ImportStatus], verb: str) -> Import | None:
    """Take the import for a while, and move it on if nobody has begun."""
    if not _renew(import_id, from_states, _is_free()):
        return None
    found = load(import_id)
    if found.status is from_states[0]:
        audit.perform(SYSTEM, found, verb)
    return found


def _renew(import_id: UUID, states: Sequence[ImportStatus], *conditions: Any) -> bool:
    """Hold the row of the import until the transaction ends, if it is in one of these states."""
    held = db.session.execute(
        update(Import)
        .where(Import.id == import_id, Import.status.in_(states), *conditions)
        .values(lease_until=clock.now() + LEASE)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", held).rowcount == 1


Judged = tuple[int, Values, list[Problem]]
"""Number, values and problems of a row."""


def _judged(found: Import, kind: Kind) -> Iterator[Judged]:
    """Every row that is not empty, with what can be said of it without the database.

    Raises SheetUnreadable."""
    content = b"".join(sealed.unseal(path_of(found.id), bound_to=binding_of(found.id)))
    rows = sheets.read(content)
    headings = next(rows, [])
    if missing := sorted(kind.required - set(headings)):
        raise SheetUnreadable(f"第一行缺少这些列：{'、'.join(missing)}")
    repeated = kind.rules.repeats()
    for number, cells in enumerate(rows, start=2):
        if not any(cells):
            continue
        if number > MAX_ROWS + 1:
            raise SheetUnreadable(f"表格最多 {MAX_ROWS} 行")
        named = {h: c for h, c in zip(headings, cells, strict=False) if h and c}
        values, problems = kind.read(named)
        if not problems and (problem := repeated(GoodRow(number, values))):
            problems = [problem]
        yield number, values, problems


def _keep_batch(import_id: UUID, rows: Sequence[Judged], kind: Kind) -> bool:
    """Keep the rows that are not kept yet, with what the database has against them. False if the
    import is not being checked any more."""
    if not _renew(import_id, (ImportStatus.CHECKING,)):
        return False
    found = load(import_id)
    numbers = [number for number, _, _ in rows]
    kept = set(
        db.session.scalars(
            select(ImportRow.number).where(
                ImportRow.import_id == import_id, ImportRow.number.in_(numbers)
            )
        )
    )
    fresh = [row for row in rows if row[0] not in kept]
    good = [GoodRow(n, values) for n, values, bad in fresh if not bad]
    against = kind.rules.problems_of(found, good)
    stored = [
        _row(import_id, n, values, problems + ([against[n]] if n in against else []))
        for n, values, problems in fresh
    ]
    if stored:
        db.session.connection().execute(cast(Any, ImportRow.__table__).insert(), stored)
    _count(import_id, checked=len(stored), bad=sum(bool(row["problems"]) for row in stored))
    return True


def _row(
    import_id: UUID, number: int, values: Values, problems: Sequence[Problem]
) -> dict[str, Any]:
    raw = json.dumps(values, ensure_ascii=False).encode()
    bound_to = _row_binding(import_id, number)
    return {
        "import_id": import_id,
        "number": number,
        "status": RowStatus.BAD if problems else RowStatus.GOOD,
        "values_cipher": None if problems else vault().cipher.encrypt(raw, bound_to=bound_to),
        "problems": _told(problems),
    }


def _told(problems: Sequence[Problem]) -> list[dict[str, str]]:
    return [{"column": p.column, "reason": p.reason} for p in problems]


def _count(import_id: UUID, **amounts: int) -> None:
    db.session.execute(
        update(Import)
        .where(Import.id == import_id)
        .values({getattr(Import, name): getattr(Import, name) + n for name, n in amounts.items()})
        .execution_options(synchronize_session=False)
    )


def _refuse(import_id: UUID, fault: str) -> None:
    end(SYSTEM, load(import_id), "refuse", fault=fault)


def _finish_check(import_id: UUID) -> None:
    audit.perform(SYSTEM, load(import_id), "finish_check", lease_until=None)


def write_all(app: Flask, import_id: UUID, kinds: Kinds) -> bool:
    """Write the good rows of a confirmed import, from where an earlier process stopped; False if
    another has it."""
    if atomically(app, partial(_claim, import_id, TO_WRITE, "begin"), write=True) is None:
        return False
    while atomically(app, partial(write_batch, import_id, kinds), write=True):
        pass
    return True


def write_batch(import_id: UUID, kinds: Kinds) -> int:
    """Write the next good rows; the last time, finish. Gives the number of rows dealt with."""
    if not _renew(import_id, (ImportStatus.IMPORTING,)):
        return 0
    found = load(import_id)
    kind = kinds[found.kind]
    rows = _next_rows(import_id, _batch_of(kind))
    if not rows:
        audit.perform(SYSTEM, found, "finish", ended_at=clock.now(), lease_until=None)
        return 0
    against = kind.rules.write(found, rows)
    written = [row.number for row in rows if row.number not in against]
    if written:
        _mark(import_id, written, status=RowStatus.WRITTEN)
    for number, problem in against.items():
        _mark(import_id, [number], status=RowStatus.BAD, problems=_told([problem]))
    _count(import_id, written=len(written), bad=len(against))
    return len(rows)


def _next_rows(import_id: UUID, most: int) -> list[GoodRow]:
    query = select(ImportRow.number, ImportRow.values_cipher).where(
        ImportRow.import_id == import_id, ImportRow.status == RowStatus.GOOD
    )
    return [
        GoodRow(number, _opened(import_id, number, blob))
        for number, blob in db.session.execute(query.order_by(ImportRow.number).limit(most))
    ]


def _opened(import_id: UUID, number: int, blob: bytes | None) -> Values:
    raw = vault().cipher.decrypt(blob or b"", bound_to=_row_binding(import_id, number))
    return cast(Values, json.loads(raw))


def _mark(import_id: UUID, numbers: Sequence[int], **values: Any) -> None:
    db.session.execute(
        update(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.number.in_(numbers))
        .values(values_cipher=None, **values)
        .execution_options(synchronize_session=False)
    )


def _row_binding(import_id: UUID, number: int) -> bytes:
    return b"import_row:" + import_id.bytes + str(number).encode()
