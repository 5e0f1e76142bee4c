"""Exports: spreadsheets that a job makes, kept for a week, encrypted."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.sheets import SheetFormat
from core.types import UtcDateTime, enum_by_value
from volunteer.lifecycles import EXPORT, ExportStatus

WAITING = text("status = 'requested'")


class ExportKind(StrEnum):
    SIGNUPS = "signups"
    ATTENDANCES = "attendances"
    HOURS = "hours"
    CERTIFICATES = "certificates"
    """Those that rest on service of the unit, with the minutes that were served there."""
    DECREE67 = "decree67"
    """Records of service in full, for the system that Civil Affairs designates."""


class Export(Base):
    """One of the four targets says of what. Days are of service, inclusive."""

    __tablename__ = "exports"
    __table_args__ = (
        CheckConstraint(
            "(status IN ('ready', 'expired')) = (ready_at IS NOT NULL)"
            " AND (ready_at IS NULL) = (written IS NULL)",
            name="ready",
        ),
        CheckConstraint("NOT is_unmasked OR reason IS NOT NULL", name="unmasked_with_reason"),
        CheckConstraint(
            "(CASE WHEN shift_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN activity_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN organization_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN site_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_target",
        ),
        Index("ix_exports_own", "requested_by", "id"),
        Index("ix_exports_waiting", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_exports_expiring", "status", "ready_at"),
    )
    __lifecycle__ = EXPORT

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[ExportKind] = mapped_column(enum_by_value(ExportKind))
    format: Mapped[SheetFormat] = mapped_column(enum_by_value(SheetFormat))
    status: Mapped[ExportStatus] = mapped_column(enum_by_value(ExportStatus))
    is_unmasked: Mapped[bool]
    """Whether names (and what else is personal) stand in it in full."""
    reason: Mapped[str | None] = mapped_column(Text)
    """Why unmasked."""
    shift_id: Mapped[UUID | None] = mapped_column(ForeignKey("shifts.id"))
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    """With all sites below it."""
    from_day: Mapped[date | None]
    to_day: Mapped[date | None]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when the process that makes it has it for itself; spares work, proves nothing."""
    written: Mapped[int | None]
    """Rows, without the headings."""
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
