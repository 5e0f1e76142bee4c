"""Exports: asked for with a scope, made by a job in bounded memory, downloaded for a week.

There is one way for ten rows and for a million: a stored request. Rows are read by key, a batch
in a transaction of its own, so that no long transaction holds anybody up.
"""

import logging
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import CursorResult, or_, select, tuple_, update

from accounts.permissions import Permission
from core import audit, clock, sealed
from core.actor import SYSTEM, Actor
from core.config import Settings
from core.db import atomically, db
from core.errors import InvalidInput, NotFound, WrongState
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from core.sheets import RowWriter, SheetFormat, writing
from volunteer.errors import ExportExpired, ExportNotReady
from volunteer.lifecycles import ExportStatus
from volunteer.models.exports import Export, ExportKind
from volunteer.services import export_scopes, sync_batches
from volunteer.services.export_tables import TABLES, Table

KEPT = timedelta(days=7)
BATCH = 5000
LEASE = timedelta(minutes=10)
MAX_ATTEMPTS = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is wanted: of exactly one of the four targets; days are of service, inclusive."""

    kind: ExportKind
    format: SheetFormat
    shift_id: UUID | None = None
    activity_id: UUID | None = None
    organization_id: UUID | None = None
    site_id: UUID | None = None
    from_day: date | None = None
    to_day: date | None = None


@dataclass(frozen=True, slots=True)
class Download:
    """A finished export: its name for people, and its content piece by piece."""

    name: str
    pieces: Iterator[bytes]


def create(actor: Actor, wanted: ExportRequest) -> Export:
    """Ask for an export with masked names. Raises NotFound outside the actor's scope,
    InvalidInput for a kind, target or days that do not go together."""
    if TABLES[wanted.kind].is_personal:
        raise InvalidInput.at("kind", "这种导出含有完整的个人信息，须说明理由")
    export = _made_of(wanted)
    export_scopes.require(actor, Permission.VOLUNTEER_EXPORT_CREATE, export)
    return _store(actor, export, "create")


def unmask(actor: Actor, wanted: ExportRequest, *, reason: str) -> Export:
    """Ask for an export with names in full; the reason is logged. Raises as `create` does."""
    export = _made_of(wanted)
    export_scopes.require(actor, Permission.VOLUNTEER_EXPORT_UNMASK, export)
    export.is_unmasked, export.reason = True, reason
    _store(actor, export, "unmask")
    if wanted.kind is ExportKind.DECREE67:
        sync_batches.prepare(export)
    return export


TARGETS = ("shift_id", "activity_id", "organization_id", "site_id")


def _made_of(wanted: ExportRequest) -> Export:
    table = TABLES[wanted.kind]
    given = [name for name in TARGETS if getattr(wanted, name) is not None]
    if len(given) != 1 or given[0] not in table.targets:
        raise InvalidInput.at(table.targets[0], f"请填写 {'、'.join(table.targets)} 中的一个")
    if not table.has_days and (wanted.from_day or wanted.to_day):
        raise InvalidInput.at("from", "这种导出不按日期筛选")
    if wanted.from_day and wanted.to_day and wanted.to_day < wanted.from_day:
        raise InvalidInput.at("to", "截止日不能早于起始日")
    return Export(id=new_id(), is_unmasked=False, **asdict(wanted))


def _store(actor: Actor, export: Export, verb: str) -> Export:
    export.status = ExportStatus.REQUESTED
    export.requested_by = actor.id
    export.created_at = clock.now()
    export.attempts = 0
    db.session.add(export)
    db.session.flush()
    audit.record(actor, export, verb, reason=export.reason, to_status=export.status.value)
    return export


def get(actor: Actor, export_id: UUID) -> Export:
    """One of the actor's own exports. Raises NotFound."""
    export = db.session.get(Export, export_id)
    if export is None or export.requested_by != actor.id:
        raise NotFound
    return export


def list_mine(actor: Actor, page: PageRequest) -> Page[Export]:
    """The actor's exports, newest first."""
    query = select(Export).where(Export.requested_by == actor.id)
    return paginate(query, page, by=[Export.id], descending=True)


def download(actor: Actor, export_id: UUID) -> Download:
    """The file, for whoever asked for it and still holds the permission; written down.

    Raises NotFound, ExportNotReady, ExportExpired."""
    export = get(actor, export_id)
    permission = (
        Permission.VOLUNTEER_EXPORT_UNMASK
        if export.is_unmasked
        else Permission.VOLUNTEER_EXPORT_CREATE
    )
    export_scopes.require(actor, permission, export)
    path = _path(export.id)
    if export.status in (ExportStatus.REQUESTED, ExportStatus.FAILED):
        raise ExportNotReady(state=export.status.value)
    if export.status is ExportStatus.EXPIRED or _is_over(export) or not path.exists():
        raise ExportExpired
    audit.record(actor, export, "download")
    day = clock.day_of(export.created_at)
    name = f"{TABLES[export.kind].title}-{day:%Y%m%d}.{export.format.value}"
    return Download(name, sealed.unseal(path, bound_to=_binding(export.id)))


