"""What contradicts in the rules of a campaign, and that the presets do not."""

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations.lifecycles import CampaignDate, NomineeKind
from nominations.presets import COUNTIES, MONTHLY, PRESETS, QUARTERLY, SHOPS, USUAL_RULES, Preset
from nominations.rules import (
    Criterion,
    Quota,
    Step,
    TieBreaker,
    dump,
    load,
)
from nominations.soundness import faults

FIVE = ["helping_others", "bravery"]
HALVES = {"public_weight": Decimal("0.5"), "committee_weight": Decimal("0.5")}


def found(**changes: Any) -> dict[str, Any]:
    rules = dataclasses.replace(USUAL_RULES, **changes)
    return faults(rules, categories=FIVE, places=COUNTIES)


def test_the_usual_rules_are_sound() -> None:
    assert found() == {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"steps": (Step.ASSESSMENT, Step.PANEL)}, "steps"),
        ({"steps": (Step.COUNTY, Step.ASSESSMENT)}, "steps"),
        ({"steps": (Step.COUNTY, Step.PANEL)}, "steps"),
        ({"steps": (*USUAL_RULES.steps, Step.COUNTY)}, "steps"),
        ({"public_weight": Decimal("0.2")}, "committee_weight"),
        ({"public_weight": Decimal("-0.5"), "committee_weight": Decimal("1.5")}, "public_weight"),
        (HALVES, "public_weight_reason"),
        ({"nominee_kinds": (NomineeKind.UNIT,)}, "public_weight"),
        ({"nominee_kinds": ()}, "nominee_kinds"),
        ({"rubric": (Criterion("deeds", "事迹", Decimal(99)),)}, "rubric"),
        ({"rubric": ()}, "rubric"),
        ({"rubric": (Criterion("deeds", "事迹", Decimal(50)),) * 2}, "rubric"),
        (
            {
                "rubric": (
                    Criterion("deeds", "事迹", Decimal(100)),
                    Criterion("none", "无", Decimal(0)),
                )
            },
            "rubric",
        ),
        ({"quorum": Fraction(0)}, "quorum"),
        ({"quorum": Fraction(4, 3)}, "quorum"),
        ({"ties": (TieBreaker.LOT, TieBreaker.TOP_MARKS)}, "ties"),
        ({"ties": ()}, "ties"),
        ({"notice_days": 4}, "notice_days"),
        ({"deeds_min_chars": 1501}, "deeds_max_chars"),
        ({"life_photos_min": 6}, "life_photos_max"),
        ({"departments": ("tax", "tax")}, "departments"),
    ],
)
def test_what_contradicts_is_told_at_its_field(changes: dict[str, Any], field: str) -> None:
    assert next(iter(found(**changes))) == field


def test_a_large_public_share_needs_a_reason_alone() -> None:
    assert found(public_weight_reason="首届试行", **HALVES) == {}
    at_the_cap = {"public_weight": Decimal("0.4"), "committee_weight": Decimal("0.6")}
    assert found(**at_the_cap) == {}


@pytest.mark.parametrize(
    ("quota", "field"),
    [
        (Quota(by_category={"sixth": 1}), "by_category"),
        (Quota(by_category={"bravery": -1}), "by_category"),
        (Quota(by_place={"410100": 1}), "by_place"),
        (Quota(total=-1), "total"),
    ],
)
def test_a_quota_for_what_is_not_there_is_told(quota: Quota, field: str) -> None:
    assert list(found(winners=quota)["winners"]) == [field]
    assert list(found(recommendations=quota)["recommendations"]) == [field]


@given(public=st.integers(0, 10_000))
def test_weights_that_sum_to_one_are_exact(public: int) -> None:
    share = Decimal(public) / 10_000
    rules = found(
        public_weight=share, committee_weight=1 - share, public_weight_reason="试行办法规定"
    )
    assert rules == {}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_a_preset_is_sound_on_any_day(preset: Preset) -> None:
    codes = [category.code for category in preset.categories]
    assert faults(preset.rules, categories=codes, places=COUNTIES) == {}
    assert load(dump(preset.rules)) == preset.rules
    assert (CampaignDate.REVIEW_CLOSE_AT in preset.days) != preset.rules.uses(Step.ASSESSMENT)
    assert list(preset.days.values()) == sorted(preset.days.values())
    assert len(preset.titled(date(2027, 12, 31))) <= 60


def test_a_preset_counts_days_of_shanghai_over_a_leap_day() -> None:
    dates = MONTHLY.dates(date(2028, 2, 25))
    assert dates["nominations_open_at"] == datetime(2028, 2, 24, 16, tzinfo=UTC)
    assert dates["nominations_close_at"] == datetime(2028, 3, 5, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("preset", "day", "numbering"),
    [
        (MONTHLY, date(2027, 5, 1), (2027, 5)),
        (QUARTERLY, date(2027, 3, 31), (2027, 1)),
        (QUARTERLY, date(2027, 4, 1), (2027, 2)),
        (QUARTERLY, date(2027, 12, 31), (2027, 4)),
        (SHOPS, date(2027, 5, 1), (2027, None)),
    ],
)
def test_a_list_is_numbered_by_its_period(
    preset: Preset, day: date, numbering: tuple[int | None, int | None]
) -> None:
    assert preset.numbered(day) == numbering


def test_votes_do_not_decide_about_shops() -> None:
    assert SHOPS.rules.public_weight == 0
    assert not SHOPS.rules.uses(Step.ASSESSMENT)
