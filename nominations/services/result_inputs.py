"""Gathering what a result is computed from: candidates, their votes, and the panel's record."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from accounts.models.sites import Site, SiteLevel
from core.audit import Entry
from core.db import db
from nominations.errors import PanelNotClosed
from nominations.lifecycles import NominationStatus
from nominations.models.campaigns import Campaign, CampaignCategory
from nominations.models.channels import Channel
from nominations.models.nominations import Nomination
from nominations.models.tally import TallyCount
from nominations.outcomes import Inputs
from nominations.rules import Step
from nominations.scoring import Candidate, PanelRecord
from nominations.services import panels

LEFT = (NominationStatus.WITHDRAWN, NominationStatus.REMOVED)
COUNTY_LEVELS = (SiteLevel.CENTER, SiteLevel.ZONE)

PanelReader = Callable[[UUID], PanelRecord | None]
"""From a campaign's id to what its panel left, or None before it has closed."""


def panel_record(campaign_id: UUID) -> PanelRecord | None:
    """The record of a campaign's panel, once it has closed."""
    return panels.record_of(campaign_id) if panels.is_closed(campaign_id) else None


def collect(campaign: Campaign, panel_of: PanelReader = panel_record) -> Inputs:
    """What counts now. Withdrawn and removed candidates are left out, or marked as such if they
    left when the assessment had closed; the withheld are outside of it. Raises PanelNotClosed."""
    panel = None
    if campaign.rules.uses(Step.PANEL):
        panel = panel_of(campaign.id)
        if panel is None:
            raise PanelNotClosed
    return Inputs(campaign.rules, _candidates(campaign), panel)


def _candidates(campaign: Campaign) -> tuple[Candidate, ...]:
    """By category and id. The place is the channel by which a case came, else the county."""
    county = aliased(Site)
    is_there = Nomination.status == NominationStatus.CANDIDATE
    rows = db.session.execute(
        select(
            Nomination.id,
            Nomination.category_code,
            func.coalesce(Channel.code, county.code),
            func.coalesce(TallyCount.votes, 0),
            ~is_there,
        )
        .join(
            CampaignCategory,
            and_(
                CampaignCategory.campaign_id == Nomination.campaign_id,
                CampaignCategory.code == Nomination.category_code,
            ),
        )
        .join(Site, Site.id == Nomination.site_id)
        .outerjoin(
            county,
            and_(county.level.in_(COUNTY_LEVELS), Site.path.startswith(county.path)),
        )
        .outerjoin(Channel, Channel.id == Nomination.channel_id)
        .outerjoin(
            TallyCount,
            and_(
                TallyCount.campaign_id == Nomination.campaign_id,
                TallyCount.nomination_id == Nomination.id,
            ),
        )
        .where(
            Nomination.campaign_id == campaign.id,
            or_(is_there, _left_after_closing(campaign)),
            ~Nomination.is_withheld,
        )
        .order_by(CampaignCategory.position, Nomination.id)
    )
    return tuple(
        Candidate(str(id_), code, place, votes, has_left)
        for id_, code, place, votes, has_left in rows
    )


def _left_after_closing(campaign: Campaign) -> ColumnElement[bool]:
    """Whether a nomination was a candidate's until the assessment closed, and is no more."""
    if not campaign.rules.uses(Step.ASSESSMENT):
        return false()
    left = exists().where(
        Entry.thing_id == Nomination.id,
        Entry.from_status == NominationStatus.CANDIDATE.value,
        Entry.to_status.in_([status.value for status in LEFT]),
        Entry.at >= campaign.assessment_close_at,
    )
    return and_(Nomination.status.in_(LEFT), left)
