"""The count of a campaign: ballots in their sealed order, which of them count, and the votes."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class SealedBallot(Base):
    """The index of a counted ballot's leaf in the log of its campaign. Triggers refuse UPDATE and
    DELETE."""

    __tablename__ = "sealed_ballots"
    __table_args__ = (CheckConstraint("leaf_index >= 0", name="leaf_index_not_negative"),)

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    leaf_index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ballot_id: Mapped[UUID] = mapped_column(ForeignKey("ballots.id"), unique=True)


class CountedBallot(Base):
    """The ballot whose choices stand in the counts, of one voter and period."""

    __tablename__ = "counted_ballots"

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    voter_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    ballot_id: Mapped[UUID] = mapped_column(ForeignKey("ballots.id"))
    revision: Mapped[int]


class TallyCount(Base):
    """Votes of a nomination over all sealed ballots. A withdrawn candidate's stay; they are not
    shown."""

    __tablename__ = "tally_counts"
    __table_args__ = (CheckConstraint("votes >= 0", name="votes_not_negative"),)

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"), primary_key=True)
    votes: Mapped[int]
