"""Checking the file of an import, and writing its rows: the work of a job.

Checking writes nothing but its own report. Every batch is a transaction that moves its rows and
the counters of the import together, so a process may be killed anywhere and another goes on; of
two that work at once one waits for the row of the import and finds the next rows.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from volunteer.models.imports import Import, ImportKind, ImportRow, RowStatus
from volunteer.services.import_rows import GoodRow, Problem, Repeats, Values, problems_of, write
from volunteer.services.imports import MAX_ROWS, TO_CHECK, binding_of, end, load, path_of

BATCH = 250
LEASE = timedelta(minutes=2)

TO_WRITE = (ImportStatus.CONFIRMED, ImportStatus.IMPORTING)


@dataclass(frozen=True, slots=True)
class RowShape:
    """How a row of a kind is read; given by the job, since the shapes of input are above."""

    required: frozenset[str]
    """Headings without which a file is the wrong one."""
    read: Callable[[Mapping[str, str]], tuple[Values, list[Problem]]]
    """Of the cells that are not empty, by heading."""


Shapes = Mapping[ImportKind, RowShape]


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


def check(app: Flask, import_id: UUID, shapes: Shapes) -> bool:
    """Check the file of an import, from where an earlier process stopped; False if another has
    it. A file that can't be read to its end is told to be unreadable."""
    claim = partial(_claim, import_id, TO_CHECK, "begin_check")
    found = atomically(app, claim, write=True)
    if found is None:
        return False
    judged = _judged(found, shapes[found.kind])
    try:
        while rows := list(islice(judged, BATCH)):
            if not atomically(app, partial(_keep_batch, import_id, rows), write=True):
                return False
    except SheetUnreadable as fault:
        atomically(app, partial(_refuse, import_id, str(fault)), write=True)
    else:
        atomically(app, partial(_finish_check, import_id), write=True)
    path_of(import_id).unlink(missing_ok=True)
    return True


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


def _judged(found: Import, shape: RowShape) -> Iterator[Judged]:
    """Every row that is not empty, with what can be said of it without the database.

    Raises SheetUnreadable."""
    content = b"".join(sealed.unseal(path_of(found.id), bound_to=binding_of(found.id)))
    rows = sheets.read(content)
    headings = next(rows, [])
    if missing := sorted(shape.required - set(headings)):
        raise SheetUnreadable(f"第一行缺少这些列：{'、'.join(missing)}")
    repeats = Repeats(found.kind)
    for number, cells in enumerate(rows, start=2):
        if not any(cells):
            continue
        if number > MAX_ROWS + 1:
            raise SheetUnreadable(f"表格最多 {MAX_ROWS} 行")
        named = {h: c for h, c in zip(headings, cells, strict=False) if h and c}
        values, problems = shape.read(named)
        if not problems and (repeated := repeats.problem(GoodRow(number, values))):
            problems = [repeated]
        yield number, values, problems


def _keep_batch(import_id: UUID, rows: Sequence[Judged]) -> bool:
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
    against = problems_of(found, [GoodRow(n, values) for n, values, bad in fresh if not bad])
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


def write_all(app: Flask, import_id: UUID) -> bool:
    """Write the good rows of a confirmed import, from where an earlier process stopped; False if
    another has it."""
    if atomically(app, partial(_claim, import_id, TO_WRITE, "begin"), write=True) is None:
        return False
    while atomically(app, partial(write_batch, import_id), write=True):
        pass
    return True


def write_batch(import_id: UUID) -> int:
    """Write the next good rows; the last time, finish. Gives the number of rows dealt with."""
    if not _renew(import_id, (ImportStatus.IMPORTING,)):
        return 0
    found = load(import_id)
    query = select(ImportRow.number, ImportRow.values_cipher).where(
        ImportRow.import_id == import_id, ImportRow.status == RowStatus.GOOD
    )
    rows = [
        GoodRow(number, _opened(import_id, number, blob))
        for number, blob in db.session.execute(query.order_by(ImportRow.number).limit(BATCH))
    ]
    if not rows:
        audit.perform(SYSTEM, found, "finish", ended_at=clock.now(), lease_until=None)
        return 0
    against = problems_of(found, rows)
    good = [row for row in rows if row.number not in against]
    if good:
        write(found, good)
        _mark(import_id, [row.number for row in good], status=RowStatus.WRITTEN)
    for number, problem in against.items():
        _mark(import_id, [number], status=RowStatus.BAD, problems=_told([problem]))
    _count(import_id, written=len(good), bad=len(against))
    return len(rows)


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
