"""Granting and revoking roles, each at one scope."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import current_app
from sqlalchemy import and_, exists, or_, select

from accounts.errors import RoleAlreadyGranted
from accounts.models.persons import Person
from accounts.models.roles import RoleGrant
from accounts.models.sites import Site
from accounts.models.staff import StaffCredential
from accounts.permissions import Permission, Role
from accounts.services import sites
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import db
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate

GRANTABLE: Mapping[ScopeKind, frozenset[Role]] = {
    ScopeKind.SITE: frozenset(
        {Role.SITE_STAFF, Role.REVIEWER, Role.HELPER, Role.MODERATOR, Role.PARTNER}
    ),
    ScopeKind.CHANNEL: frozenset({Role.REVIEWER}),
    ScopeKind.CAMPAIGN: frozenset({Role.SUPERVISOR}),
}
"""Roles that an administrator grants, by the kind of scope."""

IsThere = Callable[[UUID], bool]

SCOPES = "liancheng.role_scopes"
"""Extension of the app: by kind, whether a scope exists that accounts does not know."""


def grant(
    actor: Actor, person_id: UUID, *, role: Role, scope_kind: ScopeKind, scope_id: UUID
) -> RoleGrant:
    """Give a person a role over a site and all below it, at a channel, or for a campaign.

    Raises InvalidInput for a role that is not granted at such a scope, NotFound for a person or
    scope that is not there, RoleAlreadyGranted."""
    if role not in GRANTABLE[scope_kind]:
        raise InvalidInput.at("role", "这个角色不在所选的范围内授予")
    path = _path(scope_kind, scope_id)
    if path is None or db.session.get(Person, person_id) is None:
        raise NotFound
    if not actor.holds_over_site(Permission.ACCOUNTS_ROLE_GRANT, path):
        raise NotFound
    return bestow(actor, person_id, role=role, scope_kind=scope_kind, scope_id=scope_id)


def _path(scope_kind: ScopeKind, scope_id: UUID) -> str | None:
    """The path over which one grants roles at this scope: that of the site, else the city's.
    None if there is no such scope."""
    if scope_kind is ScopeKind.SITE:
        site = db.session.get(Site, scope_id)
        return None if site is None else site.path
    is_there: Mapping[ScopeKind, IsThere] = current_app.extensions[SCOPES]
    return sites.root().path if is_there[scope_kind](scope_id) else None


def bestow(
    actor: Actor, person_id: UUID, *, role: Role, scope_kind: ScopeKind, scope_id: UUID | None
) -> RoleGrant:
    """Write a grant that another service or the operator decided. Raises RoleAlreadyGranted."""
    grant = RoleGrant(
        id=new_id(),
        person_id=person_id,
        role=role,
        scope_kind=scope_kind,
        scope_id=scope_id,
        granted_by=actor.person_id,
        granted_at=clock.now(),
    )
    held = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        RoleGrant.scope_kind == scope_kind,
        RoleGrant.scope_id == scope_id if scope_id else RoleGrant.scope_id.is_(None),
        RoleGrant.revoked_at.is_(None),
    )
    if db.session.scalar(held) is not None:
        raise RoleAlreadyGranted
    db.session.add(grant)
    db.session.flush()
    audit.record(actor, grant, "grant", reason=role.value)
    return grant


def revoke(actor: Actor, grant_id: UUID, *, reason: str) -> None:
    """Take a role back. Raises NotFound."""
    found = db.session.get(RoleGrant, grant_id)
    if found is None or found.revoked_at is not None:
        raise NotFound
    found.revoked_at = clock.now()
    audit.record(actor, found, "revoke", reason=reason)


def holders(role: Role, scope_kind: ScopeKind, scope_id: UUID | None) -> dict[UUID, UUID]:
    """Who holds a role at exactly this scope now: person to grant, in order of persons. The
    scope of the city has no id."""
    query = (
        select(RoleGrant.person_id, RoleGrant.id)
        .where(
            RoleGrant.role == role,
            RoleGrant.scope_kind == scope_kind,
            RoleGrant.scope_id == scope_id,
            RoleGrant.revoked_at.is_(None),
        )
        .order_by(RoleGrant.person_id)
    )
    return {row.person_id: row.id for row in db.session.execute(query)}


def is_staff(person_id: UUID) -> bool:
    """Whether the person holds any role, or a sign-in for staff."""
    granted = exists().where(RoleGrant.person_id == person_id, RoleGrant.revoked_at.is_(None))
    signs_in = exists().where(StaffCredential.person_id == person_id)
    return bool(db.session.scalar(select(or_(granted, signs_in))))


def list_all(_actor: Actor, page: PageRequest, *, person_id: UUID | None = None) -> Page[RoleGrant]:
    """Grants in force, newest first."""
    query = select(RoleGrant).where(RoleGrant.revoked_at.is_(None))
    if person_id is not None:
        query = query.where(RoleGrant.person_id == person_id)
    return paginate(query, page, by=[RoleGrant.id], descending=True)


def holders_at(role: Role, site: Site) -> list[UUID]:
    """Persons who hold the role at the site or, where nobody does, at the nearest above it; the
    city stands above all. For messages: who may act is told by permissions."""
    query = (
        select(RoleGrant.person_id, Site.path)
        .outerjoin(Site, Site.id == RoleGrant.scope_id)
        .where(
            RoleGrant.role == role,
            RoleGrant.revoked_at.is_(None),
            or_(
                RoleGrant.scope_kind == ScopeKind.CITY,
                and_(
                    RoleGrant.scope_kind == ScopeKind.SITE,
                    Site.path.in_(sites.paths_down_to(site.path)),
                ),
            ),
        )
    )
    found = [(path or "", person_id) for person_id, path in db.session.execute(query)]
    nearest = max((path for path, _ in found), key=len, default="")
    return sorted(person_id for path, person_id in found if path == nearest)
