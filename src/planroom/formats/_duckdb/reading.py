"""DuckDB's catalog, as plain rows, and the model that it describes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from planroom.model import (
    Check,
    Column,
    Enum,
    ForeignKey,
    Generated,
    Index,
    IndexColumn,
    Model,
    PrimaryKey,
    Schema,
    SequenceOptions,
    Table,
    Unique,
    View,
    qualified,
)
from planroom.model import Sequence as SequenceObject
from planroom.sqltext import DataType, Expression
from planroom.sqltext.dialect_expressions import dialect_expression, dialect_query
from planroom.sqltext.dialect_types import read_type

__all__ = ["DuckCatalog", "model_of"]

Rows = Sequence[Mapping[str, Any]]
"""Rows of one of DuckDB's catalog functions, each by column name."""

_Key = tuple[str, str]

_NAME = r'(?:"(?:[^"]|"")+"|[^\s".(),;]+)'
_BACKSLASH = re.compile(r"\\(.)", re.DOTALL)
_VIEW_BODY = re.compile(
    rf"\s*CREATE\s+(?:OR REPLACE\s+)?VIEW\s+{_NAME}(?:\.{_NAME})*\s*(?:\((?:[^()\"]|\"(?:[^\"]|\"\")*\")*\)\s*)?AS\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class DuckCatalog:
    """What DuckDB says of one database: the rows of its catalog functions, internal objects left out.

    Attributes:
        name: The database's name.
        schemas: Rows of ``duckdb_schemas()``.
        tables: Rows of ``duckdb_tables()``.
        columns: Rows of ``duckdb_columns()``, of tables and views.
        constraints: Rows of ``duckdb_constraints()``.
        indexes: Rows of ``duckdb_indexes()``.
        views: Rows of ``duckdb_views()``.
        types: Rows of ``duckdb_types()``.
        sequences: Rows of ``duckdb_sequences()``.
    """

    name: str = ""
    schemas: Rows = ()
    tables: Rows = ()
    columns: Rows = ()
    constraints: Rows = ()
    indexes: Rows = ()
    views: Rows = ()
    types: Rows = ()
    sequences: Rows = field(default=())


def model_of(catalog: DuckCatalog) -> Model:
    """Return the model of a DuckDB database; types and expressions stay in DuckDB's dialect."""
    enums = tuple(_enum(row) for row in catalog.types if row["logical_type"] == "ENUM" and row["labels"])
    columns = _columns(catalog, enums)
    constraints = _grouped(catalog.constraints)
    indexes = _grouped(catalog.indexes)
    tables = [_table(row, columns[_key(row)], constraints[_key(row)], indexes[_key(row)]) for row in catalog.tables]
    return Model(
        name=catalog.name,
        dialect="duckdb",
        schemas=tuple(Schema(name=name) for name in _schema_names(catalog)),
        tables=_sorted(tables),
        views=_sorted(_view(row, columns[_key(row, "view_name")]) for row in catalog.views),
        enums=_sorted(enums),
        sequences=_sorted(_sequence(row) for row in catalog.sequences),
    )


def _schema_names(catalog: DuckCatalog) -> list[str]:
    named = {row["schema_name"] for row in catalog.schemas}
    rows = (*catalog.tables, *catalog.views, *catalog.sequences)
    return sorted(named | {row["schema_name"] for row in rows})


def _sorted(objects: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(objects, key=lambda each: each.id))


def _key(row: Mapping[str, Any], name: str = "table_name") -> _Key:
    return row["schema_name"], row[name]


def _grouped(rows: Rows) -> Mapping[_Key, list[Mapping[str, Any]]]:
    found: dict[_Key, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[_key(row)].append(row)
    return found


def _expression(text: str) -> Expression:
    return dialect_expression(_without_parentheses(text.strip()), "duckdb")


def _without_parentheses(text: str) -> str:
    """Return a text without the pair of parentheses around all of it, if there is one."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for place, quoted_or_sign in _outside_quotes(text):
        depth += {"(": 1, ")": -1}.get(quoted_or_sign, 0)
        if not depth and place < len(text) - 1:
            return text
    return text[1:-1]


def _outside_quotes(text: str) -> Iterable[tuple[int, str]]:
    for match in re.finditer(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[()]", text):
        if len(match[0]) == 1:
            yield match.start(), match[0]


# -- columns -----------------------------------------------------------------------------------------------------------


def _columns(catalog: DuckCatalog, enums: tuple[Enum, ...]) -> Mapping[_Key, tuple[Column, ...]]:
    by_labels: dict[str, list[Enum]] = defaultdict(list)
    for enum in enums:
        by_labels[_enum_text(enum.labels)].append(enum)
    found: dict[_Key, tuple[Column, ...]] = defaultdict(tuple)
    for row in sorted(catalog.columns, key=lambda each: (*_key(each), each["column_index"])):
        found[_key(row)] += (_column(row, by_labels),)
    return found


def _enum_text(labels: Iterable[str]) -> str:
    return "ENUM(" + ", ".join("'" + label.replace("'", "''") + "'" for label in labels) + ")"


def _column(row: Mapping[str, Any], enums: Mapping[str, list[Enum]]) -> Column:
    generated = _without_cast(row["generation_expression"], row["data_type"]) if row.get("is_generated") else ""
    default = None if generated else row["column_default"]
    return Column(
        row["column_name"],
        _type(row["data_type"], enums),
        nullable=bool(row["is_nullable"]),
        default=_expression(default) if default else None,
        generated=Generated(_expression(generated), stored=False) if generated else None,
        comment=row["comment"] or "",
    )


def _without_cast(text: str, data_type: str) -> str:
    """Return a generated column's expression without the cast to the column's type that DuckDB puts around it."""
    head, tail = "CAST(", f" AS {data_type})"
    return text[len(head) : -len(tail)] if text.startswith(head) and text.endswith(tail) else text


def _type(text: str, enums: Mapping[str, list[Enum]]) -> DataType:
    """Return a type; DuckDB spells an enum out, so it is known again by its labels when only one enum has them."""
    base = text.removesuffix("[]")
    same = enums.get(base, ())
    if len(same) == 1:
        return DataType(same[0].name, schema=same[0].schema, array=base != text)
    return read_type(text, "duckdb")


# -- tables ------------------------------------------------------------------------------------------------------------


def _table(
    row: Mapping[str, Any],
    columns: tuple[Column, ...],
    constraints: Sequence[Mapping[str, Any]],
    indexes: Sequence[Mapping[str, Any]],
) -> Table:
    by_kind: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for each in constraints:
        by_kind[each["constraint_type"]].append(each)
    keys = [PrimaryKey(name=each["constraint_name"], columns=_names(each)) for each in by_kind["PRIMARY KEY"]]
    primary = keys[0] if keys else None
    not_null = set(primary.columns) if primary else set()
    return Table(
        schema=row["schema_name"],
        name=row["table_name"],
        columns=tuple(replace(each, nullable=each.nullable and each.name not in not_null) for each in columns),
        primary_key=primary,
        unique_constraints=_named(
            [Unique(name=each["constraint_name"], columns=_names(each)) for each in by_kind["UNIQUE"]]
        ),
        checks=_named([_check(each) for each in by_kind["CHECK"]]),
        foreign_keys=_named([_foreign_key(each) for each in by_kind["FOREIGN KEY"]]),
        indexes=_named([_index(each, {column.name for column in columns}) for each in indexes]),
        comment=row["comment"] or "",
    )


def _names(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row["constraint_column_names"])


def _named(objects: list[Any]) -> tuple[Any, ...]:
    """Return constraints sorted by name; DuckDB gives equal ones the same name, which is numbered here."""
    seen: dict[str, int] = defaultdict(int)
    found = []
    for each in sorted(objects, key=repr):
        seen[each.name] += 1
        found.append(replace(each, name=f"{each.name}{seen[each.name] - 1}") if seen[each.name] > 1 else each)
    return tuple(sorted(found, key=lambda each: each.name))


def _check(row: Mapping[str, Any]) -> Check:
    return Check(name=row["constraint_name"], expression=_expression(row["expression"]))


def _foreign_key(row: Mapping[str, Any]) -> ForeignKey:
    return ForeignKey(
        name=row["constraint_name"],
        columns=_names(row),
        referenced_table=qualified(row["schema_name"], row["referenced_table"]),  # DuckDB refers within a schema only
        referenced_columns=tuple(row["referenced_column_names"]),
    )


def _index(row: Mapping[str, Any], columns: set[str]) -> Index:
    parts = tuple(_index_part(text, columns) for text in _list_items(row["expressions"]))
    return Index(name=row["index_name"], columns=parts, unique=bool(row["is_unique"]), comment=row["comment"] or "")


def _list_items(text: str) -> list[str]:
    """Return the items of a list as DuckDB prints it: ``[a, '(lower(b))']``."""
    items = re.findall(r"'((?:[^'\\]|''|\\.)*)'|\"((?:[^\"]|\"\")*)\"|([^,\[\]]+)", text.strip()[1:-1])
    return [
        (_BACKSLASH.sub(r"\1", single.replace("''", "'")) or double or bare).strip()
        for single, double, bare in items
        if single or double or bare.strip()
    ]


def _index_part(text: str, columns: set[str]) -> IndexColumn:
    name = text[1:-1].replace('""', '"') if text.startswith('"') and text.endswith('"') else text
    return IndexColumn(column=name) if name in columns else IndexColumn(expression=_expression(text))


# -- the rest ----------------------------------------------------------------------------------------------------------


def _enum(row: Mapping[str, Any]) -> Enum:
    return Enum(
        schema=row["schema_name"], name=row["type_name"], labels=tuple(row["labels"]), comment=row["comment"] or ""
    )


def _view(row: Mapping[str, Any], columns: tuple[Column, ...]) -> View:
    sql = row["sql"].strip().rstrip(";")
    query = sql[match.end() :] if (match := _VIEW_BODY.match(sql)) else sql
    return View(
        schema=row["schema_name"],
        name=row["view_name"],
        query=dialect_query(query, "duckdb"),
        columns=columns,
        comment=row["comment"] or "",
    )


def _sequence(row: Mapping[str, Any]) -> SequenceObject:
    increment = row["increment_by"]
    usual = (1, 2**63 - 1) if increment > 0 else (-(2**63), -1)
    minimum, maximum = row["min_value"], row["max_value"]
    start = row["start_value"]
    return SequenceObject(
        schema=row["schema_name"],
        name=row["sequence_name"],
        type=DataType("bigint"),
        options=SequenceOptions(
            start=None if start == (minimum if increment > 0 else maximum) else start,
            increment=increment,
            minimum=None if minimum == usual[0] else minimum,
            maximum=None if maximum == usual[1] else maximum,
            cycle=bool(row["cycle"]),
        ),
        comment=row["comment"] or "",
    )
