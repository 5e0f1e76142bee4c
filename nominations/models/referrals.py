"""Honoured people whom the city recommends further up: 河南好人榜, 中国好人榜."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.errors import AlreadyReferred
from nominations.lifecycles import REFERRAL, ReferralStatus
from nominations.models.honors import Honor


class ReferralTarget(StrEnum):
    HENAN_GOOD_PEOPLE = "henan_good_people"
    CHINA_GOOD_PEOPLE = "china_good_people"
    HENAN_MORAL_MODEL = "henan_moral_model"
    NATIONAL_MORAL_MODEL = "national_moral_model"


class Referral(Base):
    """One recommendation for one issue of a list; `batch` is named as that list counts, which is
    by months, quarters or numbered batches in turn."""

    __tablename__ = "referrals"
    __lifecycle__ = REFERRAL
    __table_args__ = (
        UniqueConstraint("honor_id", "target", "batch"),
        CheckConstraint(
            "status IN ('prepared', 'withdrawn')"
            " OR (sent_on IS NOT NULL AND reference IS NOT NULL)",
            name="sent_with_reference",
        ),
        CheckConstraint(
            "(status IN ('listed', 'not_listed')) = (outcome_on IS NOT NULL)",
            name="outcome_with_day",
        ),
    )
    __violations__ = {"uq_referrals_honor_id_target_batch": AlreadyReferred}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    honor_id: Mapped[UUID] = mapped_column(ForeignKey("honors.id"))
    target: Mapped[ReferralTarget] = mapped_column(enum_by_value(ReferralTarget))
    batch: Mapped[str] = mapped_column(String(30))
    status: Mapped[ReferralStatus] = mapped_column(enum_by_value(ReferralStatus))
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_on: Mapped[date | None]
    reference: Mapped[str | None] = mapped_column(String(60))
    """Of the letter with which it was sent."""
    outcome_on: Mapped[date | None]
    outcome_note: Mapped[str | None] = mapped_column(String(200))

    honor: Mapped[Honor] = relationship(lazy="raise_on_sql")
