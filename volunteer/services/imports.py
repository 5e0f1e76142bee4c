"""Imports: a file is kept sealed, checked row by row, confirmed by staff, and written in batches.

Checking writes nothing but its own report. Every batch is a transaction that moves its rows and
the counters of the import together, so a process may be killed anywhere and another goes on; of
two that work at once one waits for the row of the import and finds the next rows.
"""

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import CursorResult, Select, delete, exists, or_, select, update
from sqlalchemy.orm import contains_eager, joinedload

from accounts.permissions import Permission
from core import audit, clock, sealed, sheets
from core.actor import SYSTEM, Actor, ScopeKind
from core.config import Settings
from core.crypto import vault
from core.db import atomically, db
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from core.sheets import SheetUnreadable
from volunteer import policies
from volunteer.errors import ImportEmpty, OwnImport, ProjectNotApproved, SpreadsheetInvalid
from volunteer.lifecycles import ENDED_IMPORT, ImportStatus, OrganizationStatus, ProjectStatus
from volunteer.models.imports import Import, ImportKind, ImportRow, RowStatus
from volunteer.models.organizations import Organization
from volunteer.models.projects import Project
from volunteer.services.import_rows import GoodRow, Problem, Repeats, Values, problems_of, write

MAX_ROWS = 100_000
BATCH = 250
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=30)
"""How long the report of an ended import is kept, and how long one waits to be confirmed."""


@dataclass(frozen=True, slots=True)
class RowShape:
    """How a row of a kind is read; given by the job, since the shapes of input are above."""

    required: frozenset[str]
    """Headings without which a file is the wrong one."""
    read: Callable[[Mapping[str, str]], tuple[Values, list[Problem]]]
    """Of the cells that are not empty, by heading."""


Shapes = Mapping[ImportKind, RowShape]


def keep(_actor: Actor, *, body: dict[str, Any]) -> UUID:
    """Measure an upload and keep it sealed, outside any transaction; gives the id under which it
    is kept. Raises SpreadsheetInvalid."""
    content: bytes = body["file"]
    try:
        sheets.measure(content, max_rows=MAX_ROWS)
    except SheetUnreadable as fault:
        raise SpreadsheetInvalid(str(fault)) from None
    import_id = new_id()
    sealed.seal(io.BytesIO(content), _path(import_id), bound_to=_binding(import_id))
    return import_id


