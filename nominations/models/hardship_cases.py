"""Honoured people in hardship (困难帮扶): asked, proposed by the county, checked by the city."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import EncryptedText, UtcDateTime, enum_by_value
from nominations.errors import HardshipCaseOpen
from nominations.lifecycles import HARDSHIP, HardshipStatus
from nominations.models.honors import Honor

OPEN = text("status IN ('applied', 'proposed', 'approved')")


class HardshipCase(Base):
    """What the need is, is nobody's business but those who decide: encrypted. One open case an
    honour; whoever checks is another person than who proposed."""

    __tablename__ = "hardship_cases"
    __lifecycle__ = HARDSHIP
    __table_args__ = (
        Index(
            "uq_hardship_cases_open",
            "honor_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        CheckConstraint(
            "status NOT IN ('proposed', 'approved', 'helped')"
            " OR (proposed_by IS NOT NULL AND amount_fen IS NOT NULL)",
            name="proposed_with_amount",
        ),
        CheckConstraint(
            "status NOT IN ('approved', 'helped') OR approved_by IS NOT NULL", name="approved_by"
        ),
        CheckConstraint("approved_by <> proposed_by", name="checked_by_another"),
        CheckConstraint("amount_fen IS NULL OR amount_fen > 0", name="amount_positive"),
        CheckConstraint(
            "status <> 'rejected' OR decision_note IS NOT NULL", name="rejected_with_note"
        ),
    )
    __violations__ = {"uq_hardship_cases_open": HardshipCaseOpen}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    honor_id: Mapped[UUID] = mapped_column(ForeignKey("honors.id"))
    status: Mapped[HardshipStatus] = mapped_column(enum_by_value(HardshipStatus))
    need_cipher: Mapped[bytes] = mapped_column(LargeBinary)
    applied_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    amount_fen: Mapped[int | None]
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    decision_note: Mapped[str | None] = mapped_column(String(500))
    helped_on: Mapped[date | None]

    need = EncryptedText("need_cipher")
    honor: Mapped[Honor] = relationship(lazy="raise_on_sql")
