"""What makes the rows of a table unique: which columns take the number of the row, and which table's rows lead."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.model.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.generating.references import Reference
    from planroom.model import Index, Table

__all__ = ["Key", "Shape", "keys_of", "shape_of"]

_FOLDED = re.compile(r"(?:lower|upper|btrim|trim)\((?:\(?)(\"(?:[^\"]|\"\")+\"|\w+)\)?(?:::\w+(?: varying)?)?\)")
_ORDINALS = frozenset(
    "no nr num number position pos seq sequence index idx order ordinal line rank step version".split()
)
_MOMENTS = frozenset("at on ts time date timestamp when".split())


@dataclass(frozen=True, slots=True)
class Key:
    """Columns of which no two rows may have the same values.

    Attributes:
        name: The constraint's or index's name.
        columns: The columns, in their order.
        nulls_distinct: Rows with a NULL in it never collide.
        predicate: It holds only where this does; empty for everywhere.
    """

    name: str
    columns: tuple[str, ...]
    nulls_distinct: bool = True
    predicate: str = ""


def keys_of(table: Table) -> tuple[tuple[Key, ...], tuple[str, ...]]:
    """Return a table's keys, and the names of unique indexes on expressions, which are only verified."""
    found = [Key(each.name, each.columns) for each in ([table.primary_key] if table.primary_key else [])]
    found += [Key(each.name, each.columns, not each.nulls_not_distinct) for each in table.unique_constraints]
    untold = []
    for index in table.indexes:
        if not index.unique:
            continue
        columns = tuple(_index_columns(index))
        if len(columns) != len(index.columns):
            untold.append(index.name)
        else:
            predicate = index.predicate.text if index.predicate else ""
            found.append(Key(index.name, columns, not index.nulls_not_distinct, predicate))
    for exclusion in table.exclusions:
        spans = [each.column.column for each in exclusion.elements if each.operator == "&&" and each.column.column]
        found += [Key(exclusion.name, (spans[0],))] if spans else []
        untold += [] if spans else [exclusion.name]
    return tuple(sorted(found, key=lambda each: bool(each.predicate))), tuple(untold)


def _index_columns(index: Index) -> Iterator[str]:
    for part in index.columns:
        folded = _FOLDED.fullmatch(part.expression.text) if part.expression else None
        if part.column:
            yield part.column
        elif folded:
            yield folded[1].strip('"').replace('""', '"')


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of a table come about.

    Attributes:
        driver: The reference whose parent's rows lead: each has a few rows here; None where the rows are numbered.
        injected: Columns that take the number of the row.
        matched: References that take each parent row at most once.
        digits: For columns and references (by the first column) that make a key unique within its parent row: what
            divides the ordinal, and the number of different ones.
        limit: The most rows that the keys allow; None for no limit.
        capacity: The most rows that one parent row may have.
        unmet: The keys that are not sure to hold.
        why: Why there is a limit.
    """

    driver: Reference | None = None
    injected: frozenset[str] = frozenset()
    matched: frozenset[Reference] = frozenset()
    digits: tuple[tuple[str, int, int], ...] = ()
    limit: int | None = None
    capacity: int = 0
    unmet: tuple[Key, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a key: a reference, or a column of the table's own."""

    name: str
    size: int
    reference: Reference | None = None


