"""Service projects (志愿服务项目): what an organisation does, approved before it acts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.sites import Site
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.actions import Action
from volunteer.errors import OwnApplication
from volunteer.lifecycles import PROJECT, ProjectStatus
from volunteer.models.organizations import Organization


class Project(Base):
    """`site_id` is the organisation's site at the time; hours are summed by it."""

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint("status = 'draft' OR submitted_at IS NOT NULL", name="submitted"),
        CheckConstraint(
            "status IN ('draft', 'submitted')"
            " OR (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint(
            "status NOT IN ('sent_back', 'rejected') OR decision_reason IS NOT NULL",
            name="refused_with_reason",
        ),
        CheckConstraint("decided_by <> created_by", name="decided_by_another"),
        CheckConstraint(
            "(status = 'closed') = (close_reason IS NOT NULL)", name="closed_with_reason"
        ),
        Index("ix_projects_status", "status", "id"),
    )
    __lifecycle__ = PROJECT
    __violations__ = {"ck_projects_decided_by_another": OwnApplication}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), index=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    action: Mapped[Action] = mapped_column(enum_by_value(Action))
    category_code: Mapped[str] = mapped_column(ForeignKey("service_categories.code"))
    title: Mapped[str] = mapped_column(String(60))
    summary: Mapped[str] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    status: Mapped[ProjectStatus] = mapped_column(enum_by_value(ProjectStatus))
    decision_reason: Mapped[str | None] = mapped_column(Text)
    """Of the latest sending back or rejection; the organisation reads it."""
    close_reason: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
    site: Mapped[Site] = relationship(lazy="raise_on_sql")
