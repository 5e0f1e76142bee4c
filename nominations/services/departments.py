"""Who speaks for a department that is asked about nominees."""

from uuid import UUID

from accounts.models.persons import Person
from accounts.models.roles import RoleGrant
from accounts.permissions import Permission, Role
from accounts.services import roles
from core.actor import Actor, ScopeKind
from core.db import db
from core.errors import NotFound
from nominations import policies
from nominations.models.consultations import Department


def appoint(actor: Actor, department_id: UUID, *, person_id: UUID) -> RoleGrant:
    """Let a person answer for a department; taken back like every role. Raises NotFound,
    RoleAlreadyGranted."""
    policies.check_runs_campaigns(actor, Permission.NOMINATIONS_DEPARTMENT_APPOINT)
    if db.session.get(Department, department_id) is None:
        raise NotFound
    if db.session.get(Person, person_id) is None:
        raise NotFound
    return roles.bestow(
        actor,
        person_id,
        role=Role.CONSULTANT,
        scope_kind=ScopeKind.CHANNEL,
        scope_id=department_id,
    )
