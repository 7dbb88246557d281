"""What the page's panel tells of one table or view, as lists of plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.drawing.graph import Sign
from planroom.model import Table
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from planroom.model import Annotations, Column, Index, Trigger, View

__all__ = ["COLUMN_FIELDS", "FLAGS", "column_fields", "facts_of", "guards_of", "indexes_of"]

COLUMN_FIELDS = ("name", "type", "flags", "value", "comment", "pii")
FLAGS = (Sign.PRIMARY_KEY, Sign.FOREIGN_KEY, Sign.UNIQUE, Sign.INDEXED, Sign.NULLABLE, Sign.PERSONAL)
"""What a column's number of flags says, from its lowest bit."""


def column_fields(column: Column, signs: Collection[Sign], type_number: Callable[[str], int]) -> list[Any]:
    """Return a column in the order of `COLUMN_FIELDS`.

    Args:
        column: The column.
        signs: The signs of its row in the picture.
        type_number: Gives the number of a type's name.
    """
    written = "" if column.type == column.type.UNKNOWN else column.type.short
    flags = sum(1 << at for at, sign in enumerate(FLAGS) if sign in signs)
    return [column.name, type_number(written), flags, _value(column), column.comment, column.annotations.pii]


def _value(column: Column) -> str:
    """Return what fills the column when nothing is written to it."""
    if column.identity:
        return f"identity, {'always' if column.identity.always else 'by default'}"
    if column.generated:
        return f"{'stored' if column.generated.stored else 'virtual'} {column.generated.expression}"
    return f"default {column.default}" if column.default else ""


def facts_of(thing: Table | View) -> list[list[str]]:
    """Return what is declared of a table or view as pairs of a name and words."""
    return [[name, words] for name, words in (*_declared(thing.annotations), *_kept(thing)) if words]


def _declared(notes: Annotations) -> Iterator[tuple[str, str]]:
    yield "rows", format_count(notes.rows) if notes.rows is not None else ""
    yield "growth", notes.growth
    yield "owner", notes.owner
    yield "aggregate", notes.aggregate
    yield "personal data", notes.pii
    yield "retention", notes.retention
    yield from notes.other


def _kept(thing: Table | View) -> Iterator[tuple[str, str]]:
    if not isinstance(thing, Table):
        return
    if thing.partitioning:
        columns = ", ".join(map(str, thing.partitioning.columns))
        yield "partitioned", f"by {thing.partitioning.strategy} ({columns})"
    yield "inherits", ", ".join(thing.inherits)
    yield "row security", ("forced" if thing.force_row_security else "enabled") if thing.row_security else ""
    yield "logging", "unlogged" if thing.unlogged else ""
    yield "server", thing.external


def indexes_of(thing: Table | View) -> list[list[str]]:
    """Return keys and indexes as kind, columns and name."""
    found: list[list[str]] = []
    if isinstance(thing, Table):
        if thing.primary_key:
            found.append(["primary key", ", ".join(thing.primary_key.columns), thing.primary_key.name])
        found += [["unique", ", ".join(key.columns), key.name] for key in thing.unique_constraints]
    return found + [[_index_kind(each), _index_parts(each), each.name] for each in thing.indexes]


def _index_kind(index: Index) -> str:
    kind = "unique index" if index.unique else "index"
    return kind if index.method == "btree" else f"{kind}, {index.method}"


def _index_parts(index: Index) -> str:
    parts = ", ".join(f"{part} desc" if part.descending else str(part) for part in index.columns)
    parts += f" include {', '.join(index.include)}" if index.include else ""
    return f"{parts} where {index.predicate}" if index.predicate else parts


def guards_of(thing: Table | View) -> list[list[str]]:
    """Return checks, exclusions, triggers and policies as kind, words and name."""
    found: list[list[str]] = []
    if isinstance(thing, Table):
        found += [["check", str(each.expression), each.name] for each in thing.checks]
        for each in thing.exclusions:
            parts = ", ".join(f"{part.column} with {part.operator}" for part in each.elements)
            found.append(["exclusion", parts, each.name])
    found += [["trigger", _trigger(each), each.name] for each in thing.triggers]
    for policy in thing.policies if isinstance(thing, Table) else ():
        told = [f"{policy.command} for {', '.join(policy.roles)}"]
        told += [f"using {policy.using}"] if policy.using else []
        told += [f"with check {policy.check}"] if policy.check else []
        found.append(["policy", " ".join(told), policy.name])
    if not isinstance(thing, Table):
        found.append(["query", str(thing.query).strip(), ""])
    return found


def _trigger(trigger: Trigger) -> str:
    when = f" when {trigger.when}" if trigger.when else ""
    return f"{trigger.timing} {' or '.join(trigger.events)}{when}: {trigger.function}()"
