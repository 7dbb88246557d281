"""What constraints and data tests claim of a table's columns.

A constraint is the database's own where the model's contract is enforced. A data test is a query that dbt runs
afterwards: what it finds broken is there already. So a ``relationships`` test and an ``accepted_values`` test give a
foreign key and a check that are *not enforced*; ``unique`` and ``not_null`` give a key and a NOT NULL, of which the
model knows no such form. A test that holds for some rows alone, or only warns, claims nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planroom.errors import SyntaxProblem, nearest
from planroom.findings import Location
from planroom.formats._dbt.jinja import has_jinja, reference, unescaped
from planroom.formats._dbt.nodes import Node
from planroom.formats._dbt.resources import Project, Resource, tests_of
from planroom.formats._postgres.clauses import literal
from planroom.model import qualified, quote_identifier
from planroom.sqltext import Expression, Tree, parse_expression, parse_postgres

__all__ = ["Claim", "claims_of", "written_name"]


@dataclass(frozen=True)
class Claim:
    """One claim.

    Attributes:
        kind: ``not_null``, ``unique``, ``primary_key``, ``foreign_key`` or ``check``.
        columns: What it is about; of a check, the column that it stands at.
        enforced: The database itself refuses what contradicts it.
        tested: It is a data test.
        name: Its name; empty where it has none.
        target: The id of the table that a foreign key refers to, with its columns.
        expression: The condition of a check.
    """

    kind: str
    columns: tuple[str, ...]
    location: Location
    enforced: bool = False
    tested: bool = False
    name: str = ""
    target: str = ""
    target_columns: tuple[str, ...] = ()
    expression: Expression | None = None


def claims_of(project: Project, resource: Resource) -> Iterator[Claim]:
    """Yield what is claimed of a resource; what cannot be told becomes a note of the project."""
    for node in resource.constraints:
        yield from _constraint(_Context(project, resource, node))
    for node in resource.tests:
        yield from _test(_Context(project, resource, node))
    for each in resource.columns:
        column = unescaped(each.get("name").text)
        for node in each.get("constraints").items:
            yield from _constraint(_Context(project, resource, node, column))
        for node in tests_of(each):
            yield from _test(_Context(project, resource, node, column))


@dataclass(frozen=True)
class _Context:
    """One constraint or test, and where it stands."""

    project: Project
    resource: Resource
    node: Node
    column: str = ""

    def claim(self, kind: str, *columns: str, **more: Any) -> Claim:
        own = columns or ((self.column,) if self.column else ())
        return Claim(kind, own, self.node.location, **more)

    def note(self, what: str, reason: str, kind: str = "structure") -> None:
        place = f"{self.resource.id}.{quote_identifier(self.column)}" if self.column else self.resource.id
        self.project.note(kind, f"{what} of {place}", reason, self.node)


# -- constraints -------------------------------------------------------------------------------------------------------

_CONSTRAINTS = ("not_null", "unique", "primary_key", "foreign_key", "check", "custom")


def written_name(text: str) -> str:
    """Return the name that a constraint's ``name`` means: it stands in SQL as it is, quoted where it must be."""
    plain = unescaped(text)
    quoted = len(plain) > 1 and plain[0] == plain[-1] == '"'
    return plain[1:-1].replace('""', '"') if quoted else plain


def _constraint(context: _Context) -> Iterator[Claim]:
    node, kind = context.node, context.node.get("type").text
    columns = tuple(unescaped(each.text) for each in node.get("columns").items)
    enforced, name = context.resource.contracted, written_name(node.get("name").text)
    if kind not in _CONSTRAINTS:
        close = nearest(kind, _CONSTRAINTS)
        hint = f"; did you mean {close!r}?" if close else ""
        context.note(f"constraint {kind!r}", f"dbt has no such type of constraint{hint}", "broken")
    elif kind == "check":
        yield from _check(context, node.get("expression").text, enforced=enforced, name=name)
    elif kind == "custom":
        context.note("custom constraint", "what it means is the database's own")
    elif not (columns or context.column):
        context.note(f"constraint {kind}", "it names no column", "broken")
    elif kind == "foreign_key":
        target, target_columns = _target(context)
        own = columns or (context.column,)
        if target and len(target_columns) != len(own):
            context.note("foreign key", f"{len(own)} columns refer to {len(target_columns)}", "broken")
        elif target:
            yield context.claim(
                kind, *columns, enforced=enforced, name=name, target=target, target_columns=target_columns
            )
    else:
        yield context.claim(kind, *columns, enforced=enforced, name=name)


