"""A model with 50 changes of 25 kinds planted into it, and what a comparison has to say of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from planroom.model import Annotations, Check, Column, Index, IndexColumn, Model, Table, Trigger
from planroom.sqltext import DataType, parse_expression

__all__ = ["COUNT", "Said", "planted"]

COUNT = 50

Said = tuple[str, str, str, str]
"""State, kind, subject and impact of a change."""

Plant = Callable[[Table], Table | None]


def planted(model: Model) -> tuple[Model, frozenset[Said]]:
    """Return the model with its 50 changes, and what has to be said of them: nothing more, nothing less.

    Args:
        model: One of at least 500 tables as ``_ddl.py plain`` makes them.
    """
    pointed_at = {key.referenced_table for table in model.tables for key in table.foreign_keys}
    leaves = [table for table in model.tables if table.id not in pointed_at and len(table.foreign_keys) == 2]
    hubs = [table for table in model.tables if table.id in pointed_at]
    tables, said, renamed = {table.id: table for table in model.tables}, set(), {}
    for number in range(COUNT):
        state, kind, part, impact, plant = _PLANTS[number % len(_PLANTS)]
        old = (hubs if plant is _renamed else leaves)[number * 3]
        new = plant(old)
        said.add((state, kind, _subject(old, new, part), impact))
        if kind == "table" and state == "added":
            tables[new.id] = new
        else:
            tables[old.id] = new
        if plant is _renamed:
            renamed[old.id] = new.id
    changed = (_pointing(table, renamed) for table in tables.values() if table is not None)
    return replace(model, tables=tuple(sorted(changed, key=lambda table: table.id))), frozenset(said)


def _subject(old: Table, new: Table | None, part: str) -> str:
    owner = new or old
    return f"{owner.id}.{part.format(table=old.name, parent=old.foreign_keys[0].columns[0])}" if part else owner.id


def _pointing(table: Table, renamed: dict[str, str]) -> Table:
    if not any(key.referenced_table in renamed for key in table.foreign_keys):
        return table
    keys = (replace(key, referenced_table=renamed.get(key.referenced_table, key.referenced_table))
            for key in table.foreign_keys)  # fmt: skip
    return replace(table, foreign_keys=tuple(keys))


def _column(column: str, **changes: object) -> Plant:
    """Return what changes a column."""

    def plant(table: Table) -> Table:
        columns = (replace(each, **changes) if each.name == column else each for each in table.columns)
        return replace(table, columns=tuple(columns))

    return plant


def _with(**parts: object) -> Plant:
    """Return what adds a part to a field that holds several."""
    return lambda table: replace(table, **{name: (*getattr(table, name), part) for name, part in parts.items()})


def _without(field: str, place: int) -> Plant:
    """Return what takes a part away."""

    def plant(table: Table) -> Table:
        parts = list(getattr(table, field))
        del parts[place]
        return replace(table, **{field: tuple(parts)})

    return plant


def _key(**changes: object) -> Plant:
    return lambda table: replace(
        table, foreign_keys=(replace(table.foreign_keys[0], **changes), *table.foreign_keys[1:])
    )


def _unique(name: str) -> Plant:
    return lambda table: replace(table, unique_constraints=(replace(table.unique_constraints[0], name=name),))


def _renamed(table: Table) -> Table:
    return replace(table, name=f"{table.name}_renamed")


_POSITIVE = parse_expression("amount > 0", {"amount": DataType("numeric", ("12", "2"))})
_BY_STATE = Index(name="by_state", columns=(IndexColumn("state"), IndexColumn("created_at", descending=True)))
_TOUCH = Trigger(name="touch", timing="before", events=("update",), function="public.touch", for_each_row=True)
_TEXT = DataType("text")
_FOREIGN_KEY = "{table}_{parent}_fkey"
_WRITERS, _READERS = "breaking for writers", "breaking for readers"

_PLANTS: tuple[tuple[str, str, str, str, Plant], ...] = (
    (
        "added",
        "table",
        "",
        "additive",
        lambda table: replace(table, name=f"new_{table.name}", columns=table.columns[:2]),
    ),
    ("removed", "table", "", "destructive", lambda table: None),
    ("renamed", "table", "", _READERS, _renamed),
    ("changed", "table", "", "compatible", lambda table: replace(table, comment="another")),
    ("changed", "table", "", "compatible", lambda table: replace(table, annotations=Annotations(owner="us"))),
    ("changed", "table", "", _READERS, lambda table: replace(table, row_security=True)),
    ("added", "column", "more", "additive", _with(columns=Column("more", _TEXT))),
    ("added", "column", "must", _WRITERS, _with(columns=Column("must", _TEXT, nullable=False))),
    ("removed", "column", "note", "destructive", _without("columns", -2)),
    ("renamed", "column", "notes", _READERS, _column("note", name="notes")),
    ("changed", "column", "code", "compatible", _column("code", type=_TEXT)),
    ("changed", "column", "amount", "destructive", _column("amount", type=DataType("numeric", ("8", "2")))),
    ("changed", "column", "amount", _WRITERS, _column("amount", nullable=False)),
    ("changed", "column", "created_at", _READERS, _column("created_at", nullable=True)),
    ("changed", "column", "state", _WRITERS, _column("state", default=None)),
    ("changed", "column", "note", "compatible", _column("note", comment="another")),
    ("removed", "foreign key", _FOREIGN_KEY, "compatible", _without("foreign_keys", 0)),
    ("changed", "foreign key", _FOREIGN_KEY, _WRITERS, _key(on_delete="cascade")),
    ("changed", "foreign key", _FOREIGN_KEY, "compatible", _key(validated=False)),
    ("removed", "unique", "{table}_code_key", _WRITERS, _without("unique_constraints", 0)),
    ("renamed", "unique", "code_is_unique", "compatible", _unique("code_is_unique")),
    ("removed", "primary key", "{table}_pkey", _READERS, lambda table: replace(table, primary_key=None)),
    ("added", "check", "positive", _WRITERS, _with(checks=Check(name="positive", expression=_POSITIVE))),
    ("added", "index", "by_state", "compatible", _with(indexes=_BY_STATE)),
    ("added", "trigger", "touch", _WRITERS, _with(triggers=_TOUCH)),
)
