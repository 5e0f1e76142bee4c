"""The five categories that every level of the ladder uses (domain/nominations), and channels."""

from sqlalchemy import select

from core.db import db, insert_if_absent
from core.ids import new_id
from nominations.models.channels import Channel
from nominations.models.reference import HonorCategory
from nominations.presets import FIVE_CATEGORIES

CATEGORIES = FIVE_CATEGORIES

CHANNELS = (
    ("xuchang_university", "许昌学院"),
    ("education_system", "教育系统"),
    ("health_system", "卫生健康系统"),
    ("public_security_system", "公安系统"),
    ("state_owned_enterprises", "国资国企系统"),
    ("trade_unions", "市总工会"),
    ("youth_league", "共青团许昌市委"),
    ("womens_federation", "市妇联"),
)
"""A beginning: universities, systems and city departments by which cases come beside the places."""


def load() -> int:
    """Add the categories and channels that are missing, and leave the others alone; gives the
    number of categories added."""
    for code, name in CHANNELS:
        insert_if_absent(Channel, id=new_id(), code=code, name=name, is_active=True)
    return sum(
        insert_if_absent(HonorCategory, code=code, name=name, position=position)
        for position, (code, name) in enumerate(CATEGORIES, start=1)
    )


def list_all() -> list[HonorCategory]:
    """All categories in their order."""
    return list(db.session.scalars(select(HonorCategory).order_by(HonorCategory.position)))
