"""The relations of a scaled database and the sizes that they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import EngineError
from planroom.scaling.btree_sizes import btree_height
from planroom.scaling.pages import BLOCK_BYTES, MOST_PAGES, brin_metapage, btree_leaf, btree_spine, gin_metapage
from planroom.sqltext import quote_identifier
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planroom.engines.postgres.inflating import SparseFiles
    from planroom.scaling.statistics import Statistics

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["Sizes", "StoredRelation", "column_names", "stored_relations"]

_HEAD_PAGES = 8  # more than any access method makes for an empty table
_RELATIONS = """
    SELECT c.oid::int8, n.nspname, c.relname, c.relkind::text, coalesce(pg_catalog.pg_relation_filepath(c.oid), ''),
        coalesce(am.amname, ''), coalesce(i.indrelid, 0)::int8,
        ARRAY(SELECT a.attname::text FROM unnest(i.indkey[:i.indnkeyatts - 1]) WITH ORDINALITY AS k (number, place)
            JOIN pg_catalog.pg_attribute a ON k.number > 0 AND (a.attrelid, a.attnum) = (i.indrelid, k.number)
                OR k.number = 0 AND (a.attrelid, a.attnum) = (i.indexrelid, k.place) ORDER BY k.place)
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam AND c.relkind = 'i'
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm', 'i', 'p', 'I')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    ORDER BY c.oid
"""

_COLUMNS = """
    SELECT n.nspname, c.relname, a.attname
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'm', 'i', 'p')
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
        keys: Of an index, the columns of its key; of an expression, the name that the server gave it.
    """

    oid: int
    schema: str
    name: str
    kind: str
    file: str
    method: str
    table: int
    keys: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def quoted(self) -> str:
        """Its name as SQL takes it."""
        return f"{quote_identifier(self.schema)}.{quote_identifier(self.name)}"


def stored_relations(run: Run) -> tuple[StoredRelation, ...]:
    """Return the tables, materialised views and indexes of the database, in the order in which they were made."""
    found = run(_RELATIONS)
    return tuple(
        StoredRelation(oid, schema, name, kind, file, method, table, tuple(keys))
        for oid, schema, name, kind, file, method, table, keys in found
    )


def column_names(run: Run) -> frozenset[tuple[str, str, str]]:
    """Return schema, relation and name of each column, and of each expression of an index."""
    return frozenset((schema, relation, name) for schema, relation, name in run(_COLUMNS))


@dataclass(frozen=True, slots=True)
class _Size:
    """What decides how a file looks: its pages, a B-tree's height, the counts of GIN, the pages of BRIN's table."""

    pages: int
    height: int = 0
    counts: tuple[float, ...] | None = None
    table_pages: int = 0


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
        self._now: dict[int, _Size] = {}

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

    def give_leaf(self, oid: int, leaf: bytes) -> None:
        """Let the only leaf of a B-tree, which has one, be another page."""
        self._heads[oid] = self._heads[oid][:BLOCK_BYTES] + leaf
        self._now.pop(oid, None)

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

    def apply(self, run: Run, statistics: Statistics) -> None:
        """Give all files their sizes; call `evict` before."""
        # A server that comes back from a crash repeats no change to pages that are as new as its log.
        ((written,),) = run("SELECT (pg_catalog.pg_current_wal_insert_lsn() - '0/0')::int8")
        for oid in self.changing(statistics):
            relation = self._stored[oid]
            size = self._wanted(relation, statistics)
            self.files.resize(relation.file, size.pages, _head(relation.method, self._heads[oid], size, written))
            self._now[oid] = size

    def height(self, oid: int) -> int:
        """Return the height that a B-tree was given."""
        return self._now[oid].height

    def pages(self, oid: int) -> int:
        """Return the pages that a relation's file was given."""
        return self._now[oid].pages

    def _wanted(self, relation: StoredRelation, statistics: Statistics) -> _Size:
        known = statistics.by_relation.get((relation.schema, relation.name))
        if known is None:
            return _Size(len(self._heads[relation.oid]) // BLOCK_BYTES)
        pages = min(max(known.pages, 1 if relation.method else 0), MOST_PAGES)
        match relation.method:
            case "btree" if pages > 1:
                height = known.height
                if height is None:
                    height = btree_height(pages, 8 + self._key_bytes(relation, statistics))
                return _Size(max(pages, height + 2), height)
            case "brin":
                table = self.relations[relation.table]
                size = statistics.by_relation.get((table.schema, table.name))
                return _Size(pages, table_pages=size.pages if size else 0)
        return _Size(pages, counts=known.counts)

    def _key_bytes(self, index: StoredRelation, statistics: Statistics) -> int:
        table = self.relations[index.table].name
        known = statistics.by_column
        places = [((index.schema, table, name, False), (index.schema, index.name, name, False)) for name in index.keys]
        found = [known.get(of_table) or known.get(of_index) for of_table, of_index in places]
        return sum(each.width if each else 8 for each in found)


def _head(method: str, head: bytes, size: _Size, written: int) -> bytes:
    """Return how a relation's file begins at a size, from how it begins without rows."""
    match method:
        case "btree" if size.pages > 1:
            return btree_spine(head[:BLOCK_BYTES], size.height, btree_leaf(head), written=written)
        case "brin":
            return brin_metapage(head, size.table_pages) + head[BLOCK_BYTES:]
        case "gin":
            return gin_metapage(head, size.counts) + head[BLOCK_BYTES:]
    return head
