"""A model as dbt's YAML: a dbt model for each table and view, with its contract, constraints and data tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from planroom.ddl.naming import choose, columns_part, default_name, key_name
from planroom.errors import SyntaxProblem
from planroom.findings import Effect, Finding, Fix, Severity
from planroom.formats._dbt.emitting import emitted
from planroom.formats._dbt.jinja import escaped
from planroom.formats._postgres.clauses import column_list
from planroom.formats._postgres.order import Strength, arranged
from planroom.model import Annotations, Check, Column, ForeignKey, Model, PrimaryKey, Table, Unique, View, qualified
from planroom.model.names import DEFAULT_SCHEMA, quote_identifier
from planroom.sqltext import DataType, parse_expression_tree

__all__ = ["document", "losses_of"]

_Data = dict[str, Any]
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_IN_WORD = re.compile(r"[^A-Za-z0-9_]+")


def document(model: Model) -> str:
    """Return the properties file of a model."""
    plan = _Plan(model)
    return emitted({"models": [_resource(plan, each) for each in plan.resources]})


@dataclass(frozen=True)
class _Plan:
    """What a document is made of: what is written, under which names, and in which order."""

    model: Model

    @cached_property
    def resources(self) -> tuple[Table | View, ...]:
        """The tables and views, by id; a partition's rows are its parent's."""
        found = [each for each in self.model.tables_and_views if not getattr(each, "partition_of", None)]
        return tuple(sorted(found, key=lambda each: each.id))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What ``ref`` calls each table and view: one word, which no other bears."""
        plain: dict[str, int] = {}
        for each in self.resources:
            plain[each.name.casefold()] = plain.get(each.name.casefold(), 0) + 1
        names: dict[str, str] = {}
        taken: set[str] = set()
        for each in self.resources:
            alone = plain[each.name.casefold()] == 1 and _WORD.fullmatch(each.name)
            names[each.id] = _free(each.name if alone else _word(f"{each.schema}__{each.name}"), taken)
        return names

    @cached_property
    def position(self) -> Mapping[str, int]:
        """An order in which as many tables as possible stand after those that they refer to."""
        needs = {
            each.id: {key.referenced_table: Strength.REFERENCE for key in _foreign_keys(each)}
            for each in self.resources
        }
        return {name: at for at, name in enumerate(arranged(needs))}

    @cached_property
    def labels(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The labels of each enum, by schema and name."""
        return {(each.schema, each.name): each.labels for each in self.model.enums}


def _word(text: str) -> str:
    word = _NOT_IN_WORD.sub("_", text)
    return word if _WORD.fullmatch(word) else f"_{word}"


def _free(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{name}_{number}"
    taken.add(candidate.casefold())
    return candidate


def _foreign_keys(each: Table | View) -> tuple[ForeignKey, ...]:
    return each.foreign_keys if isinstance(each, Table) else ()


def _without_nothing(data: _Data) -> _Data:
    return {key: value for key, value in data.items() if value not in ("", [], {}, None)}


def _resource(plan: _Plan, each: Table | View) -> _Data:
    name = plan.names[each.id]
    typed = bool(each.columns) and all(column.type != DataType.UNKNOWN for column in each.columns)
    table = each if isinstance(each, Table) else None
    return _without_nothing(
        {
            "name": name,
            "description": escaped(each.comment),
            "config": _without_nothing(
                {
                    "schema": "" if each.schema == DEFAULT_SCHEMA else escaped(each.schema),
                    "alias": "" if each.name == name else escaped(each.name),
                    "materialized": _materialised(each),
                    "contract": {"enforced": True} if table and typed else {},
                    "meta": _meta(each.annotations),
                }
            ),
            "constraints": list(_of_table(plan, table)) if table else [],
            "columns": [_column(plan, table, column) for column in each.columns],
        }
    )


def _materialised(each: Table | View) -> str:
    if isinstance(each, Table):
        return "table"
    return "materialized_view" if each.materialised else "view"


_PLAIN_IN_META = "owner"  # what other tools look for; the rest is planroom's own
_RESERVED_IN_META = {"planroom", _PLAIN_IN_META}


def _meta(annotations: Annotations) -> _Data:
    known = {
        name: getattr(annotations, name) for name in Annotations.__dataclass_fields__ if name not in {"other", "owner"}
    }
    own = {name: escaped(value) if isinstance(value, str) else value for name, value in known.items()}
    plain = {escaped(key): escaped(value) for key, value in annotations.other if key not in _RESERVED_IN_META}
    hidden = {key: escaped(value) for key, value in annotations.other if key in _RESERVED_IN_META}
    return _without_nothing({"owner": escaped(annotations.owner), **plain, "planroom": _without_nothing(own | hidden)})


# -- constraints -------------------------------------------------------------------------------------------------------


def _of_table(plan: _Plan, table: Table) -> Iterator[_Data]:
    """Yield the constraints that stand at the table: those of several columns, with a name of their own, and checks."""
    for key in table.keys:
        if not _at_column(table, key):
            yield _constraint(_kind(key), key.name, _default_name(table, key), columns=_names(key.columns))
    for reference in table.foreign_keys:
        if reference.enforced and not _at_column(table, reference) and reference.referenced_table in plan.names:
            target = _target(plan, table, reference)
            yield _constraint(
                "foreign_key",
                reference.name,
                _default_name(table, reference),
                columns=_names(reference.columns),
                **target,
            )
    for check in table.checks:
        if check.enforced:
            default = default_name(table.name, "", "check")
            yield _constraint("check", check.name, default, expression=escaped(check.expression.text))


def _constraint(kind: str, name: str, default: str, **more: Any) -> _Data:
    """Return a constraint; the name that it would get anyway is left out."""
    named = {} if name == default else {"name": escaped(quote_identifier(name))}
    return {"type": kind, **named, **more}


def _names(columns: tuple[str, ...]) -> list[str]:
    return [escaped(each) for each in columns]


def _kind(key: PrimaryKey | Unique) -> str:
    return "primary_key" if isinstance(key, PrimaryKey) else "unique"


def _default_name(table: Table, key: PrimaryKey | Unique | ForeignKey) -> str:
    if isinstance(key, ForeignKey):
        return choose(table.name, columns_part(key.columns), "fkey", lambda _: False)
    return key_name(table.name, key.columns, "pkey" if isinstance(key, PrimaryKey) else "key", lambda _: False)


def _at_column(table: Table, key: PrimaryKey | Unique | ForeignKey) -> bool:
    """Whether a constraint stands at its column: dbt gives no names to those that do."""
    return len(key.columns) == 1 and key.name == _default_name(table, key)


def _target(plan: _Plan, table: Table, key: ForeignKey) -> _Data:
    """Return what a foreign key refers to: by ``ref`` where that closes no cycle, which dbt refuses, else as SQL."""
    if plan.position[key.referenced_table] < plan.position[table.id]:
        return {"to": f"ref('{plan.names[key.referenced_table]}')", "to_columns": _names(key.referenced_columns)}
    return {"expression": escaped(f"{key.referenced_table} {column_list(key.referenced_columns)}")}


# -- columns -----------------------------------------------------------------------------------------------------------


def _column(plan: _Plan, table: Table | None, column: Column) -> _Data:
    typed = column.type != DataType.UNKNOWN
    return _without_nothing(
        {
            "name": escaped(column.name),
            "data_type": escaped(str(column.type)) if typed else "",
            "quote": quote_identifier(column.name) != column.name or None,
            "description": escaped(column.comment),
            "config": _without_nothing({"meta": _meta(column.annotations)}),
            "constraints": list(_of_column(plan, table, column)) if table else [],
            "data_tests": list(_tests(plan, table, column)) if table else [],
        }
    )


def _of_column(plan: _Plan, table: Table, column: Column) -> Iterator[_Data]:
    if not column.nullable:
        yield {"type": "not_null"}
    for key in table.keys:
        if key.columns == (column.name,) and _at_column(table, key):
            yield {"type": _kind(key)}
    for reference in table.foreign_keys:
        written = reference.enforced and reference.referenced_table in plan.names
        if written and reference.columns == (column.name,) and _at_column(table, reference):
            yield {"type": "foreign_key", **_target(plan, table, reference)}


def _tests(plan: _Plan, table: Table, column: Column) -> Iterator[_Data]:
    """Yield what dbt can only look for afterwards: labels of enums, and what is not enforced."""
    labels = () if column.type.array else plan.labels.get((column.type.schema, column.type.name), ())
    if labels:
        yield _accepted(list(_names(labels)), quoted=True)
    for check in table.checks:
        listed = None if check.enforced else _listed(check)
        if listed and listed.column == column.name:
            yield _accepted(listed.values, quoted=listed.quoted)
    for key in table.foreign_keys:
        if _is_tested(plan, key) and key.columns == (column.name,):
            to = {"to": f"ref('{plan.names[key.referenced_table]}')", "field": escaped(key.referenced_columns[0])}
            yield {"relationships": {"arguments": to}}


def _is_tested(plan: _Plan, key: ForeignKey) -> bool:
    return not key.enforced and len(key.columns) == 1 and key.referenced_table in plan.names


def _accepted(values: list[Any], *, quoted: bool) -> _Data:
    return {"accepted_values": {"arguments": {"values": values, **({} if quoted else {"quote": False})}}}


@dataclass(frozen=True, slots=True)
class _Listed:
    """A check that lists the values of a column."""

    column: str
    values: list[Any]
    quoted: bool


def _listed(check: Check) -> _Listed | None:
    """Return the list of values that a check such as ``status IN ('new', 'paid')`` holds; None for any other."""
    try:
        tree = parse_expression_tree(check.expression.text).get("A_Expr", {})
    except SyntaxProblem:
        return None
    column = tree.get("lexpr", {}).get("ColumnRef", {}).get("fields", ())
    items = [each.get("A_Const", {}) for each in tree.get("rexpr", {}).get("List", {}).get("items", ())]
    if tree.get("kind") != "AEXPR_IN" or tree["name"][0]["String"]["sval"] != "=" or len(column) != 1 or not items:
        return None
    if all("sval" in each for each in items):
        return _Listed(
            column[0]["String"]["sval"], [escaped(each["sval"].get("sval", "")) for each in items], quoted=True
        )
    if all("ival" in each for each in items):
        return _Listed(column[0]["String"]["sval"], [each["ival"].get("ival", 0) for each in items], quoted=False)
    return None


# -- losses ------------------------------------------------------------------------------------------------------------


def losses_of(model: Model) -> tuple[Finding, ...]:
    """Return the constraints that have no form in dbt, each with its reason."""
    plan = _Plan(model)
    return tuple(
        _finding(table, name, reason)
        for table in plan.resources
        if isinstance(table, Table)
        for name, reason in (*_lost_keys(plan, table), *_lost_checks(table))
    )


def _lost_keys(plan: _Plan, table: Table) -> Iterator[tuple[str, str]]:
    for key in table.foreign_keys:
        if key.referenced_table not in plan.names:
            yield key.name, f"{key.referenced_table} is not written"
        elif not key.enforced and len(key.columns) > 1:
            yield key.name, "it is not enforced, and a relationships test looks at one column"


def _lost_checks(table: Table) -> Iterator[tuple[str, str]]:
    for check in table.checks:
        if not check.enforced and not _listed(check):
            yield check.name, "it is not enforced, and lists no values that a data test could look for"


def _finding(table: Table, name: str, reason: str) -> Finding:
    return Finding(
        code="DBT003",
        slug="constraint-left-out",
        severity=Severity.WARNING,
        effect=Effect.ADVICE,
        message=f"{name} of {table.id} is left out: {reason}",
        subject=qualified(table.schema, table.name, name),
        location=table.origin,
        fix=Fix("write a data test of your own for it"),
    )
