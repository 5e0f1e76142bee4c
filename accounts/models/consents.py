"""What a person agreed to or took back, version by version; nothing is overwritten."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value


class ConsentKind(StrEnum):
    PRIVACY = "privacy"
    """The privacy notice of the mini-program."""
    REAL_NAME = "real_name"
    """Separate consent to keep name, ID number and phone (PIPL art. 29)."""
    CHILD = "child"
    """A guardian's consent to handle the data of a child under 14 (PIPL art. 31)."""
    BOARD = "board"
    """Separate consent to stand on a public board of hours (PIPL art. 25), name masked."""
    BOARD_NICKNAME = "board_nickname"
    """The wish to stand there under one's nickname instead."""


OWN_KINDS = (
    ConsentKind.PRIVACY,
    ConsentKind.REAL_NAME,
    ConsentKind.BOARD,
    ConsentKind.BOARD_NICKNAME,
)
"""What a person states for themselves."""

CURRENT_VERSIONS: dict[ConsentKind, str] = {
    ConsentKind.PRIVACY: "2026-11",
    ConsentKind.REAL_NAME: "2026-11",
    ConsentKind.CHILD: "2026-11",
    ConsentKind.BOARD: "2026-11",
    ConsentKind.BOARD_NICKNAME: "2026-11",
}
"""The text in force of each kind. A new text asks everybody again."""


class Consent(Base):
    """One statement; the latest of a kind is in force. Triggers refuse UPDATE and DELETE.

    The person made it themselves unless `recorded_by` names who did: a guardian by account, or
    a helper who stored the signed paper."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint(
            "paper_reference IS NULL OR recorded_by IS NOT NULL", name="paper_was_recorded"
        ),
        Index("ix_consents_latest", "person_id", "kind", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[ConsentKind] = mapped_column(enum_by_value(ConsentKind))
    version: Mapped[str] = mapped_column(String(16))
    is_given: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    paper_reference: Mapped[str | None] = mapped_column(String(60))
    """Where the signed paper is kept."""
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