def _check(context: _Context, text: str, **more: Any) -> Iterator[Claim]:
    if has_jinja(text):
        context.note("check", "Jinja is not run, so what it checks cannot be told")
    else:
        yield from _condition(context, unescaped(text), **more)


def _condition(context: _Context, sql: str, **more: Any) -> Iterator[Claim]:
    try:
        yield context.claim("check", expression=parse_expression(sql), **more)
    except SyntaxProblem as error:
        context.note("check", f"its expression cannot be read as PostgreSQL: {error.why or error.what}")


def _target(context: _Context) -> tuple[str, tuple[str, ...]]:
    """Return the table and columns of a foreign key: by ``to`` and ``to_columns``, or by its SQL."""
    node = context.node
    written = node.get("to").text
    if not written:
        return _target_in_sql(context, node.get("expression").text)
    call = reference(written)
    target, reason = context.project.target(call) if call else _by_table(context.project, unescaped(written))
    if not target:
        context.note("foreign key", reason)
    return target, tuple(unescaped(each.text) for each in node.get("to_columns").items)


_TARGET_SCHEMA = re.compile(r"\{\{-?\s*target\.schema\s*-?\}\}\s*\.\s*")
_REF = re.compile(r"\{\{-?[^{}]*-?\}\}")


def _target_in_sql(context: _Context, expression: str) -> tuple[str, tuple[str, ...]]:
    """Return what ``schema.table (columns)`` refers to; the target's schema may be a bit of Jinja."""

    def called(found: re.Match[str]) -> str:
        call = reference(found[0])
        return (context.project.target(call)[0] if call else "") or found[0]

    sql = unescaped(_REF.sub(called, _TARGET_SCHEMA.sub("", expression)))
    key = _foreign_key_tree(f"ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES {sql}")
    if not key:
        context.note("foreign key", "its expression is not schema.table (columns)")
        return "", ()
    schema, table = key["pktable"].get("schemaname", ""), key["pktable"]["relname"]
    name = qualified(schema, table) if schema else quote_identifier(table)
    target, reason = _by_table(context.project, name)
    if not target:
        context.note("foreign key", reason)
    return target, tuple(each["String"]["sval"] for each in key.get("pk_attrs", ()))


def _foreign_key_tree(sql: str) -> Tree:
    """Return the tree of the foreign key that a statement adds; an empty one when it is anything else."""
    statements = parse_postgres(sql)
    commands = statements[0].tree.get("cmds", ()) if len(statements) == 1 else ()
    added: Tree = {}
    for command in commands:
        added = {} if added else command["AlterTableCmd"].get("def", {}).get("Constraint", {})
    return added if "pktable" in added else {}


def _by_table(project: Project, name: str) -> tuple[str, str]:
    """Return the id of the table that bears a name in the database."""
    if name in project.resources:
        return name, ""
    alike = [each.id for each in project.resources.values() if quote_identifier(each.table) == name]
    if len(alike) == 1:
        return alike[0], ""
    close = nearest(name, project.resources)
    return "", f"no table is called {name!r}" + (f"; did you mean {close!r}?" if close else "")


# -- data tests --------------------------------------------------------------------------------------------------------

_ABOUT_A_TEST = {"name", "description", "config", "tags", "meta", "arguments", "test_name"}
_DOUBTS = ("where", "limit", "warn_if", "error_if")


