"""Which functions a statement would run, by all the ways that lead to one: calls, operators, casts, views, policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.engines.postgres.statements import HARMLESS_FUNCTIONS, function_name, nodes
from planroom.sqltext import parse_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planroom.sqltext import Statement

__all__ = ["volatile_functions"]

Names = set[tuple[str, str]]
"""Of functions, relations, types or operators: (schema or empty, name)."""


def volatile_functions(statement: Statement, fetch: Callable[..., list[tuple[Any, ...]]]) -> tuple[str, ...]:
    """Return the volatile functions that running a statement may call and that are not known to be harmless.

    They are looked up by name, so that one of several of that name is enough. Looked through are the statement, the
    views it reads, their views, row-level security, the domains it casts to, and the parts of aggregates. What a
    function's own body calls is not: its volatility in the catalog is taken at its word.

    Args:
        statement: One statement.
        fetch: Sends a query to the server, with values for ``$1`` ..., and returns its rows.

    Returns:
        Names as ``schema.function``, sorted.
    """
    waiting, functions, seen = [statement.tree], set[str](), set[int]()
    while waiting:
        trees, waiting = waiting, []
        functions.update(name for (name,) in fetch(_VOLATILE, *_arrays(_mentioned(trees))))
        for oid, text in _behind(trees, fetch):
            if oid not in seen:
                seen.add(oid)
                waiting += [each.tree for each in parse_postgres(text)]
    return tuple(sorted(functions - HARMLESS_FUNCTIONS))


def _behind(trees: list[Any], fetch: Callable[..., list[tuple[Any, ...]]]) -> Iterator[tuple[int, str]]:
    """Yield the queries of views, the conditions of policies and the checks of domains that some trees name."""
    relations = {_relation(node) for name, node in _nodes(trees) if name == "RangeVar"}
    yield from fetch(_VIEWS_AND_POLICIES, *_columns(relations))
    yield from fetch(_DOMAIN_CHECKS, *_columns({_type(node) for name, node in _nodes(trees) if name == "TypeCast"}))


def _mentioned(trees: list[Any]) -> tuple[Names, Names, set[str], set[str]]:
    """Return what may stand for a function: calls, operators, attributes (``t.f`` is ``f(t)``), and types cast to."""
    calls, operators, attributes, types = Names(), {("", "=")}, set[str](), set[str]()
    for name, node in _nodes(trees):
        match name:
            case "FuncCall":
                calls.add(function_name(node["funcname"]))
            case "A_Expr":
                operators.add(function_name(node.get("name", [])))
            case "SubLink" if node.get("operName"):
                operators.add(function_name(node["operName"]))
            case "ColumnRef" | "A_Indirection":
                attributes.update(_strings(node.get("fields", node.get("indirection", []))))
            case "TypeCast":
                types.add(_type(node)[1])
    return calls, operators, attributes, types | {name for _, name in calls}


def _nodes(trees: list[Any]) -> Iterator[tuple[str, Any]]:
    for tree in trees:
        yield from nodes(tree)


def _strings(parts: list[Any]) -> Iterator[str]:
    return (part["String"]["sval"] for part in parts if "String" in part)


def _relation(node: dict[str, Any]) -> tuple[str, str]:
    return node.get("schemaname", ""), node["relname"]


def _type(node: dict[str, Any]) -> tuple[str, str]:
    return function_name(node["typeName"]["names"])


def _columns(names: Names) -> tuple[list[str], list[str]]:
    ordered = sorted(names)
    return [schema for schema, _ in ordered], [name for _, name in ordered]


def _arrays(mentioned: tuple[Names, Names, set[str], set[str]]) -> tuple[list[str], ...]:
    calls, operators, attributes, types = mentioned
    return (*_columns(calls), *_columns(operators), sorted(attributes), sorted(types))


# An aggregate is marked immutable whatever its parts are; an implicit cast may stand anywhere.
_VOLATILE = """
    WITH candidate AS (
        SELECT p.oid, n.nspname, p.proname, p.provolatile
        FROM unnest($1::text[], $2::text[]) AS called (namespace, name)
        JOIN pg_catalog.pg_proc p ON p.proname = called.name
        JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE called.namespace IN ('', n.nspname)
    ), reached AS (
        SELECT oid FROM candidate
        UNION
        SELECT part.oid
        FROM candidate
        JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = candidate.oid
        CROSS JOIN LATERAL unnest(ARRAY[
            a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn,
            a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn
        ]::oid[]) AS part (oid)
        UNION
        SELECT o.oprcode
        FROM unnest($3::text[], $4::text[]) AS used (namespace, name)
        JOIN pg_catalog.pg_operator o ON o.oprname = used.name
        JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
        WHERE used.namespace IN ('', n.nspname)
        UNION
        SELECT p.oid
        FROM pg_catalog.pg_proc p
        JOIN pg_catalog.pg_type t ON t.oid = p.proargtypes[0]
        WHERE p.proname = ANY ($5::text[]) AND p.pronargs = 1 AND t.typtype IN ('c', 'd')
        UNION
        SELECT c.castfunc
        FROM pg_catalog.pg_cast c
        JOIN pg_catalog.pg_type t ON t.oid = c.casttarget
        WHERE c.castcontext = 'i' OR t.typname = ANY ($6::text[])
    )
    SELECT DISTINCT n.nspname || '.' || p.proname
    FROM reached
    JOIN pg_catalog.pg_proc p ON p.oid = reached.oid
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.provolatile = 'v'
"""

_NAMED = """
    FROM unnest($1::text[], $2::text[]) AS named (namespace, name)
    JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(
        CASE WHEN namespace = '' THEN '' ELSE pg_catalog.quote_ident(namespace) || '.' END
        || pg_catalog.quote_ident(name)
    )
"""

_VIEWS_AND_POLICIES = f"""
    SELECT c.oid::bigint, pg_catalog.pg_get_viewdef(c.oid) {_NAMED} WHERE c.relkind = 'v'
    UNION ALL
    SELECT p.oid::bigint, 'SELECT ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid)
    {_NAMED} JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid
    WHERE c.relrowsecurity AND p.polqual IS NOT NULL
"""

_DOMAIN_CHECKS = """
    SELECT k.oid::bigint, 'SELECT ' || pg_catalog.pg_get_expr(k.conbin, 0)
    FROM unnest($1::text[], $2::text[]) AS named (namespace, name)
    JOIN pg_catalog.pg_type t ON t.typname = named.name
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    JOIN pg_catalog.pg_constraint k ON k.contypid = t.oid
    WHERE named.namespace IN ('', n.nspname) AND k.conbin IS NOT NULL
"""
