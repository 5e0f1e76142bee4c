"""Corrections of attendances: every version that ever stood there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime


class AttendanceChange(Base):
    """What a leader replaced, by what, and why. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "attendance_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendances.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    old_checked_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    new_checked_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    old_checked_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    new_checked_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
