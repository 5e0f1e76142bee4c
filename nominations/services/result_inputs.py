"""Gathering what a result is computed from: candidates, their votes, and the panel's record."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from accounts.models.sites import Site, SiteLevel
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

COUNTY_LEVELS = (SiteLevel.CENTER, SiteLevel.ZONE)

PanelReader = Callable[[UUID], PanelRecord | None]
"""From a campaign's id to what its panel left, or None before it has closed."""


def panel_record(_campaign_id: UUID) -> PanelRecord | None:
    """The record of a campaign's panel, once it has closed."""
    return None


def collect(campaign: Campaign, panel_of: PanelReader = panel_record) -> Inputs:
    """What counts now. Candidates are those who remain: withdrawn and removed ones are left out,
    and so are the withheld, who are outside the assessment. Raises PanelNotClosed."""
    panel = None
    if campaign.rules.uses(Step.PANEL):
        panel = panel_of(campaign.id)
        if panel is None:
            raise PanelNotClosed
    return Inputs(campaign.rules, _candidates(campaign.id), panel)


def _candidates(campaign_id: UUID) -> tuple[Candidate, ...]:
    """By category and id. The place is the channel by which a case came, else the county."""
    county = aliased(Site)
    rows = db.session.execute(
        select(
            Nomination.id,
            Nomination.category_code,
            func.coalesce(Channel.code, county.code),
            func.coalesce(TallyCount.votes, 0),
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
            Nomination.campaign_id == campaign_id,
            Nomination.status == NominationStatus.CANDIDATE,
            ~Nomination.is_withheld,
        )
        .order_by(CampaignCategory.position, Nomination.id)
    )
    return tuple(Candidate(str(id_), code, place, votes) for id_, code, place, votes in rows)
