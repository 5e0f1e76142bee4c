"""Tables of rules and names that are data: the city may change them without a release."""

from sqlalchemy import CheckConstraint, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class ServiceCategory(Base):
    """A kind of service (Henan volunteer service regulations, art. 23)."""

    __tablename__ = "service_categories"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    position: Mapped[int] = mapped_column(SmallInteger)


class ForbiddenWord(Base):
    """A word that no title of an activity may contain, because it marks what is no service
    (i志愿, 2019). The city's list, loaded as data."""

    __tablename__ = "forbidden_words"

    word: Mapped[str] = mapped_column(String(12), primary_key=True)
    is_for_content: Mapped[bool]
    """Whether the description may not contain it either."""


class StarLevel(Base):
    """What earns a star: time and quality (Henan art. 41).

    `minutes` of both ledgers, of which at least `verified_percent` are verified; and a mean of at
    least `score_tenths` (tenths of a point out of 5) where there are evaluations. Both sums only
    need to be reached, so time entered afterwards never costs a star."""

    __tablename__ = "star_levels"
    __table_args__ = (
        CheckConstraint("star > 0", name="star_positive"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("verified_percent BETWEEN 0 AND 100", name="verified_percent"),
        CheckConstraint("score_tenths BETWEEN 0 AND 50", name="score_tenths"),
    )

    star: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    minutes: Mapped[int] = mapped_column(unique=True)
    verified_percent: Mapped[int] = mapped_column(SmallInteger, default=100, server_default="100")
    score_tenths: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")

    @property
    def verified_minutes(self) -> int:
        """How much of `minutes` must be verified, rounded up."""
        return -(-self.minutes * self.verified_percent // 100)
