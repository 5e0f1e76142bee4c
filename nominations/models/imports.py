"""What imports of the selection half are for, and what they leave behind."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.ids import new_id
from core.types import EncryptedText
from nominations.models.campaigns import Campaign
from nominations.models.nominations import Nomination
from volunteer.models.imports import Import


class SelectionImportKind(StrEnum):
    HONORS = "honors"
    """The roll of earlier years."""
    NOMINATIONS = "nominations"
    """Cases that an office collected on paper or in spreadsheets."""


class CampaignImport(Base):
    """Into which campaign an import of nominations goes."""

    __tablename__ = "campaign_imports"

    import_id: Mapped[UUID] = mapped_column(ForeignKey(Import.id), primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), index=True)


class ImportedNomination(Base):
    """Where a nomination was imported from. `record_key`, a keyed digest of campaign, category and
    nominee, lets one row of whatever file become one nomination."""

    __tablename__ = "imported_nominations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey(Nomination.id), unique=True)
    import_id: Mapped[UUID] = mapped_column(ForeignKey(Import.id), index=True)
    record_key: Mapped[UUID] = mapped_column(unique=True)
    paper_nominator_cipher: Mapped[bytes | None]

    paper_nominator = EncryptedText("paper_nominator_cipher")
    """Who recommends the nominee on the paper, a person or a unit; has no account here."""

    source: Mapped[Import] = relationship(lazy="raise_on_sql")
