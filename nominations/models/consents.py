"""Consent to be nominated: the nominee's own, or that of whoever speaks for them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.lifecycles import CONSENT, ConsentStatus

OPEN = text("status = 'asked'")
IN_FORCE = text("status = 'given'")


class ConsentGiver(StrEnum):
    """Who has to agree."""

    NOMINEE = "nominee"
    GUARDIAN = "guardian"
    """Of a nominee under 18."""
    NEXT_OF_KIN = "next_of_kin"
    """Of a dead nominee (PIPL art. 49)."""
    REPRESENTATIVE = "representative"
    """Of a group, a family or a unit."""


class NomineeConsent(Base):
    """Answered by the secret in a link, of which only the hash is kept, or on signed paper.

    Never changed once it was answered, only withdrawn or outdated; another asking is another
    row."""

    __tablename__ = "nominee_consents"
    __lifecycle__ = CONSENT
    __table_args__ = (
        CheckConstraint(
            "(token_hash IS NULL) = (paper_reference IS NOT NULL)"
            " AND (token_hash IS NULL) = (expires_at IS NULL)",
            name="link_or_paper",
        ),
        CheckConstraint(
            "(status <> 'asked' OR answered_at IS NULL)"
            " AND (status IN ('asked', 'lapsed') OR answered_at IS NOT NULL)",
            name="answered_with_instant",
        ),
        CheckConstraint(
            "kind = 'nominee' OR status NOT IN ('given', 'withdrawn') OR signer_name IS NOT NULL",
            name="signed_for_another",
        ),
        Index(
            "uq_nominee_consents_open",
            "nomination_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index(
            "uq_nominee_consents_in_force",
            "nomination_id",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"), index=True)
    kind: Mapped[ConsentGiver] = mapped_column(enum_by_value(ConsentGiver))
    status: Mapped[ConsentStatus] = mapped_column(enum_by_value(ConsentStatus))
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    paper_reference: Mapped[str | None] = mapped_column(String(60))
    """Where the signed paper is kept."""
    signer_name: Mapped[str | None] = mapped_column(String(40))
    signer_relation: Mapped[str | None] = mapped_column(String(20))
    """To the nominee: daughter, head of the team."""
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    """Who made the link, or recorded the paper."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_on_paper(self) -> bool:
        return self.paper_reference is not None
