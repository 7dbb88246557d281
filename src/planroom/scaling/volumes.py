"""How many rows each table has at the scale that is asked for: what is asked, what is declared, and what follows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planroom.errors import QuantityError
from planroom.quantities import format_count, parse_count
from planroom.scaling.statistics import Assumption

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.model import Model, ObjectId, Table

__all__ = ["MOST_ROWS", "asked_rows", "growing_with", "referring_to", "volumes"]

MOST_ROWS = 1e15
"""More rows than any relation of 32 TiB can hold."""

_CHILDREN = 3.0  # rows of a child for each of its parent, where nothing says otherwise
_PARENTS = 0.75  # the power of a child's rows that its parent has: 5.6 million customers for a billion orders
_ALONE = 1_000.0


def asked_rows(model: Model, rows: Mapping[str, str | float]) -> dict[ObjectId, float]:
    """Return the rows that are asked for, by the id of the table, or of the root of its partitions.

    Raises:
        UnknownNameError: No table bears a name, or more than one do.
        QuantityError: A number makes no sense, or no relation could hold so many.
    """
    found: dict[ObjectId, float] = {}
    for name, number in rows.items():
        table = model.roots[model.table(name).id]
        count = float(parse_count(number))
        if count > MOST_ROWS:
            raise QuantityError(
                f"{table} cannot have {format_count(count)} rows.",
                why="a relation of PostgreSQL ends at 32 TiB, which is fewer rows whatever they hold.",
            )
        found[table] = count
    return found


def referring_to(model: Model) -> dict[ObjectId, set[ObjectId]]:
    """Return for each table the tables that refer to it; partitions count as the table that they are of."""
    found: dict[ObjectId, set[ObjectId]] = {}
    for relation in model.relations:
        parent, child = (model.roots.get(each, each) for each in (relation.parent, relation.child))
        if parent != child:
            found.setdefault(parent, set()).add(child)
    return found


def growing_with(model: Model, table: ObjectId) -> tuple[ObjectId, ...]:
    """Return the tables that grow when a table does: those that refer to it, and so on, sorted; not itself.

    A table whose own number of rows is fixed by declaration, with ``domain: closed``, does not.
    """
    children = referring_to(model)
    reached, waiting = {table}, [table]
    while waiting:
        for child in sorted(children.get(waiting.pop(), ())):
            if child not in reached and _grows(model, child):
                reached.add(child)
                waiting.append(child)
    return tuple(sorted(reached - {table}))


def _grows(model: Model, table: ObjectId) -> bool:
    known = model.tables_by_id.get(table)
    return known is not None and known.annotations.domain != "closed"


def volumes(
    model: Model, asked: Mapping[ObjectId, float], known: Mapping[ObjectId, float] | None = None
) -> tuple[dict[ObjectId, float], tuple[Assumption, ...]]:
    """Return the rows of every table that is no partition, and what was assumed to get there.

    What is asked for holds. A table that refers to one asked for, over any number of steps, grows in step with it from
    the rows that are known or declared. All others have what is known, else what is declared. Where nothing is said, a
    table that refers to another has three rows for each of its largest parent; one that others refer to has its
    smallest child's rows to the power of 3/4, for a parent of many has many more children than one of a few; any other
    has 1,000.

    Args:
        model: The design.
        asked: Rows by table id, as `asked_rows` gives them.
        known: Rows that a database has, by table id.
    """
    tables = [each for each in model.tables if not each.partition_of]
    start = {each.id: said for each in tables if (said := _said(each, known or {})) is not None}
    factors = _factors(model, asked, start)
    rows = {name: count * factors.get(name, 1.0) for name, count in start.items()} | dict(asked)
    assumed = [
        Assumption(name, f"grows in step with what it refers to: {format_count(rows[name])} rows", "rule")
        for name, factor in factors.items()
        if factor != 1.0
    ]
    assumed += [
        Assumption(
            table.id, f"{format_count(rows[table.id])} rows: nothing is declared, and rows= or a note can say it"
        )
        for table in _unsaid(model, tables, rows)
    ]
    return {each.id: rows[each.id] for each in tables}, tuple(assumed)


def _said(table: Table, known: Mapping[ObjectId, float]) -> float | None:
    if known.get(table.id, -1.0) >= 0:
        return known[table.id]
    return None if table.annotations.rows is None else float(table.annotations.rows)


def _factors(model: Model, asked: Mapping[ObjectId, float], start: Mapping[ObjectId, float]) -> dict[ObjectId, float]:
    """Return by how much tables grow with those that are asked for; with several, by the geometric mean."""
    logs: dict[ObjectId, list[float]] = {}
    for name, count in asked.items():
        if count > 0 and start.get(name, 0.0) > 0:
            for other in growing_with(model, name):
                if other in start and other not in asked:
                    logs.setdefault(other, []).append(math.log(count / start[name]))
    return {name: math.exp(math.fsum(found) / len(found)) for name, found in sorted(logs.items())}


def _unsaid(model: Model, tables: list[Table], rows: dict[ObjectId, float]) -> list[Table]:
    """Give the tables of which nothing is known a number of rows, in ``rows``, and return them."""
    missing = [each for each in tables if each.id not in rows]
    children = referring_to(model)
    parents: dict[ObjectId, set[ObjectId]] = {}
    for parent, found in children.items():
        for child in found:
            parents.setdefault(child, set()).add(parent)
    waiting = list(missing)
    while waiting:
        told = [each for each in waiting if _follows(each.id, rows, parents, children)]
        if not told:
            rows.update({each.id: _ALONE for each in waiting[:1]})
            told = waiting[:1]
        settled = {each.id for each in told}
        waiting = [each for each in waiting if each.id not in settled]
    return missing


def _follows(
    name: ObjectId,
    rows: dict[ObjectId, float],
    parents: Mapping[ObjectId, set[ObjectId]],
    children: Mapping[ObjectId, set[ObjectId]],
) -> bool:
    """Set the rows of a table by those of its neighbours, if any are known."""
    above = [rows[each] for each in parents.get(name, ()) if each in rows]
    below = [rows[each] for each in children.get(name, ()) if each in rows]
    if above:
        rows[name] = max(above) * _CHILDREN
    elif below:
        rows[name] = max(1.0, float(round(min(below) ** _PARENTS)))
    return bool(above or below)
