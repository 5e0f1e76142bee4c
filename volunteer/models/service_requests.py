"""Service orders (点单): what a citizen asks for, each step on its way, and the rating."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.sites import Site
from core import clock
from core.db import Base
from core.ids import new_id
from core.types import EncryptedText, UtcDateTime, enum_by_value
from volunteer.lifecycles import SERVICE_REQUEST, ServiceRequestStatus
from volunteer.models.organizations import Organization
from volunteer.ordering import CLOSES_BY_ITSELF, sentence

UNTALLIED = text("tallied_at IS NULL")


class Party(StrEnum):
    """Who took a step, as the requester reads it."""

    REQUESTER = "requester"
    HELPER = "helper"
    """帮办员, on behalf of the requester."""
    SITE = "site"
    TEAM = "team"
    SYSTEM = "system"


class ServiceRequest(Base):
    """`requester_id` is null for somebody without an account, for whom a helper ordered.

    `organization_id` is the team that was asked or took it, and goes when the order leaves it;
    the steps remember."""

    __tablename__ = "service_requests"
    __table_args__ = (
        CheckConstraint("wanted_until > wanted_from", name="wanted"),
        CheckConstraint(
            "(status IN ('submitted', 'opened', 'declined', 'rejected', 'withdrawn'))"
            " = (organization_id IS NULL)",
            name="with_a_team",
        ),
        CheckConstraint(
            "status NOT IN ('rejected', 'declined') OR decision_reason IS NOT NULL",
            name="refused_with_reason",
        ),
        CheckConstraint(
            "(status IN ('in_service', 'done', 'rated', 'follow_up', 'closed'))"
            " = (started_at IS NOT NULL)",
            name="started",
        ),
        CheckConstraint("activity_id IS NULL OR started_at IS NOT NULL", name="linked"),
        CheckConstraint(
            "(status IN ('done', 'rated', 'follow_up', 'closed'))"
            " = (done_at IS NOT NULL AND report IS NOT NULL AND people_served > 0"
            " AND served_on IS NOT NULL)",
            name="done",
        ),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("resolution IS NULL OR status = 'closed'", name="resolved"),
        CheckConstraint(
            "(status IN ('rejected', 'withdrawn', 'closed')) = (due_at IS NULL)", name="due"
        ),
        Index("ix_service_requests_due", "status", "due_at"),
        Index("ix_service_requests_of_organization", "organization_id", "id"),
        Index("ix_service_requests_of_site", "site_id", "status", "id"),
        Index("ix_service_requests_ordered_for", "ordered_for", "status"),
    )
    __lifecycle__ = SERVICE_REQUEST

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    category_code: Mapped[str] = mapped_column(ForeignKey("service_categories.code"))
    title: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(Text)
    place_cipher: Mapped[bytes]
    contact_phone_cipher: Mapped[bytes]
    beneficiary_name_cipher: Mapped[bytes | None]
    wanted_from: Mapped[datetime] = mapped_column(UtcDateTime)
    wanted_until: Mapped[datetime] = mapped_column(UtcDateTime)
    requester_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"), index=True)
    created_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    """The requester, or the helper who ordered for them."""
    ordered_for: Mapped[bytes]
    """Keyed hash that is equal for all orders of one requester, with an account or without."""
    status: Mapped[ServiceRequestStatus] = mapped_column(enum_by_value(ServiceRequestStatus))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """By when the next step is expected; an order that is done closes by itself then."""
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When those who should take the next step were reminded of it."""
    decision_reason: Mapped[str | None] = mapped_column(Text)
    """Of the latest rejection, refusal or re-dispatch; the requester reads it."""
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id"), index=True)
    """The activity in which the order is served, if it is."""
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report: Mapped[str | None] = mapped_column(Text)
    people_served: Mapped[int | None] = mapped_column(SmallInteger)
    served_on: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolution: Mapped[str | None] = mapped_column(Text)
    """What was done about a low rating."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    place = EncryptedText("place_cipher")
    contact_phone = EncryptedText("contact_phone_cipher")
    beneficiary_name = EncryptedText("beneficiary_name_cipher")

    site: Mapped[Site] = relationship(lazy="raise_on_sql")
    organization: Mapped[Organization | None] = relationship(lazy="raise_on_sql")
    rating: Mapped["Rating | None"] = relationship(lazy="raise_on_sql", viewonly=True)
    steps: Mapped[list["ServiceRequestStep"]] = relationship(
        lazy="raise_on_sql", viewonly=True, order_by="ServiceRequestStep.id"
    )

    @property
    def organization_name(self) -> str | None:
        return self.organization.name if self.organization else None

    @property
    def is_on_behalf(self) -> bool:
        return self.created_by != self.requester_id

    @property
    def is_overdue(self) -> bool:
        """Whether somebody should have taken the next step by now."""
        if self.due_at is None or self.status in CLOSES_BY_ITSELF:
            return False
        return self.due_at <= clock.now()


class ServiceRequestStep(Base):
    """One step of an order, as its requester reads it. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "service_request_steps"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("service_requests.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    verb: Mapped[str] = mapped_column(String(48))
    status: Mapped[ServiceRequestStatus] = mapped_column(enum_by_value(ServiceRequestStatus))
    """Reached by the step."""
    party: Mapped[Party] = mapped_column(enum_by_value(Party))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    """The team that took the step, or to which it led."""
    reason: Mapped[str | None] = mapped_column(Text)

    organization: Mapped[Organization | None] = relationship(lazy="raise_on_sql")

    @property
    def sentence(self) -> str:
        team = self.organization
        return sentence(self.verb, team.name if team else None, self.reason)


class Rating(Base):
    """What the requester thought of the service; one an order."""

    __tablename__ = "service_ratings"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        Index(
            "ix_service_ratings_untallied",
            "request_id",
            sqlite_where=UNTALLIED,
            postgresql_where=UNTALLIED,
        ),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("service_requests.id"), primary_key=True)
    score: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str | None] = mapped_column(Text)
    rated_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    is_on_behalf: Mapped[bool]
    """Told to a helper."""
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tallied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the stars of those who served were looked at again."""