def _is_over(export: Export) -> bool:
    return export.ready_at is not None and clock.now() - export.ready_at > KEPT


def to_make() -> list[UUID]:
    """Exports that wait, oldest first; not those that another process has."""
    query = select(Export.id).where(Export.status == ExportStatus.REQUESTED, _is_free())
    return list(db.session.scalars(query.order_by(Export.id).limit(20)))


def _is_free() -> Any:
    return or_(Export.lease_until.is_(None), Export.lease_until < clock.now())


def make(app: Flask, export_id: UUID) -> bool:
    """Make the file of an export, in many short transactions; False if it was not to be made, or
    could not be. Interrupted, it is made anew; after `MAX_ATTEMPTS` it has failed."""
    export = atomically(app, lambda: _claim(export_id), write=True)
    if export is None:
        return False
    if export.attempts > MAX_ATTEMPTS:  # its makers were killed
        atomically(app, lambda: _give_up(export_id), write=True)
        return False
    try:
        if export.kind is ExportKind.DECREE67:
            _collect(app, export)
        written = _write(app, export)
        atomically(app, lambda: finish(SYSTEM, export_id, written=written), write=True)
    except WrongState:  # another process was faster; the file is the same
        return False
    except Exception:
        log.exception("export not made", extra={"export": str(export_id)})
        atomically(app, lambda: _give_up(export_id), write=True)
        return False
    return True


def _claim(export_id: UUID) -> Export | None:
    claimed = db.session.execute(
        update(Export)
        .where(Export.id == export_id, Export.status == ExportStatus.REQUESTED, _is_free())
        .values(lease_until=clock.now() + LEASE, attempts=Export.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", claimed).rowcount != 1:
        return None
    return db.session.get_one(Export, export_id)


def _write(app: Flask, export: Export) -> int:
    """Write the spreadsheet in clear to a folder of its own, seal it, and remove the folder."""
    table = TABLES[export.kind]
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="making-", dir=_folder()) as room:
        plain = Path(room) / "sheet"
        with writing(plain, export.format, table.headings) as add:
            written = _write_rows(app, export, table, add)
        with plain.open("rb") as source:
            sealed.seal(source, _path(export.id), bound_to=_binding(export.id))
    return written


def _write_rows(app: Flask, export: Export, table: Table, add: RowWriter) -> int:
    """Rows are read in a transaction, which may be tried again, and written after it."""
    written = 0
    after: Sequence[Any] = ()
    while rows := atomically(app, partial(_batch, export, table, after), write=False):
        for row in rows:
            add(table.cells(row, export.is_unmasked))
        written += len(rows)
        after = rows[-1][: len(table.keys)]
    return written


def _batch(export: Export, table: Table, after: Sequence[Any]) -> Sequence[Any]:
    query = table.query(export)
    if after:
        query = query.where(tuple_(*table.keys) > tuple_(*after))
    return db.session.execute(query.order_by(*table.keys).limit(BATCH)).all()


def _collect(app: Flask, export: Export) -> None:
    after: Sequence[Any] = ()
    while after := atomically(app, partial(sync_batches.collect, export, after), write=True):
        pass


def finish(actor: Actor, export_id: UUID, *, written: int) -> None:
    """The file is there. Raises WrongState."""
    export = db.session.get_one(Export, export_id)
    audit.perform(actor, export, "finish", written=written, ready_at=clock.now(), lease_until=None)
    if export.kind is ExportKind.DECREE67:
        sync_batches.export(actor, export, entries=written)


def _give_up(export_id: UUID) -> None:
    export = db.session.get_one(Export, export_id)
    export.lease_until = None
    if export.attempts >= MAX_ATTEMPTS:
        fail(SYSTEM, export)


def fail(actor: Actor, export: Export) -> None:
    """It can't be made; somebody has to look. Raises WrongState."""
    audit.perform(actor, export, "fail")
    if export.kind is ExportKind.DECREE67:
        sync_batches.give_up(actor, export)


def to_expire() -> list[UUID]:
    """Finished exports that were kept long enough."""
    query = select(Export.id).where(
        Export.status == ExportStatus.READY, Export.ready_at < clock.now() - KEPT
    )
    return list(db.session.scalars(query.limit(500)))


def expire(actor: Actor, export_id: UUID) -> None:
    """Remove the file; the request stays. Raises WrongState."""
    export = db.session.get_one(Export, export_id)
    audit.perform(actor, export, "expire")
    _path(export_id).unlink(missing_ok=True)


def sweep() -> None:
    """Remove what interrupted makers left behind."""
    oldest = (clock.now() - LEASE).timestamp()
    for left in _folder().glob("making-*"):
        if left.stat().st_mtime < oldest:
            shutil.rmtree(left, ignore_errors=True)
    for left in _folder().glob("*.part"):
        if left.stat().st_mtime < oldest:
            left.unlink(missing_ok=True)


def _folder() -> Path:
    settings: Settings = current_app.extensions["liancheng.settings"]
    return settings.var_dir / "exports"


def _path(export_id: UUID) -> Path:
    return _folder() / str(export_id)


def _binding(export_id: UUID) -> bytes:
    return b"export:" + export_id.bytes