class _Shaping:
    def __init__(
        self,
        table: Table,
        references: Sequence[Reference],
        sizes: Mapping[str, int],
        parents: Mapping[str, int],
        wanted: int,
        sole: frozenset[str],
        limited: frozenset[str],
    ) -> None:
        self.table, self.references, self.sizes, self.parents = table, references, sizes, parents
        self.wanted, self.sole, self.limited = wanted, sole, limited
        self.driver: Reference | None = None
        self.injected: set[str] = set()
        self.matched: set[Reference] = set()
        self.digits: dict[str, tuple[int, int]] = {}
        self.limit, self.why, self.capacity = math.inf, "", math.inf
        self.unmet: list[Key] = []

    def result(self, keys: Sequence[Key]) -> Shape:
        for column in sorted(self.sole):
            self.injected.add(column)
            if self.sizes.get(column, 0) < self.wanted:
                self._at_most(self.sizes.get(column, 0), f"the type of {column} has no more numbers")
        ordered = sorted(keys, key=lambda key: (bool(key.predicate), len(key.columns) > 1))
        for key in ordered:
            if not self._holds(key) and not self._made_to_hold(key):
                self.unmet.append(key)
        return Shape(
            driver=self.driver,
            injected=frozenset(self.injected),
            matched=frozenset(self.matched),
            digits=tuple((name, *place) for name, place in self.digits.items()),
            limit=None if self.limit == math.inf else int(self.limit),
            capacity=0 if self.capacity == math.inf else int(self.capacity),
            unmet=tuple(self.unmet),
            why=self.why,
        )

    def _holds(self, key: Key) -> bool:
        columns = {*key.columns}
        if columns & self.injected:
            return True
        if any({*each.columns} <= columns for each in self.matched):
            return True
        if self.driver and {*self.driver.columns} <= columns:
            mine = [name for name in self.digits if name in columns]
            return math.prod(self.digits[name][1] for name in mine) >= self.capacity and bool(mine)
        return False

    def _made_to_hold(self, key: Key) -> bool:
        parts = self._parts(key)
        if not parts or any(part.size <= 0 for part in parts):
            return False
        if len(parts) == 1:
            return self._single(key, parts[0])
        parts = self._core(parts)
        if len(parts) == 1:
            return self._single(key, parts[0])
        plain = [part for part in parts if not part.reference]
        references = [part for part in parts if part.reference]
        free = self._free(plain, any_reference=bool(references))
        if free:
            self.injected.add(free.name)
            return True
        if key.predicate and self.limit == math.inf:
            return False  # a partial key shapes no table: what collides is repaired
        return self._led(key, references, parts)

    def _parts(self, key: Key) -> list[_Part]:
        """Return what a key consists of; what is part of a reference that is only partly in it is left out."""
        left, parts = list(key.columns), []
        for each in self.references:
            if {*each.columns} <= {*left}:
                parts.append(_Part(each.columns[0], self.parents.get(each.parent, 0), each))
                left = [column for column in left if column not in each.columns]
        referenced = {column for each in self.references for column in each.columns}
        own = [column for column in left if column not in referenced]
        return [*parts, *(_Part(column, self.sizes.get(column, 0)) for column in own)]

    def _core(self, parts: list[_Part]) -> list[_Part]:
        """Return the parts without those that other columns limit, where the rest suffices for so many rows."""
        kept = [part for part in parts if part.name not in self.limited]
        room = math.prod(part.size for part in kept)
        return kept if kept and room >= self.wanted else parts

    def _single(self, key: Key, part: _Part) -> bool:
        nullable = key.nulls_distinct and all(self.table.columns_by_name[each].nullable for each in key.columns)
        if key.predicate and part.size < self.wanted:
            return False
        if part.size < self.wanted and not nullable:
            what = f"rows in {part.reference.parent}" if part.reference else f"different values of {part.name}"
            self._at_most(part.size, f"{key.name} allows {part.size:,} rows: there are no more {what}")
        if part.reference:
            self.matched.add(part.reference)
        else:
            self.injected.add(part.name)
        return True

    def _at_most(self, rows: float, why: str) -> None:
        if rows < self.limit:
            self.limit, self.why = rows, why

    def _free(self, plain: list[_Part], *, any_reference: bool) -> _Part | None:
        """Return the column that may take the number of the row and looks best doing so."""
        able = [part for part in plain if part.size >= max(self.wanted, 20_000) or part.size >= self.wanted > 1000]
        able = [part for part in able if not (any_reference and _is_ordinal(part.name))]
        return min(able, key=lambda part: (not {*words_of(part.name)} & _MOMENTS, part.name), default=None)

    def _led(self, key: Key, references: list[_Part], parts: list[_Part]) -> bool:
        if self.driver is None:
            if references:
                leading = max(references, key=lambda part: part.size)
                self.driver = leading.reference
            else:
                return self._counted(key, parts)
        driver = self.driver
        if driver is None or not {*driver.columns} <= {*key.columns}:
            return False
        others = sorted((p for p in parts if p.reference is not driver), key=lambda p: (-p.size, p.name))
        lead = self.parents.get(driver.parent, 0)
        return self._divided(key, others, lead)

    def _divided(self, key: Key, others: list[_Part], lead: int) -> bool:
        divisor = 1
        for part in others:
            if part.name in self.digits:
                continue
            self.digits[part.name] = (divisor, part.size)
            divisor = min(divisor * part.size, 1 << 52)
        room = math.prod(self.digits[part.name][1] for part in others)
        self.capacity = min(self.capacity, room)
        self._at_most(lead * room, f"{key.name} allows {lead:,} × {room:,} rows")
        return True

    def _counted(self, key: Key, parts: list[_Part]) -> bool:
        """Number the combinations of plain columns themselves: the driver is the table's own counting."""
        if self.digits:
            return False
        divisor = 1
        for part in sorted(parts, key=lambda p: (-p.size, p.name)):
            self.digits[part.name] = (divisor, part.size)
            divisor = min(divisor * part.size, 1 << 52)
        self._at_most(divisor, f"{key.name} allows {divisor:,} rows")
        return True


def shape_of(
    table: Table,
    keys: Sequence[Key],
    references: Sequence[Reference],
    *,
    sizes: Mapping[str, int],
    parents: Mapping[str, int],
    wanted: int,
    sole: frozenset[str] = frozenset(),
    limited: frozenset[str] = frozenset(),
) -> Shape:
    """Return how the rows of a table come about, so that its keys hold by construction.

    Args:
        table: The table.
        keys: Its keys.
        references: Its references, as they are made.
        sizes: How many different values each of its own columns can have.
        parents: How many rows each referenced table has.
        wanted: How many rows are wanted.
        sole: Columns that take the number of the row in any case, as identity columns do.
        limited: Columns whose values have to suit those of others.
    """
    return _Shaping(table, references, sizes, parents, wanted, sole, limited).result(keys)


def _is_ordinal(column: str) -> bool:
    return bool({*words_of(column)} & _ORDINALS)
