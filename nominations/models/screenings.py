"""The history of a case on the ladder: who said what, on which step, for which place."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.lifecycles import Verdict
from nominations.models.channels import Channel
from nominations.rules import Step


class Screening(Base):
    """One opinion or decision. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "screenings"
    __table_args__ = (
        CheckConstraint(
            "verdict NOT IN ('opinion', 'send_back', 'reject', 'transfer') OR opinion IS NOT NULL",
            name="said_why",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"), index=True)
    step: Mapped[Step] = mapped_column(enum_by_value(Step))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    """Whose reviewers decide on the step; null for a channel, or where there is no such site."""
    channel_id: Mapped[UUID | None] = mapped_column(ForeignKey(Channel.id))
    verdict: Mapped[Verdict] = mapped_column(enum_by_value(Verdict))
    opinion: Mapped[str | None] = mapped_column(Text)
    """For insiders; the nominator reads `decision_note` of the nomination."""
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """Null where nobody decided: a step without reviewers, a veto by link."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
