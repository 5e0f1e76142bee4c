"""The reviewer's side: the queue, and passing, sending back or rejecting a nomination.

One step at this stage; the ladder from village to city comes later. Every decision is told to
the nominator.
"""

from uuid import UUID

from sqlalchemy import select

from accounts.models.sites import Site
from accounts.permissions import Permission
from core import audit
from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from nominations import policies
from nominations.lifecycles import NominationStatus
from nominations.models.nominations import Nomination
from nominations.services import campaigns, nominators


def queue(actor: Actor, page: PageRequest) -> Page[Nomination]:
    """Submitted nominations within the reviewer's sites, but their own, oldest first."""
    query = select(Nomination).join(Site, Site.id == Nomination.site_id)
    return paginate(
        query.where(policies.awaiting(actor)), page, by=[Nomination.submitted_at, Nomination.id]
    )


def pass_(actor: Actor, nomination_id: UUID) -> Nomination:
    """Make the nominee a candidate, before the assessment opens. Raises NotFound, OwnNomination,
    WrongState, StageClosed."""
    permission = Permission.NOMINATIONS_NOMINATION_PASS
    return _decide(actor, nomination_id, permission, "pass", outcome="已通过")


def send_back(actor: Actor, nomination_id: UUID, *, missing: str) -> Nomination:
    """Ask the nominator for what is `missing`. Raises as `pass_`."""
    permission = Permission.NOMINATIONS_NOMINATION_SEND_BACK
    return _decide(actor, nomination_id, permission, "send_back", outcome="待补充", note=missing)


def reject(actor: Actor, nomination_id: UUID, *, reason: str) -> Nomination:
    """Refuse a nomination for good. Raises as `pass_`."""
    permission = Permission.NOMINATIONS_NOMINATION_REJECT
    return _decide(actor, nomination_id, permission, "reject", outcome="未通过", note=reason)


def _decide(
    actor: Actor,
    nomination_id: UUID,
    permission: Permission,
    verb: str,
    *,
    outcome: str,
    note: str | None = None,
) -> Nomination:
    nomination = _reviewable(actor, nomination_id, permission)
    campaigns.check_stage(campaigns.share(nomination.campaign_id), verb)
    to = NominationStatus.CANDIDATE if verb == "pass" else None
    audit.perform(actor, nomination, verb, to=to, reason=note, decision_note=note, step=None)
    nominators.tell(nomination, "nomination_progress", new_id(), status=outcome, note=note or "")
    return nomination


def _reviewable(actor: Actor, nomination_id: UUID, permission: Permission) -> Nomination:
    """The nomination, its row held, so that the text that is judged is the present one."""
    nomination = db.session.get(
        Nomination,
        nomination_id,
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    if nomination is None:
        raise NotFound
    site_path = db.session.scalars(select(Site.path).where(Site.id == nomination.site_id)).one()
    policies.check_may_review(actor, permission, nomination, site_path)
    return nomination
