"""Files of a case and of objections: pictures of the nominee, evidence, signed papers."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.lifecycles import ATTACHMENT, AttachmentStatus
from nominations.models.nominations import Nomination

TO_PURGE = text("storage_key IS NOT NULL AND slot IS NULL")


class AttachmentAbout(StrEnum):
    NOMINATION = "nomination"
    OBJECTION = "objection"


class AttachmentKind(StrEnum):
    ID_PHOTO = "id_photo"
    LIFE_PHOTO = "life_photo"
    EVIDENCE = "evidence"
    CONSENT_PAPER = "consent_paper"
    """The nominee's or the kin's signed consent."""


class Attachment(Base):
    """One file. While it is kept it takes a `slot`, from 1 up to the limit of its kind; whoever is
    refused or removed gives it back, and later `storage_key`, when the bytes are gone."""

    __tablename__ = "attachments"
    __lifecycle__ = ATTACHMENT
    __table_args__ = (
        UniqueConstraint("about_type", "about_id", "kind", "slot"),
        Index(
            "uq_attachments_same_file",
            "about_type",
            "about_id",
            "kind",
            "sha256",
            unique=True,
            sqlite_where=text("slot IS NOT NULL"),
            postgresql_where=text("slot IS NOT NULL"),
        ),
        Index("ix_attachments_to_moderate", "status", "id"),
        Index(
            "ix_attachments_to_purge",
            "status",
            sqlite_where=TO_PURGE,
            postgresql_where=TO_PURGE,
        ),
        CheckConstraint(
            "(status IN ('hidden', 'cleared')) = (slot IS NOT NULL)", name="kept_in_a_slot"
        ),
        CheckConstraint("slot IS NULL OR storage_key IS NOT NULL", name="kept_with_bytes"),
        CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)"
            " AND (status NOT IN ('cleared', 'refused') OR decided_at IS NOT NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint(
            "(status = 'refused') = (refusal_reason IS NOT NULL)", name="refused_with_reason"
        ),
        CheckConstraint("(width IS NULL) = (height IS NULL)", name="picture_measured"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    about_type: Mapped[AttachmentAbout] = mapped_column(enum_by_value(AttachmentAbout))
    about_id: Mapped[UUID]
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(Nomination.id), index=True)
    """The case that it is about, directly or through an objection: its place says who moderates."""
    kind: Mapped[AttachmentKind] = mapped_column(enum_by_value(AttachmentKind))
    slot: Mapped[int | None] = mapped_column(SmallInteger)
    status: Mapped[AttachmentStatus] = mapped_column(enum_by_value(AttachmentStatus))
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """Of what is kept."""
    storage_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    """Bytes of what is kept, before it is encrypted."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refusal_reason: Mapped[str | None] = mapped_column(String(200))
