"""Certificates of the record of service (服务记录证明)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from accounts.models.persons import Person
from accounts.models.sites import Site
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.lifecycles import CERTIFICATE, CertificateStatus, SyncBatchStatus
from volunteer.models.hours import SyncStatus, sync_status_of

LIVE = text("status = 'issued'")


@dataclass(frozen=True, slots=True)
class RecordingUnit:
    """A unit that recorded a part of it, and how far all its records have come."""

    organization_id: str
    organization: str
    sync_status: SyncStatus


class Certificate(Base):
    """What the ledger said of a person's service in a period, frozen as it was printed.

    `lines` is one object an activity: `organization_id`, `organization`, `activity_id`,
    `activity`, `place`, `content`, `from`, `to` (days), `times`, `verified_minutes`,
    `honorary_minutes`. Only the status changes afterwards."""

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("to_day >= from_day", name="period"),
        CheckConstraint("verified_minutes + honorary_minutes > 0", name="not_nothing"),
        CheckConstraint("verified_minutes >= 0 AND honorary_minutes >= 0", name="minutes"),
        CheckConstraint(
            "(status = 'revoked') = (revoked_at IS NOT NULL)"
            " AND (revoked_at IS NULL) = (revoke_reason IS NULL)",
            name="revoked_with_reason",
        ),
        Index(
            "uq_certificates_live",
            "person_id",
            "content_hash",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_certificates_own", "person_id", "id"),
    )
    __lifecycle__ = CERTIFICATE

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    check_code: Mapped[str] = mapped_column(String(32))
    """128 random bits in hex, printed beside the number, so that numbers can't be walked. Kept in
    clear: it opens nothing but what stands in this row."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    """The one recording unit that was asked for; null for all."""
    from_day: Mapped[date]
    to_day: Mapped[date]
    verified_minutes: Mapped[int]
    honorary_minutes: Mapped[int]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Of the period, the unit and the entries: the same content is certified once."""
    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    issued_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    """The handler: the person themself, or the helper at a counter."""
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[CertificateStatus] = mapped_column(enum_by_value(CertificateStatus))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoke_reason: Mapped[str | None] = mapped_column(Text)
    """For the person; the public is told only that an entry was corrected."""

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=person_id)
    handler: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=issued_by)
    issuer: Mapped[Site] = relationship(lazy="raise_on_sql")
    entries: Mapped[list["CertificateEntry"]] = relationship(lazy="raise_on_sql", viewonly=True)

    @property
    def units(self) -> list[RecordingUnit]:
        """The recording units as the lines have them. Expects its entries with their units."""
        reached: dict[str, SyncStatus] = {}
        for entry in self.entries:
            unit, status = str(entry.organization_id), sync_status_of(entry.batch_status)
            reached[unit] = min(reached.get(unit, status), status, key=list(SyncStatus).index)
        names = {line["organization_id"]: line["organization"] for line in self.lines}
        return [
            RecordingUnit(unit, name, reached.get(unit, SyncStatus.PENDING))
            for unit, name in names.items()
        ]

    @property
    def is_self_service(self) -> bool:
        return self.issued_by == self.person_id


class CertificateEntry(Base):
    """An entry of the ledger on which a certificate rests. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "certificate_entries"

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(
        ForeignKey("hours_entries.id"), primary_key=True, index=True
    )
    minutes: Mapped[int]
    organization_id: Mapped[UUID | None] = query_expression()
    """Of the entry; this and the next only where a query asks for them."""
    batch_status: Mapped[SyncBatchStatus | None] = query_expression()