def upload(
    actor: Actor,
    kept_as: UUID,
    *,
    kind: ImportKind,
    organization_id: UUID,
    note: str,
    project_id: UUID | None = None,
) -> Import:
    """Hand in a file that was kept. Raises NotFound outside the actor's scope, InvalidInput for a
    project that is missing, or not of the organisation, ProjectNotApproved."""
    organization = _organization(organization_id)
    policies.require_over_unit(actor, Permission.VOLUNTEER_IMPORT_UPLOAD, organization)
    _require_project(kind, organization_id, project_id)
    made = Import(
        id=kept_as,
        kind=kind,
        status=ImportStatus.UPLOADED,
        organization=organization,
        project_id=project_id,
        note=note,
        uploaded_by=actor.id,
        created_at=clock.now(),
        checked=0,
        bad=0,
        written=0,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(actor, made, "upload", to_status=made.status.value)
    return made


def _organization(organization_id: UUID) -> Organization:
    organization = db.session.get(
        Organization, organization_id, options=[joinedload(Organization.site)]
    )
    if organization is None or organization.status is not OrganizationStatus.APPROVED:
        raise NotFound
    return organization


def _require_project(kind: ImportKind, organization_id: UUID, project_id: UUID | None) -> None:
    if kind is ImportKind.VOLUNTEERS:
        if project_id is not None:
            raise InvalidInput.at("project_id", "导入志愿者不需要项目")
        return
    project = db.session.get(Project, project_id) if project_id is not None else None
    if project is None or project.organization_id != organization_id:
        raise InvalidInput.at("project_id", "请选择本组织的一个项目，历史记录归入该项目")
    if project.status is not ProjectStatus.APPROVED:
        raise ProjectNotApproved


def get(actor: Actor, import_id: UUID) -> Import:
    """An import of the actor's organisation or sites. Raises NotFound."""
    return _own(actor, Permission.VOLUNTEER_IMPORT_VIEW, import_id)


def list_own(actor: Actor, page: PageRequest) -> Page[Import]:
    """Imports of the actor's organisations and sites, newest first."""
    permission = Permission.VOLUNTEER_IMPORT_VIEW
    organizations = actor.scope_ids(permission, ScopeKind.ORGANIZATION)
    query = _query().where(
        or_(Import.organization_id.in_(organizations), policies.under_sites(actor, permission))
    )
    return paginate(query, page, by=[Import.id], descending=True)


def list_problems(actor: Actor, import_id: UUID, page: PageRequest) -> Page[ImportRow]:
    """The bad rows in the order of the file. Raises NotFound."""
    get(actor, import_id)
    return paginate(_bad_rows(import_id), page, by=[ImportRow.number])


def problem_report(actor: Actor, import_id: UUID) -> str:
    """All bad rows as CSV: row number, column, reason. Raises NotFound."""
    get(actor, import_id)
    lines = ["\ufeff行号,列,原因"]
    for row in db.session.scalars(_bad_rows(import_id).order_by(ImportRow.number)):
        lines += [f"{row.number},{p['column']},{p['reason']}" for p in row.problems]
    return "\r\n".join(lines) + "\r\n"


def _bad_rows(import_id: UUID) -> Any:
    return select(ImportRow).where(
        ImportRow.import_id == import_id, ImportRow.status == RowStatus.BAD
    )


def confirm(actor: Actor, import_id: UUID) -> Import:
    """Let a checked import be written; hours by somebody else than who uploaded them.

    Raises NotFound outside the actor's sites, OwnImport, ImportEmpty, WrongState."""
    found = _load(import_id)
    policies.require_over_site(actor, Permission.VOLUNTEER_IMPORT_CONFIRM, found.organization.site)
    if found.kind is ImportKind.HOURS:
        policies.refuse_if_self(actor, found.uploaded_by, OwnImport)
    if found.status is ImportStatus.CHECKED and found.checked == found.bad:
        raise ImportEmpty
    audit.perform(
        actor, found, "confirm", confirmed_by=actor.id, confirmed_at=clock.now(), lease_until=None
    )
    return found


def cancel(actor: Actor, import_id: UUID) -> Import:
    """Drop an import of which nothing was written yet. Raises NotFound, WrongState."""
    found = _own(actor, Permission.VOLUNTEER_IMPORT_CANCEL, import_id)
    _end(actor, found, "cancel")
    return found


def _own(actor: Actor, permission: Permission, import_id: UUID) -> Import:
    found = _load(import_id)
    policies.require_over_unit(actor, permission, found.organization)
    return found


def _load(import_id: UUID) -> Import:
    found = db.session.scalar(_query().where(Import.id == import_id))
    if found is None:
        raise NotFound
    return found


def _query() -> Select[Import]:
    return (
        select(Import)
        .join(Import.organization)
        .join(Organization.site)
        .options(contains_eager(Import.organization).contains_eager(Organization.site))
    )


def _end(actor: Actor, found: Import, verb: str, **facts: Any) -> None:
    """Its good rows will never be written: what they say is forgotten at once."""
    audit.perform(actor, found, verb, ended_at=clock.now(), lease_until=None, **facts)
    db.session.execute(
        delete(ImportRow).where(ImportRow.import_id == found.id, ImportRow.status == RowStatus.GOOD)
    )


TO_CHECK = (ImportStatus.UPLOADED, ImportStatus.CHECKING)
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
    _path(import_id).unlink(missing_ok=True)
    return True


def _claim(import_id: UUID, from_states: Sequence[ImportStatus], verb: str) -> Import | None:
    """Take the import for a while, and move it on if nobody has begun."""
    if not _renew(import_id, from_states, _is_free()):
        return None
    found = _load(import_id)
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
    content = b"".join(sealed.unseal(_path(found.id), bound_to=_binding(found.id)))
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
    found = _load(import_id)
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
    _end(SYSTEM, _load(import_id), "refuse", fault=fault)


def _finish_check(import_id: UUID) -> None:
    audit.perform(SYSTEM, _load(import_id), "finish_check", lease_until=None)


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
    found = _load(import_id)
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


def to_lapse() -> list[UUID]:
    """Checked imports that nobody confirmed in time."""
    query = select(Import.id).where(
        Import.status == ImportStatus.CHECKED, Import.created_at < clock.now() - KEPT
    )
    return list(db.session.scalars(query.limit(500)))


def lapse(actor: Actor, import_id: UUID) -> None:
    """Cancel one that waited too long; done by a job. Raises WrongState."""
    _end(actor, _load(import_id), "cancel")


def to_forget() -> list[UUID]:
    """Ended imports whose report was kept long enough."""
    has_rows = exists().where(ImportRow.import_id == Import.id)
    query = select(Import.id).where(
        Import.status.in_(ENDED_IMPORT), Import.ended_at < clock.now() - KEPT, has_rows
    )
    return list(db.session.scalars(query.limit(500)))


def forget(import_id: UUID) -> None:
    """Forget the rows of an ended import; its counters stay."""
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))


def stray_files() -> list[Path]:
    """Uploads of which no import is left to be checked: refused, cancelled, or never stored."""
    oldest = (clock.now() - timedelta(days=1)).timestamp()
    wanted = set(map(str, db.session.scalars(select(Import.id).where(Import.status.in_(TO_CHECK)))))
    return [p for p in _folder().glob("*") if p.name not in wanted and p.stat().st_mtime < oldest]


def _folder() -> Path:
    settings: Settings = current_app.extensions["liancheng.settings"]
    return settings.var_dir / "imports"


def _path(import_id: UUID) -> Path:
    return _folder() / str(import_id)


def _binding(import_id: UUID) -> bytes:
    return b"import:" + import_id.bytes


def _row_binding(import_id: UUID, number: int) -> bytes:
    return b"import_row:" + import_id.bytes + str(number).encode()
