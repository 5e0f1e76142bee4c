"""The tree of practice sites: city, centre of a county, institute of a township, and below."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.ids import new_id
from core.types import enum_by_value


class SiteLevel(StrEnum):
    CITY = "city"
    CENTER = "center"
    """中心, of a county."""
    ZONE = "zone"
    """A functional zone: a management unit of the city without a GB/T 2260 code."""
    INSTITUTE = "institute"
    """所, of a township."""
    STATION = "station"
    """站, of a village or community."""
    SPOT = "spot"
    """点."""


class Site(Base):
    """`path` joins the codes from the city down, each with a slash before and after it, so that
    "this site and all below" is a prefix: `/411000/411002/411002001/`."""

    __tablename__ = "sites"
    __table_args__ = (UniqueConstraint("source", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    source: Mapped[str] = mapped_column(String(16))
    """Whose list the code comes from: township codes differ between authorities."""
    code: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(60))
    division: Mapped[str] = mapped_column(String(40))
    """Name of the place that the site serves."""
    level: Mapped[SiteLevel] = mapped_column(enum_by_value(SiteLevel))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"), index=True)
    path: Mapped[str] = mapped_column(String(120), unique=True)
