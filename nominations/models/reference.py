"""Categories that new campaigns start from."""

from sqlalchemy import SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class HonorCategory(Base):
    """One of the usual categories. A campaign copies them, since some add a sixth or use others."""

    __tablename__ = "honor_categories"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(SmallInteger)
