"""Texts that WeChat could not judge: a moderator reads them before the public may."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from accounts.models.sites import Site
from accounts.permissions import Permission
from accounts.policies import under_sites
from core import audit, clock
from core.actor import Actor
from core.db import db
from core.errors import NotFound, WrongState
from core.ids import new_id
from core.paging import Page, PageRequest, paginate
from core.wechat import TextVerdict
from nominations.lifecycles import BEFORE_CANDIDACY
from nominations.models.nominations import Nomination
from nominations.services import campaigns, cases, nominators

UNCLEAR = (TextVerdict.REVIEW, TextVerdict.UNCHECKED)


def is_cleared(nomination: Nomination) -> bool:
    """Whether the submitted text may be shown: WeChat passed it, or a moderator did. Of a
    withheld case nothing is shown, so nobody reads it for that."""
    return (
        nomination.is_withheld
        or nomination.text_verdict is TextVerdict.PASS
        or nomination.text_cleared_at is not None
    )


def queue(actor: Actor, page: PageRequest) -> Page[Nomination]:
    """Unclear texts at the moderator's sites, but their own, the oldest first."""
    query = select(Nomination).join(Site, Site.id == Nomination.site_id).where(_awaiting(actor))
    return paginate(query, page, by=[Nomination.submitted_at, Nomination.id])


def _awaiting(actor: Actor) -> ColumnElement[bool]:
    return and_(
        Nomination.text_cleared_at.is_(None),
        Nomination.text_verdict.in_(UNCLEAR),
        Nomination.status.in_(BEFORE_CANDIDACY),
        Nomination.nominator_id != actor.id,
        ~Nomination.is_withheld,
        under_sites(actor, Permission.NOMINATIONS_NOMINATION_REVIEW_TEXT),
    )


def clear_text(actor: Actor, nomination_id: UUID) -> Nomination:
    """Let the text pass; again changes nothing. Raises NotFound, OwnNomination, WrongState."""
    permission = Permission.NOMINATIONS_NOMINATION_CLEAR_TEXT
    nomination = _hold(actor, permission, nomination_id, "clear_text")
    if not is_cleared(nomination):
        nomination.text_cleared_at = clock.now()
        db.session.flush()
        audit.record(actor, nomination, "clear_text")
    return nomination


def refuse_text(actor: Actor, nomination_id: UUID, *, reason: str) -> Nomination:
    """Send the case back for what may not be shown, wherever it stands before candidacy. Raises
    NotFound, OwnNomination, WrongState, StageClosed."""
    permission = Permission.NOMINATIONS_NOMINATION_REFUSE_TEXT
    nomination = _hold(actor, permission, nomination_id, "refuse_text")
    campaigns.check_stage(campaigns.share(nomination.campaign_id), "refuse_text")
    facts: dict[str, Any] = {"decision_note": reason, "step": None, "text_cleared_at": None}
    audit.perform(actor, nomination, "refuse_text", reason=reason, **facts)
    nominators.tell(nomination, "nomination_progress", new_id(), status="待修改", note=reason)
    return nomination


def _hold(actor: Actor, permission: Permission, nomination_id: UUID, verb: str) -> Nomination:
    nomination = cases.hold_for_staff(actor, permission, nomination_id)
    if nomination.is_withheld:
        raise NotFound
    if nomination.status not in BEFORE_CANDIDACY:
        raise WrongState(state=nomination.status.value, verb=verb)
    return nomination
