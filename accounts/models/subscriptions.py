"""How often a person lets us send them a template through WeChat (一次性订阅)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.types import UtcDateTime


class SubscriptionQuota(Base):
    """Each acceptance is one message. The mini-program reports it, and so does WeChat, each
    perhaps in vain; the larger of the two counts is what the person accepted."""

    __tablename__ = "subscription_quotas"
    __table_args__ = (
        CheckConstraint("reported >= 0 AND pushed >= 0", name="accepted"),
        CheckConstraint("used >= 0 AND (used <= reported OR used <= pushed)", name="used"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    template: Mapped[str] = mapped_column(String(48), primary_key=True)
    reported: Mapped[int] = mapped_column(default=0)
    """Acceptances that the mini-program told us of."""
    pushed: Mapped[int] = mapped_column(default=0)
    """Acceptances that WeChat told us of."""
    used: Mapped[int] = mapped_column(default=0)
    last_push: Mapped[int] = mapped_column(BigInteger, default=0)
    """CreateTime of the latest push that was counted; WeChat repeats a push."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def remaining(self) -> int:
        return max(self.reported, self.pushed) - self.used
