"""Visits to a nominee (走访核实), signed by the people who went."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime


class Visit(Base):
    __tablename__ = "visits"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"), index=True)
    visited_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(100))
    """In words; never public."""
    notes: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    signatures: Mapped[list["VisitSignature"]] = relationship(
        order_by="VisitSignature.signed_at", lazy="selectin"
    )


class VisitSignature(Base):
    """The key lets a person sign once: two signatures are two people."""

    __tablename__ = "visit_signatures"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey(Visit.id), primary_key=True)
    signed_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
