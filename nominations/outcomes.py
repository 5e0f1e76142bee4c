"""A result as a function of what it was computed from, and both as JSON.

The inputs are kept with a result, so that anybody with the file, and the job of every night, can
compute it again. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nominations import rules as rules_of
from nominations.ranking import Place, rank
from nominations.rules import PublicFormula, Rules, TieBreaker
from nominations.scoring import (
    Candidate,
    CommitteeScore,
    Marks,
    PanelRecord,
    score_all,
    shown,
    shrinkage,
    weights,
)
from nominations.selecting import Bar, select


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a result depends on, but the seed of a lot."""

    rules: Rules
    candidates: tuple[Candidate, ...]
    panel: PanelRecord | None


@dataclass(frozen=True, slots=True)
class Line:
    """One candidate in the result."""

    place: Place
    is_selected: bool
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`lines` by category in the order in which the candidates name them, then by rank."""

    public_weight: Decimal
    committee_weight: Decimal
    shrinkage: Decimal
    """Votes added to everybody in a damped share (`scoring.shrinkage`)."""
    lines: tuple[Line, ...]
    needs_lot: bool


def decide(inputs: Inputs, seed: str | None = None) -> Outcome:
    """Who is selected, with everything that led to it."""
    scores = score_all(inputs.candidates, inputs.panel, inputs.rules)
    categories = dict.fromkeys(c.category for c in inputs.candidates)
    places = [
        place
        for category in categories
        for place in rank(
            (s for s in scores if s.candidate.category == category), inputs.rules.ties, seed
        )
    ]
    selection = select(places, inputs.rules.winners, seed)
    public_weight, committee_weight = weights(inputs.rules)
    return Outcome(
        public_weight=shown(public_weight),
        committee_weight=shown(committee_weight),
        shrinkage=shown(shrinkage(public_weight)),
        lines=tuple(
            Line(place, id_ in selection.selected, selection.barred.get(id_))
            for place in places
            for id_ in [place.score.candidate.id]
        ),
        needs_lot=selection.needs_lot,
    )


def dump_inputs(inputs: Inputs) -> dict[str, Any]:
    """As JSON, exact numbers as text; equal inputs give equal JSON in whatever order."""
    return {
        "rules": rules_of.dump(inputs.rules),
        "candidates": [
            {
                "id": c.id,
                "category": c.category,
                "place": c.place,
                "votes": c.votes,
                "has_left": c.has_left,
            }
            for c in inputs.candidates
        ],
        "panel": None if inputs.panel is None else _dump_panel(inputs.panel),
    }


def load_inputs(kept: Mapping[str, Any]) -> Inputs:
    """What `dump_inputs` gave."""
    return Inputs(
        rules_of.load(kept["rules"]),
        tuple(Candidate(**candidate) for candidate in kept["candidates"]),
        None if kept["panel"] is None else _load_panel(kept["panel"]),
    )


def dump(outcome: Outcome) -> dict[str, Any]:
    """As JSON, for keeping and for comparing."""
    return {
        "public_weight": str(outcome.public_weight),
        "committee_weight": str(outcome.committee_weight),
        "shrinkage": str(outcome.shrinkage),
        "needs_lot": outcome.needs_lot,
        "lines": [dump_line(line) for line in outcome.lines],
    }


def dump_line(line: Line) -> dict[str, Any]:
    score = line.place.score
    return {
        "nomination_id": score.candidate.id,
        "category": score.candidate.category,
        "place": score.candidate.place,
        "rank": line.place.rank,
        "tie_rule": _value(line.place.tie_rule),
        "is_selected": line.is_selected,
        "bar": _value(line.bar),
        "votes": score.candidate.votes,
        "public": _text(score.public),
        "formula": _value(score.formula),
        "committee": None if score.committee is None else _dump_committee(score.committee),
        "final": _text(score.final),
    }


def _dump_committee(judged: CommitteeScore) -> dict[str, Any]:
    return {
        "score": _text(judged.score),
        "by_member": {member: str(score) for member, score in judged.by_member.items()},
        "eligible": judged.eligible,
        "judged_by": judged.judged_by,
        "approvals": judged.approvals,
        "is_trimmed": judged.is_trimmed,
        "spread": _text(judged.spread),
        "top_marks": judged.top_marks,
    }


def _dump_panel(panel: PanelRecord) -> dict[str, Any]:
    return {
        "members": sorted(panel.members),
        "recused": sorted(map(list, panel.recused)),
        "marks": [
            {
                "member": marks.member,
                "nominee": marks.nominee,
                "points": {c: _text(points) for c, points in sorted(marks.points.items())},
            }
            for marks in sorted(panel.marks, key=lambda m: (m.nominee, m.member))
        ],
        "approvals": None if panel.approvals is None else dict(sorted(panel.approvals.items())),
        "voters": None if panel.voters is None else dict(sorted(panel.voters.items())),
    }


def _load_panel(kept: Mapping[str, Any]) -> PanelRecord:
    return PanelRecord(
        members=tuple(kept["members"]),
        recused=frozenset((member, nominee) for member, nominee in kept["recused"]),
        marks=tuple(
            Marks(
                m["member"],
                m["nominee"],
                {c: None if p is None else Decimal(p) for c, p in m["points"].items()},
            )
            for m in kept["marks"]
        ),
        approvals=kept["approvals"],
        voters=kept["voters"],
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _value(member: Bar | PublicFormula | TieBreaker | None) -> str | None:
    return None if member is None else member.value
