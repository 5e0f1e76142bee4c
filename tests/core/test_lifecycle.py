"""State machines as tables."""

from enum import StrEnum

import pytest

from core.lifecycle import Lifecycle, Transition


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    BROKEN = "broken"


LIFE = Lifecycle(
    "light",
    initial=[Light.RED],
    transitions=[
        Transition("go", (Light.RED,), Light.GREEN),
        Transition("smash", (Light.RED, Light.GREEN), Light.BROKEN),
    ],
)


def test_states_stand_in_the_order_of_the_table() -> None:
    assert LIFE.states == (Light.RED, Light.GREEN, Light.BROKEN)


def test_a_verb_is_allowed_only_from_its_sources() -> None:
    assert LIFE.allows("go", Light.RED)
    assert not LIFE.allows("go", Light.BROKEN)


def test_a_verb_that_stands_twice_is_refused() -> None:
    go = Transition("go", (Light.RED,), Light.GREEN)
    with pytest.raises(ValueError, match="twice"):
        Lifecycle("light", initial=[Light.RED], transitions=[go, go])


def test_the_diagram_names_every_move_and_end() -> None:
    drawn = LIFE.mermaid()
    assert "red --> green: go" in drawn
    assert "green --> broken: smash" in drawn
    assert "broken --> [*]" in drawn
