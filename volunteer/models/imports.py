"""Imports of what was kept before, on paper or in spreadsheets; the frame of all kinds, and what
imported volunteers and hours leave behind."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.sites import Site
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value
from volunteer.errors import OwnImport
from volunteer.lifecycles import IMPORT, ImportStatus
from volunteer.models.organizations import Organization


class ImportKind(StrEnum):
    """The kinds of this package. Others have theirs, with other values."""

    VOLUNTEERS = "volunteers"
    HOURS = "hours"


class Import(Base):
    """One file, checked as a whole before anything of it is written, then confirmed by staff; by
    another than who uploaded it, unless it only registers volunteers.

    It belongs to an organisation at its site, or to the office of a site alone.

    `checked`, `bad` and `written` count rows and move in the transaction of the rows they count:
    when it is done, `checked = bad + written`."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("(kind = 'hours') = (project_id IS NOT NULL)", name="hours_of_a_project"),
        CheckConstraint(
            "kind NOT IN ('volunteers', 'hours') OR organization_id IS NOT NULL",
            name="of_an_organization",
        ),
        CheckConstraint(
            "kind = 'volunteers' OR confirmed_by <> uploaded_by", name="confirmed_by_another"
        ),
        CheckConstraint(
            "status NOT IN ('confirmed', 'importing', 'done')"
            " OR (confirmed_by IS NOT NULL AND confirmed_at IS NOT NULL)",
            name="confirmed",
        ),
        CheckConstraint("status <> 'done' OR checked = bad + written", name="nothing_lost"),
        CheckConstraint("(status = 'unreadable') = (fault IS NOT NULL)", name="unreadable"),
        Index("ix_imports_status", "status", "id"),
        Index("ix_imports_organization", "organization_id", "id"),
        Index("ix_imports_site", "site_id", "id"),
    )
    __lifecycle__ = IMPORT
    __violations__ = {"ck_imports_confirmed_by_another": OwnImport}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(32))
    """As its package calls it."""
    status: Mapped[ImportStatus] = mapped_column(enum_by_value(ImportStatus))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    """Whose staff may see and confirm it."""
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id"))
    """The approved project as whose activities the hours are entered."""
    note: Mapped[str] = mapped_column(String(200))
    """Where the records come from."""
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when the process that works on it has it for itself; spares work, proves nothing."""
    checked: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    written: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None] = mapped_column(Text)
    """Why the file can't be read, for people."""
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was done, cancelled, or found unreadable."""

    site: Mapped[Site] = relationship(lazy="raise_on_sql")
    organization: Mapped[Organization | None] = relationship(lazy="raise_on_sql")

    @property
    def needs_another(self) -> bool:
        """Whether somebody else than who uploaded it must confirm it."""
        return self.kind != ImportKind.VOLUNTEERS


class RowStatus(StrEnum):
    GOOD = "good"
    BAD = "bad"
    WRITTEN = "written"


class ImportRow(Base):
    """A row of the file, by its number there. Only a good one keeps its values, encrypted; they
    go when it is written."""

    __tablename__ = "import_rows"
    __table_args__ = (
        CheckConstraint("(status = 'good') = (values_cipher IS NOT NULL)", name="good"),
        Index("ix_import_rows_status", "import_id", "status", "number"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """As Excel shows it: the headings are row 1."""
    status: Mapped[RowStatus] = mapped_column(enum_by_value(RowStatus))
    values_cipher: Mapped[bytes | None]
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Of a bad row: `{"column", "reason"}`, never a value."""


class ImportedVolunteer(Base):
    """On which paper consent an organisation entered a person (decree 67, art. 6)."""

    __tablename__ = "imported_volunteers"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True, index=True)
    consent_reference: Mapped[str] = mapped_column(String(60))
    """Where the signed paper is kept."""


class ImportedActivity(Base):
    """The finished activity that stands for an occasion from before this system. Its shifts,
    sign-ups and attendances were never recorded here, so it has none."""

    __tablename__ = "imported_activities"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(60), primary_key=True)
    served_on: Mapped[date] = mapped_column(primary_key=True)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), unique=True)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id"))
