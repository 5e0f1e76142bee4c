"""What the office's archive tells of honours from before this system."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import EncryptedText, enum_by_value
from nominations.lifecycles import NomineeKind
from nominations.models.nominations import NAME_MAX_CHARS, shown_name
from volunteer.models.imports import Import


class ArchiveEntry(Base):
    """Who was honoured, where no nomination tells it. It is read as a nomination is; only what is
    withheld differs: here it is the name of somebody who never agreed to its publication."""

    __tablename__ = "archive_entries"
    __table_args__ = (
        CheckConstraint(
            "(nominee_id_number_cipher IS NULL) = (nominee_id_number_index IS NULL)",
            name="id_number_with_index",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    import_id: Mapped[UUID] = mapped_column(ForeignKey(Import.id), index=True)
    record_key: Mapped[UUID] = mapped_column(unique=True)
    """Keyed digest of document, name and category, by which a repeat is known."""
    nominee_name: Mapped[str] = mapped_column(String(NAME_MAX_CHARS))
    nominee_kind: Mapped[NomineeKind] = mapped_column(enum_by_value(NomineeKind))
    nominee_id_number_cipher: Mapped[bytes | None]
    nominee_id_number_index: Mapped[bytes | None] = mapped_column(index=True)
    summary: Mapped[str] = mapped_column(String(140))
    is_posthumous: Mapped[bool]
    is_withheld: Mapped[bool]

    nominee_id_number = EncryptedText("nominee_id_number_cipher")

    @property
    def shown_name(self) -> str:
        """The name that may be said in public."""
        return shown_name(self.nominee_name, is_withheld=self.is_withheld)

    @property
    def deeds(self) -> str:
        """The archive keeps the summary alone."""
        return ""

    @property
    def has_died(self) -> bool:
        return self.is_posthumous
