"""The office's decisions on those whose notice is over."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime
from nominations.errors import DocumentNumberTaken


class Approval(Base):
    """One document (文号) of a campaign, and the minutes of the meeting that decided it."""

    __tablename__ = "approvals"
    __table_args__ = (UniqueConstraint("campaign_id", "document_number"),)
    __violations__ = {"uq_approvals_campaign_id_document_number": DocumentNumberTaken}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    document_number: Mapped[str] = mapped_column(String(60))
    minutes_reference: Mapped[str] = mapped_column(String(100))
    decided_on: Mapped[date]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    """Who entered the decision."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    nominees: Mapped[list["ApprovedNominee"]] = relationship(lazy="selectin")

    @property
    def nomination_ids(self) -> list[UUID]:
        return sorted(nominee.nomination_id for nominee in self.nominees)


class ApprovedNominee(Base):
    __tablename__ = "approved_nominees"

    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approvals.id"), index=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"), primary_key=True)
