"""The result of a campaign: computed, witnessed, fixed; and its lines."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from nominations.lifecycles import RESULT, ResultStatus
from nominations.rules import TieBreaker


class Result(Base):
    """One computation. `outcome` follows from `inputs` and `lot_seed` alone (`outcomes.decide`);
    both stay as they are when the nominations go on.

    What the lot will be drawn from is written down with the first version, before anybody can
    know it; a later version takes source and seed over, so that nobody computes until they like
    what is drawn."""

    __tablename__ = "results"
    __lifecycle__ = RESULT
    __table_args__ = (
        UniqueConstraint("campaign_id", "version"),
        Index(
            "uq_results_one_standing",
            "campaign_id",
            unique=True,
            sqlite_where=text("status <> 'superseded'"),
            postgresql_where=text("status <> 'superseded'"),
        ),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint(
            "(status = 'fixed') = (fixed_by IS NOT NULL)"
            " AND (fixed_by IS NULL) = (fixed_at IS NULL)",
            name="fixed_by_somebody",
        ),
        CheckConstraint("fixed_by <> computed_by", name="fixed_by_another"),
        CheckConstraint(
            "(lot_seed IS NULL) = (lot_witnessed_by IS NULL)"
            " AND (lot_seed IS NULL) = (lot_drawn_at IS NULL)",
            name="lot_witnessed",
        ),
        CheckConstraint("lot_witnessed_by <> computed_by", name="lot_witnessed_by_another"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    version: Mapped[int] = mapped_column(SmallInteger)
    status: Mapped[ResultStatus] = mapped_column(enum_by_value(ResultStatus))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    lot_source: Mapped[str] = mapped_column(String(200))
    """In words, where the seed will come from: public."""
    lot_seed: Mapped[str | None] = mapped_column(String(128))
    lot_witnessed_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    lot_drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    computed_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fixed_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    fixed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ResultLine(Base):
    """A candidate in a result. `is_selected` is what counts: by the rules (`components`), or
    otherwise by the decision whose reason is published."""

    __tablename__ = "result_lines"
    __table_args__ = (
        CheckConstraint(
            "(deviation_reason IS NULL) = (deviated_by IS NULL)", name="deviation_decided"
        ),
        CheckConstraint("rank >= 1", name="rank_positive"),
    )

    result_id: Mapped[UUID] = mapped_column(ForeignKey("results.id"), primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(
        ForeignKey("nominations.id"), primary_key=True, index=True
    )
    category_code: Mapped[str] = mapped_column(String(32))
    place_code: Mapped[str | None] = mapped_column(String(32))
    """The county or channel whose quota the candidate falls under."""
    position: Mapped[int] = mapped_column(SmallInteger)
    """0, 1, …: the order of the list, by category and rank."""
    rank: Mapped[int | None] = mapped_column(SmallInteger)
    """In the category; None for whom too few of the panel judged."""
    tie_rule: Mapped[TieBreaker | None] = mapped_column(enum_by_value(TieBreaker))
    """The rule that told the candidate from one with the same final score."""
    is_selected: Mapped[bool]
    components: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As `outcomes.dump_line` gives it."""
    deviation_reason: Mapped[str | None] = mapped_column(String(300))
    """Public: why the office selects out of order or beyond the quota, or does not select."""
    deviated_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
