"""Flags on hours that somebody should look at."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from accounts.models.sites import Site
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.lifecycles import FLAG, FlagStatus


class FlagKind(StrEnum):
    BURST = "burst"
    """Many people's times entered by one person within minutes."""
    RAPID_APPROVALS = "rapid_approvals"
    """Several backfills approved by one person within two minutes (CCTV, 2025)."""
    OVERLAP = "overlap"
    """Backfilled time of a shift during which the person was counted in another."""
    NO_CHECK_INS = "no_check_ins"
    """Backfilled hours of an activity to which nobody checked in."""
    NO_LEADER = "no_leader"
    """A shift that nobody began, and to which people came by the place alone: whoever leads it, and
    must be on site, left no trace there."""


class Flag(Base):
    """Says "look here", and nothing about guilt; it changes no hours."""

    __tablename__ = "hours_flags"
    __table_args__ = (
        CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)"
            " AND (closed_at IS NULL) = (closed_by IS NULL)"
            " AND (closed_at IS NULL) = (note IS NULL)",
            name="closed",
        ),
        Index("ix_hours_flags_of_site", "site_id", "status", "id"),
    )
    __lifecycle__ = FLAG

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    """What it is about; the same is raised once."""
    kind: Mapped[FlagKind] = mapped_column(enum_by_value(FlagKind))
    status: Mapped[FlagStatus] = mapped_column(enum_by_value(FlagStatus))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """Who entered or approved, or whose time overlaps; of an activity nobody."""
    count: Mapped[int]
    """How many entries or backfills."""
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(Text)
    """What was found."""

    person: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=person_id)
    site: Mapped[Site] = relationship(lazy="raise_on_sql")

    @property
    def name(self) -> str | None:
        return None if self.person is None else self.person.name
