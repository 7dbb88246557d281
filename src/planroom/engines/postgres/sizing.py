"""The relations of a scaled database and the sizes that they are given."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from planroom.engines.postgres.inflating import MOST_PAGES
from planroom.errors import EngineError
from planroom.quantities import format_bytes
from planroom.scaling.pages import BLOCK_BYTES, brin_metapage, btree_leaf, btree_spine, gin_metapage
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planroom.engines.postgres.inflating import SparseFiles
    from planroom.scaling.statistics import RelationStatistics, Statistics

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["Sizes", "StoredRelation", "stored_relations"]

_HEAD_PAGES = 8  # more than any access method makes for an empty table
_RELATIONS = """
    SELECT c.oid::int8, n.nspname, c.relname, c.relkind::text, coalesce(pg_catalog.pg_relation_filepath(c.oid), ''),
        coalesce(am.amname, ''), coalesce(i.indrelid, 0)::int8,
        coalesce((SELECT sum(greatest(s.stawidth, 1)) FROM pg_catalog.pg_statistic s
            WHERE s.starelid = i.indrelid AND NOT s.stainherit AND s.staattnum = ANY (i.indkey)), 8)::int4
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam AND c.relkind = 'i'
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm', 'i', 'p', 'I')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    ORDER BY c.oid
"""

# It lives in the session's temporary schema: the model's own extensions stay as they are.
_EVICTS = """
    CREATE OR REPLACE FUNCTION pg_temp.planroom_evict(regclass, OUT int4, OUT int4, OUT int4)
    LANGUAGE c AS '$libdir/pg_buffercache', 'pg_buffercache_evict_relation'
"""
_EVICT = """
    SELECT count(*) FROM unnest($1::oid[]) AS r (oid), pg_temp.planroom_evict(r.oid::regclass) AS e
    WHERE e.column3 > 0
"""


@dataclass(frozen=True, slots=True)
class StoredRelation:
    """A table, materialised view or index of the database.

    Attributes:
        oid: Its number.
        schema: Its schema.
        name: Its name.
        kind: ``r``, ``m``, ``i``, or ``p`` and ``I`` for those of partitioned tables, which have no file.
        file: Its file, below the server's data directory.
        method: Of an index, its access method.
        table: Of an index, its table's number.
        key_bytes: Of an index, the mean bytes of its keys.
    """

    oid: int
    schema: str
    name: str
    kind: str
    file: str
    method: str
    table: int
    key_bytes: int

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


def stored_relations(run: Run) -> tuple[StoredRelation, ...]:
    """Return the tables, materialised views and indexes of the database, in the order in which they were made."""
    return tuple(StoredRelation(*row) for row in run(_RELATIONS))


class Sizes:
    """The files of the relations: as CREATE made them, as the seed rows left them, and as long as is asked.

    Args:
        files: The database's files.
        relations: Its relations.
    """

    def __init__(self, files: SparseFiles, relations: Iterable[StoredRelation]) -> None:
        self.files = files
        self.relations = {each.oid: each for each in relations}
        self._stored = {each.oid: each for each in self.relations.values() if each.file}
        self._empty: dict[int, bytes] = {}
        self._heads: dict[int, bytes] = {}
        self._now: dict[int, tuple[int, int]] = {}

    def keep(self, run: Run, *, empty: bool = False, tables: Iterable[int] | None = None) -> None:
        """Remember how files begin, once the server's buffers hold nothing of them.

        Args:
            run: Sends a query with values for ``$1`` ... and returns its rows.
            empty: Whether this is how CREATE made them.
            tables: The tables that they belong to; by default all.
        """
        chosen = self._of(tables)
        self.evict(run, chosen)
        for oid in chosen:
            self._heads[oid] = self.files.read(self._stored[oid].file, _HEAD_PAGES)
        if empty:
            self._empty = dict(self._heads)

    def evict(self, run: Run, oids: Iterable[int]) -> None:
        """Have the server forget pages of relations that it holds in memory.

        Raises:
            EngineError: A session uses one of them.
        """
        run(_EVICTS)
        ((held,),) = run(_EVICT, list(oids))
        if held:
            raise EngineError(
                "The relations could not be given their sizes.", why="the server holds pages of them in use."
            )

    def _of(self, tables: Iterable[int] | None) -> list[int]:
        if tables is None:
            return list(self._stored)
        wanted = set(tables)
        return [oid for oid, each in self._stored.items() if oid in wanted or each.table in wanted]

    def empty(self, tables: Iterable[int]) -> None:
        """Make tables and their indexes as CREATE made them; call `evict` before."""
        for oid in self._of(tables):
            head = self._empty[oid]
            self.files.resize(self._stored[oid].file, len(head) // BLOCK_BYTES, head)
            self._now.pop(oid, None)

    def changing(self, statistics: Statistics) -> list[int]:
        """Return the relations whose files differ from what the statistics ask for."""
        return [oid for oid, each in self._stored.items() if self._now.get(oid) != self._wanted(each, statistics)]

    def apply(self, statistics: Statistics) -> tuple[str, ...]:
        """Give all files their sizes, and say in sentences what could not be done; call `evict` before."""
        notes: list[str] = []
        for oid in self.changing(statistics):
            relation = self._stored[oid]
            pages, height = wanted = self._wanted(relation, statistics)
            if pages > MOST_PAGES:
                size = format_bytes(pages * BLOCK_BYTES)
                notes.append(f"{relation} would be {size}; a relation ends at 32 TiB, and is shown so.")
            self.files.resize(relation.file, min(pages, MOST_PAGES), self._head(relation, pages, height, statistics))
            self._now[oid] = wanted
        return tuple(notes)

    def height(self, oid: int) -> int:
        """Return the height that a B-tree was given."""
        return self._now[oid][1]

    def _wanted(self, relation: StoredRelation, statistics: Statistics) -> tuple[int, int]:
        known = statistics.by_relation.get((relation.schema, relation.name))
        if known is None:
            return (len(self._heads[relation.oid]) // BLOCK_BYTES, 0)
        pages = max(known.pages, 0)
        if relation.method != "btree":
            return (max(pages, 1 if relation.method else 0), 0)
        height = known.height if known.height is not None else _height(pages, relation.key_bytes)
        return (max(pages, height + 2 if pages > 1 else 1), height)

    def _head(self, relation: StoredRelation, pages: int, height: int, statistics: Statistics) -> bytes:
        """Return how a relation's file begins at this size."""
        head = self._heads[relation.oid]
        match relation.method:
            case "btree" if pages > 1:
                return btree_spine(head[:BLOCK_BYTES], height, btree_leaf(head))
            case "brin":
                table = self._table(relation, statistics)
                return brin_metapage(head, table.pages if table else 0) + head[BLOCK_BYTES:]
            case "gin":
                return gin_metapage(head, pages=0, entry_pages=0, data_pages=0, entries=0) + head[BLOCK_BYTES:]
        return head

    def _table(self, index: StoredRelation, statistics: Statistics) -> RelationStatistics | None:
        table = self.relations[index.table]
        return statistics.by_relation.get((table.schema, table.name))


def _height(pages: int, key_bytes: int) -> int:
    """Return the levels above the leaves of a B-tree of ``pages`` pages whose inner pages are 70 % full.

    An entry of an inner page is its pointer of 4 bytes, its header of 8 and its key, aligned to 8.
    """
    fan_out = max(2.0, 0.7 * (BLOCK_BYTES - 40) / (12 + 8 * math.ceil(key_bytes / 8)))
    return 0 if pages <= 2 else max(1, math.ceil(math.log(pages - 1) / math.log(fan_out)))
