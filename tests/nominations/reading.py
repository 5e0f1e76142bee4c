"""What stands in a document or a spreadsheet that was made, and in an inbox."""

import io
from uuid import UUID

from docx import Document
from sqlalchemy import select

from accounts.models.inbox import InboxMessage
from core import sheets
from core.db import db


def words_of(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = (cell.text for t in document.tables for row in t.rows for cell in row.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def form_of(docx: bytes) -> dict[str, str]:
    """The values of a form by their labels."""
    (table,) = Document(io.BytesIO(docx)).tables
    found: dict[str, str] = {}
    for row in table.rows:
        texts = [cell.text for cell in row.cells]
        if texts[1] == texts[-1]:
            found[texts[0]] = texts[1]
        else:
            found |= dict(zip(texts[::2], texts[1::2], strict=True))
    return found


def rows_of(xlsx: bytes) -> list[list[str]]:
    return list(sheets.read(xlsx))


def told(person_id: UUID) -> list[str]:
    """What somebody was told, the oldest first."""
    query = select(InboxMessage).where(InboxMessage.person_id == person_id)
    return [message.text or "" for message in db.session.scalars(query.order_by(InboxMessage.id))]
