"""Ballots as they were cast, and the list of those that are not counted yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime


class Ballot(Base):
    """One cast. Triggers refuse UPDATE and DELETE: another choice is another revision.

    `campaign_id` has no foreign key: on PostgreSQL every cast would lock the campaign's row in
    share mode, and hundreds of voters would queue to write their names on that one row. The
    casting transaction reads the campaign under its lock, and no campaign is ever deleted.
    """

    __tablename__ = "ballots"
    __table_args__ = (
        UniqueConstraint("voter_id", "campaign_id", "period", "revision"),
        CheckConstraint("revision >= 1", name="revision_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID]
    voter_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    period: Mapped[str] = mapped_column(String(10))
    """"once", or the day in Shanghai as YYYY-MM-DD."""
    revision: Mapped[int]
    """1, 2, …; the highest of a voter and period counts."""
    choices: Mapped[list[str]] = mapped_column(JSON)
    """Ids of nominations, sorted."""
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UnsealedBallot(Base):
    """A ballot that waits to be counted; stored with it, deleted by the transaction that counts.

    The key is the order of sealing: a voter's revisions are never sealed out of order, and a
    batch is read off the index however many wait.
    """

    __tablename__ = "unsealed_ballots"

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    voter_id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[UUID] = mapped_column(ForeignKey("ballots.id"))
    origin: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """The two hashes of BallotSignals, where sealing puts them, so that casting writes neither
    another row nor another column."""
