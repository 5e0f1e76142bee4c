"""The rules of a campaign as data: who may be nominated, by which steps, how it is decided.

Every figure was seen in a sister city or is a default of ours (domain/nominations, "Rules seen in
sister cities"); none is fixed in code elsewhere. Kept as JSON with the campaign, frozen when its
nominations open. What ballots are judged by at every cast (choices, period, hidden counts) are
columns of the campaign. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from nominations.lifecycles import NomineeKind


class Step(StrEnum):
    """What a case goes through in a campaign that uses the step. Notice is never left out."""

    COMMUNITY = "community"
    TOWNSHIP = "township"
    COUNTY = "county"
    CITY = "city"
    CONSULTATION = "consultation"
    """Departments are asked (征求意见)."""
    VISIT = "visit"
    """Two people go and see (走访核实)."""
    ASSESSMENT = "assessment"
    """Citizens cast ballots (群众评议)."""
    PANEL = "panel"
    """评委会."""


LADDER = (Step.COMMUNITY, Step.TOWNSHIP, Step.COUNTY, Step.CITY)
"""The steps of review, from the bottom up."""


class PublicFormula(StrEnum):
    """How votes become a public score from 0 to 100."""

    PERCENTILE = "percentile"
    """Percentile rank in the category; with fewer than five candidates the damped share."""
    SHARE = "share"
    """Share of the category's votes, shrunk towards equal."""


class CommitteeMethod(StrEnum):
    SCORES = "scores"
    """Every member marks every criterion of the rubric."""
    SECRET_BALLOT = "secret_ballot"  # noqa: S105 - a way to vote
    """票决: a score is the share of members who voted for the nominee."""


class TieBreaker(StrEnum):
    COMMITTEE_SCORE = "committee_score"
    TOP_MARKS = "top_marks"
    VERIFIED_VOTES = "verified_votes"
    LOT = "lot"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the rubric. Weights are parts of 100; points go from 0 to `max_points`."""

    code: str
    name: str
    weight: Decimal
    max_points: int = 100


@dataclass(frozen=True, slots=True)
class Quota:
    """Plans for a number: in all, by category code, by county or channel code. None is no
    limit; fewer are always allowed."""

    total: int | None = None
    by_category: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    by_place: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


USUAL_RUBRIC = (
    Criterion("deeds", "事迹先进性", Decimal(40)),
    Criterion("influence", "社会影响", Decimal(30)),
    Criterion("example", "示范引领", Decimal(30)),
)
USUAL_TIES = (
    TieBreaker.COMMITTEE_SCORE,
    TieBreaker.TOP_MARKS,
    TieBreaker.VERIFIED_VOTES,
    TieBreaker.LOT,
)
PUBLIC_WEIGHT_CAP = Decimal("0.4")
"""Above it an administrator gives a reason that is published."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Lengths in characters of text, ages in full years, weights as parts of 1."""

    steps: tuple[Step, ...] = (Step.COUNTY, Step.ASSESSMENT)
    """In the order of `Step`."""
    nominee_kinds: tuple[NomineeKind, ...] = (NomineeKind.PERSON, NomineeKind.GROUP)
    min_age: int = 16
    allows_self_nomination: bool = False
    summary_max_chars: int = 140
    short_deeds_max_chars: int = 300
    deeds_min_chars: int = 800
    deeds_max_chars: int = 1500
    life_photos_min: int = 0
    life_photos_max: int = 5
    departments: tuple[str, ...] = ()
    """Codes of departments that are asked about every nominee; further ones by who they are."""
    winners: Quota = Quota()
    recommendations: Quota = Quota()
    """How many cases a county (code of its site) or channel may send up to the city."""
    public_weight: Decimal = Decimal("0.3")
    committee_weight: Decimal = Decimal("0.7")
    public_weight_reason: str | None = None
    """Why the public share is above PUBLIC_WEIGHT_CAP."""
    public_formula: PublicFormula = PublicFormula.PERCENTILE
    committee_method: CommitteeMethod = CommitteeMethod.SCORES
    rubric: tuple[Criterion, ...] = USUAL_RUBRIC
    trimmed_from: int = 5
    """With so many scores the highest and the lowest are left out; with fewer none."""
    quorum: Fraction = Fraction(2, 3)
    """Of the members who are not recused."""
    ties: tuple[TieBreaker, ...] = USUAL_TIES
    notice_days: int = 7
    """Calendar days of public notice; at least five of them are working days."""
    has_comments: bool = True
    hides_votes_from_panel: bool = True
    """Whether votes are kept from the panel until it has closed."""
    real_name_from: int | None = None
    """After so many ballots of one network within an hour its further voters are asked for their
    real name first. None: nobody is."""

    @property
    def ladder(self) -> tuple[Step, ...]:
        """The steps of review that are used, from the bottom up."""
        return tuple(step for step in LADDER if step in self.steps)

    def uses(self, step: Step) -> bool:
        return step in self.steps


