"""The inbox (消息中心): everything that a person was told, whatever WeChat did with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import EncryptedText, UtcDateTime

UNREAD = text("read_at IS NULL")
ABOUT_SOMETHING = text("about_id IS NOT NULL")


class InboxMessage(Base):
    """One message, as it was told then, but for a name that must not be said any more. Its text
    may name a person, so it is encrypted."""

    __tablename__ = "inbox_messages"
    __table_args__ = (
        UniqueConstraint("cause_id", "person_id", "template", name="uq_inbox_messages_cause"),
        Index("ix_inbox_messages_own", "person_id", "id"),
        Index(
            "ix_inbox_messages_unread",
            "person_id",
            "id",
            sqlite_where=UNREAD,
            postgresql_where=UNREAD,
        ),
        Index("ix_inbox_messages_created_at", "created_at"),
        Index(
            "ix_inbox_messages_about",
            "about_id",
            "id",
            sqlite_where=ABOUT_SOMETHING,
            postgresql_where=ABOUT_SOMETHING,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    template: Mapped[str] = mapped_column(String(48))
    cause_id: Mapped[UUID]
    """The row that the message is about."""
    about_id: Mapped[UUID | None]
    """Of several rows that cause messages the one they are all about, by which they are found
    when its name must not be said any more."""
    title: Mapped[str] = mapped_column(String(20))
    text_cipher: Mapped[bytes]
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    text = EncryptedText("text_cipher")
