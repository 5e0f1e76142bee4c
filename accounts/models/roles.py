"""Roles granted to people, each at one scope."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.errors import RoleAlreadyGranted
from accounts.permissions import Role
from core.actor import ScopeKind
from core.db import Base
from core.ids import new_id
from core.types import UtcDateTime, enum_by_value


class RoleGrant(Base):
    """`scope_id` is the site or organisation; a grant over the city has none."""

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint("(scope_kind = 'city') = (scope_id IS NULL)", name="scope_has_id"),
        Index(
            "uq_role_grants_live",
            "person_id",
            "role",
            "scope_kind",
            "scope_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND scope_id IS NOT NULL"),
            postgresql_where=text("revoked_at IS NULL AND scope_id IS NOT NULL"),
        ),
        Index(
            "uq_role_grants_live_city",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND scope_id IS NULL"),
            postgresql_where=text("revoked_at IS NULL AND scope_id IS NULL"),
        ),
    )
    __violations__ = {
        "uq_role_grants_live": RoleAlreadyGranted,
        "uq_role_grants_live_city": RoleAlreadyGranted,
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    role: Mapped[Role] = mapped_column(enum_by_value(Role))
    scope_kind: Mapped[ScopeKind] = mapped_column(enum_by_value(ScopeKind))
    scope_id: Mapped[UUID | None]
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("persons.id"))
    """Null when an operator granted it at the command line."""
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
