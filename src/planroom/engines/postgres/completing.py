"""The sizes of indexes that statistics do not tell of, such as those that are only thought of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.errors import ModelError
from planroom.scaling.index_siblings import beside_known
from planroom.scaling.index_sizes import indexes_of, sized_index
from planroom.scaling.type_layouts import Layouts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planroom.engines.postgres.sizing import StoredRelation
    from planroom.model import Model
    from planroom.scaling.statistics import Statistics

__all__ = ["completed"]


def completed(
    statistics: Statistics, relations: Iterable[StoredRelation], model_of: Callable[[], Model]
) -> tuple[Statistics, tuple[str, ...]]:
    """Return the statistics with the sizes of all indexes whose table is known, and say which were worked out.

    Args:
        statistics: What is known.
        relations: The relations of the database.
        model_of: Reads the design from the database, with the names that the server gave; called when it is needed.
    """
    tables = {each.oid: each for each in relations}
    missing = [each for each in tables.values() if each.kind == "i" and _is_missing(each, tables, statistics)]
    if not missing:
        return statistics, ()
    model = model_of()
    by_name = {(each.schema, each.name): each for each in model.tables}
    layouts, found, said = Layouts(model), [], []
    for each in missing:
        table = by_name.get((tables[each.table].schema, tables[each.table].name))
        index = next((one for one in indexes_of(table) if one.name == each.name), None) if table else None
        if table is None or index is None:
            continue
        try:
            size, assumed = sized_index(index, table, statistics, model, layouts)
        except ModelError:
            continue
        found.append(beside_known(size, index, table, statistics, model, layouts))
        said += [f"{one.subject}: {one.text}." for one in assumed]
    if found:
        names = sorted(each.name for each in found)
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        said.insert(0, f"The size of {shown} is worked out from the rows of its table.")
    return replace(statistics, relations=(*statistics.relations, *found)), tuple(said)


def _is_missing(index: StoredRelation, tables: dict[int, StoredRelation], statistics: Statistics) -> bool:
    if (index.schema, index.name) in statistics.by_relation or index.table not in tables:
        return False
    table = tables[index.table]
    known = statistics.by_relation.get((table.schema, table.name))
    return known is not None and known.rows >= 0
