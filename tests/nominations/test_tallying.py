"""Folding ballots: the last revision counts, whatever the order and the batches."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations.tallying import Cast, Slot, count_all, fold


def ballot(voter: str, revision: int, *choices: str, period: str = "once") -> Cast:
    return Cast(f"{voter}/{period}/{revision}", voter, period, revision, choices)


@pytest.mark.parametrize(
    ("ballots", "votes"),
    [
        ([], {}),
        ([ballot("a", 1, "x", "y")], {"x": 1, "y": 1}),
        ([ballot("a", 1, "x"), ballot("b", 1, "x")], {"x": 2}),
        ([ballot("a", 1, "x"), ballot("a", 2, "y")], {"y": 1}),
        ([ballot("a", 2, "y"), ballot("a", 1, "x")], {"y": 1}),
        ([ballot("a", 1, "x", "y"), ballot("a", 2, "y", "z")], {"y": 1, "z": 1}),
        ([ballot("a", 1, "x"), ballot("a", 2, "y"), ballot("a", 3, "x")], {"x": 1}),
        (
            [ballot("a", 1, "x", period="2026-05-01"), ballot("a", 1, "x", period="2026-05-02")],
            {"x": 2},
        ),
    ],
)
def test_fold_counts_the_last_of_each_voter_and_period(
    ballots: list[Cast], votes: dict[str, int]
) -> None:
    assert fold(ballots, {}).changes == votes


def test_a_revision_takes_back_the_votes_of_the_one_counted_before() -> None:
    first, second = ballot("a", 1, "x", "y"), ballot("a", 2, "y", "z")
    folded = fold([second], {("a", "once"): first})
    assert folded.changes == {"x": -1, "z": 1}
    assert folded.counted == {("a", "once"): second}


def test_a_revision_that_is_already_counted_changes_nothing() -> None:
    counted = {("a", "once"): ballot("a", 2, "x")}
    for again in (ballot("a", 2, "x"), ballot("a", 1, "y")):
        folded = fold([again], counted)
        assert folded.changes == {}
        assert folded.counted == {}


@st.composite
def elections(draw: st.DrawFn) -> list[Cast]:
    """Ballots of a few voters over a few days, each revision once, shuffled."""
    found = []
    for voter in draw(st.sets(st.sampled_from("abcd"))):
        for period in draw(st.sets(st.sampled_from(["2026-05-01", "2026-05-02"]))):
            revisions = draw(st.lists(st.sets(st.sampled_from("uvwxyz"), min_size=1), max_size=4))
            found += [
                ballot(voter, n, *sorted(choices), period=period)
                for n, choices in enumerate(revisions, start=1)
            ]
    return draw(st.permutations(found))


@given(elections(), st.integers(1, 5))
def test_batches_and_their_order_do_not_matter(ballots: list[Cast], size: int) -> None:
    counted: dict[Slot, Cast] = {}
    votes: Counter[str] = Counter()
    for start in range(0, len(ballots), size):
        folded = fold(ballots[start : start + size], counted)
        counted |= folded.counted
        votes.update(folded.changes)
        assert all(n >= 0 for n in votes.values())
    assert {n: v for n, v in votes.items() if v} == fold(ballots, {}).changes


@given(elections())
def test_the_fold_equals_the_plain_definition(ballots: list[Cast]) -> None:
    last = {b.id: b for b in ballots}
    for b in ballots:
        if any(
            o.voter == b.voter and o.period == b.period and o.revision > b.revision for o in ballots
        ):
            last.pop(b.id, None)
    assert fold(ballots, {}).changes == Counter(c for b in last.values() for c in b.choices)


@given(elections())
def test_counting_all_by_slots_equals_the_fold(ballots: list[Cast]) -> None:
    by_slots = sorted(ballots, key=lambda b: (b.voter, b.period))
    assert Counter(fold(ballots, {}).changes) == Counter(count_all(by_slots))
