"""Who may do what with which campaign or nomination, and why not.

The role permission stands on the route; here the object decides. An object outside the actor's
scope does not exist for them (404); an insider who may not is told the reason (403).
"""

from sqlalchemy import ColumnElement, and_, false, or_

from accounts.models.sites import Site
from accounts.permissions import Permission
from core.actor import Actor
from core.errors import NotFound
from nominations.errors import OwnNomination
from nominations.lifecycles import NominationStatus
from nominations.models.nominations import Nomination

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
    """The nominator, and once it was submitted the reviewers over its site. Raises NotFound."""
    if nomination.nominator_id == actor.person_id:
        return
    reviews = actor.holds_over_site(Permission.NOMINATIONS_NOMINATION_REVIEW, site_path)
    if nomination.submitted_at is None or not reviews:
        raise NotFound


def check_may_review(
    actor: Actor, permission: Permission, nomination: Nomination, site_path: str
) -> None:
    """A reviewer over its site, never the nominator (openreview #304).

    Raises NotFound, OwnNomination."""
    in_scope = actor.holds_over_site(permission, site_path)
    if nomination.submitted_at is None or not in_scope:
        raise NotFound
    if nomination.nominator_id == actor.person_id:
        raise OwnNomination


def awaiting(actor: Actor) -> ColumnElement[bool]:
    """The nominations that wait for this reviewer; needs Site in the query."""
    paths = actor.site_paths(Permission.NOMINATIONS_NOMINATION_REVIEW)
    within = [Site.path.startswith(path, autoescape=True) for path in paths]
    return and_(
        Nomination.status == NominationStatus.SUBMITTED,
        Nomination.nominator_id != actor.id,
        or_(false(), *within),
    )


def require_over(actor: Actor, permission: Permission, site_path: str) -> None:
    """Raises NotFound unless the permission is held over the site."""
    if not actor.holds_over_site(permission, site_path):
        raise NotFound


def under_sites(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Filter on `Site`: the sites over which the permission is held, with all below them."""
    paths = actor.site_paths(permission)
    return or_(false(), *(Site.path.startswith(path, autoescape=True) for path in paths))
