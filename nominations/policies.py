"""Who may do what with which campaign or nomination, and why not.

The role permission stands on the route; here the object decides. An object outside the actor's
scope does not exist for them (404); an insider who may not is told the reason (403).
"""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, true

from accounts.permissions import Permission
from accounts.policies import under_sites
from core.actor import Actor, ScopeKind
from core.errors import NotFound
from nominations.errors import NotYourStep, OwnNomination
from nominations.models.campaigns import Campaign
from nominations.models.clues import Clue
from nominations.models.consultations import Consultation
from nominations.models.nominations import Nomination
from nominations.rules import Step

CITY_PATH = "/"
"""Path above every site; only a grant over the whole city reaches it."""


def check_runs_campaigns(actor: Actor, permission: Permission) -> None:
    """Campaigns belong to the whole city at this stage. Raises NotFound."""
    if not actor.holds_over_site(permission, CITY_PATH):
        raise NotFound


def oversees(actor: Actor, permission: Permission, campaign_id: UUID) -> bool:
    """The city's office, and who supervises this very campaign."""
    return actor.holds_over_site(permission, CITY_PATH) or actor.holds_over(
        permission, ScopeKind.CAMPAIGN, campaign_id
    )


def check_oversees(actor: Actor, permission: Permission, campaign_id: UUID) -> None:
    """Raises NotFound for all others."""
    if not oversees(actor, permission, campaign_id):
        raise NotFound


def overseen(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Filter on `Campaign`: those that the actor `oversees`."""
    if actor.holds_over_site(permission, CITY_PATH):
        return true()
    return Campaign.id.in_(actor.scope_ids(permission, ScopeKind.CAMPAIGN))


def check_over_site(actor: Actor, permission: Permission, site_path: str) -> None:
    """Raises NotFound."""
    if not actor.holds_over_site(permission, site_path):
        raise NotFound


def check_own(actor: Actor, nomination: Nomination) -> None:
    """Raises NotFound for everybody but the nominator."""
    if nomination.nominator_id != actor.person_id:
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
    check_over(actor, permission, nomination, site_path)
    if nomination.nominator_id == actor.person_id:
        raise OwnNomination


def check_over(
    actor: Actor, permission: Permission, nomination: Nomination, site_path: str
) -> None:
    """Staff over its site or of its channel; a draft is nobody's but the nominator's. Raises
    NotFound."""
    if not is_insider(actor, permission, nomination, site_path):
        raise NotFound


def clues_within(actor: Actor, city_path: str) -> ColumnElement[bool]:
    """The clues that the actor handles: at sites, and of channels; one that was handed to a channel
    is its reviewers' and those' over the whole city, whose site has `city_path`. Needs Site in the
    query."""
    permission = Permission.NOMINATIONS_CLUE_REVIEW
    at_sites = under_sites(actor, permission)
    if not actor.holds_over_site(permission, city_path):
        at_sites = and_(at_sites, Clue.channel_id.is_(None))
    return or_(at_sites, Clue.channel_id.in_(actor.scope_ids(permission, ScopeKind.CHANNEL)))


def check_handles_clue(
    actor: Actor, permission: Permission, clue: Clue, site_path: str, city_path: str
) -> None:
    """As `clues_within`. Raises NotFound."""
    channel_id = clue.channel_id
    if channel_id is None:
        check_over_site(actor, permission, site_path)
    elif not actor.holds_over(permission, ScopeKind.CHANNEL, channel_id):
        check_over_site(actor, permission, city_path)


def reviewable(
    actor: Actor, permission: Permission = Permission.NOMINATIONS_NOMINATION_REVIEW
) -> ColumnElement[bool]:
    """The nominations, in whatever state, that lie with the sites or channels over which the
    actor holds the permission; needs Site in the query."""
    channels = actor.scope_ids(permission, ScopeKind.CHANNEL)
    return or_(under_sites(actor, permission), Nomination.channel_id.in_(channels))


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
