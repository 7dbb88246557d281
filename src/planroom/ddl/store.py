"""Dictionaries that remember what they lose, so that what a statement did can be undone."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

__all__ = ["ABSENT", "Journal", "Store"]

K = TypeVar("K")
V = TypeVar("V")

ABSENT: Any = object()
"""What a key had that was not there."""


class Store(dict[K, V], Generic[K, V]):
    """A dictionary that writes what it loses into a journal, so that it can be undone."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def __setitem__(self, key: K, value: V) -> None:
        self._journal.append((self, key, self.get(key, ABSENT)))
        super().__setitem__(key, value)

    def __delitem__(self, key: K) -> None:
        self._journal.append((self, key, self.get(key, ABSENT)))
        super().__delitem__(key)

    def restore(self, key: K, value: V) -> None:
        """Put an old value back, without a trace."""
        if value is ABSENT:
            super().pop(key, None)
        else:
            super().__setitem__(key, value)


Journal = list[tuple[Store[Any, Any], Any, Any]]
"""For each change the store, the key, and the value that it had."""
