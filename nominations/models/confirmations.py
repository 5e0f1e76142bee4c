"""Legal confirmation of acts of bravery (见义勇为确认), as its committee decided it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.errors import ConfirmationExists
from nominations.lifecycles import CONFIRMATION, ConfirmationStatus


class Confirmation(Base):
    """One application; after a refusal (an appeal may follow) there may be another."""

    __tablename__ = "confirmations"
    __lifecycle__ = CONFIRMATION
    __table_args__ = (
        Index(
            "uq_confirmations_live",
            "nomination_id",
            unique=True,
            sqlite_where=text("status <> 'refused'"),
            postgresql_where=text("status <> 'refused'"),
        ),
        CheckConstraint(
            "(status = 'applied') = (decided_on IS NULL)"
            " AND (status = 'confirmed') = (number IS NOT NULL)"
            " AND (status = 'refused') = (refusal_reason IS NOT NULL)",
            name="decided_with_facts",
        ),
    )
    __violations__ = {"uq_confirmations_live": ConfirmationExists}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"), index=True)
    status: Mapped[ConfirmationStatus] = mapped_column(enum_by_value(ConfirmationStatus))
    applied_on: Mapped[date]
    decided_on: Mapped[date | None]
    number: Mapped[str | None] = mapped_column(String(60))
    refusal_reason: Mapped[str | None] = mapped_column(String(200))
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
