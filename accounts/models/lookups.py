"""Lookups of people by their ID number at a counter."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime


class PersonLookup(Base):
    """One look, found or not: what limits a helper to the pace of a counter."""

    __tablename__ = "person_lookups"
    __table_args__ = (Index("ix_person_lookups_pace", "helper_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    helper_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    found_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
