"""How made rows are held against their constraints, in DuckDB's own words, and what mends those that fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.generating.conditions import mentions
from planroom.generating.plan import Condition, KeyCheck, ReferenceCheck
from planroom.generating.quoting import name
from planroom.generating.tables import target
from planroom.sqltext.transpiling import transpile, with_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from planroom.generating.columns import Made
    from planroom.generating.sketches import Sketch
    from planroom.generating.uniqueness import Key
    from planroom.model import ForeignKey, Model, ObjectId, Table

__all__ = ["HELPERS", "conditions_of", "key_checks", "own_types", "reference_checks"]

_ROUNDS = 6
_ARGUMENTS = 8


def _arities(called: str, test: str) -> str:
    bodies = []
    for count in range(1, _ARGUMENTS + 1):
        names = [f"a{number}" for number in range(count)]
        added = " + ".join(f"CASE WHEN {each} {test} THEN 1 ELSE 0 END" for each in names)
        bodies.append(f"({', '.join(names)}) AS ({added})")
    return f"CREATE OR REPLACE TEMP MACRO {called}{', '.join(bodies)}"


_JSON_TYPE = (
    "CREATE OR REPLACE TEMP MACRO jsonb_typeof(j) AS CASE json_type(j) WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN"
    " 'array' WHEN 'VARCHAR' THEN 'string' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' ELSE 'number' END"
)

HELPERS = (
    _arities("num_nulls", "IS NULL"),
    _arities("num_nonnulls", "IS NOT NULL"),
    _JSON_TYPE,
)
"""Macros for functions of PostgreSQL that DuckDB has not."""

_HELPED = frozenset({"it calls num_nulls", "it calls num_nonnulls", "it calls jsonb_typeof"})


def own_types(model: Model) -> frozenset[str]:
    """Return the names of the types that a model defines, as casts write them, in lower case."""
    ids = [each.id for each in model.enums] + [each.id for each in model.domains]
    ids += [each.id for each in model.composite_types] + [each.id for each in model.range_types]
    return frozenset(text.lower() for each in ids for text in (each, each.rpartition(".")[2]))


def conditions_of(plan: Sketch, made: Made, types: Collection[str]) -> tuple[Condition, ...]:
    """Return the CHECK constraints of a table and of its columns' domains."""
    found = [(each.name, each.expression.text) for each in plan.table.checks if each.enforced]
    for column, kind in plan.kinds.items():
        for number, check in enumerate(kind.checks):
            text = with_value(check.text, "postgres", column)
            found.append((f"{column}: domain check {number + 1}" if number else f"{column}: domain check", text))
    filled = [
        Condition(f"{each.name}: NOT NULL", f"{each.name} IS NOT NULL", f"{name(each.name)} IS NOT NULL")
        for each in plan.table.columns
        if each.name in plan.kinds and not (each.nullable and plan.kinds[each.name].nullable)
    ]
    return (*filled, *(_condition(label, text, plan, made, types) for label, text in found))


def _condition(label: str, text: str, plan: Sketch, made: Made, types: Collection[str]) -> Condition:
    sql, doubts = transpile(text, "postgres", "duckdb", own_types=types, quoted=True)
    doubts = tuple(each for each in doubts if each not in _HELPED)
    columns = mentions(text)
    families = {plan.kinds[each].family for each in columns if each in plan.kinds}
    if families & {"range", "composite", "inet", "cidr", "tsvector", "xml", "hstore", "bits", "unknown"}:
        doubts = (*doubts, "it is about a type that DuckDB has not")
    if columns - plan.kinds.keys():
        doubts = (*doubts, "it names a generated column")
    if doubts or not sql:
        return Condition(label, text, why_not=doubts[0] if doubts else "it cannot be read")
    return Condition(label, text, sql, repairs=tuple(_repairs(sql, columns, plan, made)))


def _repairs(sql: str, columns: frozenset[str], plan: Sketch, made: Made) -> Iterator[str]:
    """Yield statements for rows that fail: what may be empty is filled, then emptied; then all is made anew."""
    able = sorted(each for each in columns if each in made.redraw)
    optional = [each for each in able if plan.table.columns_by_name[each].nullable and plan.kinds[each].nullable]
    failing = f"WHERE ({sql}) IS FALSE"
    begin = f"UPDATE {target(plan.table)} SET "
    if optional:
        yield (
            begin
            + ", ".join(f"{name(each)} = {made.redraw[each](' filled', True)}" for each in optional)
            + f" {failing}"
        )
        for each in optional:
            yield f"{begin}{name(each)} = NULL {failing}"
    for number in range(_ROUNDS if able else 0):
        salt, present = f" again {number}", bool(number % 2)
        yield begin + ", ".join(f"{name(each)} = {made.redraw[each](salt, present)}" for each in able) + f" {failing}"


