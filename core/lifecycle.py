"""State machines as tables: which verb leads from which states to which one."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Transition:
    """`or_targets` are other states to which the verb may lead: the service names the one."""

    verb: str
    sources: tuple[StrEnum, ...]
    target: StrEnum
    or_targets: tuple[StrEnum, ...] = ()

    @property
    def targets(self) -> tuple[StrEnum, ...]:
        return (self.target, *self.or_targets)


class Lifecycle:
    """The life of one noun. `initial` are the states in which it may be born."""

    def __init__(
        self, noun: str, *, initial: Iterable[StrEnum], transitions: Iterable[Transition]
    ) -> None:
        self.noun = noun
        self.initial = tuple(initial)
        self.transitions = tuple(transitions)
        self._by_verb = {t.verb: t for t in self.transitions}
        if len(self._by_verb) != len(self.transitions):
            raise ValueError(f"{noun}: a verb stands twice")

    @property
    def verbs(self) -> tuple[str, ...]:
        return tuple(self._by_verb)

    @property
    def states(self) -> tuple[StrEnum, ...]:
        """Every state in the order in which the table first names it."""
        ordered = [*self.initial]
        for t in self.transitions:
            ordered += [*t.sources, *t.targets]
        return tuple(dict.fromkeys(ordered))

    def __getitem__(self, verb: str) -> Transition:
        return self._by_verb[verb]

    def allows(self, verb: str, state: StrEnum) -> bool:
        return state in self._by_verb[verb].sources

    def mermaid(self) -> str:
        """A state diagram for docs/lifecycles.md."""
        lines = ["stateDiagram-v2"]
        lines += [f"    [*] --> {state.value}" for state in self.initial]
        lines += [
            f"    {source.value} --> {target.value}: {t.verb}"
            for t in self.transitions
            for source in t.sources
            for target in t.targets
            if target is not source
        ]
        sources = {s for t in self.transitions for s in t.sources}
        lines += [f"    {s.value} --> [*]" for s in self.states if s not in sources]
        return "\n".join(lines)
