"""Guardians (监护人) of minors and of adults of limited capacity."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.errors import GuardianshipInForce
from accounts.models.persons import Person
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime

IN_FORCE = text("withdrawn_at IS NULL")


class Guardianship(Base):
    """A guardian's consent that their ward takes part in volunteer service (Henan art. 8).

    Given by the guardian's own account, or on paper that a helper has stored; never changed,
    only withdrawn. The grandparent or teacher who comes along is named in `companion`."""

    __tablename__ = "guardianships"
    __table_args__ = (
        CheckConstraint(
            "(guardian_id IS NULL) = (paper_reference IS NOT NULL)", name="account_or_paper"
        ),
        CheckConstraint("guardian_id <> ward_id", name="another"),
        Index(
            "uq_guardianships_in_force",
            "ward_id",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )

    __violations__ = {"uq_guardianships_in_force": GuardianshipInForce}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    ward_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    guardian_id: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"), index=True)
    paper_reference: Mapped[str | None] = mapped_column(String(60))
    """Where the signed paper is kept."""
    companion: Mapped[str | None] = mapped_column(String(40))
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    consented_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ward: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=ward_id)
    guardian: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=guardian_id)