def dump(rules: Rules) -> dict[str, Any]:
    """As JSON: enums by value, exact numbers as text."""
    return {
        "steps": [step.value for step in rules.steps],
        "nominee_kinds": [kind.value for kind in rules.nominee_kinds],
        "min_age": rules.min_age,
        "allows_self_nomination": rules.allows_self_nomination,
        "summary_max_chars": rules.summary_max_chars,
        "short_deeds_max_chars": rules.short_deeds_max_chars,
        "deeds_min_chars": rules.deeds_min_chars,
        "deeds_max_chars": rules.deeds_max_chars,
        "life_photos_min": rules.life_photos_min,
        "life_photos_max": rules.life_photos_max,
        "departments": list(rules.departments),
        "winners": _dump_quota(rules.winners),
        "recommendations": _dump_quota(rules.recommendations),
        "public_weight": str(rules.public_weight),
        "committee_weight": str(rules.committee_weight),
        "public_weight_reason": rules.public_weight_reason,
        "public_formula": rules.public_formula.value,
        "committee_method": rules.committee_method.value,
        "rubric": [
            {
                "code": criterion.code,
                "name": criterion.name,
                "weight": str(criterion.weight),
                "max_points": criterion.max_points,
            }
            for criterion in rules.rubric
        ],
        "trimmed_from": rules.trimmed_from,
        "quorum": str(rules.quorum),
        "ties": [tie.value for tie in rules.ties],
        "notice_days": rules.notice_days,
        "has_comments": rules.has_comments,
        "hides_votes_from_panel": rules.hides_votes_from_panel,
        "real_name_from": rules.real_name_from,
    }


def load(kept: Mapping[str, Any]) -> Rules:
    """What `dump` gave; what an older campaign does not have takes its default."""
    parsed: dict[str, Any] = dict(kept)
    for name, parse in _PARSERS.items():
        if name in parsed:
            parsed[name] = parse(parsed[name])
    return Rules(**parsed)


_PARSERS: Mapping[str, Any] = {
    "steps": lambda values: tuple(map(Step, values)),
    "nominee_kinds": lambda values: tuple(map(NomineeKind, values)),
    "departments": tuple,
    "winners": lambda value: _load_quota(value),
    "recommendations": lambda value: _load_quota(value),
    "public_weight": Decimal,
    "committee_weight": Decimal,
    "public_formula": PublicFormula,
    "committee_method": CommitteeMethod,
    "rubric": lambda values: tuple(_load_criterion(value) for value in values),
    "quorum": Fraction,
    "ties": lambda values: tuple(map(TieBreaker, values)),
}


def _dump_quota(quota: Quota) -> dict[str, Any]:
    return {
        "total": quota.total,
        "by_category": dict(quota.by_category),
        "by_place": dict(quota.by_place),
    }


def _load_quota(kept: Mapping[str, Any]) -> Quota:
    return Quota(
        total=kept["total"],
        by_category=MappingProxyType(dict(kept["by_category"])),
        by_place=MappingProxyType(dict(kept["by_place"])),
    )


def _load_criterion(kept: Mapping[str, Any]) -> Criterion:
    return Criterion(kept["code"], kept["name"], Decimal(kept["weight"]), kept["max_points"])
