"""Comments of citizens on candidates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from core.wechat import TextVerdict
from nominations.lifecycles import COMMENT, CommentStatus
from nominations.models.nominations import Nomination

COMMENT_MAX_CHARS = 200


class Comment(Base):
    __tablename__ = "comments"
    __lifecycle__ = COMMENT
    __table_args__ = (
        Index("ix_comments_of_nomination", "nomination_id", "status", "id"),
        Index("ix_comments_to_moderate", "status", "id"),
        Index("ix_comments_of_author", "author_id", "created_at"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_by_somebody"),
        CheckConstraint(
            "status <> 'hidden' OR (hidden_reason IS NOT NULL AND decided_at IS NOT NULL)",
            name="hidden_with_reason",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(Nomination.id))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    text: Mapped[str] = mapped_column(String(COMMENT_MAX_CHARS))
    text_verdict: Mapped[TextVerdict] = mapped_column(enum_by_value(TextVerdict))
    """WeChat's opinion, for the moderator."""
    status: Mapped[CommentStatus] = mapped_column(enum_by_value(CommentStatus))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_reason: Mapped[str | None] = mapped_column(String(200))

    author: Mapped[Person] = relationship(foreign_keys=[author_id], lazy="raise")

    @property
    def author_name(self) -> str:
        """In full; whoever shows it masks it."""
        return self.author.name or self.author.nickname or "许昌市民"
