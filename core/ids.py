"""Identifiers: UUIDs of version 7 for rows, so that new ones land beside each other in an index;
numbers for what is printed and read aloud."""

from uuid import UUID

from sqlalchemy import SmallInteger, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from core import clock
from core.db import Base, db


class ReferenceCounter(Base):
    """The last number given of a kind in a year (of Shanghai)."""

    __tablename__ = "reference_counters"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last: Mapped[int]


def new_id() -> UUID:
    """A fresh identifier, assigned when an object is made rather than when it is stored."""
    return uuid7()


def next_reference(kind: str) -> str:
    """The next number of a kind for a document, such as XC-2026-000123; never given twice.

    One statement counts on and reads, and holds the counter until the transaction ends. A
    transaction that is rolled back gives its number back; nothing rests on their being without
    gaps."""
    year = clock.today().year
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(ReferenceCounter)
        .values(kind=kind, year=year, last=1)
        .on_conflict_do_update(
            index_elements=["kind", "year"], set_={"last": ReferenceCounter.last + 1}
        )
        .returning(ReferenceCounter.last)
    )
    return f"{kind}-{year}-{db.session.execute(statement).scalar_one():06d}"
