"""A directory of the tables that a column can point at, to be looked up by what the column is called."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.advice.keys import Key, fills_itself, keys_of, own_tables
from planroom.model.words import Name, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.model import Model, Table

__all__ = ["Directory", "Target"]

_DECORATIONS = frozenset("tbl tb t tab dim fact fct stg mst master lkp lookup ref header".split())
"""Words before or after a table's name that say what kind of table it is."""

_COMMON = 0.6
"""A first or last word that this share of a schema's tables bear says nothing."""

_SHORTEST_PIECE = 4  # letters of a table's name that is looked for inside another word
_SHORTEST_PREFIX = 3  # letters of an abbreviation


@dataclass(frozen=True, slots=True)
class Target:
    """A table, its name taken apart, its keys, and the columns that lead its indexes."""

    table: Table
    words: tuple[str, ...]
    keys: tuple[Key, ...]
    indexed: frozenset[str]

    @property
    def single(self) -> tuple[Key, ...]:
        """The keys of one column."""
        return tuple(key for key in self.keys if len(key.columns) == 1)

    @property
    def primary(self) -> tuple[str, ...]:
        """The columns of the primary key; empty when there is none."""
        return self.table.primary_key.columns if self.table.primary_key else ()

    @property
    def fills_its_key(self) -> bool:
        """Whether rows get their key by themselves."""
        columns = [self.table.columns_by_name[name] for name in self.primary if name in self.table.columns_by_name]
        return any(map(fills_itself, columns))


def _undecorated(words: tuple[str, ...], common: frozenset[str]) -> tuple[str, ...]:
    if len(words) > 1 and (words[0] in common or words[0] in _DECORATIONS):
        words = words[1:]
    if len(words) > 1 and (words[-1] in common or words[-1] in _DECORATIONS):
        words = words[:-1]
    return words


def _common_words(names: Sequence[Name]) -> frozenset[str]:
    ends = Counter(word for name in names if name.words for word in {name.words[0], name.words[-1]})
    return frozenset(word for word, count in ends.items() if len(names) > 4 and count >= _COMMON * len(names))


class Directory:
    """The tables of a model by their names, the ends of their names, and the names of their keys.

    Every question is a look-up: its cost does not grow with the number of tables.
    """

    def __init__(self, model: Model) -> None:
        tables = own_tables(model)
        common = _common_words([name_of(table.name) for table in tables])
        self.targets = {table.id: _target(table, common) for table in tables}
        self._full: dict[str, list[Target]] = defaultdict(list)
        self._ends: dict[str, list[Target]] = defaultdict(list)
        keyed: dict[str, list[tuple[Target, Key]]] = defaultdict(list)
        for target in self.targets.values():
            self._enter(target, keyed)
        self._keyed = {name: _at_home(found) for name, found in keyed.items()}
        self._sorted = sorted(self._full)
        columns = Counter(column.name for table in tables for column in table.columns)
        self._stems: Counter[str] = Counter()
        for text, count in columns.items():
            self._stems["".join(name_of(text).stem)] += count

    def _enter(self, target: Target, keyed: dict[str, list[tuple[Target, Key]]]) -> None:
        for called in dict.fromkeys(("".join(target.words), "".join(name_of(target.table.name).words))):
            self._full[called].append(target)
        for start in range(1, len(target.words)):
            self._ends["".join(target.words[start:])].append(target)
        for key in target.single:
            name = name_of(key.columns[0])
            if _is_distinctive(name) and (key.primary or name.mark):
                keyed["".join(name.words)].append((target, key))

    def named(self, words: Sequence[str]) -> Sequence[Target]:
        """Return the tables that are called so."""
        return self._full.get("".join(words), ())

    def ending(self, words: Sequence[str]) -> Sequence[Target]:
        """Return the tables whose names have something before these words."""
        return self._ends.get("".join(words), ())

    def keyed(self, words: Sequence[str]) -> Sequence[Target]:
        """Return the tables whose primary key bears that name: the one that is named like it, where there is one."""
        return self._keyed.get("".join(words), ())

    def references(self, words: Sequence[str]) -> int:
        """Return how many columns are named after the tables of that name."""
        return self._stems["".join(words)]

    def within(self, word: str) -> Sequence[Target]:
        """Return the tables with the longest name that a word without parts ends with."""
        for start in range(1, len(word) - _SHORTEST_PIECE + 1):
            if found := self._full.get(word[start:]):
                return found
        return ()

    def abbreviated(self, word: str) -> Sequence[Target]:
        """Return the table whose name begins with a word, if there is one such name."""
        if len(word) < _SHORTEST_PREFIX:
            return ()
        at = bisect_left(self._sorted, word)
        names = [name for name in self._sorted[at : at + 2] if name.startswith(word)]
        return self._full[names[0]] if len(names) == 1 else ()


def _target(table: Table, common: frozenset[str]) -> Target:
    keys = tuple(keys_of(table))
    indexed = frozenset(index.columns[0].column for index in table.indexes if index.columns)
    return Target(table, _undecorated(name_of(table.name).words, common), keys, indexed)


_COMMON_KEYS = frozenset("id uuid guid key code no nr num number pk oid name title slug email type status date".split())


def _is_distinctive(name: Name) -> bool:
    """Whether a key's name says what it is a key of: ``film_id`` does, ``id``, ``code`` and ``name`` do not."""
    return bool(name.words) and not set(name.words) <= _COMMON_KEYS


def _at_home(bearers: list[tuple[Target, Key]]) -> list[Target]:
    """Return, of tables whose keys bear one name, that which the name means; none where that is open.

    ``film_id`` is at home in ``film``; ``apt_id`` in ``apartments``, which it abbreviates, rather than in
    ``apartment_facilities``.
    """
    stem = "".join(name_of(bearers[0][1].columns[0]).stem)
    primary = [target for target, key in bearers if key.primary]
    targets = primary or [target for target, _ in bearers]
    named = [target for target in targets if "".join(target.words) == stem]
    if named or len(targets) == 1:
        return named or targets
    return _abbreviated_by(stem, primary)


def _abbreviated_by(stem: str, targets: list[Target]) -> list[Target]:
    """Return the table with the fewest words, if it is one, of those that begin like the stem, as far as any does."""
    for length in (3, 2, 1):
        begun = [target for target in targets if "".join(target.words).startswith(stem[:length])]
        fewest = min((len(target.words) for target in begun), default=0)
        if begun:
            shortest = [target for target in begun if len(target.words) == fewest]
            return shortest if len(shortest) == 1 else []
    return []
