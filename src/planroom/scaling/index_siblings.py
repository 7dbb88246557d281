"""An index that would be, beside one that is there: their sizes differ by what their columns do, and not by chance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.scaling.index_sizes import indexes_of, sized_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.model import Index, Model, Table
    from planroom.scaling.statistics import RelationStatistics, Statistics
    from planroom.scaling.type_layouts import Layouts

__all__ = ["beside_known"]

_AS_BUILT = 0.01  # an index that is larger than the formula has it has seen changes: a new one is not so large
_ALIKE = 0.1  # of others the planner would not take one for the other


def beside_known(
    size: RelationStatistics, index: Index, table: Table, statistics: Statistics, model: Model, layouts: Layouts
) -> RelationStatistics:
    """Return an index's size in proportion to that of an index that begins with the same column and is much alike.

    The rows of a table and its different values are estimates from a sample; the pages of an index that is there are
    counted. A page more or less decides between two indexes that are equal to a query, and the estimates' chance must
    not.

    Args:
        size: What the formula says of the index.
        index: The index.
        table: Its table.
        statistics: What is known of the table and its indexes.
        model: The design.
        layouts: How types are stored.
    """
    pairs = list(_siblings(size, index, table, statistics, model, layouts))
    if not pairs:
        return size
    made, known = min(pairs, key=lambda pair: (abs(pair[0] - size.pages), pair))
    return replace(size, pages=round(size.pages * known / made))


def _siblings(
    size: RelationStatistics, index: Index, table: Table, statistics: Statistics, model: Model, layouts: Layouts
) -> Iterator[tuple[int, int]]:
    """Yield the pages that the formula gives, and those that there are, of indexes that are alike and as built."""
    if index.method != "btree" or index.predicate or size.pages <= 0:
        return
    for each in indexes_of(table):
        known = statistics.by_relation.get((table.schema, each.name))
        if known is None or known.pages <= 1 or each.name == index.name or each.method != "btree" or each.predicate:
            continue
        if not each.columns[0].column or each.columns[0].column != index.columns[0].column:
            continue
        made = sized_index(each, table, statistics, model, layouts)[0].pages
        if abs(made / size.pages - 1) <= _ALIKE and abs(known.pages / made - 1) <= _AS_BUILT:
            yield made, known.pages
