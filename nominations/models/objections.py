"""Objections (异议) to nominees on notice, and what two people found out about each."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from core.db import Base
from core.ids import new_id
from core.types import EncryptedText, UtcDateTime, enum_by_value
from nominations.lifecycles import OBJECTION, ObjectionChannel, ObjectionStatus
from nominations.models.notices import Notice


class Objection(Base):
    """Words, contact and findings are encrypted, since they name people.

    An anonymous objection by the mini-program keeps no person: only `objector_index`, a keyed
    digest of person and notice, by which nobody can be found but a sixth objection refused."""

    __tablename__ = "objections"
    __lifecycle__ = OBJECTION
    __table_args__ = (
        ForeignKeyConstraint(
            ["notice_id", "nomination_id"],
            ["notice_entries.notice_id", "notice_entries.nomination_id"],
        ),
        CheckConstraint("(channel = 'app') = (objector_index IS NOT NULL)", name="app_is_counted"),
        CheckConstraint("(channel = 'app') = (entered_by IS NULL)", name="others_are_entered"),
        CheckConstraint(
            "objector_id IS NULL OR (channel = 'app' AND NOT is_anonymous)", name="objector_named"
        ),
        CheckConstraint(
            "NOT is_anonymous OR contact_cipher IS NULL", name="anonymous_without_contact"
        ),
        CheckConstraint(
            "(status IN ('accepted', 'upheld', 'dismissed')) = (substance_cipher IS NOT NULL)",
            name="accepted_with_substance",
        ),
        CheckConstraint(
            "(status IN ('not_accepted', 'upheld', 'dismissed')) = (decision_cipher IS NOT NULL)"
            " AND (decision_cipher IS NULL) = (decided_by IS NULL)"
            " AND (decision_cipher IS NULL) = (decided_at IS NULL)",
            name="decided_with_reason",
        ),
        CheckConstraint(
            "(answer_cipher IS NULL) = (answered_at IS NULL)"
            " AND (answer_cipher IS NULL) = (answered_by IS NULL)",
            name="answered",
        ),
        Index("ix_objections_of_nomination", "nomination_id", "status"),
        Index("ix_objections_queue", "status", "filed_at", "id"),
        Index("ix_objections_by_objector", "objector_index"),
        Index("ix_objections_own", "objector_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"))
    status: Mapped[ObjectionStatus] = mapped_column(enum_by_value(ObjectionStatus))
    channel: Mapped[ObjectionChannel] = mapped_column(enum_by_value(ObjectionChannel))
    is_anonymous: Mapped[bool]
    objector_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    objector_index: Mapped[bytes | None]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    text_cipher: Mapped[bytes]
    contact_cipher: Mapped[bytes | None]
    """Name and telephone or address, as the objector gave them."""
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it arrived; for a letter, when the office received it."""
    is_in_time: Mapped[bool]
    """Before the last midnight of the nominee's days, as they were then."""
    substance_cipher: Mapped[bytes | None]
    """What is objected, in a handler's words, for the nominee's side: without the objector."""
    answer_cipher: Mapped[bytes | None]
    """Of the nominee's side."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    decision_cipher: Mapped[bytes | None]
    """Why it was not accepted, upheld or dismissed."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))

    text = EncryptedText("text_cipher")
    contact = EncryptedText("contact_cipher")
    substance = EncryptedText("substance_cipher")
    answer = EncryptedText("answer_cipher")
    decision = EncryptedText("decision_cipher")

    notice: Mapped[Notice] = relationship(lazy="raise_on_sql")
    objector: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=objector_id)
    verifications: Mapped[list["ObjectionVerification"]] = relationship(
        order_by="ObjectionVerification.id", lazy="raise_on_sql"
    )


class ObjectionVerification(Base):
    """What one person found; two people look before it is decided."""

    __tablename__ = "objection_verifications"
    __table_args__ = (UniqueConstraint("objection_id", "verified_by"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objections.id"))
    verified_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    verified_at: Mapped[datetime] = mapped_column(UtcDateTime)
    findings_cipher: Mapped[bytes]

    findings = EncryptedText("findings_cipher")
