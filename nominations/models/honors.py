"""The honour roll: who was honoured, by what list, and what became of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, joinedload, mapped_column, query_expression, relationship

from accounts.models.sites import Site
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.errors import AlreadyHonored
from nominations.lifecycles import HONOR, HonorKind, HonorStatus
from nominations.models.archive_entries import ArchiveEntry
from nominations.models.nominations import Nomination


class HonorLevel(StrEnum):
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATION = "nation"


class HonorSource(StrEnum):
    """Where what is shown of an honour comes from."""

    SELECTION = "selection"
    ARCHIVE = "archive"
    """The office's archive of earlier years, imported."""


class RevokeGround(StrEnum):
    """Why an honour is taken back (Liaoning's rules of 2016)."""

    FALSE_DEEDS = "false_deeds"
    DISHONESTY = "dishonesty"
    CRIME = "crime"
    DISCIPLINE = "discipline"
    OTHER = "other"


class Honor(Base):
    """An honour of one level. A nominee who is later listed by the province has another one.

    `title` is as on the certificate: 第五届许昌市道德模范. What is shown comes from the nomination,
    whose name is withheld where the case says so; of earlier years, from the office's archive."""

    __tablename__ = "honors"
    __lifecycle__ = HONOR
    __table_args__ = (
        UniqueConstraint("nomination_id", "level"),
        Index("ix_honors_roll", "status", "granted_on", "id"),
        CheckConstraint(
            "(nomination_id IS NULL) = (archive_entry_id IS NOT NULL)"
            " AND (nomination_id IS NULL) = (campaign_id IS NULL)",
            name="selected_or_archived",
        ),
        CheckConstraint(
            "(status = 'revoked') = (revoke_ground IS NOT NULL)"
            " AND (revoke_ground IS NULL) = (revoked_on IS NULL)"
            " AND (revoke_ground IS NULL) = (revoke_document IS NULL)",
            name="revoked_with_ground",
        ),
        CheckConstraint(
            "status <> 'suspended' OR suspend_reason IS NOT NULL", name="suspended_with_reason"
        ),
        CheckConstraint(
            "medal_returned_on IS NULL OR status = 'revoked'", name="medal_of_revoked_returns"
        ),
    )
    __violations__ = {"uq_honors_nomination_id_level": AlreadyHonored}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    nomination_id: Mapped[UUID | None] = mapped_column(ForeignKey("nominations.id"))
    campaign_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    archive_entry_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("archive_entries.id"), unique=True
    )
    kind: Mapped[HonorKind] = mapped_column(enum_by_value(HonorKind))
    level: Mapped[HonorLevel] = mapped_column(enum_by_value(HonorLevel))
    category_code: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(80))
    year: Mapped[int] = mapped_column(SmallInteger)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    document_number: Mapped[str] = mapped_column(String(60))
    """Of the decision to honour."""
    granted_on: Mapped[date]
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[HonorStatus] = mapped_column(enum_by_value(HonorStatus))
    suspend_reason: Mapped[str | None] = mapped_column(String(500))
    revoke_ground: Mapped[RevokeGround | None] = mapped_column(enum_by_value(RevokeGround))
    revoke_reason: Mapped[str | None] = mapped_column(String(500))
    """For the file; the public is told the ground and the day."""
    revoke_document: Mapped[str | None] = mapped_column(String(60))
    revoked_on: Mapped[date | None]
    medal_returned_on: Mapped[date | None]

    photo_number: Mapped[int | None] = query_expression()
    """Of the nominee's photo that candidates show; read for the page of the roll alone."""

    nomination: Mapped[Nomination | None] = relationship(lazy="raise_on_sql")
    archive_entry: Mapped[ArchiveEntry | None] = relationship(lazy="raise_on_sql")
    site: Mapped[Site] = relationship(lazy="raise_on_sql")

    @property
    def source(self) -> "HonorSource":
        return HonorSource.SELECTION if self.nomination_id else HonorSource.ARCHIVE

    @property
    def holder(self) -> Nomination | ArchiveEntry:
        """Who is honoured, as the nomination or the archive tells it. Expects both relationships
        to be loaded (`with_holder`)."""
        return self.nomination or self.archive_entry  # type: ignore[return-value]


def with_holder() -> tuple[Any, ...]:
    """Options of a query for honours that load what `Honor.holder` reads, and the place."""
    return (
        joinedload(Honor.nomination.of_type(Nomination)),
        joinedload(Honor.archive_entry.of_type(ArchiveEntry)),
        joinedload(Honor.site.of_type(Site), innerjoin=True),
    )


class HonorWarning(Base):
    """A warning talk (警示谈话), for what does not call for more. Triggers refuse change."""

    __tablename__ = "honor_warnings"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    honor_id: Mapped[UUID] = mapped_column(ForeignKey("honors.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    talked_on: Mapped[date]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
