"""Disputes (申诉): a person says that what is recorded about them is not so."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from accounts.models.sites import Site
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.errors import OwnDispute
from volunteer.lifecycles import DISPUTE, DisputeStatus

OPEN = text("status = 'open'")


class DisputeAbout(StrEnum):
    ENTRY = "entry"
    ATTENDANCE = "attendance"
    SIGNUP = "signup"
    ACTIVITY = "activity"
    SANCTION = "sanction"


class Dispute(Base):
    """`organization_id` and `site_id` say who handles it. One of a person about one thing is
    open at a time."""

    __tablename__ = "disputes"
    __table_args__ = (
        CheckConstraint(
            "(status = 'open') = (decided_at IS NULL)"
            " AND (decided_at IS NULL) = (decided_by IS NULL)"
            " AND (decided_at IS NULL) = (answer IS NULL)",
            name="decided",
        ),
        CheckConstraint("minutes IS NULL OR status = 'upheld'", name="minutes"),
        CheckConstraint("decided_by <> person_id", name="decided_by_another"),
        Index(
            "uq_disputes_open",
            "person_id",
            "about_type",
            "about_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_disputes_own", "person_id", "id"),
        Index("ix_disputes_of_organization", "organization_id", "status", "id"),
        Index("ix_disputes_of_site", "site_id", "status", "id"),
    )
    __lifecycle__ = DISPUTE
    __violations__ = {"ck_disputes_decided_by_another": OwnDispute}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    about_type: Mapped[DisputeAbout] = mapped_column(enum_by_value(DisputeAbout))
    about_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[DisputeStatus] = mapped_column(enum_by_value(DisputeStatus))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(Text)
    minutes: Mapped[int | None]
    """What the entry or attendance now amounts to, where an upheld dispute fixed it."""

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=person_id)
    site: Mapped[Site] = relationship(lazy="raise_on_sql")
