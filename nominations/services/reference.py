"""The five categories that every level of the ladder uses, channels, and the departments that are
asked about nominees (domain/nominations)."""

from sqlalchemy import select

from core.db import db, insert_if_absent
from core.ids import new_id
from nominations.models.channels import Channel
from nominations.models.consultations import Department
from nominations.models.reference import HonorCategory
from nominations.presets import FIVE_CATEGORIES
from nominations.services import benefits

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

DEPARTMENTS = (
    ("police", "公安部门"),
    ("discipline", "纪检监察部门"),
    ("organization", "组织人事部门"),
    ("market_regulation", "市场监管部门"),
    ("tax", "税务部门"),
    ("health", "卫生健康部门"),
    ("unit", "所在单位"),
    ("community", "所在社区（村）"),
)


def load() -> int:
    """Add the categories, channels, departments and benefits that are missing, and leave the
    others alone; gives the number added, but for channels."""
    for code, name in CHANNELS:
        insert_if_absent(Channel, id=new_id(), code=code, name=name, is_active=True)
    added = benefits.load() + sum(
        insert_if_absent(HonorCategory, code=code, name=name, position=position)
        for position, (code, name) in enumerate(CATEGORIES, start=1)
    )
    return added + sum(
        insert_if_absent(Department, id=new_id(), code=code, name=name, position=position)
        for position, (code, name) in enumerate(DEPARTMENTS, start=1)
    )


def list_all() -> list[HonorCategory]:
    """All categories in their order."""
    return list(db.session.scalars(select(HonorCategory).order_by(HonorCategory.position)))


def list_departments() -> list[Department]:
    """All departments in their order."""
    return list(db.session.scalars(select(Department).order_by(Department.position)))
