"""Reference data of volunteer service: the seven actions, categories, star levels."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from core.db import Base, db
from core.errors import InvalidInput
from volunteer.actions import ACTION_NAMES, Action
from volunteer.models.qualifications import QualificationKind
from volunteer.models.reference import ForbiddenWord, ServiceCategory, StarLevel

SERVICE_CATEGORIES: tuple[tuple[str, str], ...] = (
    ("poverty_relief", "扶贫济困"),
    ("elderly_and_orphans", "扶老救孤"),
    ("sick_and_disabled", "恤病助残"),
    ("emergency_rescue", "应急救援"),
    ("environment", "环境保护"),
    ("culture_and_sports", "文化体育"),
    ("legal_aid", "法律援助"),
    ("medicine_and_schooling", "助医助学"),
    ("military_families", "拥军优属"),
    ("public_order", "治安防范"),
    ("science_outreach", "科普宣传"),
    ("rural_customs", "乡风文明"),
    ("community_service", "社区服务"),
    ("counselling", "心理咨询"),
    ("civic_guidance", "文明劝导"),
    ("major_events", "大型赛会"),
)
"""Henan volunteer service regulations (2019), art. 23, in its order."""

QUALIFICATION_KINDS: tuple[tuple[str, str], ...] = (
    ("first_aid", "红十字救护员"),
    ("counselling", "心理咨询"),
    ("sign_language", "手语"),
    ("emergency_rescue", "应急救援"),
    ("guide", "讲解引导"),
)
"""A beginning; sites add their own."""

FORBIDDEN_WORDS: tuple[tuple[str, bool], ...] = (
    ("补录", False),
    ("例会", False),
    ("值班", False),
    ("诵经", True),
    ("祈福", True),
    ("促销", True),
    ("推销", True),
)
"""Back entry, meetings, office duty, praying and commerce (i志愿, 2019); whether the description
may not contain the word either."""

STAR_HOURS: tuple[int, ...] = (100, 300, 600, 1000, 1500)
"""Hours for one to five stars (draft rule of 2012, copied by every platform since)."""

STAR_VERIFIED_PERCENT = 80
"""Part of a star's hours that check-ins must prove. The office's to decide: high, since hours
entered afterwards have been sold elsewhere (CCTV, 2025)."""

STAR_SCORE_TENTHS = 30
"""Mean evaluation, 3.0 of 5, below which nobody is starred. The office's to decide."""


@dataclass(frozen=True, slots=True)
class NamedAction:
    key: Action
    name: str


def load() -> None:
    """Bring the tables up to date, at every start. Running it again changes nothing; what is the
    office's to decide is written where there is none of it yet, and never over theirs."""
    for position, (code, name) in enumerate(SERVICE_CATEGORIES, start=1):
        db.session.merge(ServiceCategory(code=code, name=name, position=position))
    _begin_with(
        StarLevel(
            star=star,
            minutes=hours * 60,
            verified_percent=STAR_VERIFIED_PERCENT,
            score_tenths=STAR_SCORE_TENTHS,
        )
        for star, hours in enumerate(STAR_HOURS, start=1)
    )
    _begin_with(ForbiddenWord(word=w, is_for_content=both) for w, both in FORBIDDEN_WORDS)
    _begin_with(QualificationKind(code=code, name=name) for code, name in QUALIFICATION_KINDS)
    db.session.flush()


def _begin_with(rows: Iterable[Base]) -> None:
    """Fill a table that is empty."""
    first, *others = rows
    if db.session.scalar(select(type(first)).limit(1)) is None:
        db.session.add_all([first, *others])


def list_actions() -> list[NamedAction]:
    """The seven actions in the city's order."""
    return [NamedAction(action, ACTION_NAMES[action]) for action in Action]


def list_service_categories() -> list[ServiceCategory]:
    """The categories in the order of the regulations."""
    return list(db.session.scalars(select(ServiceCategory).order_by(ServiceCategory.position)))


def require_category(code: str) -> None:
    """Raises InvalidInput for a category that there is not."""
    if db.session.get(ServiceCategory, code) is None:
        raise InvalidInput.at("category_code", "没有这个服务类别")


def list_qualification_kinds() -> list[QualificationKind]:
    """What a volunteer can be qualified for, in order of code."""
    return list(db.session.scalars(select(QualificationKind).order_by(QualificationKind.code)))


def list_star_levels() -> list[StarLevel]:
    """The levels, lowest first."""
    return list(db.session.scalars(select(StarLevel).order_by(StarLevel.star)))
