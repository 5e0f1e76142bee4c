"""Qualifications (资质): certificates of skill that an activity may ask for."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime


class QualificationKind(Base):
    """What can be held, such as first aid. Data: the city may add more."""

    __tablename__ = "qualification_kinds"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(30), unique=True)


class Qualification(Base):
    """Held by a person from `valid_from` to `valid_until`, both inclusive; without an end it
    stays valid."""

    __tablename__ = "qualifications"
    __table_args__ = (
        UniqueConstraint("person_id", "code", "valid_from", name="uq_qualifications_held"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="period"),
        CheckConstraint("recorded_by <> person_id", name="recorded_by_another"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    code: Mapped[str] = mapped_column(ForeignKey("qualification_kinds.code"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
