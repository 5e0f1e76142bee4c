"""Alembic's entry: it migrates the database that the app is bound to.

Migrations name plain SQL types only, so that an old one still runs when the code has moved on.
"""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from core.db import db
from core.types import UtcDateTime


def plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """How a type of ours is written in a migration."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def is_same_type(_context: Any, _inspected: Any, _column: Any, found: Any, wanted: Any) -> Any:
    """Enums by value are strings to the database."""
    return False if isinstance(wanted, sa.Enum) and isinstance(found, sa.String) else None


def run() -> None:
    with db.engine.connect().execution_options(write=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=plain_type,
            compare_type=is_same_type,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
