"""Consent of guardians to the volunteer service of their wards."""

from uuid import UUID

from sqlalchemy import select

from accounts.models.guardians import Guardianship
from core.db import db


def has_consented(ward_id: UUID) -> bool:
    """Whether a guardian's consent is in force."""
    query = select(Guardianship.id).where(
        Guardianship.ward_id == ward_id, Guardianship.withdrawn_at.is_(None)
    )
    return db.session.scalar(query) is not None
