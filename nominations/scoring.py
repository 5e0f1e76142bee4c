"""From votes and marks to scores: exact, explained, the same for whoever computes them. Pure.

All arithmetic is in fractions. Each published figure is rounded once, by `shown`, from its exact
value, and no figure is computed from a rounded one. What decides is what is published: who shows
equal figures is tied.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

from nominations.rules import CommitteeMethod, Criterion, PublicFormula, Rules, Step

FULL = 100
"""Every score goes from 0 to this."""
SMALL_FIELD = 5
"""With fewer candidates in a category a percentile would jump by a quarter of the scale or more
for one vote, so the damped share takes its place (domain/nominations, "Scoring")."""
FEWEST_TO_TRIM = 3
"""Scores of which one is left when the highest and the lowest are taken away."""


@dataclass(frozen=True, slots=True)
class Marks:
    """One member's marks for one nominee; ids as text. A criterion with None is "not
    applicable", which is not zero."""

    member: str
    nominee: str
    points: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class PanelRecord:
    """What a panel left when it closed. `members` accepted their seat. Where it voted in secret,
    `approvals` counts the votes for each nominee and `voters` who cast one for each; otherwise
    both are empty."""

    members: tuple[str, ...]
    recused: frozenset[tuple[str, str]]
    """Pairs of member and nominee."""
    marks: tuple[Marks, ...] = ()
    approvals: Mapping[str, int] | None = None
    voters: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who was a candidate when the assessment closed. `place` is the code of the county or
    channel that quotas go by; `votes` are those of valid ballots.

    Who `has_left` since then is neither scored nor ranked. The others are compared with them all
    the same: once the counts are known, nobody's leaving moves anybody's score."""

    id: str
    category: str
    place: str | None
    votes: int
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class CommitteeScore:
    """What a panel says of a nominee, and why. `score` is None without a quorum."""

    score: Decimal | None
    exact: Fraction | None
    by_member: Mapping[str, Decimal]
    """Of members who marked in the open; empty after a secret ballot."""
    eligible: int
    """Members who are not recused."""
    judged_by: int
    """Of these, who marked something or voted."""
    approvals: int | None
    """Votes for the nominee in a secret ballot."""
    is_trimmed: bool
    spread: Decimal | None
    """Disagreement: the highest member's score less the lowest."""
    top_marks: int
    """Marks at the maximum of their criterion; in a secret ballot the votes for."""


@dataclass(frozen=True, slots=True)
class Score:
    """A candidate with every component of the final score. A part that the campaign does not
    use is None; `final` is None without any part, or without the panel's quorum."""

    candidate: Candidate
    public: Decimal | None
    formula: PublicFormula | None
    """How the public score was reached."""
    committee: CommitteeScore | None
    final: Decimal | None

    @property
    def is_judged(self) -> bool:
        """Whether the nominee can be ranked: not one whom too few of the panel judged."""
        return self.committee is None or self.committee.score is not None


def shown(value: Fraction) -> Decimal:
    """To four places, a half to the even neighbour: the only rounding there is."""
    return Decimal(round(value * 10_000)).scaleb(-4)


def weights(rules: Rules) -> tuple[Fraction, Fraction]:
    """Weights of the public and of the committee's score. Where a campaign uses one alone, it
    counts whole."""
    has_public, has_committee = rules.uses(Step.ASSESSMENT), rules.uses(Step.PANEL)
    if has_public and has_committee:
        return Fraction(rules.public_weight), Fraction(rules.committee_weight)
    return Fraction(int(has_public)), Fraction(int(has_committee))


def shrinkage(public_weight: Fraction) -> Fraction:
    """Votes that every candidate of a category is thought to have beforehand: k = 100 w.

    With n candidates, v votes for one of them and V in all, the share is p = (v + k)/(V + nk).
    Any change of one ballot (cast, voided or replaced) moves v by a and V by t, hence p by
    (a - tp)/(V + t + nk). A ballot names each candidate once at most, so |a| <= 1, and t - a,
    the votes that the n - 1 others gain, is between 1 - n and n - 1. As p lies between 0 and 1,
    |a - tp| is at most the greater of |a| and |a - t|, which is n - 1 (alone, p stays 1). The
    denominator is at least nk. So p moves by at most (n - 1)/(nk) < 1/k, and the final score by
    less than 100 w/k = 1 point."""
    return FULL * public_weight or Fraction(1)


def score_all(
    candidates: Sequence[Candidate], panel: PanelRecord | None, rules: Rules
) -> list[Score]:
    """The score of everybody who is there still, in the order given. `panel` is what a campaign
    with a panel has.

    Raises ValueError if the campaign uses a panel and there is no record of it."""
    public_weight, committee_weight = weights(rules)
    public = _public_scores(candidates, rules) if rules.uses(Step.ASSESSMENT) else {}
    committee = {}
    if rules.uses(Step.PANEL):
        if panel is None:
            raise ValueError("a campaign with a panel needs its record")
        committee = committee_scores([c.id for c in candidates], panel, rules)
    scores = []
    for candidate in candidates:
        if candidate.has_left:
            continue
        share, formula = public.get(candidate.id, (None, None))
        judged = committee.get(candidate.id)
        parts = []
        if share is not None:
            parts.append(public_weight * share)
        if judged is not None and judged.exact is not None:
            parts.append(committee_weight * judged.exact)
        is_whole = bool(parts) and (judged is None or judged.exact is not None)
        scores.append(
            Score(
                candidate,
                public=None if share is None else shown(share),
                formula=formula,
                committee=judged,
                final=shown(sum(parts, Fraction(0))) if is_whole else None,
            )
        )
    return scores


