"""Postponements (延期) of activities, and who was told of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime

UNTOLD = text("told_at IS NULL")


class Postponement(Base):
    """Everybody signed up is told twice: when the times fall away, and when there are new ones.

    `told_at` is set when all were told of the latest; `told_to_id` is the last sign-up reached
    until then, so that a job goes on where it stopped."""

    __tablename__ = "postponements"
    __table_args__ = (
        CheckConstraint("rescheduled_at >= postponed_at", name="rescheduled_later"),
        Index("ix_postponements_untold", "id", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), index=True)
    postponed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rescheduled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_to_id: Mapped[UUID | None]
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
