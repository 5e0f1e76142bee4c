"""Memberships of volunteers in organisations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.lifecycles import MEMBERSHIP, MembershipStatus
from volunteer.models.organizations import Organization

LIVE = text("status IN ('applied', 'active')")


class Membership(Base):
    """A person applies, which is their consent that the organisation keeps their data (decree
    67, art. 6); an organizer accepts or declines."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(
            "status IN ('applied', 'left') OR decided_by IS NOT NULL AND decided_at IS NOT NULL",
            name="decided",
        ),
        CheckConstraint(
            "status NOT IN ('declined', 'removed') OR decision_reason IS NOT NULL",
            name="refused_with_reason",
        ),
        CheckConstraint(
            "(status IN ('left', 'removed')) = (ended_at IS NOT NULL)",
            name="ended",
        ),
        Index(
            "uq_memberships_live",
            "person_id",
            "organization_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_memberships_of_organization", "organization_id", "status", "id"),
    )
    __lifecycle__ = MEMBERSHIP

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    status: Mapped[MembershipStatus] = mapped_column(enum_by_value(MembershipStatus))
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """Who accepted, declined or removed."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str | None] = mapped_column(Text)
    """Of declining or removing; the person reads it."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=person_id)
    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
