"""The five categories that every level of the ladder uses, and the departments that are asked
about nominees (domain/nominations)."""

from sqlalchemy import select

from core.db import db, insert_if_absent
from core.ids import new_id
from nominations.models.consultations import Department
from nominations.models.reference import HonorCategory

CATEGORIES = (
    ("helping_others", "助人为乐"),
    ("bravery", "见义勇为"),
    ("integrity", "诚实守信"),
    ("dedication", "敬业奉献"),
    ("filial_piety", "孝老爱亲"),
)

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
    """Add the categories and departments that are missing, and leave the others alone; gives
    the number added."""
    added = sum(
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
