"""Memberships of organisations, and which members organise.

Who organises is a role at the organisation: `appoint` grants it, `dismiss`, `leave` and `remove`
take it back, all under one lock, so that two organizers who dismiss each other leave one. Staff
over its site appoint and dismiss too, so that one whose only organizer is gone is not orphaned.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from accounts.permissions import Permission, Role
from accounts.services import guardians, messages, persons, roles
from core import audit, clock
from core.actor import Actor, ScopeKind
from core.db import db, insert_if_absent, lock_exclusively
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from volunteer import policies
from volunteer.errors import (
    GuardianConsentRequired,
    LastOrganizer,
    NotMember,
    OwnMembership,
)
from volunteer.lifecycles import MembershipStatus, OrganizationStatus
from volunteer.models.memberships import Membership
from volunteer.models.organizations import Organization

LIVE = (MembershipStatus.APPLIED, MembershipStatus.ACTIVE)


@dataclass(frozen=True, slots=True)
class Member:
    """A membership as the organizers of the organisation see it."""

    membership: Membership
    is_organizer: bool


def apply(actor: Actor, organization_id: UUID) -> Membership:
    """Ask to become a member: the consent that the organisation keeps the actor's data (decree
    67, art. 6). Whoever applied already, or is a member, gets that membership again.

    Raises NotFound unless the organisation is approved, GuardianConsentRequired for a minor."""
    organization = db.session.get(Organization, organization_id)
    if organization is None or organization.status is not OrganizationStatus.APPROVED:
        raise NotFound
    _require_guardian(actor.id)
    membership_id = new_id()
    is_new = insert_if_absent(
        Membership,
        id=membership_id,
        organization_id=organization_id,
        person_id=actor.id,
        status=MembershipStatus.APPLIED,
        applied_at=clock.now(),
    )
    membership = db.session.scalars(
        _query().where(
            Membership.person_id == actor.id,
            Membership.organization_id == organization_id,
            Membership.status.in_(LIVE),
        )
    ).one()
    if is_new:
        audit.record(actor, membership, "apply", to_status=membership.status.value)
    return membership


def enrol(actor: Actor, person_id: UUID, organization_id: UUID) -> Membership:
    """Make the founder of an organisation its first member.

    Raises GuardianConsentRequired for a minor without it."""
    _require_guardian(person_id)
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


def _require_guardian(person_id: UUID) -> None:
    if persons.is_minor(persons.get(person_id)) and not guardians.has_consented(person_id):
        raise GuardianConsentRequired


def accept(actor: Actor, membership_id: UUID) -> Member:
    """Take an applicant in. Raises NotFound, OwnMembership, WrongState."""
    membership = _decided_by(actor, Permission.VOLUNTEER_MEMBERSHIP_ACCEPT, membership_id)
    audit.perform(actor, membership, "accept", decided_by=actor.id, decided_at=clock.now())
    _tell(membership, "membership_accepted")
    return _member(membership)


def decline(actor: Actor, membership_id: UUID, *, reason: str) -> Member:
    """Turn an applicant away; they read the reason and may apply again.

    Raises NotFound, OwnMembership, WrongState."""
    membership = _decided_by(actor, Permission.VOLUNTEER_MEMBERSHIP_DECLINE, membership_id)
    audit.perform(
        actor,
        membership,
        "decline",
        reason=reason,
        decision_reason=reason,
        decided_by=actor.id,
        decided_at=clock.now(),
    )
    _tell(membership, "membership_declined", reason=reason)
    return _member(membership)


def remove(actor: Actor, membership_id: UUID, *, reason: str) -> Member:
    """End another's membership, and their role as organizer if they have it; hours stay.

    Raises NotFound, OwnMembership, LastOrganizer, WrongState."""
    membership = _decided_by(actor, Permission.VOLUNTEER_MEMBERSHIP_REMOVE, membership_id)
    at = clock.now()
    audit.perform(
        actor,
        membership,
        "remove",
        reason=reason,
        decision_reason=reason,
        decided_by=actor.id,
        decided_at=at,
        ended_at=at,
    )
    _strip(actor, membership, "remove")
    _tell(membership, "membership_removed", reason=reason)
    return _member(membership)


def leave(actor: Actor, membership_id: UUID) -> Membership:
    """Go, or take one's application back. Raises NotFound, LastOrganizer, WrongState."""
    membership = _found(membership_id)
    if membership.person_id != actor.person_id:
        raise NotFound
    audit.perform(actor, membership, "leave", ended_at=clock.now())
    _strip(actor, membership, "leave")
    return membership


