"""What members of a panel declared about each nominee before they judged (回避)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value


class Ground(StrEnum):
    """Why a declaration stands: the member made it, or the records leave no doubt."""

    DECLARED = "declared"
    NOMINATOR = "nominator"
    """The member recommended the nominee."""
    NOMINEE = "nominee"
    """The member is the nominee, by the ID number."""


class Declaration(Base):
    """Triggers refuse UPDATE and DELETE: another mind is another number, and the last one
    counts. A conflict that stands recuses the member for the nominee."""

    __tablename__ = "declarations"
    __table_args__ = (
        UniqueConstraint("panelist_id", "nomination_id", "number"),
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint(
            "NOT has_conflict OR ground <> 'declared' OR reason IS NOT NULL",
            name="conflict_with_reason",
        ),
        CheckConstraint("has_conflict OR ground = 'declared'", name="certain_is_conflict"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    panelist_id: Mapped[UUID] = mapped_column(ForeignKey("panelists.id"))
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"), index=True)
    number: Mapped[int] = mapped_column(SmallInteger)
    has_conflict: Mapped[bool]
    ground: Mapped[Ground] = mapped_column(enum_by_value(Ground))
    reason: Mapped[str | None] = mapped_column(String(200))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
