"""Dates of campaigns that were moved, each with the public reason."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.lifecycles import CampaignDate


class CampaignPostponement(Base):
    """One date, moved once. Public, and append-only: triggers refuse UPDATE and DELETE."""

    __tablename__ = "campaign_postponements"
    __table_args__ = (CheckConstraint("before_at < after_at", name="only_later"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), index=True)
    date: Mapped[CampaignDate] = mapped_column(enum_by_value(CampaignDate))
    before_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None: the date was not set before."""
    after_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200))
    postponed_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    postponed_at: Mapped[datetime] = mapped_column(UtcDateTime)
