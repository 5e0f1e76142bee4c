"""Volunteer organisations (志愿服务组织)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from accounts.models.sites import Site
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.errors import OrganizationNameTaken, OwnApplication
from volunteer.lifecycles import ORGANIZATION, OrganizationStatus

LIVE = text("status NOT IN ('rejected', 'dissolved')")


class Organization(Base):
    """Belongs to the site whose staff approved it. A rejected or dissolved one frees its name."""

    __tablename__ = "organizations"
    __table_args__ = (
        CheckConstraint(
            "(status = 'applied') = (decided_at IS NULL)"
            " AND (decided_at IS NULL) = (decided_by IS NULL)",
            name="decided",
        ),
        CheckConstraint(
            "status <> 'rejected' OR decision_reason IS NOT NULL", name="rejected_with_reason"
        ),
        CheckConstraint("decided_by <> applicant_id", name="decided_by_another"),
        CheckConstraint(
            "status <> 'suspended' OR suspend_reason IS NOT NULL", name="suspended_with_reason"
        ),
        CheckConstraint(
            "(status = 'dissolved') = (dissolve_reason IS NOT NULL)", name="dissolved_with_reason"
        ),
        Index(
            "uq_organizations_live_name",
            "name",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_organizations_status", "status", "id"),
    )
    __lifecycle__ = ORGANIZATION
    __violations__ = {
        "uq_organizations_live_name": OrganizationNameTaken,
        "ck_organizations_decided_by_another": OwnApplication,
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    summary: Mapped[str] = mapped_column(Text)
    applicant_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    status: Mapped[OrganizationStatus] = mapped_column(enum_by_value(OrganizationStatus))
    decision_reason: Mapped[str | None] = mapped_column(Text)
    """Of the rejection; the applicant reads it."""
    suspend_reason: Mapped[str | None] = mapped_column(Text)
    """Of the latest suspension."""
    dissolve_reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    site: Mapped[Site] = relationship(lazy="raise_on_sql")
    applicant: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=applicant_id)
