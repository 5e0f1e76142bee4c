from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True)
class Template:
    title: str
    sentence: str
    """With our fields in braces."""
    fields: Mapping[str, str]
    """Ours to WeChat's."""

    @property
    def named_in_sentence(self) -> frozenset[str]:
        return frozenset(name for _, name, _, _ in Formatter().parse(self.sentence) if name)
