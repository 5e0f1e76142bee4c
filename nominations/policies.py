"""Who may do what with which campaign or nomination, and why not.

The role permission stands on the route; here the object decides. An object outside the actor's
scope does not exist for them (404); an insider who may not is told the reason (403).
"""

from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor, ScopeKind
from core.errors import NotFound
from nominations.errors import NotYourStep, OwnNomination
from nominations.models.consultations import Consultation
from nominations.models.nominations import Nomination
from nominations.rules import Step

CITY_PATH = "/"
"""Path above every site; only a grant over the whole city reaches it."""


def check_runs_campaigns(actor: Actor, permission: Permission) -> None:
    """Campaigns belong to the whole city at this stage. Raises NotFound."""
    if not actor.holds_over_site(permission, CITY_PATH):
        raise NotFound


def check_own(actor: Actor, nomination: Nomination) -> None:
    """Raises NotFound for everybody but the nominator."""
    if nomination.nominator_id != actor.person_id:
        raise NotFound


def check_may_view(actor: Actor, nomination: Nomination, site_path: str) -> None:
    """The nominator, and once it was submitted the reviewers over its site or of its channel.
    Raises NotFound."""
    if nomination.nominator_id == actor.person_id:
        return
    permission = Permission.NOMINATIONS_NOMINATION_REVIEW
    if not is_insider(actor, permission, nomination, site_path):
        raise NotFound


def is_insider(
    actor: Actor, permission: Permission, nomination: Nomination, site_path: str
) -> bool:
    """Whether the permission is held over the nominee's site or the channel of the case, and it
    was submitted."""
    channel_id = nomination.channel_id
    return nomination.submitted_at is not None and (
        actor.holds_over_site(permission, site_path)
        or (channel_id is not None and actor.holds_over(permission, ScopeKind.CHANNEL, channel_id))
    )


def check_may_review(
    actor: Actor, permission: Permission, nomination: Nomination, site_path: str
) -> None:
    """An insider, never the nominator (openreview #304).

    Raises NotFound, OwnNomination."""
    if not is_insider(actor, permission, nomination, site_path):
        raise NotFound
    if nomination.nominator_id == actor.person_id:
        raise OwnNomination


def check_decides_step(actor: Actor, permission: Permission, nomination: Nomination) -> None:
    """The grant of whoever decides is exactly at the place where the case waits; the city's is
    also one over the whole city. Raises NotYourStep."""
    if nomination.step_site_id is None:
        channel_id = nomination.channel_id
        decides = channel_id in actor.scope_ids(permission, ScopeKind.CHANNEL)
    else:
        decides = nomination.step_site_id in actor.scope_ids(permission, ScopeKind.SITE)
    if nomination.step is Step.CITY:
        decides = decides or holds_city(actor, permission)
    if not decides:
        raise NotYourStep(step=nomination.step.value if nomination.step else None)


def check_decides_for_city(actor: Actor, permission: Permission, city_id: UUID) -> None:
    """A reviewer of the city: over all of it, or at its site. Raises NotYourStep."""
    if not holds_city(actor, permission) and city_id not in actor.scope_ids(
        permission, ScopeKind.SITE
    ):
        raise NotYourStep(step=Step.CITY.value)


def holds_city(actor: Actor, permission: Permission) -> bool:
    """Whether the permission is held over the whole city."""
    return any(
        grant.kind is ScopeKind.CITY and permission in grant.permissions for grant in actor.grants
    )


def check_may_answer(actor: Actor, consultation: Consultation) -> None:
    """The person who was asked, and the consultants of the department. Raises NotFound."""
    permission = Permission.NOMINATIONS_CONSULTATION_ANSWER
    if consultation.consultant_id == actor.person_id:
        return
    if consultation.department_id not in actor.scope_ids(permission, ScopeKind.CHANNEL):
        raise NotFound
