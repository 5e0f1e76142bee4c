"""What was noted when a ballot was cast, beside the ballot and not in it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.types import UtcDateTime, enum_by_value
from nominations.suspicion import Risk

UNSCORED = text("scored_at IS NULL")


class BallotSignals(Base):
    """Of the ballot that stands in a slot; a later revision takes the place of its predecessor's.
    Hashes are keyed and differ from campaign to campaign; no address and no device id is stored.
    Deleted when the campaign is over.

    `voter_id` has no foreign key, as that of the ballot's own row decides."""

    __tablename__ = "ballot_signals"
    __table_args__ = (
        Index("ix_ballot_signals_network", "campaign_id", "network_hash", "cast_at"),
        Index("ix_ballot_signals_device", "campaign_id", "device_hash", "cast_at"),
        Index("ix_ballot_signals_choices", "campaign_id", "choices_hash", "cast_at"),
        Index(
            "ix_ballot_signals_unscored",
            "campaign_id",
            "cast_at",
            sqlite_where=UNSCORED,
            postgresql_where=UNSCORED,
        ),
        CheckConstraint("account_age_days >= 0", name="account_age_not_negative"),
        CheckConstraint("risk <> 'pending' OR scored_at IS NULL", name="scored_with_rank"),
    )

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    voter_id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    revision: Mapped[int]
    ballot_id: Mapped[UUID] = mapped_column(ForeignKey("ballots.id"), unique=True)
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)
    choices_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    network_hash: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    """Of the /24 (IPv4) or /48 (IPv6)."""
    device_hash: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    """Of the random id that the mini-program keeps on the phone, if it gave one."""
    account_age_days: Mapped[int]
    """Full days from the account's first sign-in to the ballot."""
    risk: Mapped[Risk] = mapped_column(enum_by_value(Risk, length=8))
    scored_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None until it was looked at with the latest rank."""
