"""Modules that are loaded at their first use.

For heavy libraries that few requests need: a library that draws PDFs would cost every process a
second of its start and a fifth of its memory.
"""

from importlib import import_module
from typing import Any


class Deferred:
    """Stands in for the module `name` and loads it when something of it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
