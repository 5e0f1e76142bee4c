"""Taking the file of a case in hand, by those who may."""

from uuid import UUID

from sqlalchemy import select

from accounts.models.sites import Site
from accounts.permissions import Permission
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from nominations import policies
from nominations.models.nominations import Nomination
from nominations.services import nominators


def hold(nomination_id: UUID) -> Nomination:
    """The nomination, its row held until the transaction ends, so that what is compared or
    checked is what is then changed. Raises NotFound."""
    nomination = db.session.get(
        Nomination,
        nomination_id,
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    if nomination is None:
        raise NotFound
    return nomination


def find(nomination_id: UUID) -> Nomination:
    """The nomination as it stands. Raises NotFound."""
    nomination = db.session.get(Nomination, nomination_id)
    if nomination is None:
        raise NotFound
    return nomination


def hold_for_staff(actor: Actor, permission: Permission, nomination_id: UUID) -> Nomination:
    """A submitted nomination within the actor's places. Raises NotFound, OwnNomination."""
    nomination = hold(nomination_id)
    policies.check_may_review(actor, permission, nomination, site_path_of(nomination))
    return nomination


def hold_for_either(actor: Actor, permission: Permission, nomination_id: UUID) -> Nomination:
    """A nomination in the hands of one of its nominators, or of staff once it was submitted.
    Raises NotFound."""
    nomination = hold(nomination_id)
    check_concerned(actor, permission, nomination)
    return nomination


def check_concerned(actor: Actor, permission: Permission, nomination: Nomination) -> None:
    """Raises NotFound for everybody but its nominators and staff who hold the permission over
    its place, for whom drafts do not exist."""
    if actor.person_id is not None and nominators.includes(nomination.id, actor.person_id):
        return
    policies.check_over(actor, permission, nomination, site_path_of(nomination))


def site_path_of(nomination: Nomination) -> str:
    return db.session.scalars(select(Site.path).where(Site.id == nomination.site_id)).one()
