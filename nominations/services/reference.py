"""The five categories that every level of the ladder uses (domain/nominations)."""

from sqlalchemy import select

from core.db import db, insert_if_absent
from nominations.models.reference import HonorCategory
from nominations.services import benefits

CATEGORIES = (
    ("helping_others", "助人为乐"),
    ("bravery", "见义勇为"),
    ("integrity", "诚实守信"),
    ("dedication", "敬业奉献"),
    ("filial_piety", "孝老爱亲"),
)


def load() -> int:
    """Add the categories and benefits that are missing, and leave the others alone; gives the
    number added."""
    return benefits.load() + sum(
        insert_if_absent(HonorCategory, code=code, name=name, position=position)
        for position, (code, name) in enumerate(CATEGORIES, start=1)
    )


def list_all() -> list[HonorCategory]:
    """All categories in their order."""
    return list(db.session.scalars(select(HonorCategory).order_by(HonorCategory.position)))
