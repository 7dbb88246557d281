"""EXECUTE of texts that are put together without quoting."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Execution, Node

__all__ = ["DynamicSql"]

_QUOTING = frozenset({"quote_ident", "quote_literal", "quote_nullable"})
_HARMLESS_CALLS = frozenset(
    "count length now current_date current_timestamp to_regclass extract date_part pg_backend_pid".split()
)
_PASSING = frozenset({"coalesce", "concat", "lower", "upper", "trim", "btrim", "nullif", "case", "if"})
_HARMLESS_TYPES = frozenset(
    "int integer int4 bigint int8 smallint int2 numeric real float float8 double boolean bool date timestamp "
    "timestamptz time interval uuid oid regclass regproc regprocedure regtype regrole regnamespace".split()
)
_PLACEHOLDER = re.compile(r"%(?:\d+\$)?-?\d*([sIL%])")


def _body(statements: str) -> str:
    head = "CREATE FUNCTION f(t text, n int) RETURNS void LANGUAGE plpgsql AS $$ DECLARE q text; r record; BEGIN "
    return f"{head}{statements} END $$"


class DynamicSql(QueryRule):
    """A routine executes a text with a value in it that is not quoted: who gives the value gives the statement.

    quote_ident(), quote_literal(), quote_nullable(), format() with %I and %L, and USING keep values apart from the
    statement. Numbers, dates and reg* types hold no quotes. A parameter that gets in is an error, other variables
    (fields of the catalog, say) a warning.
    """

    code = "QRY036"
    severity = Severity.ERROR
    effect = Effect.INSECURE
    fix = "format() with %I for names and %L for values, or USING."
    source = "https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-QUOTE-LITERAL-EXAMPLE"
    kinds = frozenset({"routine"})
    bad = (
        _body("EXECUTE 'DROP TABLE ' || t;"),
        _body("EXECUTE format('DROP TABLE %s', t);"),
        _body("q := 'DROP TABLE ' || t; EXECUTE q;"),
        _body("FOR r IN SELECT tablename FROM pg_tables LOOP EXECUTE 'ANALYZE ' || r.tablename; END LOOP;"),
        _body("EXECUTE t;"),
    )
    good = (
        _body("EXECUTE 'DROP TABLE ' || quote_ident(t);"),
        _body("EXECUTE format('DROP TABLE %I', t);"),
        _body("EXECUTE 'SELECT $1' USING t;"),
        _body("EXECUTE 'SET statement_timeout = ' || n;"),
        _body("EXECUTE format('ANALYZE %s', t::regclass);"),
        _body("q := quote_ident(t); EXECUTE 'DROP TABLE ' || q;"),
        "CREATE FUNCTION f(t text) RETURNS text LANGUAGE sql AS $$ SELECT 'EXECUTE ' || t $$",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each EXECUTE with a value that is not quoted."""
        for execution in query.query.executions:
            node = execution.expression
            loose = next(_loose(node, execution, frozenset()), None) if node is not None else None
            if loose is None:
                continue
            given = loose.text in execution.parameters and not loose.qualifier
            name = ".".join((*loose.qualifier, loose.text))
            place = Node("", execution.text, start=execution.start, end=execution.end)
            message = f"EXECUTE of a text that holds {name}, which is not quoted"
            yield self.at(
                query,
                place,
                message,
                severity=Severity.ERROR if given else Severity.WARNING,
                line_of_body=execution.line,
            )


def _loose(node: Node, execution: Execution, seen: frozenset[str]) -> Iterator[Node]:
    """Yield the variables in an expression that get into its text as they are."""
    if node.kind == "column":
        yield from _loose_variable(node, execution, seen)
    elif node.kind == "cast":
        if node.text.partition("(")[0].split()[0] not in _HARMLESS_TYPES:
            yield from _loose_parts(node.args, execution, seen)
    elif node.kind == "call" and node.text == "format":
        yield from _loose_parts(_plain_arguments(node), execution, seen)
    elif node.kind == "call" and node.text in _QUOTING | _HARMLESS_CALLS:
        return
    elif node.kind in {"operator", "call", "case", "other", "or", "tuple"}:
        yield from _loose_parts(node.args, execution, seen)


def _loose_parts(nodes: tuple[Node, ...], execution: Execution, seen: frozenset[str]) -> Iterator[Node]:
    for node in nodes:
        yield from _loose(node, execution, seen)


def _loose_variable(node: Node, execution: Execution, seen: frozenset[str]) -> Iterator[Node]:
    """Yield a variable, or what was assigned to it, unless its type or what it holds is harmless."""
    if node.qualifier:
        yield node
        return
    type_ = dict(execution.types).get(node.text, "")
    if type_ in _HARMLESS_TYPES or node.text in seen:
        return
    assigned = tuple(value for name, value in execution.assigned if name == node.text)
    if not assigned:
        yield node
    yield from _loose_parts(assigned, execution, seen | {node.text})


def _plain_arguments(node: Node) -> tuple[Node, ...]:
    """Return the arguments of format() that %s takes, or all where the format is no constant."""
    if not node.args or node.args[0].kind != "string":
        return node.args
    marks = [each for each in _PLACEHOLDER.findall(node.args[0].text) if each != "%"]
    return tuple(argument for mark, argument in zip(marks, node.args[1:], strict=False) if mark == "s")
