"""Imports: a file is kept sealed, checked row by row, confirmed by staff, and then written.

What people do with an import; `import_work` is what the job does with it. Only `upload` is of this
package's kinds; what follows serves the desk of any other as well.
"""

import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from core import audit, clock, sealed, sheets
from core.actor import Actor, ScopeKind
from core.config import Settings
from core.db import db
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

MAX_ROWS = 100_000
KEPT = timedelta(days=30)
"""How long the report of an ended import is kept, and how long one waits to be confirmed."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who deals with imports of some kinds: the permissions that it takes."""

    kinds: frozenset[str]
    view: Permission
    confirm: Permission
    cancel: Permission


OWN_DESK = Desk(
    frozenset(ImportKind),
    view=Permission.VOLUNTEER_IMPORT_VIEW,
    confirm=Permission.VOLUNTEER_IMPORT_CONFIRM,
    cancel=Permission.VOLUNTEER_IMPORT_CANCEL,
)


def keep(_actor: Actor, *, body: dict[str, Any]) -> UUID:
    """Measure an upload and keep it sealed, outside any transaction; gives the id under which it
    is kept. Raises SpreadsheetInvalid."""
    content: bytes = body["file"]
    try:
        sheets.measure(content, max_rows=MAX_ROWS)
    except SheetUnreadable as fault:
        raise SpreadsheetInvalid(str(fault)) from None
    import_id = new_id()
    sealed.seal(io.BytesIO(content), path_of(import_id), bound_to=binding_of(import_id))
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
    return hand_in(
        actor,
        kept_as,
        kind=kind,
        site=organization.site,
        organization=organization,
        project_id=project_id,
        note=note,
    )


def hand_in(
    actor: Actor,
    kept_as: UUID,
    *,
    kind: str,
    site: Site,
    note: str,
    organization: Organization | None = None,
    project_id: UUID | None = None,
) -> Import:
    """Store an import of any kind, to be checked; the caller knows that the actor may."""
    made = Import(
        id=kept_as,
        kind=kind,
        status=ImportStatus.UPLOADED,
        site=site,
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


def get(actor: Actor, import_id: UUID, desk: Desk = OWN_DESK) -> Import:
    """An import of the actor's organisation or sites. Raises NotFound."""
    return _own(actor, desk, desk.view, import_id)


def list_own(actor: Actor, page: PageRequest, desk: Desk = OWN_DESK) -> Page[Import]:
    """Imports of the actor's organisations and sites, newest first."""
    organizations = actor.scope_ids(desk.view, ScopeKind.ORGANIZATION)
    query = _query().where(
        Import.kind.in_(desk.kinds),
        or_(Import.organization_id.in_(organizations), under_sites(actor, desk.view)),
    )
    return paginate(query, page, by=[Import.id], descending=True)


def list_problems(
    actor: Actor, import_id: UUID, page: PageRequest, desk: Desk = OWN_DESK
) -> Page[ImportRow]:
    """The bad rows in the order of the file. Raises NotFound."""
    get(actor, import_id, desk)
    return paginate(_bad_rows(import_id), page, by=[ImportRow.number])


def problem_report(actor: Actor, import_id: UUID, desk: Desk = OWN_DESK) -> str:
    """All bad rows as CSV: row number, column, reason. Raises NotFound."""
    get(actor, import_id, desk)
    lines = ["\ufeff行号,列,原因"]
    for row in db.session.scalars(_bad_rows(import_id).order_by(ImportRow.number)):
        lines += [f"{row.number},{p['column']},{p['reason']}" for p in row.problems]
    return "\r\n".join(lines) + "\r\n"


def _bad_rows(import_id: UUID) -> Any:
    return select(ImportRow).where(
        ImportRow.import_id == import_id, ImportRow.status == RowStatus.BAD
    )


def confirm(actor: Actor, import_id: UUID, desk: Desk = OWN_DESK) -> Import:
    """Let a checked import be written; all but a list of volunteers by somebody else than who
    uploaded it.

    Raises NotFound outside the actor's sites, OwnImport, ImportEmpty, WrongState."""
    found = _of(desk, import_id)
    policies.require_over_site(actor, desk.confirm, found.site)
    if found.needs_another:
        policies.refuse_if_self(actor, found.uploaded_by, OwnImport)
    if found.status is ImportStatus.CHECKED and found.checked == found.bad:
        raise ImportEmpty
    audit.perform(
        actor, found, "confirm", confirmed_by=actor.id, confirmed_at=clock.now(), lease_until=None
    )
    return found


def cancel(actor: Actor, import_id: UUID, desk: Desk = OWN_DESK) -> Import:
    """Drop an import of which nothing was written yet. Raises NotFound, WrongState."""
    found = _own(actor, desk, desk.cancel, import_id)
    end(actor, found, "cancel")
    return found


def _own(actor: Actor, desk: Desk, permission: Permission, import_id: UUID) -> Import:
    found = _of(desk, import_id)
    if found.organization is None:
        policies.require_over_site(actor, permission, found.site)
    else:
        policies.require_over_unit(actor, permission, found.organization)
    return found


def _of(desk: Desk, import_id: UUID) -> Import:
    found = load(import_id)
    if found.kind not in desk.kinds:
        raise NotFound
    return found


def load(import_id: UUID) -> Import:
    """An import with its site and organisation, for services that ask a policy. Raises NotFound."""
    found = db.session.scalar(_query().where(Import.id == import_id))
    if found is None:
        raise NotFound
    return found


def _query() -> Select[Import]:
    return (
        select(Import)
        .join(Import.site)
        .options(
            contains_eager(Import.site),
            joinedload(Import.organization).joinedload(Organization.site),
        )
    )


def end(actor: Actor, found: Import, verb: str, **facts: Any) -> None:
    """End an import: rows that are still good will never be written, so what they say is
    forgotten at once. Raises WrongState."""
    audit.perform(actor, found, verb, ended_at=clock.now(), lease_until=None, **facts)
    db.session.execute(
        delete(ImportRow).where(ImportRow.import_id == found.id, ImportRow.status == RowStatus.GOOD)
    )


TO_CHECK = (ImportStatus.UPLOADED, ImportStatus.CHECKING)
"""While the file is needed."""


def to_lapse() -> list[UUID]:
    """Checked imports that nobody confirmed in time."""
    query = select(Import.id).where(
        Import.status == ImportStatus.CHECKED, Import.created_at < clock.now() - KEPT
    )
    return list(db.session.scalars(query.limit(500)))


def lapse(actor: Actor, import_id: UUID) -> None:
    """Cancel one that waited too long; done by a job. Raises WrongState."""
    end(actor, load(import_id), "cancel")


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


def path_of(import_id: UUID) -> Path:
    """Where the sealed upload lies."""
    return _folder() / str(import_id)


def binding_of(import_id: UUID) -> bytes:
    """What the sealed upload is bound to."""
    return b"import:" + import_id.bytes
