"""The candidates of a campaign, in an order that favours nobody."""

import hashlib
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from core import clock
from core.db import db
from nominations.lifecycles import CANDIDATES, WITH_CANDIDATES
from nominations.models.nominations import Nomination
from nominations.services import campaigns


def list_public(campaign_id: UUID) -> list[Nomination]:
    """Those who are candidates, from the opening of the assessment on; before, and in a
    cancelled campaign, none are shown. Anonymous readers share one order a day.

    Raises NotFound unless the campaign was announced."""
    campaign = campaigns.get_public(campaign_id)
    if campaign.status not in WITH_CANDIDATES:
        return []
    found = db.session.scalars(
        select(Nomination).where(
            Nomination.campaign_id == campaign_id,
            Nomination.status.in_(CANDIDATES),
            ~Nomination.is_withheld,
        )
    )
    return shuffled(found.all(), clock.today())


def shuffled(candidates: Sequence[Nomination], day: date) -> list[Nomination]:
    """Ordered by a hash, so that another day shows another order and nobody chose it."""
    return sorted(
        candidates,
        key=lambda c: hashlib.sha256(f"{day}:{c.campaign_id}:{c.id}".encode()).digest(),
    )
