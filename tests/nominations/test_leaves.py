"""Leaves of the public log: one meaning, one sequence of bytes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations import leaves
from nominations.leaves import LeafKind

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), values))
def test_the_order_of_keys_does_not_matter(body: dict[str, Any]) -> None:
    backwards = dict(reversed(body.items()))
    assert leaves.canonical(body) == leaves.canonical(backwards)


def test_the_form_is_canonical() -> None:
    body = leaves.ballot("c", period="once", voter="ab", choices=["n"], hour="2026-11-24T23")
    assert leaves.canonical(body) == (
        b'{"campaign":"c","choices":["n"],"hour":"2026-11-24T23","period":"once",'
        b'"type":"ballot","voter":"ab"}'
    )
    assert leaves.canonical({"name": "莲城", "a": [1, True, None]}) == (
        '{"a":[1,true,null],"name":"莲城"}'.encode()
    )


@pytest.mark.parametrize("body", [{"a": 1.5}, {"a": {"b": [1, 2.0]}}, {"a": ({"b": 0.1},)}])
def test_numbers_that_are_not_whole_are_refused(body: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        leaves.canonical(body)


def test_an_unknown_kind_is_refused() -> None:
    assert leaves.kind_of({"type": "ruling"}) is LeafKind.RULING
    with pytest.raises(ValueError, match="opinion"):
        leaves.kind_of({"type": "opinion"})


def test_hours_are_those_of_shanghai() -> None:
    assert leaves.hour_of(datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)) == "2026-11-24T23"
    assert leaves.hour_of(datetime(2026, 11, 24, 16, 0, tzinfo=UTC)) == "2026-11-25T00"
