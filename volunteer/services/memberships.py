"""Memberships of organisations."""

from uuid import UUID

from accounts.services import guardians, persons
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.ids import new_id
from volunteer.errors import GuardianConsentRequired
from volunteer.lifecycles import MembershipStatus
from volunteer.models.memberships import Membership


def enrol(actor: Actor, person_id: UUID, organization_id: UUID) -> Membership:
    """Make the founder of an organisation its first member.

    Raises GuardianConsentRequired for a minor without it."""
    person = persons.get(person_id)
    if persons.is_minor(person) and not guardians.has_consented(person_id):
        raise GuardianConsentRequired
    at = clock.now()
    membership = Membership(
        id=new_id(),
        organization_id=organization_id,
        person_id=person_id,
        status=MembershipStatus.ACTIVE,
        applied_at=at,
        decided_by=actor.id,
        decided_at=at,
    )
    db.session.add(membership)
    db.session.flush()
    audit.record(actor, membership, "enrol", to_status=membership.status.value)
    return membership
