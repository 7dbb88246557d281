"""Which indexes a planner may use: an index that is marked invalid is as if it were not there.

The mark is set in a transaction that is rolled back, and stays for as long as the same indexes are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import UnknownNameError
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["Visibility"]

_INDEXES = """
    WITH RECURSIVE tree AS (
        SELECT i.indexrelid AS root, i.indexrelid AS oid FROM pg_catalog.pg_index i WHERE i.indexrelid >= 16384
        UNION ALL
        SELECT t.root, h.inhrelid FROM tree t JOIN pg_catalog.pg_inherits h ON h.inhparent = t.oid
    )
    SELECT n.nspname, c.relname, i.indisunique, pg_catalog.array_agg(t.oid::int8 ORDER BY t.oid <> t.root)
    FROM tree t JOIN pg_catalog.pg_index i ON i.indexrelid = t.root
    JOIN pg_catalog.pg_class c ON c.oid = t.root
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'pg_toast')
    GROUP BY n.nspname, c.relname, i.indisunique, t.root
    ORDER BY t.root
"""
_MARK = "UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid = ANY ($1::oid[])"
_FLIP = "UPDATE pg_catalog.pg_index SET indisvalid = NOT indisvalid WHERE indexrelid = ANY ($1::oid[])"
_MOST_CHANGES = 200  # each leaves a dead version of a row in the catalog, which slows the next look-up


@dataclass(frozen=True, slots=True)
class _Index:
    schema: str
    name: str
    unique: bool
    oids: tuple[int, ...]  # its own first, and those of its partitions' indexes


class Visibility:
    """The indexes of one database, and which of them its open transaction hides.

    Args:
        run: Sends a statement with values for ``$1`` ... and returns its rows.
        candidates: The names of the indexes that are hidden unless they are asked for.

    Attributes:
        topmost: For the indexes of partitions, the names of those of the partitioned tables that they belong to.
    """

    def __init__(self, run: Run, candidates: Sequence[str]) -> None:
        self._by_name: dict[str, _Index] = {}
        for schema, name, unique, oids in run(_INDEXES):
            index = _Index(schema, name, unique, tuple(oids))
            self._by_name.setdefault(name, index)
            self._by_name[f"{schema}.{name}"] = index
        self.topmost = self._topmost()
        self._candidates = frozenset(candidates)
        self._shown: frozenset[int] = frozenset()
        self._hidden: frozenset[int] = frozenset()
        self._open = False
        self._changes = 0

    def _topmost(self) -> dict[str, str]:
        names = {index.oids[0]: index.name for index in self._by_name.values()}
        trees = sorted({index.oids for index in self._by_name.values()}, key=len)
        return {names[oid]: names[oids[0]] for oids in trees for oid in oids[1:] if oid in names}

    def hide_candidates(self, run: Run) -> None:
        """Mark the candidates invalid, for good."""
        run(_MARK, list(self._oids(self._candidates)))

    def _oids(self, names: Collection[str]) -> frozenset[int]:
        return frozenset(oid for name in names for oid in self._index(name).oids)

    def _index(self, name: str) -> _Index:
        found = self._by_name.get(name)
        if found is None:
            raise UnknownNameError.of("index", name, [each for each in self._by_name if "." not in each])
        return found

    def show(self, run: Run, visible: Collection[str], hidden: Collection[str]) -> None:
        """Let the planner see these candidates, and all other indexes but those hidden, until another call.

        Raises:
            UnknownNameError: There is no such index.
        """
        off = self._oids(hidden)
        on = self._oids(visible) - off
        off -= self._oids(self._candidates)
        changed = (on ^ self._shown) | (off ^ self._hidden)
        if not changed:
            return
        if not self._open or self._changes >= _MOST_CHANGES:
            self.settle(run)
            run("BEGIN")
            self._open, changed = True, on | off
        self._changes += len(changed)
        self._shown = self._hidden = frozenset()  # an error leaves the transaction aborted
        run(_FLIP, list(changed))
        self._shown, self._hidden = on, off

    def settle(self, run: Run) -> None:
        """Hide the candidates again, and nothing else."""
        if self._open:
            run("ROLLBACK")
        self.forget()

    def forget(self) -> None:
        """Take note that the transaction is gone, with its session or without."""
        self._shown = self._hidden = frozenset()
        self._open, self._changes = False, 0

    def notes(self, hidden: Collection[str]) -> tuple[str, ...]:
        """Say what else the planner does not know when some indexes are hidden."""
        unique = sorted({index.name for name in hidden if (index := self._index(name)).unique})
        if not unique:
            return ()
        return (f"Without {', '.join(unique)} the planner does not know either that the keys are unique.",)
