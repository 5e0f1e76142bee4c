"""What volunteers say of themselves (decree 67, art. 5), so that fitting activities are found."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.types import UtcDateTime


class VolunteerProfile(Base):
    """The region is the person's home site, which `accounts` keeps."""

    __tablename__ = "volunteer_profiles"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    skills: Mapped[list[str]] = mapped_column(JSON)
    """In the person's own words."""
    category_codes: Mapped[list[str]] = mapped_column(JSON)
    """Of `service_categories`, in the order of the regulations."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
