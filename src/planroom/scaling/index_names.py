"""The indexes of a model by their names, those of constraints too, and what the server calls their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.ddl.naming import index_column_names, truncated
from planroom.sqltext import MAX_IDENTIFIER_BYTES, mentioned_columns
from planroom.sqltext.output_names import NO_NAME, output_name
from planroom.sqltext.rewriting import parse_expression_tree
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planroom.model import IndexColumn, Model, Table, View

__all__ = ["KnownIndex", "known_indexes"]


@dataclass(frozen=True, slots=True)
class KnownIndex:
    """An index as the catalog would have it.

    Attributes:
        table: Its table, in the same schema.
        columns: What the server calls its columns, the included ones last.
        expressions: The texts of its expressions.
    """

    schema: str
    name: str
    table: str
    method: str
    columns: tuple[str, ...]
    expressions: tuple[str, ...] = ()

    @property
    def mentions(self) -> frozenset[str]:
        """The columns that its expressions mention."""
        return frozenset().union(*map(mentioned_columns, self.expressions))


def known_indexes(model: Model) -> Mapping[tuple[str, str], KnownIndex]:
    """Return the indexes of a model's tables and materialised views, by schema and name."""
    found = (index for each in model.tables_and_views for index in _of(each))
    return {(each.schema, each.name): each for each in found}


def _of(table: Table | View) -> Iterator[KnownIndex]:
    for index in table.indexes:
        yield _index(table, index.name, index.method, index.columns, index.include)
    for key in getattr(table, "keys", ()):
        method = "gist" if key.without_overlaps else "btree"
        names = index_column_names((*key.columns, *key.include))
        yield KnownIndex(table.schema, key.name, table.name, method, names)
    for exclusion in getattr(table, "exclusions", ()):
        parts = [element.column for element in exclusion.elements]
        yield _index(table, exclusion.name, exclusion.method, parts, exclusion.include)


def _index(
    table: Table | View, name: str, method: str, parts: Sequence[IndexColumn], include: Sequence[str]
) -> KnownIndex:
    names = index_column_names([*map(_part_name, parts), *include])
    expressions = tuple(part.expression.text for part in parts if part.expression is not None)
    return KnownIndex(table.schema, name, table.name, method, names, expressions)


def _part_name(part: IndexColumn) -> str:
    """Return what the server calls a key part: FigureIndexColname() in src/backend/parser/parse_target.c."""
    if part.expression is None:
        return part.column
    found = output_name({"val": parse_expression_tree(part.expression.text)})
    return "expr" if found == NO_NAME else truncated(found, MAX_IDENTIFIER_BYTES)
