"""Activities (活动): an occasion of a project, held in one or more shifts."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.actions import Action
from volunteer.errors import ActivityNotInsured, OwnApplication
from volunteer.lifecycles import ACTIVITY, ActivityStatus
from volunteer.models.projects import Project

if TYPE_CHECKING:
    from volunteer.models.shifts import Shift


class RiskLevel(StrEnum):
    """Risk to the volunteer's person, as recruitment tells it (decree 685, arts. 12 and 17)."""

    NONE = "none"
    PERSONAL = "personal"
    """Some risk: insurance must exist before the activity."""
    DANGEROUS = "dangerous"
    """Disaster relief and the like: insured adults only."""


class Activity(Base):
    """`starts_at` and `ends_at` span its shifts and are set when it is published.

    Coordinates are gcj02, as WeChat's maps give them."""

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint(
            "status IN ('draft', 'submitted', 'approved', 'sent_back', 'cancelled')"
            " OR (published_at IS NOT NULL AND starts_at IS NOT NULL AND ends_at > starts_at)",
            name="published",
        ),
        CheckConstraint(
            "published_at IS NULL OR risk_level = 'none' OR insurance_number IS NOT NULL",
            name="insured",
        ),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="position"),
        CheckConstraint(
            "fence_radius IS NULL OR latitude IS NOT NULL", name="fence_around_position"
        ),
        CheckConstraint("min_age IS NULL OR max_age IS NULL OR max_age >= min_age", name="ages"),
        CheckConstraint(
            "status <> 'sent_back' OR decision_reason IS NOT NULL", name="sent_back_with_reason"
        ),
        CheckConstraint(
            "status NOT IN ('submitted', 'approved', 'sent_back') OR submitted_at IS NOT NULL",
            name="submitted",
        ),
        CheckConstraint(
            "status NOT IN ('approved', 'sent_back')"
            " OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint("decided_by <> created_by", name="decided_by_another"),
        CheckConstraint(
            "status <> 'postponed' OR (postponed_at IS NOT NULL AND postpone_reason IS NOT NULL)",
            name="postponed_with_reason",
        ),
        CheckConstraint("(status = 'settled') = (settled_at IS NOT NULL)", name="settled"),
        CheckConstraint(
            "risk_level <> 'dangerous' OR (min_age IS NOT NULL AND min_age >= 18)",
            name="dangerous_for_adults",
        ),
        CheckConstraint(
            "NOT has_location_check_in OR fence_radius IS NOT NULL", name="location_check_in"
        ),
        CheckConstraint(
            "(status = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled_with_reason"
        ),
        Index(
            "uq_activities_occurrence",
            "copied_from_id",
            "occurs_on",
            unique=True,
            sqlite_where=text("status <> 'cancelled'"),
            postgresql_where=text("status <> 'cancelled'"),
        ),
        Index("ix_activities_listed", "status", "starts_at", "id"),
        Index("ix_activities_ends_at", "status", "ends_at"),
        Index("ix_activities_position", "status", "latitude", "longitude"),
    )
    __lifecycle__ = ACTIVITY
    __violations__ = {
        "ck_activities_insured": ActivityNotInsured,
        "ck_activities_decided_by_another": OwnApplication,
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(120))
    """In words, so that people find it."""
    content: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What is done there; the record of service names it (decree 67, art. 7)."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    fence_radius: Mapped[int | None]
    """Metres; within them a check-in counts as inside."""
    has_location_check_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the place alone is proof enough; only for events of 100 people and more."""
    risk_level: Mapped[RiskLevel] = mapped_column(
        enum_by_value(RiskLevel), default=RiskLevel.NONE, server_default=RiskLevel.NONE.value
    )
    insurance_number: Mapped[str | None] = mapped_column(String(64))
    min_age: Mapped[int | None] = mapped_column(SmallInteger)
    max_age: Mapped[int | None] = mapped_column(SmallInteger)
    qualification_code: Mapped[str | None] = mapped_column(ForeignKey("qualification_kinds.code"))
    """What everybody who signs up must hold."""
    is_for_members: Mapped[bool] = mapped_column(default=False, server_default=false())
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether an organizer decides on each sign-up."""
    cancel_hours: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """Until so many hours before a shift its people cancel freely; afterwards they say that they
    can't come."""
    leader_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    """The activity leader (decree 67, art. 7), on site."""
    status: Mapped[ActivityStatus] = mapped_column(enum_by_value(ActivityStatus))
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    """Of the cancellation."""
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str | None] = mapped_column(Text)
    """Of the latest sending back; the organisation reads it."""
    postponed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    postpone_reason: Mapped[str | None] = mapped_column(Text)
    """Of the latest postponement."""
    rescheduled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it last got new times; who signed up before that cancels freely."""
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    copied_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id"))
    """The activity of which this is a copy."""
    occurs_on: Mapped[date | None]
    """The day for which it was copied; one live copy for a day."""
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    shifts: Mapped[list["Shift"]] = relationship(
        lazy="raise_on_sql", viewonly=True, order_by="Shift.starts_at, Shift.id"
    )

    deputies: Mapped[list["Deputy"]] = relationship(
        lazy="raise_on_sql", viewonly=True, order_by="Deputy.person_id"
    )

    @property
    def deputy_ids(self) -> list[UUID]:
        return [deputy.person_id for deputy in self.deputies]

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


class Deputy(Base):
    """Stands in for the leader, on site (副负责人)."""

    __tablename__ = "activity_deputies"

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True, index=True)
