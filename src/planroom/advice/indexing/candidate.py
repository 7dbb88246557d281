"""An index that is not there, and the statements that would make it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.sqltext import quote_identifier
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.model import Index, IndexColumn, Model, ObjectId, Table

__all__ = ["CandidateIndex", "PartitionIndex", "index_sql", "user_sql"]


@dataclass(frozen=True, slots=True)
class PartitionIndex:
    """The index of a partition that an index of its partitioned table brings.

    Attributes:
        table: The id of the partition.
        parent: The name of the index that it belongs to.
        name: Its own name.
        there: It is there already, and is taken as it is.
    """

    table: ObjectId
    parent: str
    name: str
    there: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateIndex:
    """An index that some queries might use.

    Attributes:
        table: The id of its table.
        index: The index; its name is no other candidate's and no relation's in the model.
        queries: The numbers of the queries that made it, in order.
        possible: The numbers of all queries that could use it.
        partitions: For a partitioned table, its partitions at all depths with the names that their indexes get.
        statement: CREATE INDEX, for a database of one's own.
        ddl: The statements for a database in use: CONCURRENTLY, and partition by partition where that is needed.
    """

    table: ObjectId
    index: Index
    queries: tuple[int, ...]
    possible: tuple[int, ...]
    partitions: tuple[PartitionIndex, ...] = ()
    statement: str
    ddl: str

    @property
    def name(self) -> str:
        """The index's name."""
        return self.index.name

    def __str__(self) -> str:
        return self.statement


def index_sql(index: Index, table: Table, *, how: str = "", only: bool = False, name: str = "") -> str:
    """Return the CREATE INDEX that makes an index, without a semicolon.

    Args:
        index: The index.
        table: Its table.
        how: What stands after INDEX, such as ``CONCURRENTLY``; the schema ``public`` is left out then.
        only: Whether partitions are to be left out.
        name: Its name, where that is not the index's own.
    """
    keys = ", ".join(_part(each) for each in index.columns)
    parts = [
        f"CREATE {'UNIQUE ' * index.unique}INDEX",
        how,
        quote_identifier(name or index.name),
        f"ON {'ONLY ' * only}{_table(table)}",
        f"USING {index.method} ({keys})" if index.method != "btree" else f"({keys})",
        f"INCLUDE ({', '.join(map(quote_identifier, index.include))})" if index.include else "",
        f"WHERE {index.predicate}" if index.predicate is not None else "",
    ]
    return " ".join(filter(None, parts))


def _table(table: Table) -> str:
    return f"{quote_identifier(table.schema)}.{quote_identifier(table.name)}"


def _part(part: IndexColumn) -> str:
    words = [
        quote_identifier(part.column) if part.expression is None else f"({part.expression})",
        part.operator_class,
        "DESC" if part.descending else "",
        "" if part.descending == part.nulls_first else "NULLS FIRST" if part.nulls_first else "NULLS LAST",
    ]
    return " ".join(filter(None, words))


def user_sql(index: Index, table: Table, partitions: Sequence[PartitionIndex], model: Model) -> str:
    """Return the statements that make an index without stopping writers for as long as the build takes.

    CREATE INDEX CONCURRENTLY is refused on a partitioned table: there an empty index is made ON ONLY it, those of the
    partitions are built CONCURRENTLY one after the other, and each is attached. The last makes the whole valid.

    Args:
        index: The index.
        table: Its table.
        partitions: What it brings, as `CandidateIndex.partitions` has it.
        model: The design.

    Source: PostgreSQL manual, "CREATE INDEX", "Building Indexes Concurrently"; "ALTER INDEX ... ATTACH PARTITION".
    """
    if table.partitioning is None:
        return f"{index_sql(index, table, how='CONCURRENTLY')};"
    lines = [index_sql(index, table, only=True)]
    schemas = {index.name: table.schema}
    for each in partitions:
        inner = model.tables_by_id[each.table]
        schemas[each.name] = inner.schema
        split = inner.partitioning is not None
        if not each.there:
            lines.append(index_sql(index, inner, how="" if split else "CONCURRENTLY", only=split, name=each.name))
        paths = ((schemas[name], name) for name in (each.parent, each.name))
        whole, part = (".".join(map(quote_identifier, path)) for path in paths)
        lines.append(f"ALTER INDEX {whole} ATTACH PARTITION {part}")
    return "\n".join(f"{line};" for line in lines)
