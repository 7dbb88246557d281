"""Which tables of a design each element of a system owns.

A selector is ``context:ordering`` (all tables of a bounded context), ``table:identity.*``, or a table's name without
the word before it. What it finds is looked up in the model, so that a table that moves to another context moves to
another owner.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planroom.architecture.flows import Element
    from planroom.model import Model

__all__ = ["Ownership", "owned_tables", "personal_data", "tables_of"]


@dataclass(frozen=True)
class Ownership:
    """Who owns what.

    Attributes:
        owned: The tables of each element that owns some, by its id; sorted, partitions left out.
        dead: Elements and their selectors that name nothing.
        unowned: The tables that nobody owns, where anybody owns any.
    """

    owned: Mapping[str, tuple[str, ...]]
    dead: tuple[tuple[str, str], ...]
    unowned: tuple[str, ...]

    @cached_property
    def owners(self) -> Mapping[str, tuple[str, ...]]:
        """The elements that own each table, by the table's id."""
        found: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for element, tables in self.owned.items():
            for table in tables:
                found[table] += (element,)
        return dict(found)


def owned_tables(elements: Iterable[Element], model: Model | None) -> Ownership:
    """Return who owns which tables of a model; without a model nobody owns any."""
    if model is None:
        return Ownership({}, (), ())
    owned: dict[str, tuple[str, ...]] = {}
    dead: list[tuple[str, str]] = []
    for element in elements:
        found = {selector: tables_of(model, selector) for selector in element.owns}
        dead += [(element.id, selector) for selector, tables in found.items() if not tables]
        tables = sorted({table for tables in found.values() for table in tables})
        if tables:
            owned[element.id] = tuple(tables)
    taken = {table for tables in owned.values() for table in tables}
    rest = (each.id for each in model.tables if not each.partition_of and each.id not in taken)
    return Ownership(owned, tuple(dead), tuple(rest) if owned else ())


def tables_of(model: Model, selector: str) -> tuple[str, ...]:
    """Return the ids of the tables that a selector names, partitions left out."""
    kind, _, name = selector.rpartition(":")
    tables = [table for table in model.tables if not table.partition_of]
    if kind == "context":
        return tuple(table.id for table in tables if table.annotations.context == name)
    found = frozenset(model.select(name))
    return tuple(table.id for table in tables if table.id in found)


def personal_data(model: Model | None, selectors: Sequence[str]) -> tuple[str, ...]:
    """Return the classes of personal data in the columns that selectors name: tables, contexts or single columns."""
    if model is None or not selectors:
        return ()
    tables = {table for selector in selectors for table in tables_of(model, selector)}
    names = [each.rpartition(":")[2] for each in selectors if not each.startswith("context:")]
    columns = frozenset(model.select(*names))
    found = [
        column.annotations.pii
        for table in model.tables
        for column in table.columns
        if column.annotations.pii and (table.id in tables or f"{table.id}.{column.name}" in columns)
    ]
    return tuple(sorted(set(found)))
