"""A campaign: one selection of good people or moral models, with its dates and rules."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.lifecycles import CAMPAIGN, BallotPeriod, CampaignStatus, HonorKind


class Campaign(Base):
    """Opening instants belong to their stage, closing instants do not.

    The rules (choices, period, categories) never change after creation, so a ballot is always
    judged by the rules under which the campaign was announced."""

    __tablename__ = "campaigns"
    __lifecycle__ = CAMPAIGN
    __table_args__ = (
        CheckConstraint(
            "nominations_open_at < nominations_close_at"
            " AND nominations_close_at <= assessment_open_at"
            " AND assessment_open_at < assessment_close_at",
            name="dates_in_order",
        ),
        CheckConstraint(
            "max_per_category >= 1 AND max_per_category <= max_choices", name="choices_bounded"
        ),
        CheckConstraint(
            "(status <> 'draft' OR announced_at IS NULL)"
            " AND (status IN ('draft', 'cancelled') OR announced_at IS NOT NULL)",
            name="announced_with_instant",
        ),
        CheckConstraint("holding_reason IS NULL OR status = 'reviewing'", name="holds_in_review"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(60))
    kind: Mapped[HonorKind] = mapped_column(enum_by_value(HonorKind))
    status: Mapped[CampaignStatus] = mapped_column(enum_by_value(CampaignStatus), index=True)
    nominations_open_at: Mapped[datetime] = mapped_column(UtcDateTime)
    nominations_close_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assessment_open_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assessment_close_at: Mapped[datetime] = mapped_column(UtcDateTime)
    max_choices: Mapped[int] = mapped_column(SmallInteger)
    """Candidates on one ballot."""
    max_per_category: Mapped[int] = mapped_column(SmallInteger)
    period: Mapped[BallotPeriod] = mapped_column(enum_by_value(BallotPeriod))
    has_hidden_counts: Mapped[bool]
    """Running counts stay hidden until the campaign is concluded, from everybody."""
    holding_reason: Mapped[str | None] = mapped_column(String(60))
    """Why a step whose date has come was not taken; public."""
    created_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From then on the campaign is public, even if it is cancelled."""

    categories: Mapped[list["CampaignCategory"]] = relationship(
        order_by="CampaignCategory.position", lazy="selectin"
    )


class CampaignCategory(Base):
    """A category in which this campaign takes nominations."""

    __tablename__ = "campaign_categories"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(SmallInteger)
