"""What a person agreed to or took back, version by version; nothing is overwritten."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value


class ConsentKind(StrEnum):
    PRIVACY = "privacy"
    """The privacy notice of the mini-program."""
    REAL_NAME = "real_name"
    """Separate consent to keep name, ID number and phone (PIPL art. 29)."""
    BOARD = "board"
    """Separate consent to stand on a public board of hours (PIPL art. 25), name masked."""
    BOARD_NICKNAME = "board_nickname"
    """The wish to stand there under one's nickname instead."""


CURRENT_VERSIONS: dict[ConsentKind, str] = {
    ConsentKind.PRIVACY: "2026-11",
    ConsentKind.REAL_NAME: "2026-11",
    ConsentKind.BOARD: "2026-11",
    ConsentKind.BOARD_NICKNAME: "2026-11",
}
"""The text in force of each kind. A new text asks everybody again."""


class Consent(Base):
    """One statement; the latest of a kind is in force. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_latest", "person_id", "kind", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[ConsentKind] = mapped_column(enum_by_value(ConsentKind))
    version: Mapped[str] = mapped_column(String(16))
    is_given: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
