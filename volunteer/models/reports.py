"""Monthly reports: frozen once, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.sites import Site
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime


class MonthlyReport(Base):
    """The figures of a site and all below it for a month (YYYY-MM), as they were at `frozen_at`,
    with what they mean. `adjustments` lists how earlier months have changed since the report
    before. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "monthly_reports"
    __table_args__ = (UniqueConstraint("site_id", "month", name="uq_monthly_reports_month"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    month: Mapped[str] = mapped_column(String(7), index=True)
    definitions_version: Mapped[str] = mapped_column(String(16))
    definitions: Mapped[dict[str, str]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    adjustments: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    site: Mapped[Site] = relationship(lazy="raise_on_sql")

    @property
    def path(self) -> str:
        """Of its site: the order of codes."""
        return self.site.path
