"""What a panel decides by: marks of its members, or votes in secret.

A secret vote is two rows written by one transaction: the roll says that the member has voted
for or against this nominee and decides by its key that nobody votes twice; the paper says yes or
no. They share nothing but the nominee. What could still join them by the order in which they
were written is taken away too: neither has a time, papers have random keys and are kept in their
order (on SQLite there is no hidden rowid), and with every vote all papers of the nominee are
taken out and put back, so that the row versions that PostgreSQL keeps are of one transaction.

The limits: whoever reads the database files, its write-ahead log or two backups between two votes
sees which paper came in between, and a unanimous count tells what everybody voted. Against that
stand who may reach the server, and that a count of a single vote is never made.
"""

from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Dialect, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from core.db import Base

PLACES = Decimal("0.01")
"""Marks are given with at most two places."""


class Hundredths(TypeDecorator[Decimal]):
    """A Decimal with two places, kept as a whole number: SQLite knows no decimals."""

    impl = Integer
    cache_ok = True

    @property
    def python_type(self) -> type[Decimal]:
        return Decimal

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value.quantize(PLACES).scaleb(2))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class PanelScore(Base):
    """One member's points for one nominee by one criterion; null is "not applicable". Whether
    it counts is told by the seat and by the declarations, never by its being here."""

    __tablename__ = "panel_scores"
    __table_args__ = (CheckConstraint("points IS NULL OR points >= 0", name="points_not_negative"),)

    panelist_id: Mapped[UUID] = mapped_column(ForeignKey("panelists.id"), primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(
        ForeignKey("nominations.id"), primary_key=True, index=True
    )
    criterion: Mapped[str] = mapped_column(String(32), primary_key=True)
    points: Mapped[Decimal | None] = mapped_column(Hundredths)


class PanelVote(Base):
    """A paper in the box of a nominee. A migration that rebuilds this table on SQLite must make
    it WITHOUT ROWID again."""

    __tablename__ = "panel_votes"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    """Random, unlike other keys here, which tell when they were made."""
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nominations.id"), index=True)
    approves: Mapped[bool]


class PanelVoteRoll(Base):
    """Who has voted about whom."""

    __tablename__ = "panel_vote_roll"
    __table_args__ = ({"sqlite_with_rowid": False},)

    panelist_id: Mapped[UUID] = mapped_column(ForeignKey("panelists.id"), primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(
        ForeignKey("nominations.id"), primary_key=True, index=True
    )
