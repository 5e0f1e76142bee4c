"""A campaign: one selection of good people or moral models, with its dates and rules."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Dialect, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations import rules
from nominations.lifecycles import CAMPAIGN, BallotPeriod, CampaignStatus, HonorKind, ListPeriod
from nominations.rules import Rules


class RulesText(TypeDecorator[Rules]):
    """Rules as JSON. Another set of rules is another value: they are frozen objects."""

    impl = JSON
    cache_ok = True

    @property
    def python_type(self) -> type[Rules]:
        return Rules

    def process_bind_param(self, value: Rules | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else rules.dump(value)

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> Rules | None:
        return None if value is None else rules.load(value)


class Campaign(Base):
    """Opening instants belong to their stage, closing instants do not.

    The rules (the columns that ballots are judged by, the categories, and `rules`) do not change
    any more once nominations have opened (`rules_frozen_at`)."""

    __tablename__ = "campaigns"
    __lifecycle__ = CAMPAIGN
    __table_args__ = (
        CheckConstraint(
            "nominations_open_at < nominations_close_at"
            " AND nominations_close_at <= coalesce(assessment_open_at, review_close_at)"
            " AND (assessment_open_at IS NULL OR assessment_open_at < assessment_close_at)",
            name="dates_in_order",
        ),
        CheckConstraint(
            "(assessment_open_at IS NULL) = (assessment_close_at IS NULL)"
            " AND (assessment_open_at IS NULL) = (review_close_at IS NOT NULL)",
            name="assessed_or_not",
        ),
        CheckConstraint(
            "max_per_category >= 1 AND max_per_category <= max_choices", name="choices_bounded"
        ),
        CheckConstraint(
            "(status <> 'draft' OR announced_at IS NULL)"
            " AND (status IN ('draft', 'cancelled') OR announced_at IS NOT NULL)",
            name="announced_with_instant",
        ),
        CheckConstraint(
            "holding_reason IS NULL OR status IN"
            " ('announced', 'reviewing', 'counting', 'judging', 'noticing')",
            name="holds_while_running",
        ),
        CheckConstraint(
            "(status = 'paused') = (paused_from IS NOT NULL)"
            " AND (paused_from IS NULL) = (pause_reason IS NULL)",
            name="paused_with_reason",
        ),
        CheckConstraint(
            "status IN ('draft', 'announced', 'paused', 'cancelled')"
            " OR rules_frozen_at IS NOT NULL",
            name="open_with_frozen_rules",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(60))
    kind: Mapped[HonorKind] = mapped_column(enum_by_value(HonorKind))
    list_period: Mapped[ListPeriod | None] = mapped_column(enum_by_value(ListPeriod))
    """Together with year and number: 2027, month 5; or edition 5. None for a list of its own."""
    list_year: Mapped[int | None] = mapped_column(SmallInteger)
    list_number: Mapped[int | None] = mapped_column(SmallInteger)
    status: Mapped[CampaignStatus] = mapped_column(enum_by_value(CampaignStatus), index=True)
    nominations_open_at: Mapped[datetime] = mapped_column(UtcDateTime)
    nominations_close_at: Mapped[datetime] = mapped_column(UtcDateTime)
    review_close_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When review ends and the panel begins, in a campaign without an assessment."""
    assessment_open_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assessment_close_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Both None in a campaign without an assessment."""
    judging_close_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the panel is to have judged and the notice opens; without it an administrator
    opens the notice."""
    max_choices: Mapped[int] = mapped_column(SmallInteger)
    """Candidates on one ballot."""
    max_per_category: Mapped[int] = mapped_column(SmallInteger)
    period: Mapped[BallotPeriod] = mapped_column(enum_by_value(BallotPeriod))
    has_hidden_counts: Mapped[bool]
    """Running counts stay hidden until counting is finished, from everybody."""
    rules: Mapped[Rules] = mapped_column(RulesText, server_default="{}")
    rules_frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_from: Mapped[CampaignStatus | None] = mapped_column(enum_by_value(CampaignStatus))
    pause_reason: Mapped[str | None] = mapped_column(String(200))
    """Public."""
    cancel_reason: Mapped[str | None] = mapped_column(String(200))
    """Public, if the campaign was announced."""
    holding_reason: Mapped[str | None] = mapped_column(String(60))
    """Why a step whose date has come was not taken; public."""
    created_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From then on the campaign is public, even if it is cancelled."""

    categories: Mapped[list["CampaignCategory"]] = relationship(
        order_by="CampaignCategory.position", lazy="selectin", cascade="all, delete-orphan"
    )

    def takes_ballots(self, at: datetime) -> bool:
        """Whether the assessment is open at this instant, even if a job is late."""
        opens, closes = self.assessment_open_at, self.assessment_close_at
        is_open = self.status is CampaignStatus.ASSESSING
        return is_open and opens is not None and closes is not None and opens <= at < closes


class CampaignCategory(Base):
    """A category in which this campaign takes nominations."""

    __tablename__ = "campaign_categories"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(SmallInteger)
