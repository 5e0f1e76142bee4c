"""Selections that the city's office runs again and again, ready to be made. Pure.

Every figure is a proposal from domain/nominations that the office changes when it makes the
campaign. Xuchang's own rules were not found in public.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from core import clock
from nominations.lifecycles import BallotPeriod, CampaignDate, HonorKind, ListPeriod, NomineeKind
from nominations.rules import Criterion, Quota, Rules, Step


class Category(NamedTuple):
    code: str
    name: str


Numbering = tuple[int | None, int | None]
"""Year and number of a list."""

FIVE_CATEGORIES: tuple[Category, ...] = (
    Category("helping_others", "助人为乐"),
    Category("bravery", "见义勇为"),
    Category("integrity", "诚实守信"),
    Category("dedication", "敬业奉献"),
    Category("filial_piety", "孝老爱亲"),
)
"""The same at every level of the ladder of honours, from the city to the nation."""

COUNTIES = ("411002", "411003", "411024", "411025", "411081", "411082")
"""Districts, counties and county-level cities of Xuchang (GB/T 2260)."""

USUAL_RULES = Rules(steps=(Step.COUNTY, Step.ASSESSMENT, Step.PANEL))
"""Of a campaign that is made without a preset and names no other."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A selection without its dates. `days` are offsets from the day on which nominations open;
    every date is the first instant of its day, so that a closing day is not itself open."""

    code: str
    name: str
    kind: HonorKind
    list_period: ListPeriod
    categories: tuple[Category, ...]
    max_choices: int
    max_per_category: int
    period: BallotPeriod
    has_hidden_counts: bool
    rules: Rules
    days: Mapping[CampaignDate, int]
    titled: Callable[[date], str]
    numbered: Callable[[date], Numbering]

    def dates(self, starts_on: date) -> dict[str, datetime]:
        """The instants of a campaign whose nominations open on that day, by column."""
        return {
            name.value: clock.start_of(starts_on + timedelta(days=offset))
            for name, offset in self.days.items()
        }


def _quarter(day: date) -> int:
    return (day.month + 2) // 3


def _calendar(**days: int) -> Mapping[CampaignDate, int]:
    return MappingProxyType({CampaignDate(name): offset for name, offset in days.items()})


def _each(codes: tuple[str, ...], number: int) -> Mapping[str, int]:
    return MappingProxyType(dict.fromkeys(codes, number))


_CODES = tuple(code for code, _ in FIVE_CATEGORIES)

_GOOD_PERSON = Rules(
    steps=(Step.TOWNSHIP, Step.COUNTY, Step.CITY, Step.ASSESSMENT, Step.PANEL),
    allows_self_nomination=True,
    deeds_min_chars=300,
    winners=Quota(total=10, by_category=_each(_CODES, 3)),
    recommendations=Quota(by_place=_each(COUNTIES, 5)),
)

MONTHLY = Preset(
    code="good_people_monthly",
    name="许昌好人（月度）",
    kind=HonorKind.GOOD_PERSON,
    list_period=ListPeriod.MONTH,
    categories=FIVE_CATEGORIES,
    max_choices=10,
    max_per_category=2,
    period=BallotPeriod.ONCE,
    has_hidden_counts=False,
    rules=_GOOD_PERSON,
    days=_calendar(
        nominations_open_at=0,
        nominations_close_at=10,
        assessment_open_at=15,
        assessment_close_at=20,
        judging_close_at=23,
    ),
    titled=lambda day: f"许昌好人（{day.year}年{day.month}月）",
    numbered=lambda day: (day.year, day.month),
)

QUARTERLY = replace(
    MONTHLY,
    code="good_people_quarterly",
    name="许昌好人（季度）",
    list_period=ListPeriod.QUARTER,
    rules=replace(
        _GOOD_PERSON,
        winners=Quota(total=20, by_category=_each(_CODES, 5)),
        recommendations=Quota(by_place=_each(COUNTIES, 10)),
    ),
    days=_calendar(
        nominations_open_at=0,
        nominations_close_at=30,
        assessment_open_at=45,
        assessment_close_at=55,
        judging_close_at=65,
    ),
    titled=lambda day: f"许昌好人（{day.year}年第{_quarter(day)}季度）",
    numbered=lambda day: (day.year, _quarter(day)),
)

MORAL_MODELS = Preset(
    code="moral_models_5",
    name="第五届许昌市道德模范",
    kind=HonorKind.MORAL_MODEL,
    list_period=ListPeriod.EDITION,
    categories=FIVE_CATEGORIES,
    max_choices=10,
    max_per_category=2,
    period=BallotPeriod.ONCE,
    has_hidden_counts=True,
    rules=Rules(
        steps=tuple(Step),
        life_photos_min=3,
        departments=("police", "unit", "community"),
        winners=Quota(total=25, by_category=_each(_CODES, 5)),
        recommendations=Quota(by_place=_each(COUNTIES, 10)),
    ),
    days=_calendar(
        nominations_open_at=0,
        nominations_close_at=30,
        assessment_open_at=75,
        assessment_close_at=90,
        judging_close_at=105,
    ),
    titled=lambda _day: "第五届许昌市道德模范评选",
    numbered=lambda day: (day.year, 5),
)

FAMILIES = Preset(
    code="most_beautiful_families",
    name="许昌最美家庭",
    kind=HonorKind.FAMILY,
    list_period=ListPeriod.YEAR,
    categories=(
        Category("filial_family", "孝老爱亲家庭"),
        Category("learning_family", "书香家庭"),
        Category("upright_family", "清廉家庭"),
        Category("green_family", "绿色家庭"),
        Category("volunteer_family", "志愿服务家庭"),
    ),
    max_choices=10,
    max_per_category=2,
    period=BallotPeriod.ONCE,
    has_hidden_counts=True,
    rules=Rules(
        steps=(
            Step.COMMUNITY,
            Step.TOWNSHIP,
            Step.COUNTY,
            Step.VISIT,
            Step.ASSESSMENT,
            Step.PANEL,
        ),
        nominee_kinds=(NomineeKind.FAMILY,),
        min_age=0,
        allows_self_nomination=True,
        deeds_min_chars=500,
        winners=Quota(total=20),
        recommendations=Quota(by_place=_each(COUNTIES, 8)),
        rubric=(
            Criterion("deeds", "家庭事迹", Decimal(50)),
            Criterion("spirit", "家风家教", Decimal(30)),
            Criterion("example", "邻里口碑", Decimal(20)),
        ),
    ),
    days=_calendar(
        nominations_open_at=0,
        nominations_close_at=30,
        assessment_open_at=50,
        assessment_close_at=60,
        judging_close_at=70,
    ),
    titled=lambda day: f"{day.year}年许昌最美家庭评选",
    numbered=lambda day: (day.year, None),
)

SHOPS = Preset(
    code="integrity_shops",
    name="许昌诚信商户",
    kind=HonorKind.INTEGRITY_UNIT,
    list_period=ListPeriod.YEAR,
    categories=(
        Category("integrity_shop", "诚信商户"),
        Category("integrity_street", "诚信街区"),
    ),
    max_choices=1,
    max_per_category=1,
    period=BallotPeriod.ONCE,
    has_hidden_counts=True,
    rules=Rules(
        steps=(Step.TOWNSHIP, Step.COUNTY, Step.CONSULTATION, Step.VISIT, Step.PANEL),
        nominee_kinds=(NomineeKind.UNIT,),
        allows_self_nomination=True,
        deeds_min_chars=300,
        departments=("market_regulation", "tax"),
        winners=Quota(total=30),
        recommendations=Quota(by_place=_each(COUNTIES, 10)),
        public_weight=Decimal(0),
        committee_weight=Decimal(1),
        rubric=(
            Criterion("honesty", "诚信经营", Decimal(50)),
            Criterion("service", "服务质量", Decimal(30)),
            Criterion("duty", "社会责任", Decimal(20)),
        ),
    ),
    days=_calendar(
        nominations_open_at=0, nominations_close_at=30, review_close_at=60, judging_close_at=75
    ),
    titled=lambda day: f"{day.year}年许昌诚信商户评选",
    numbered=lambda day: (day.year, None),
)
"""Votes may not decide about units, so there is no assessment."""

PRESETS = (MONTHLY, QUARTERLY, MORAL_MODELS, FAMILIES, SHOPS)

BY_CODE: Mapping[str, Preset] = MappingProxyType({preset.code: preset for preset in PRESETS})
