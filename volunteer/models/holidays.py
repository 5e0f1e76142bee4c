"""Holidays, loaded by staff when the State Council has announced them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime


class Holiday(Base):
    """A day that is not what its weekday says, or whose year is not shipped with the code."""

    __tablename__ = "holidays"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    day: Mapped[date] = mapped_column(unique=True)
    is_workday: Mapped[bool]
    """True for a Saturday or Sunday worked in exchange (调休)."""
    name: Mapped[str] = mapped_column(String(30))
    loaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """Null when an operator loaded it at the command line."""
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