def appoint(actor: Actor, membership_id: UUID) -> Member:
    """Make a member organizer too; for one who is it already nothing changes.

    Raises NotFound, OwnMembership, NotMember."""
    membership = _supervised_by(actor, Permission.VOLUNTEER_MEMBERSHIP_APPOINT, membership_id)
    if membership.status is not MembershipStatus.ACTIVE:
        raise NotMember
    if membership.person_id not in _organizers(membership.organization_id):
        roles.bestow(
            actor,
            membership.person_id,
            role=Role.ORGANIZER,
            scope_kind=ScopeKind.ORGANIZATION,
            scope_id=membership.organization_id,
        )
    return _member(membership)


def dismiss(actor: Actor, membership_id: UUID) -> Member:
    """Take the role of organizer back from a member, who stays a member.

    Raises NotFound, OwnMembership, LastOrganizer."""
    membership = _supervised_by(actor, Permission.VOLUNTEER_MEMBERSHIP_DISMISS, membership_id)
    _strip(actor, membership, "dismiss")
    return _member(membership)


def _strip(actor: Actor, membership: Membership, verb: str) -> None:
    """Take the role of organizer from the person, if they have it. Raises LastOrganizer."""
    held = _organizers(membership.organization_id)
    grant_id = held.get(membership.person_id)
    if grant_id is None:
        return
    if len(held) == 1:
        raise LastOrganizer
    roles.revoke(actor, grant_id, reason=verb)


def _organizers(organization_id: UUID) -> dict[UUID, UUID]:
    """Organizers with their grants, held until the transaction ends."""
    lock_exclusively(f"organizers:{organization_id}")
    return roles.holders(Role.ORGANIZER, ScopeKind.ORGANIZATION, organization_id)


def is_member(person_id: UUID, organization_id: UUID) -> bool:
    """Whether the person is an active member."""
    query = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.organization_id == organization_id,
        Membership.status == MembershipStatus.ACTIVE,
    )
    return db.session.scalar(query) is not None


def list_of_organization(
    actor: Actor,
    organization_id: UUID,
    page: PageRequest,
    *,
    status: MembershipStatus | None = None,
) -> Page[Member]:
    """Members and applicants, oldest first.

    Raises NotFound for whoever is neither organizer nor staff over its site."""
    organization = _with_site(organization_id)
    policies.require_over_unit(actor, Permission.VOLUNTEER_MEMBERSHIP_REVIEW, organization)
    query = _query().where(Membership.organization_id == organization_id)
    if status is not None:
        query = query.where(Membership.status == status)
    found = paginate(query, page, by=[Membership.id])
    held = roles.holders(Role.ORGANIZER, ScopeKind.ORGANIZATION, organization_id)
    return Page([Member(m, m.person_id in held) for m in found.items], found.next_cursor)


def list_mine(actor: Actor, page: PageRequest) -> Page[Membership]:
    """The actor's memberships and applications, newest first."""
    query = _query().where(Membership.person_id == actor.id)
    return paginate(query, page, by=[Membership.id], descending=True)


def _decided_by(actor: Actor, permission: Permission, membership_id: UUID) -> Membership:
    """A membership on which the actor may decide as organizer."""
    membership = _found(membership_id)
    policies.require_over_organization(actor, permission, membership.organization_id)
    policies.refuse_if_self(actor, membership.person_id, OwnMembership)
    return membership


def _supervised_by(actor: Actor, permission: Permission, membership_id: UUID) -> Membership:
    """A membership on which the actor may decide as organizer, or as staff over the site."""
    membership = _found(membership_id)
    organization = _with_site(membership.organization_id)
    policies.require_over_unit(actor, permission, organization)
    policies.refuse_if_self(actor, membership.person_id, OwnMembership)
    return membership


def _with_site(organization_id: UUID) -> Organization:
    organization = db.session.scalar(
        select(Organization)
        .where(Organization.id == organization_id)
        .options(joinedload(Organization.site, innerjoin=True))
    )
    if organization is None:
        raise NotFound
    return organization


def _found(membership_id: UUID) -> Membership:
    membership = db.session.scalar(_query().where(Membership.id == membership_id))
    if membership is None:
        raise NotFound
    return membership


def _query() -> Select[Membership]:
    return select(Membership).options(
        joinedload(Membership.person, innerjoin=True),
        joinedload(Membership.organization, innerjoin=True),
    )


def _member(membership: Membership) -> Member:
    held = roles.holders(Role.ORGANIZER, ScopeKind.ORGANIZATION, membership.organization_id)
    return Member(membership, membership.person_id in held)


def _tell(membership: Membership, template: str, **values: str) -> None:
    messages.tell(
        membership.person_id,
        template,
        membership.id,
        organization=membership.organization.name,
        **values,
    )
