"""Complaints and suggestions (投诉与建议), which every mobile application of the administration
must take (State Council General Office letter 〔2026〕12)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import EncryptedText, UtcDateTime, enum_by_value


class FeedbackKind(StrEnum):
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"

    @property
    def label(self) -> str:
        return "投诉" if self is FeedbackKind.COMPLAINT else "建议"


class Feedback(Base):
    """Somebody's words, encrypted since they may name people; answered once."""

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)"
            " AND (answered_at IS NULL) = (answer_cipher IS NULL)",
            name="answered",
        ),
        Index("ix_feedback_sender", "person_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """Null from somebody who is not signed in: they can't be answered in person."""
    kind: Mapped[FeedbackKind] = mapped_column(enum_by_value(FeedbackKind))
    about: Mapped[str | None] = mapped_column(String(60))
    """The page, activity or place that it is about, in the client's words."""
    text_cipher: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_cipher: Mapped[bytes | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    text = EncryptedText("text_cipher")
    answer = EncryptedText("answer_cipher")
