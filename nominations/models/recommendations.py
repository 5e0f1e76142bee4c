"""How many cases a county or a channel has sent up to the city in a campaign."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class RecommendationCount(Base):
    """Moved by conditional UPDATEs against the quota in the campaign's rules."""

    __tablename__ = "recommendation_counts"
    __table_args__ = (CheckConstraint("taken >= 0", name="taken_not_negative"),)

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Code of the county's site, or of the channel."""
    taken: Mapped[int]
