"""Who acts: a signed-in person with the permissions they hold, and where; nobody; or a job.

Roles are sets of permissions granted at a scope. The frame knows three shapes of scope: the
whole city, a site with everything below it (a path prefix), and one object by kind and id.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class ScopeKind(StrEnum):
    CITY = "city"
    SITE = "site"
    ORGANIZATION = "organization"
    CAMPAIGN = "campaign"
    CHANNEL = "channel"
    """A way by which cases come that is no place: a system, a university, a department."""
    OWN = "own"
    """What every signed-in person holds over their own affairs."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Permissions held at one scope. `path` is the site's path for SITE and CITY scopes."""

    role: str
    permissions: frozenset[str]
    kind: ScopeKind
    scope_id: UUID | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """The one on whose behalf a service function runs."""

    person_id: UUID | None
    grants: tuple[Grant, ...] = ()
    session_id: UUID | None = None
    is_system: bool = False
    facts: frozenset[str] = field(default_factory=frozenset)
    """Plain facts of the session that rules ask for, such as "real_name"."""

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def id(self) -> UUID:
        """The person's id. Only for places behind a permission, where somebody is signed in."""
        if self.person_id is None:
            raise LookupError("no person acts here")
        return self.person_id

    def holds(self, permission: str) -> bool:
        """Whether the permission is held in any scope: what a route asks."""
        return self.is_system or any(permission in g.permissions for g in self.grants)

    def holds_over_site(self, permission: str, path: str) -> bool:
        """Whether the permission is held over the site with this path (or above it)."""
        return self.is_system or any(
            path.startswith(prefix) for prefix in self.site_paths(permission)
        )

    def holds_over(self, permission: str, kind: ScopeKind, scope_id: UUID) -> bool:
        """Whether the permission was granted for exactly this object."""
        return self.is_system or scope_id in self.scope_ids(permission, kind)

    def site_paths(self, permission: str) -> tuple[str, ...]:
        """Paths of the sites over which the permission is held; the filter of a list."""
        return tuple(
            g.path
            for g in self.grants
            if g.kind in (ScopeKind.SITE, ScopeKind.CITY) and permission in g.permissions
        )

    def scope_ids(self, permission: str, kind: ScopeKind) -> frozenset[UUID]:
        """Ids of the objects of a kind over which the permission is held."""
        return frozenset(
            g.scope_id
            for g in self.grants
            if g.kind is kind and permission in g.permissions and g.scope_id is not None
        )


ANONYMOUS = Actor(person_id=None)
SYSTEM = Actor(person_id=None, is_system=True)
"""The actor of scheduled jobs."""
