"""Activities (活动): an occasion of a project, held in one or more shifts."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.actions import Action
from volunteer.lifecycles import ACTIVITY, ActivityStatus
from volunteer.models.projects import Project

if TYPE_CHECKING:
    from volunteer.models.shifts import Shift


class Activity(Base):
    """`starts_at` and `ends_at` span its shifts and are set when it is published."""

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint(
            "status = 'draft' OR"
            " (published_at IS NOT NULL AND starts_at IS NOT NULL AND ends_at > starts_at)",
            name="published",
        ),
        CheckConstraint(
            "(status = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled_with_reason"
        ),
        Index("ix_activities_listed", "status", "starts_at", "id"),
        Index("ix_activities_ends_at", "status", "ends_at"),
    )
    __lifecycle__ = ACTIVITY

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(120))
    """In words, so that people find it."""
    leader_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    """The activity leader (decree 67, art. 7), on site."""
    status: Mapped[ActivityStatus] = mapped_column(enum_by_value(ActivityStatus))
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    """Of the cancellation."""
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    shifts: Mapped[list["Shift"]] = relationship(
        lazy="raise_on_sql", viewonly=True, order_by="Shift.starts_at, Shift.id"
    )

    @property
    def action(self) -> Action:
        return self.project.action

    @property
    def organization_id(self) -> UUID:
        return self.project.organization_id

    @property
    def organization_name(self) -> str:
        return self.project.organization.name

    @property
    def site_id(self) -> UUID:
        return self.project.site_id
