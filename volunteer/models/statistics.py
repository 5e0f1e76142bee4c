"""Sums of the ledger by person and month, and who served a unit in a month."""

from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.types import enum_by_value
from volunteer.actions import Action


class PersonMonth(Base):
    """What a person served for a unit in a month (YYYY-MM in Shanghai). Minutes are net of
    corrections: who has none left did not serve. `times` (人次) counts entries earned less those
    reversed."""

    __tablename__ = "person_months"
    __table_args__ = {"sqlite_with_rowid": False}
    """The key is the table: a span of months is read in one sweep."""

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    action: Mapped[Action] = mapped_column(enum_by_value(Action), primary_key=True)
    verified_minutes: Mapped[int] = mapped_column(default=0)
    honorary_minutes: Mapped[int] = mapped_column(default=0)
    verified_times: Mapped[int] = mapped_column(default=0)
    honorary_times: Mapped[int] = mapped_column(default=0)


class UnitMonth(Base):
    """Who has time left in a month at a unit, to count distinct people over any months and units:
    a hundredth of the rows of `person_months`, which hold the same one by one."""

    __tablename__ = "unit_months"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    action: Mapped[Action] = mapped_column(enum_by_value(Action), primary_key=True)
    people: Mapped[bytes]
    """The ids, sixteen bytes each, in order."""
