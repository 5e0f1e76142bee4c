"""A clue (线索): somebody tells of a person who might deserve it; enough to begin with."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from accounts.models.sites import Site
from core.db import Base
from core.ids import new_id
from core.types import EncryptedText, UtcDateTime, enum_by_value
from core.wechat import TextVerdict
from nominations.lifecycles import CLUE, ClueStatus
from nominations.models.channels import Channel
from nominations.models.nominations import NAME_MAX_CHARS, Nomination

TEXT_MIN_CHARS, TEXT_MAX_CHARS = 30, 200
"""domain/nominations, "People on the ladder"."""


class ClueSource(StrEnum):
    """How a clue came. All but the first are written down by staff."""

    APP = "app"
    PHONE = "phone"
    LETTER = "letter"
    COUNTER = "counter"
    VISIT = "visit"


class Clue(Base):
    """`giver_id` is the account to which answers go, if the giver has one. Whoever told staff may
    have left a name, a phone, or nothing at all. `decided_by` is null where the end of the
    campaign decided."""

    __tablename__ = "clues"
    __lifecycle__ = CLUE
    __table_args__ = (
        CheckConstraint(
            "(source = 'app') = (recorded_by IS NULL)"
            " AND (source <> 'app' OR giver_id IS NOT NULL)",
            name="recorded_by_somebody",
        ),
        CheckConstraint(
            "(status = 'completed') = (nomination_id IS NOT NULL)", name="completed_with_nomination"
        ),
        CheckConstraint("(status = 'answered') = (answer IS NOT NULL)", name="answered_in_words"),
        CheckConstraint(
            "(status = 'received') = (decided_at IS NULL)", name="decided_with_instant"
        ),
        Index("ix_clues_queue", "status", "id"),
        Index("ix_clues_of_giver", "giver_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), index=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    """Where: reviewers over this site handle it, unless it was handed to a channel."""
    channel_id: Mapped[UUID | None] = mapped_column(ForeignKey(Channel.id), index=True)
    """The system or university whose reviewers handle it instead."""
    nominee_name: Mapped[str] = mapped_column(String(NAME_MAX_CHARS))
    text: Mapped[str] = mapped_column(String(TEXT_MAX_CHARS))
    source: Mapped[ClueSource] = mapped_column(enum_by_value(ClueSource))
    giver_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    giver_name_cipher: Mapped[bytes | None]
    giver_phone_cipher: Mapped[bytes | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    text_verdict: Mapped[TextVerdict] = mapped_column(enum_by_value(TextVerdict))
    status: Mapped[ClueStatus] = mapped_column(enum_by_value(ClueStatus))
    answer: Mapped[str | None] = mapped_column(Text)
    nomination_id: Mapped[UUID | None] = mapped_column(ForeignKey(Nomination.id), index=True)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When reviewers were last reminded of it."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    giver_name = EncryptedText("giver_name_cipher")
    giver_phone = EncryptedText("giver_phone_cipher")

    site: Mapped[Site] = relationship(lazy="raise_on_sql")
    channel: Mapped[Channel | None] = relationship(lazy="raise_on_sql")
    giver: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[giver_id])

    @property
    def channel_name(self) -> str | None:
        return self.channel.name if self.channel else None

    @property
    def contact_name(self) -> str | None:
        """From the account of who wrote the clue, or as it was told to staff: to write a clue down
        for an account does not open the account."""
        return self.giver.name if self.giver and not self.recorded_by else self.giver_name

    @property
    def contact_phone(self) -> str | None:
        """As `contact_name`, E.164."""
        return self.giver.phone if self.giver and not self.recorded_by else self.giver_phone
