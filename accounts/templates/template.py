from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Template:
    title: str
    sentence: str
    """With our fields in braces."""
    fields: Mapping[str, str]
    """Ours to WeChat's."""
