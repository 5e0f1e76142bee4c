"""The panel of a campaign (评委会), and those who sit on it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.persons import Person
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.lifecycles import PANEL, PANELIST, PanelistStatus, PanelStatus

LIVE = text("status IN ('invited', 'accepted')")


class Panel(Base):
    """Formed by the first invitation; a campaign has one."""

    __tablename__ = "panels"
    __lifecycle__ = PANEL
    __table_args__ = (
        CheckConstraint("status = 'formed' OR opened_at IS NOT NULL", name="opened_with_instant"),
        CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name="closed_with_instant"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), unique=True)
    status: Mapped[PanelStatus] = mapped_column(enum_by_value(PanelStatus), index=True)
    formed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Panelist(Base):
    """A seat. Whoever declined or was removed and is invited again gets another one."""

    __tablename__ = "panelists"
    __lifecycle__ = PANELIST
    __table_args__ = (
        Index(
            "uq_panelists_live",
            "panel_id",
            "person_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        CheckConstraint(
            "status = 'invited' OR decided_at IS NOT NULL", name="decided_with_instant"
        ),
        CheckConstraint(
            "(status = 'removed') = (removal_reason IS NOT NULL)", name="removed_with_reason"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    panel_id: Mapped[UUID] = mapped_column(ForeignKey(Panel.id))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), index=True)
    unit: Mapped[str | None] = mapped_column(String(60))
    """Where the member works, for the minutes and to compare with the nominees'."""
    status: Mapped[PanelistStatus] = mapped_column(enum_by_value(PanelistStatus))
    code: Mapped[int | None] = mapped_column(SmallInteger)
    """1, 2, …: under which number the record shows the member; drawn when judging closes."""
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the seat got its present status."""
    removal_reason: Mapped[str | None] = mapped_column(String(200))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the member let the marks stand; until then they may be changed."""
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was last looked whether the member has to be reminded."""

    panel: Mapped[Panel] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise")
