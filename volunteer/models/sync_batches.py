"""What of the ledger has reached the system that Civil Affairs designates (decree 67, art. 4)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.lifecycles import SYNC_BATCH, SyncBatchStatus
from volunteer.models.exports import Export


class SyncBatch(Base):
    """The entries of one export of records. An entry in no batch is pending; its `sync_status`
    otherwise is the status of its batch."""

    __tablename__ = "sync_batches"
    __table_args__ = (
        CheckConstraint(
            "(status IN ('exported', 'acknowledged')) = (exported_at IS NOT NULL)", name="exported"
        ),
        CheckConstraint(
            "(status = 'acknowledged') = (acknowledged_at IS NOT NULL)"
            " AND (acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
            name="acknowledged",
        ),
    )
    __lifecycle__ = SYNC_BATCH

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    export_id: Mapped[UUID] = mapped_column(ForeignKey("exports.id"), unique=True)
    status: Mapped[SyncBatchStatus] = mapped_column(enum_by_value(SyncBatchStatus))
    entries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    exported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    export: Mapped[Export] = relationship(lazy="raise_on_sql")


class HoursSync(Base):
    """An entry of the append-only ledger in its batch; the key puts it in one only."""

    __tablename__ = "hours_syncs"
    __table_args__ = (Index("ix_hours_syncs_batch", "batch_id", "entry_id"),)

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("hours_entries.id"), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("sync_batches.id"))