def _public_scores(
    candidates: Sequence[Candidate], rules: Rules
) -> dict[str, tuple[Fraction, PublicFormula]]:
    """Each candidate is compared with those of the same category."""
    fields: dict[str, dict[str, int]] = {}
    for candidate in candidates:
        fields.setdefault(candidate.category, {})[candidate.id] = candidate.votes
    prior = shrinkage(weights(rules)[0])
    found = {}
    for votes in fields.values():
        formula = rules.public_formula if len(votes) >= SMALL_FIELD else PublicFormula.SHARE
        if formula is PublicFormula.PERCENTILE:
            scores = percentiles(votes)
        else:
            scores = damped_shares(votes, prior)
        found.update({id_: (score, formula) for id_, score in scores.items()})
    return found


def percentiles(votes: Mapping[str, int]) -> dict[str, Fraction]:
    """100 times the part of the others whom a candidate is ahead of, equals counted half: the
    first alone has 100, the last alone 0, and if all are equal each has 50."""
    others = len(votes) - 1
    with_votes = Counter(votes.values())
    below, score_of = 0, {}
    for number, equals in sorted(with_votes.items()):
        score_of[number] = FULL * (below + Fraction(equals - 1, 2)) / others
        below += equals
    return {id_: score_of[number] for id_, number in votes.items()}


def damped_shares(votes: Mapping[str, int], prior: Fraction) -> dict[str, Fraction]:
    """100 times the share of the votes, each candidate having `prior` more (`shrinkage`)."""
    total = sum(votes.values()) + len(votes) * prior
    return {id_: FULL * (number + prior) / total for id_, number in votes.items()}


def committee_scores(
    ids: Iterable[str], panel: PanelRecord, rules: Rules
) -> dict[str, CommitteeScore]:
    """What the panel says of each nominee. Marks of who is no member, or recused for the nominee,
    are as if they were not there."""
    members = frozenset(panel.members)
    recused = Counter(nominee for member, nominee in panel.recused if member in members)
    counted: dict[str, list[Marks]] = {}
    for marks in panel.marks:
        if marks.member in members and (marks.member, marks.nominee) not in panel.recused:
            counted.setdefault(marks.nominee, []).append(marks)
    found = {}
    for nominee in ids:
        eligible = len(members) - recused[nominee]
        if rules.committee_method is CommitteeMethod.SECRET_BALLOT:
            found[nominee] = _by_ballot(nominee, panel, eligible, rules)
        else:
            found[nominee] = _by_marks(counted.get(nominee, ()), eligible, rules)
    return found


def _by_marks(marks: Sequence[Marks], eligible: int, rules: Rules) -> CommitteeScore:
    scores = {}
    top_marks = 0
    for one in marks:
        score = member_score(one.points, rules.rubric)
        if score is not None:
            scores[one.member] = score
            top_marks += sum(one.points.get(c.code) == c.max_points for c in rules.rubric)
    ordered = sorted(scores.values())
    is_trimmed = len(ordered) >= max(rules.trimmed_from, FEWEST_TO_TRIM)
    exact = None
    if _is_quorate(len(ordered), eligible, rules):
        kept = ordered[1:-1] if is_trimmed else ordered
        exact = sum(kept, Fraction(0)) / len(kept)
    return CommitteeScore(
        score=None if exact is None else shown(exact),
        exact=exact,
        by_member={member: shown(score) for member, score in sorted(scores.items())},
        eligible=eligible,
        judged_by=len(scores),
        approvals=None,
        is_trimmed=is_trimmed,
        spread=shown(ordered[-1] - ordered[0]) if ordered else None,
        top_marks=top_marks,
    )


def member_score(
    points: Mapping[str, Decimal | None], rubric: Sequence[Criterion]
) -> Fraction | None:
    """The weighted mean of the criteria that are applicable, as if there were no others; None if
    none is, which is a missing score."""
    applicable = [
        (worth, given.as_integer_ratio())
        for worth in _worths(tuple(rubric))
        if (given := points.get(worth.criterion)) is not None
    ]
    total = sum(worth.weight for worth, _ in applicable)
    if not total:
        return None
    common = lcm(*(denominator for _, (_, denominator) in applicable))
    gained = sum(
        worth.point * numerator * (common // denominator)
        for worth, (numerator, denominator) in applicable
    )
    return Fraction(FULL * gained, common * total)


@dataclass(frozen=True, slots=True)
class _Worth:
    """What a criterion and one point of it weigh, on a scale on which both are whole numbers: a
    panel gives thousands of marks, and a fraction at every step costs ten times as much."""

    criterion: str
    weight: int
    point: int


@lru_cache(maxsize=64)
def _worths(rubric: tuple[Criterion, ...]) -> tuple[_Worth, ...]:
    weights = [Fraction(c.weight) for c in rubric]
    points = [weight / c.max_points for weight, c in zip(weights, rubric, strict=True)]
    scale = lcm(*(part.denominator for part in weights + points))
    return tuple(
        _Worth(c.code, int(weight * scale), int(point * scale))
        for c, weight, point in zip(rubric, weights, points, strict=True)
    )


def _by_ballot(nominee: str, panel: PanelRecord, eligible: int, rules: Rules) -> CommitteeScore:
    voters = (panel.voters or {}).get(nominee, 0)
    approvals = (panel.approvals or {}).get(nominee, 0)
    exact = None
    if _is_quorate(voters, eligible, rules):
        exact = FULL * Fraction(approvals, voters)
    return CommitteeScore(
        score=None if exact is None else shown(exact),
        exact=exact,
        by_member={},
        eligible=eligible,
        judged_by=voters,
        approvals=approvals,
        is_trimmed=False,
        spread=None,
        top_marks=approvals,
    )


def _is_quorate(judged_by: int, eligible: int, rules: Rules) -> bool:
    return judged_by > 0 and judged_by >= rules.quorum * eligible
