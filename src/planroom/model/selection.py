"""Selectors: how people name objects of a model, one or many.

A selector is ``table``, ``schema.table``, ``table.column`` or ``schema.table.column``. ``*`` and ``?`` are wildcards
inside a part; a part with a dot or a blank in it is quoted: ``sales."Order Lines".id``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from planroom.errors import ModelError, QuantityError, nearest
from planroom.findings import Finding, Fix, Location, Severity
from planroom.model.annotations import Annotations
from planroom.model.names import ObjectId, qualified
from planroom.quantities import parse_count
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planroom.model.columns import Column
    from planroom.model.model import Model
    from planroom.model.tables import Table, View

__all__ = ["Selector", "annotate", "annotations_from", "select"]

_PART = re.compile(r'"((?:[^"]|"")*)"|([^."]+)')


@dataclass(frozen=True)
class Selector:
    """A parsed selector.

    Attributes:
        text: As written.
        parts: One to three patterns, from the outside in.
    """

    text: str
    parts: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Selector:
        """Return the selector that a text means.

        Raises:
            ModelError: The text has no part, or more than three.
        """
        parts = tuple(quoted.replace('""', '"') or plain.strip() for quoted, plain in _PART.findall(text))
        if not 1 <= len(parts) <= 3:
            raise ModelError(
                f"{text!r} is not a selector.",
                why=f"it has {len(parts)} parts.",
                fix="write table, schema.table, table.column or schema.table.column; * is a wildcard.",
            )
        return cls(text, parts)

    @property
    def exactness(self) -> tuple[int, int]:
        """How exact it is: more parts, and more parts without a wildcard, win."""
        return sum(not set(part) & set("*?[") for part in self.parts), len(self.parts)

    def matches_table(self, table: Table | View) -> bool:
        """Whether it names this table or view."""
        return _matches(self.parts, (table.schema, table.name)) or _matches(self.parts, (table.name,))

    def matches_column(self, table: Table | View, column: Column) -> bool:
        """Whether it names this column."""
        return _matches(self.parts, (table.schema, table.name, column.name)) or _matches(
            self.parts, (table.name, column.name)
        )


def _matches(patterns: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return len(patterns) == len(names) and all(
        name == pattern or fnmatchcase(name, pattern) for pattern, name in zip(patterns, names, strict=True)
    )


def select(model: Model, *selectors: str) -> tuple[ObjectId, ...]:
    """Return the ids of the tables, views and columns that any of the selectors names, sorted.

    Raises:
        ModelError: A text is no selector.
    """
    parsed = [Selector.parse(text) for text in selectors]
    found = set()
    for table in model.tables_and_views:
        if any(selector.matches_table(table) for selector in parsed):
            found.add(table.id)
        for column in table.columns:
            if any(selector.matches_column(table, column) for selector in parsed):
                found.add(qualified(table.schema, table.name, column.name))
    return tuple(sorted(found))


_TEXTS = ("context", "aggregate", "owner", "pii", "retention", "growth", "domain", "renamed_from", "values", "follows")
_NUMBERS = ("distinct", "null_fraction", "skew", "children", "correlation")
_RANGES = {
    "null_fraction": (0.0, 1.0),
    "correlation": (-1.0, 1.0),
    "children": (0.0, 1e12),
    "distinct": (0.0, 1e18),
    "skew": (0.0, 20.0),
}


def annotations_from(values: Mapping[str, Any]) -> Annotations:
    """Return the annotations that a mapping of keys to values means; unknown keys are kept in ``other``.

    Raises:
        ModelError: A value makes no sense for its key.
    """
    found: dict[str, Any] = {key: _text(values[key]) for key in _TEXTS if values.get(key) not in (None, "")}
    try:
        if values.get("rows") is not None:
            found["rows"] = parse_count(values["rows"])
        found |= {key: float(values[key]) for key in _NUMBERS if values.get(key) is not None}
    except (QuantityError, TypeError, ValueError) as error:
        raise ModelError("An annotation makes no sense.", why=str(error).partition("\n")[0]) from None
    if found.get("domain", "closed") not in {"closed", "grows"}:
        raise ModelError(
            f"The domain of a column cannot be {found['domain']!r}.", fix="write domain: closed, or domain: grows."
        )
    for key, (low, high) in _RANGES.items():
        if not low <= found.get(key, low) <= high:
            raise ModelError(
                f"The annotation {key} cannot be {found[key]:g}.", fix=f"write a number from {low:g} to {high:g}."
            )
    known = {*_TEXTS, *_NUMBERS, "rows"}
    other = tuple(sorted((str(key), str(value)) for key, value in values.items() if key not in known))
    return Annotations(**found, other=other)


def _text(value: Any) -> str:
    return "|".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def annotate(model: Model, notes: Mapping[str, Mapping[str, Any]], *, source: str = "") -> Model:
    """Return the model with annotations from selectors.

    The more exact selector wins, key by key; of two equally exact ones the later. A selector that names nothing
    becomes a finding of the model.

    Args:
        model: The model.
        notes: Values by key, by selector.
        source: Where the notes come from, for findings.
    """
    parsed = sorted(((Selector.parse(text), values) for text, values in notes.items()), key=lambda x: x[0].exactness)
    used: set[str] = set()
    tables = tuple(_annotated(table, parsed, used) for table in model.tables)
    views = tuple(_annotated(view, parsed, used) for view in model.views)
    dead = tuple(_dead(model, selector, source) for selector, _ in parsed if selector.text not in used)
    return replace(model, tables=tables, views=views, findings=(*model.findings, *dead))


def _annotated(table: Any, parsed: Iterable[tuple[Selector, Mapping[str, Any]]], used: set[str]) -> Any:
    """Return a table or view, and its columns, with what the selectors say of them."""
    mine: dict[str, Any] = {}
    columns: dict[str, dict[str, Any]] = {}
    for selector, values in parsed:
        if selector.matches_table(table):
            mine |= values
            used.add(selector.text)
        for column in table.columns if len(selector.parts) > 1 else ():
            if selector.matches_column(table, column):
                columns.setdefault(column.name, {}).update(values)
                used.add(selector.text)
    if not mine and not columns:
        return table
    return replace(
        table,
        annotations=annotations_from({**_values(table.annotations), **mine}),
        columns=tuple(
            replace(column, annotations=annotations_from({**_values(column.annotations), **columns[column.name]}))
            if column.name in columns
            else column
            for column in table.columns
        ),
    )


def _values(annotations: Annotations) -> dict[str, Any]:
    named = {key: getattr(annotations, key) for key in (*_TEXTS, *_NUMBERS, "rows")}
    return {**dict(annotations.other), **{key: value for key, value in named.items() if value not in {None, ""}}}


def _dead(model: Model, selector: Selector, source: str) -> Finding:
    names = [table.name for table in model.tables_and_views]
    close = nearest(selector.parts[-1], names)
    return Finding(
        code="NOTE001",
        slug="selector-matches-nothing",
        severity=Severity.WARNING,
        message=f"the selector {selector.text!r} matches no table, view or column",
        location=Location(source),
        why="What it annotates was renamed or dropped, or never existed.",
        fix=Fix(f"did you mean {close!r}?" if close else "remove it, or name what it meant."),
    )
