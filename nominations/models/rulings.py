"""What two people decide about ballots in quarantine."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.errors import RulingPending
from nominations.lifecycles import RULING, BallotFate, RulingReason, RulingStatus

PENDING = text("status = 'proposed'")


class Ruling(Base):
    """Proposed by one person and approved by another; one at a time for a finding."""

    __tablename__ = "rulings"
    __lifecycle__ = RULING
    __table_args__ = (
        CheckConstraint(
            "(status = 'proposed') = (decided_at IS NULL)"
            " AND (decided_by IS NULL) = (decided_at IS NULL)",
            name="decided_with_instant",
        ),
        CheckConstraint(
            "status <> 'approved' OR decided_by <> proposed_by", name="approved_by_another"
        ),
        CheckConstraint("fate IN ('voided', 'restored')", name="fate_final"),
        Index(
            "uq_rulings_pending",
            "finding_id",
            unique=True,
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        ),
    )
    __violations__ = {"uq_rulings_pending": RulingPending}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("findings.id"), index=True)
    status: Mapped[RulingStatus] = mapped_column(enum_by_value(RulingStatus))
    fate: Mapped[BallotFate] = mapped_column(enum_by_value(BallotFate))
    reason: Mapped[RulingReason] = mapped_column(enum_by_value(RulingReason))
    number: Mapped[int]
    """How many ballots it is about."""
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RulingBallot(Base):
    """A ballot that a ruling is about. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "ruling_ballots"

    ruling_id: Mapped[UUID] = mapped_column(ForeignKey("rulings.id"), primary_key=True)
    ballot_id: Mapped[UUID] = mapped_column(ForeignKey("held_ballots.ballot_id"), primary_key=True)


class RuledBallot(Base):
    """What an approved ruling made of a ballot: once for all, by the key. Triggers refuse UPDATE
    and DELETE."""

    __tablename__ = "ruled_ballots"

    ballot_id: Mapped[UUID] = mapped_column(ForeignKey("held_ballots.ballot_id"), primary_key=True)
    ruling_id: Mapped[UUID] = mapped_column(ForeignKey("rulings.id"), index=True)
    fate: Mapped[BallotFate] = mapped_column(enum_by_value(BallotFate))
    ruled_at: Mapped[datetime] = mapped_column(UtcDateTime)
