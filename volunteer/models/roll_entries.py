"""Roll entries: check-ins and check-outs that were kept on a phone without signal."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.types import UtcDateTime, enum_by_value
from volunteer.models.attendances import Attendance, Direction

ACCEPTED = "accepted"


class RollEntry(Base):
    """The phone gives every entry a nonce, so that a batch sent twice is taken once and has the
    same answer."""

    __tablename__ = "roll_entries"

    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 of what the entry says and of its sender; with other contents a nonce is refused."""
    sent_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scanned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """By the clock of the phone."""
    direction: Mapped[Direction] = mapped_column(enum_by_value(Direction))
    outcome: Mapped[str] = mapped_column(String(48))
    """`accepted`, or the code of the refusal."""
    attendance_id: Mapped[UUID | None] = mapped_column(ForeignKey("attendances.id"))

    attendance: Mapped[Attendance | None] = relationship(lazy="raise_on_sql")
