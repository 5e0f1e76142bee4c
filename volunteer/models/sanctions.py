"""Sanctions on people who claimed or approved hours that nobody served."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime


class Sanction(Base):
    """While it is in force the person neither claims nor approves backfills (Chongqing)."""

    __tablename__ = "sanctions"
    __table_args__ = (
        UniqueConstraint("person_id", "backfill_id"),
        CheckConstraint("imposed_by <> person_id", name="imposed_by_another"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    backfill_id: Mapped[UUID] = mapped_column(ForeignKey("backfills.id"))
    """The false claim."""
    reason: Mapped[str] = mapped_column(Text)
    imposed_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    imposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_on: Mapped[date]
    """Its last day at the earliest."""
    verified_minutes: Mapped[int]
    """Of the person when it was imposed; it lasts until they have served so many more."""
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a dispute about it was upheld."""
