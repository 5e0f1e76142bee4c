"""A nomination: a citizen recommends a person or a group to a campaign."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from core.wechat import TextVerdict
from nominations.lifecycles import NOMINATION, NominationStatus, NomineeKind

NAME_MAX_CHARS = 40
SUMMARY_MAX_CHARS = 140
DEEDS_MIN_CHARS = 800
DEEDS_MAX_CHARS = 1500
"""Usual figures of sister cities (domain/nominations); a draft's deeds may be shorter."""


class Nomination(Base):
    """`submitted_at` is the last submission. `decision_note` tells the nominator what is missing
    or why it was rejected; it stays through a resubmission, for the reviewer to compare."""

    __tablename__ = "nominations"
    __lifecycle__ = NOMINATION
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_id", "category_code"],
            ["campaign_categories.campaign_id", "campaign_categories.code"],
        ),
        Index("ix_nominations_of_campaign", "campaign_id", "status"),
        Index("ix_nominations_queue", "status", "submitted_at", "id"),
        CheckConstraint(
            "status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL",
            name="submitted_with_instant",
        ),
        CheckConstraint(
            "(submitted_at IS NULL) = (text_verdict IS NULL)", name="submitted_with_verdict"
        ),
        CheckConstraint(
            "status NOT IN ('sent_back', 'rejected') OR decision_note IS NOT NULL",
            name="refused_with_note",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    category_code: Mapped[str] = mapped_column(String(32))
    nominator_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    nominee_name: Mapped[str] = mapped_column(String(NAME_MAX_CHARS))
    nominee_kind: Mapped[NomineeKind] = mapped_column(enum_by_value(NomineeKind))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    """Where the nominee lives or works: reviewers over this site see the nomination."""
    summary: Mapped[str] = mapped_column(String(SUMMARY_MAX_CHARS))
    deeds: Mapped[str] = mapped_column(Text)
    status: Mapped[NominationStatus] = mapped_column(enum_by_value(NominationStatus))
    text_verdict: Mapped[TextVerdict | None] = mapped_column(enum_by_value(TextVerdict))
    """WeChat's opinion of the submitted text, for the reviewer."""
    decision_note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
