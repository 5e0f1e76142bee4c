"""Who may do what with which campaign or nomination, and why not.

The role permission stands on the route; here the object decides. An object outside the actor's
scope does not exist for them (404); an insider who may not is told the reason (403).
"""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true

from accounts.models.sites import Site
from accounts.permissions import Permission
from core.actor import Actor, ScopeKind
from core.errors import NotFound
from nominations.errors import OwnNomination
from nominations.lifecycles import NominationStatus
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination

CITY_PATH = "/"
"""Path above every site; only a grant over the whole city reaches it."""


def check_runs_campaigns(actor: Actor, permission: Permission) -> None:
    """Campaigns belong to the whole city at this stage. Raises NotFound."""
    if not actor.holds_over_site(permission, CITY_PATH):
        raise NotFound


def check_inside_campaign(actor: Actor, campaign_id: UUID) -> None:
    """The city's office, and the supervisors of this campaign. Raises NotFound."""
    permission = Permission.NOMINATIONS_CAMPAIGN_VIEW
    if not actor.holds_over_site(permission, CITY_PATH) and not actor.holds_over(
        permission, ScopeKind.CAMPAIGN, campaign_id
    ):
        raise NotFound


def check_over_site(actor: Actor, permission: Permission, site_path: str) -> None:
    """Raises NotFound."""
    if not actor.holds_over_site(permission, site_path):
        raise NotFound


def campaigns_inside(actor: Actor) -> ColumnElement[bool]:
    """The campaigns that `check_inside_campaign` lets the actor see."""
    permission = Permission.NOMINATIONS_CAMPAIGN_VIEW
    if actor.holds_over_site(permission, CITY_PATH):
        return true()
    return Campaign.id.in_(actor.scope_ids(permission, ScopeKind.CAMPAIGN))


def check_own(actor: Actor, nomination: Nomination) -> None:
    """Raises NotFound for everybody but the nominator."""
    if nomination.nominator_id != actor.person_id:
        raise NotFound


def check_may_review(
    actor: Actor, permission: Permission, nomination: Nomination, site_path: str
) -> None:
    """A reviewer over its site, never the nominator (openreview #304).

    Raises NotFound, OwnNomination."""
    check_over(actor, permission, nomination, site_path)
    if nomination.nominator_id == actor.person_id:
        raise OwnNomination


def check_over(
    actor: Actor, permission: Permission, nomination: Nomination, site_path: str
) -> None:
    """Staff over its site or of its channel; a draft is nobody's but the nominator's. Raises
    NotFound."""
    in_scope = actor.holds_over_site(permission, site_path) or (
        nomination.channel_id is not None
        and actor.holds_over(permission, ScopeKind.CHANNEL, nomination.channel_id)
    )
    if nomination.submitted_at is None or not in_scope:
        raise NotFound


def check_over_city(actor: Actor, permission: Permission, city_path: str) -> None:
    """What only the city's office decides. Raises NotFound."""
    if not actor.holds_over_site(permission, city_path):
        raise NotFound


def awaiting(actor: Actor) -> ColumnElement[bool]:
    """The nominations that wait for this reviewer; needs Site in the query."""
    paths = actor.site_paths(Permission.NOMINATIONS_NOMINATION_REVIEW)
    within = [Site.path.startswith(path, autoescape=True) for path in paths]
    return and_(
        Nomination.status == NominationStatus.SUBMITTED,
        Nomination.nominator_id != actor.id,
        or_(false(), *within),
    )


def reviewable(actor: Actor) -> ColumnElement[bool]:
    """The nominations, in whatever state, that lie with this reviewer's sites or channels; needs
    Site in the query."""
    permission = Permission.NOMINATIONS_NOMINATION_REVIEW
    paths = actor.site_paths(permission)
    within = [Site.path.startswith(path, autoescape=True) for path in paths]
    channels = actor.scope_ids(permission, ScopeKind.CHANNEL)
    return or_(false(), *within, Nomination.channel_id.in_(channels))
