"""Departments, and what they say about a nominee (征求意见)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.lifecycles import CONSULTATION, ConsultationStatus


class Department(Base):
    """Reference data. A consultant of it holds their role for its id (ScopeKind.CHANNEL)."""

    __tablename__ = "departments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(SmallInteger)


class Consultation(Base):
    """One department asked about one case. It answers by an account, its consultants' or that of
    `consultant_id`, or by a link whose token is never stored, only its SHA-256."""

    __tablename__ = "consultations"
    __lifecycle__ = CONSULTATION
    __table_args__ = (
        UniqueConstraint("nomination_id", "department_id"),
        CheckConstraint(
            "(status = 'asked') = (answered_at IS NULL)"
            " AND (answered_at IS NULL) = (opinion IS NULL)",
            name="answered_with_opinion",
        ),
        Index("ix_consultations_due", "status", "due_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"))
    department_id: Mapped[UUID] = mapped_column(ForeignKey(Department.id), index=True)
    consultant_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"), index=True)
    status: Mapped[ConsultationStatus] = mapped_column(enum_by_value(ConsultationStatus))
    due_on: Mapped[date]
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    opinion: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """Null if it came by the link."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_veto(self) -> bool:
        return self.status is ConsultationStatus.VETOED