def _test(context: _Context) -> Iterator[Claim]:
    name, body = _named(context.node)
    read = _TESTS.get(name.removeprefix("dbt."))
    doubt = _doubt(body)
    if read is None:
        context.note(f"data test {name}", "what it claims is known to its own SQL alone", "query")
    elif doubt:
        context.note(f"data test {name}", doubt, "query")
    else:
        yield from read(context, body)


def _named(node: Node) -> tuple[str, Node]:
    """Return the name of a test and what holds its arguments."""
    if node.kind == "scalar":
        return node.text, node
    if node.get("test_name").text:
        return node.get("test_name").text, node
    name = next((key for key in node.fields if key not in _ABOUT_A_TEST), "")
    body = node.get(name)
    return name, node if body.is_null else body


def _doubt(body: Node) -> str:
    """Return why a test claims nothing of all rows; empty when it does."""
    levels = (body, body.get("config"))
    for key in _DOUBTS:
        if any(level.get(key).text for level in levels):
            return f"it has {key!r}: it does not hold for every row"
    enabled, severity = body.get("config", "enabled"), body.get("config", "severity").text or body.get("severity").text
    if enabled.text and enabled.truth is not True:
        return "it is switched off, or may be"
    return "it only warns" if severity.lower() == "warn" else ""


def _argument(body: Node, *names: str) -> Node:
    """Return an argument, in its place of today or in its former one."""
    found = [body.get(*path) for name in names for path in (("arguments", name), (name,))]
    return next((each for each in found if not each.is_null), found[-1])


_Reading = Callable[[_Context, Node], Iterator[Claim]]


def _of_column(kind: str) -> _Reading:
    def read(context: _Context, body: Node) -> Iterator[Claim]:
        column = context.column or _argument(body, "column_name").text
        if re.fullmatch(r"\w+", column) or column == context.column != "":
            yield context.claim(kind, column, tested=True)
        else:
            context.note(f"data test {kind}", "it is about an expression", "query")

    return read


def _relationships(context: _Context, body: Node) -> Iterator[Claim]:
    call = reference(_argument(body, "to").text)
    column = context.column or _argument(body, "column_name").text
    target, reason = context.project.target(call) if call else ("", "its 'to' is neither ref() nor source()")
    if not column:
        target, reason = "", "it names no column"
    if not target:
        context.note("relationships test", reason)
        return
    field = unescaped(_argument(body, "field").text)
    if field:
        yield context.claim("foreign_key", column, tested=True, target=target, target_columns=(field,))
    else:
        context.note("relationships test", "it names no field", "broken")


def _accepted_values(context: _Context, body: Node) -> Iterator[Claim]:
    column = context.column or _argument(body, "column_name").text
    values = [unescaped(each.value) for each in _argument(body, "values").items]
    if not (column and values):
        context.note("accepted_values test", "it names no column, or no value", "broken")
        return
    quoted = _argument(body, "quote").truth is not False
    listed = ", ".join(literal(each) if quoted else each for each in values)
    for claim in _condition(context, f"{quote_identifier(column)} IN ({listed})", tested=True):
        yield claim if context.column else context.claim("check", column, tested=True, expression=claim.expression)


def _unique_combination(context: _Context, body: Node) -> Iterator[Claim]:
    columns = [unescaped(each.text) for each in _argument(body, "combination_of_columns").items]
    if columns and all(re.fullmatch(r"\w+", each) for each in columns):
        yield context.claim("unique", *columns, tested=True)
    else:
        context.note("unique_combination_of_columns test", "it is about an expression", "query")


def _expression_is_true(context: _Context, body: Node) -> Iterator[Claim]:
    text = _argument(body, "expression").text
    before = f"{quote_identifier(context.column)} " if context.column else ""
    yield from _check(context, before + text, tested=True)


_TESTS: Mapping[str, _Reading] = {
    "unique": _of_column("unique"),
    "not_null": _of_column("not_null"),
    "relationships": _relationships,
    "accepted_values": _accepted_values,
    "dbt_utils.unique_combination_of_columns": _unique_combination,
    "dbt_utils.expression_is_true": _expression_is_true,
}
"""dbt's own tests, and the two of dbt_utils that say what a constraint says."""
