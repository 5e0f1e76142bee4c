"""The history of stars (星级)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime


class StarAward(Base):
    """A change of a person's star, with what it rested on. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "star_awards"
    __table_args__ = (
        CheckConstraint("star >= 0 AND star_before >= 0", name="stars"),
        Index("ix_star_awards_own", "person_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    star_before: Mapped[int] = mapped_column(SmallInteger)
    star: Mapped[int] = mapped_column(SmallInteger)
    """0 is none: a correction took the last star away."""
    verified_minutes: Mapped[int]
    honorary_minutes: Mapped[int]
    score_tenths: Mapped[int | None] = mapped_column(SmallInteger)
    """Mean of the evaluations; null without any."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def verified_percent(self) -> int:
        """Share of verified time, rounded down."""
        total = self.verified_minutes + self.honorary_minutes
        return self.verified_minutes * 100 // total if total else 0
