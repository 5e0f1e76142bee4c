"""Ballots that are left out of the counts until two people have ruled on them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.suspicion import GroupKind


class Finding(Base):
    """Ballots that share a network, a device or a choice and look bought together. It grows while
    more of them are found."""

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("campaign_id", "kind", "group_hash"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    kind: Mapped[GroupKind] = mapped_column(enum_by_value(GroupKind, length=8))
    group_hash: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    """The keyed hash that its ballots share; forgotten together with the signals."""
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HeldBallot(Base):
    """A ballot in quarantine: sealed, and not counted. Triggers refuse UPDATE and DELETE; what
    was ruled is a row of its own."""

    __tablename__ = "held_ballots"

    ballot_id: Mapped[UUID] = mapped_column(ForeignKey("ballots.id"), primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), index=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("findings.id"), index=True)
    points: Mapped[int] = mapped_column(SmallInteger)
    signs: Mapped[list[str]] = mapped_column(JSON)
    """Reason codes (`Sign`)."""
    rules_version: Mapped[str] = mapped_column(String(8))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
