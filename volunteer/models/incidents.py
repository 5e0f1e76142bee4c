"""Incidents (意外情况) at activities: somebody was hurt, or nearly."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from core.db import Base
from core.ids import new_id
from core.types import EncryptedText, UtcDateTime
from volunteer.models.activities import Activity


class Incident(Base):
    """What happened, as those on site wrote it down. It may tell of somebody's health, so the text
    is encrypted. Triggers refuse UPDATE and DELETE: an insurer may ask what was known when."""

    __tablename__ = "incidents"
    __table_args__ = (Index("ix_incidents_activity", "activity_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text_cipher: Mapped[bytes]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    text = EncryptedText("text_cipher")

    activity: Mapped[Activity] = relationship(lazy="raise_on_sql")
    people: Mapped[list[Person]] = relationship(
        lazy="raise_on_sql", secondary="incident_people", viewonly=True, order_by=Person.id
    )


class IncidentPerson(Base):
    """A volunteer whom the incident befell. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "incident_people"

    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incidents.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True, index=True)
