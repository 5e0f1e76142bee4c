"""Courtesies for honoured people (礼遇): what they may use, the card they show, and each use."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.errors import BenefitCodeTaken
from nominations.lifecycles import HonorKind
from nominations.models.honors import Honor, HonorLevel


class BenefitKind(StrEnum):
    AUTOMATIC = "automatic"
    """Given to whoever shows the card: bus, scenic spots, a yearly check-up."""
    APPLICATION = "application"
    """Asked for, as help in hardship is."""
    AWARD = "award"
    """Given once with the honour, in money or kind."""


class Benefit(Base):
    """A policy: level and category say whose it is; None is everybody's."""

    __tablename__ = "benefits"
    __table_args__ = (
        CheckConstraint("uses_a_year IS NULL OR uses_a_year > 0", name="uses_positive"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="period"),
    )
    __violations__ = {"uq_benefits_code": BenefitCodeTaken}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(String(300))
    provider: Mapped[str] = mapped_column(String(60))
    """Who gives it, in words."""
    kind: Mapped[BenefitKind] = mapped_column(enum_by_value(BenefitKind))
    honor_kind: Mapped[HonorKind | None] = mapped_column(enum_by_value(HonorKind))
    level: Mapped[HonorLevel | None] = mapped_column(enum_by_value(HonorLevel))
    """The lowest level that has it."""
    category_code: Mapped[str | None] = mapped_column(String(32))
    uses_a_year: Mapped[int | None] = mapped_column(SmallInteger)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """Null for reference data."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BenefitCard(Base):
    """One an honour. `code` is 128 random bits in hex, shown as a QR code: it opens nothing but
    what a partner needs, so it is kept in clear. A card works while its honour stands."""

    __tablename__ = "benefit_cards"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    honor_id: Mapped[UUID] = mapped_column(ForeignKey("honors.id"), unique=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)

    honor: Mapped[Honor] = relationship(lazy="raise_on_sql")


class BenefitUse(Base):
    """One use at a partner. The key of year and serial decides the last one of a year. Triggers
    refuse change."""

    __tablename__ = "benefit_uses"
    __table_args__ = (
        UniqueConstraint("card_id", "benefit_id", "year", "serial"),
        CheckConstraint("serial >= 1", name="serial_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    card_id: Mapped[UUID] = mapped_column(ForeignKey("benefit_cards.id"))
    benefit_id: Mapped[UUID] = mapped_column(ForeignKey("benefits.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    """In Shanghai."""
    serial: Mapped[int] = mapped_column(SmallInteger)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    place: Mapped[str] = mapped_column(String(60))

    benefit: Mapped[Benefit] = relationship(lazy="raise_on_sql")
