"""Candidates with their names and statements."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.advice.indexing.candidate import CandidateIndex, PartitionIndex, index_sql, user_sql
from planroom.ddl.indexes import is_plain_index_parent, naming_parts
from planroom.ddl.naming import key_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planroom.model import Index, Model, Table

__all__ = ["built", "names_taken"]


def names_taken(model: Model) -> set[tuple[str, str]]:
    """Return the names of all relations, with their schemas."""
    named = (*model.tables_and_views, *model.sequences, *model.composite_types)
    names = {(each.schema, each.name) for each in named}
    names |= {(each.schema, index.name) for each in model.tables_and_views for index in each.indexes}
    return names | {(each.schema, key.name) for each in model.tables for key in (*each.keys, *each.exclusions)}


def built(
    model: Model,
    table: Table,
    index: Index,
    taken: set[tuple[str, str]],
    *,
    queries: Iterable[int],
    possible: Iterable[int],
) -> CandidateIndex:
    """Return a candidate with a name that is nobody's in any schema.

    Args:
        model: The design.
        table: The index's table.
        index: The index, without a name.
        taken: The names of relations with their schemas; those of the candidate are added.
        queries: The numbers of the queries that made it.
        possible: The numbers of those that could use it.
    """
    anywhere = {name for _, name in taken}
    named = replace(index, name=key_name(table.name, naming_parts(index), "idx", anywhere.__contains__))
    taken.add((table.schema, named.name))
    partitions = tuple(_partitions(model, table, named, taken))
    return CandidateIndex(
        table=table.id,
        index=named,
        queries=tuple(sorted(queries)),
        possible=tuple(sorted(possible)),
        partitions=partitions,
        statement=index_sql(named, table),
        ddl=user_sql(named, table, partitions, model),
    )


def _partitions(model: Model, table: Table, index: Index, taken: set[tuple[str, str]]) -> Iterator[PartitionIndex]:
    """Yield the indexes that one on a partitioned table brings, named as the server names them."""
    for partition in model.partitions.get(table.id, ()):
        own = next((each for each in partition.indexes if not each.parent and is_plain_index_parent(index, each)), None)
        if own is not None:
            yield PartitionIndex(partition.id, index.name, own.name, there=True)
            continue
        named = {name for schema, name in taken if schema == partition.schema}
        inner = key_name(partition.name, naming_parts(index), "idx", named.__contains__)
        taken.add((partition.schema, inner))
        yield PartitionIndex(partition.id, index.name, inner)
        yield from _partitions(model, partition, replace(index, name=inner), taken)
