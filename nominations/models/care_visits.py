"""Visits to honoured people: at festivals, and to see how they are (关爱, 慰问, 回访)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import EncryptedText, UtcDateTime, enum_by_value
from nominations.lifecycles import CARE_VISIT, CareStatus
from nominations.models.honors import Honor


class CareOccasion(StrEnum):
    SPRING_FESTIVAL = "spring_festival"
    MID_AUTUMN = "mid_autumn"
    FOLLOW_UP = "follow_up"
    """回访: half a year after the honour, then every year."""
    HARDSHIP = "hardship"
    OTHER = "other"


class CareVisit(Base):
    """Planned by a job or by staff; one an honour, occasion and day."""

    __tablename__ = "care_visits"
    __lifecycle__ = CARE_VISIT
    __table_args__ = (
        UniqueConstraint("honor_id", "occasion", "planned_on"),
        Index("ix_care_visits_due", "status", "planned_on"),
        CheckConstraint(
            "(status = 'done') = (done_on IS NOT NULL)"
            " AND (done_on IS NULL OR notes_cipher IS NOT NULL)",
            name="done_with_notes",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    honor_id: Mapped[UUID] = mapped_column(ForeignKey("honors.id"))
    occasion: Mapped[CareOccasion] = mapped_column(enum_by_value(CareOccasion))
    planned_on: Mapped[date]
    status: Mapped[CareStatus] = mapped_column(enum_by_value(CareStatus))
    visitors: Mapped[str | None] = mapped_column(String(100))
    """Names of those who went, as staff write them."""
    notes_cipher: Mapped[bytes | None]
    done_on: Mapped[date | None]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    reminded_on: Mapped[date | None]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """Null when the job planned it."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    notes = EncryptedText("notes_cipher")
    honor: Mapped[Honor] = relationship(lazy="raise_on_sql")