def key_checks(plan: Sketch, made: Made, types: Collection[str]) -> tuple[KeyCheck, ...]:
    """Return how each key of a table is verified."""
    return tuple(filter(None, (_key_check(each, plan, made, types) for each in plan.keys)))


def _key_check(key: Key, plan: Sketch, made: Made, types: Collection[str]) -> KeyCheck | None:
    if any(column not in plan.kinds for column in key.columns):
        return None
    columns = ", ".join(map(name, key.columns))
    wheres = [f"{name(each)} IS NOT NULL" for each in key.columns] if key.nulls_distinct else []
    if key.predicate:
        sql, doubts = transpile(key.predicate, "postgres", "duckdb", own_types=types, quoted=True)
        if doubts or not sql:
            return None
        wheres.append(f"({sql})")
    rows = f"{target(plan.table)} WHERE {' AND '.join(wheres)}" if wheres else target(plan.table)
    sure = key not in made.shape.unmet
    distinct = columns if len(key.columns) == 1 and key.nulls_distinct else f"({columns})"
    return KeyCheck(
        key.name,
        key.columns,
        f"SELECT count(*) - count(DISTINCT {distinct}) FROM {rows}",
        "" if sure else _key_repair(key, plan, made, columns, rows),
        sure,
    )


def _key_repair(key: Key, plan: Sketch, made: Made, columns: str, rows: str) -> str:
    changed = _changed(key, plan, made)
    if not changed:
        return ""
    return (
        f"UPDATE {target(plan.table)} SET {changed} WHERE rowid IN (SELECT rowid FROM (SELECT rowid, row_number() OVER"
        f" (PARTITION BY {columns} ORDER BY rowid) AS n FROM {rows}) WHERE n > 1)"
    )


def _changed(key: Key, plan: Sketch, made: Made) -> str:
    """Return what takes a row out of a key: a NULL where NULLs are distinct, or a predicate that is no longer true."""
    table = plan.table
    required = {column for each in plan.references if not each.optional for column in each.columns}
    for column in key.columns:
        if key.nulls_distinct and table.columns_by_name[column].nullable and column not in required:
            group = next((each.own for each in plan.references if column in each.own), (column,))
            return ", ".join(f"{name(each)} = NULL" for each in group)
    for column in sorted(mentions(key.predicate) - {*key.columns}) if key.predicate else ():
        if column not in plan.kinds:
            continue
        if plan.kinds[column].family == "boolean":
            return f"{name(column)} = NOT {name(column)}"
        if f"{column} IS NULL" in key.predicate.replace('"', "") and column in made.redraw:
            return f"{name(column)} = {made.redraw[column](' filled', True)}"
        if table.columns_by_name[column].nullable:
            return f"{name(column)} = NULL"
    return ""


def reference_checks(
    model: Model, table: Table, rows: Mapping[ObjectId, int], kept: Collection[str]
) -> tuple[ReferenceCheck, ...]:
    """Return how each foreign key of a table is verified."""
    return tuple(filter(None, (_reference_check(model, table, each, rows, kept) for each in table.foreign_keys)))


def _reference_check(
    model: Model, table: Table, key: ForeignKey, rows: Mapping[ObjectId, int], kept: Collection[str]
) -> ReferenceCheck | None:
    root = model.roots.get(key.referenced_table, key.referenced_table)
    if root not in rows or key.period or any(column not in kept for column in key.columns):
        return None
    parent = model.tables_by_id[root]
    same = " AND ".join(
        f"p.{name(other)} = c.{name(column)}" for column, other in zip(key.columns, key.referenced_columns, strict=True)
    )
    filled = " AND ".join(f"c.{name(column)} IS NOT NULL" for column in key.columns)
    count = (
        f"SELECT count(*) FROM {target(table)} AS c WHERE {filled} AND NOT EXISTS"
        f" (SELECT 1 FROM {target(parent)} AS p WHERE {same})"
    )
    return ReferenceCheck(key.name, key.columns, count)
