"""Evaluations (评价): of a volunteer by the leader, of an activity by those who took part."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime
from volunteer.errors import OwnEvaluation
from volunteer.models.activities import Activity

OF_A_PERSON = text("person_id IS NOT NULL")
OF_THE_ACTIVITY = text("person_id IS NULL")
UNTALLIED = text("tallied_at IS NULL AND person_id IS NOT NULL")


class Evaluation(Base):
    """One of each evaluator and subject in an activity; never changed.

    `person_id` is the volunteer it is about; without one it is about the activity."""

    __tablename__ = "evaluations"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        CheckConstraint("evaluator_id <> person_id", name="by_another"),
        Index(
            "uq_evaluations_person",
            "activity_id",
            "evaluator_id",
            "person_id",
            unique=True,
            sqlite_where=OF_A_PERSON,
            postgresql_where=OF_A_PERSON,
        ),
        Index(
            "uq_evaluations_activity",
            "activity_id",
            "evaluator_id",
            unique=True,
            sqlite_where=OF_THE_ACTIVITY,
            postgresql_where=OF_THE_ACTIVITY,
        ),
        Index("ix_evaluations_about", "person_id", "id"),
        Index(
            "ix_evaluations_untallied",
            "id",
            sqlite_where=UNTALLIED,
            postgresql_where=UNTALLIED,
        ),
    )
    __violations__ = {"ck_evaluations_by_another": OwnEvaluation}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"))
    evaluator_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    score: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    tallied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the star of its person was looked at again."""

    activity: Mapped[Activity] = relationship(lazy="raise_on_sql")
