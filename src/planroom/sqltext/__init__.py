"""The only place that sees a parser: split, parse, locate, normalise, fingerprint, print, canonicalise.

It hands out planroom's own values: `Statement`, `DataType`, `Expression`, `Query`. Each part is imported when it is
first used: a migration is judged without what knows queries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planroom.sqltext.actions import action_at, action_spans
    from planroom.sqltext.canonical import bound, expression, output_columns, parse_expression, parse_query, query
    from planroom.sqltext.comments import line_comments, statement_lines, statement_texts
    from planroom.sqltext.expressions import Expression
    from planroom.sqltext.identifiers import MAX_IDENTIFIER_BYTES, ObjectId, must_be_quoted, qualified, quote_identifier
    from planroom.sqltext.names import BUILTIN_TYPE_NAMES, NO_NAMES, Names, NoNames, data_type, parse_type
    from planroom.sqltext.plpgsql import executions_of_body
    from planroom.sqltext.predicates import Restriction, restrictions
    from planroom.sqltext.printing import print_expression
    from planroom.sqltext.queries import (
        UNTOLD,
        Assignment,
        Execution,
        Node,
        Predicate,
        Projection,
        Query,
        Scope,
        Source,
        shape,
        walk,
    )
    from planroom.sqltext.query_parsing import (
        QueryStatement,
        RoutineQuery,
        parse_queries,
        parse_routine_queries,
    )
    from planroom.sqltext.rewriting import (
        mentioned_columns,
        mentioned_relations,
        parse_expression_tree,
        parse_query_tree,
        rename_column,
        rename_relation,
    )
    from planroom.sqltext.routine_bodies import Block, block_of
    from planroom.sqltext.splitting import after_as, sql_body
    from planroom.sqltext.statements import (
        Statement,
        Tree,
        broken_statements,
        holds_routines,
        is_template,
        may_be_template,
        parse_postgres,
    )
    from planroom.sqltext.types import DataType

__all__ = [
    "BUILTIN_TYPE_NAMES",
    "MAX_IDENTIFIER_BYTES",
    "NO_NAMES",
    "UNTOLD",
    "Assignment",
    "Block",
    "DataType",
    "Execution",
    "Expression",
    "Names",
    "NoNames",
    "Node",
    "ObjectId",
    "Predicate",
    "Projection",
    "Query",
    "QueryStatement",
    "Restriction",
    "RoutineQuery",
    "Scope",
    "Source",
    "Statement",
    "Tree",
    "action_at",
    "action_spans",
    "after_as",
    "block_of",
    "bound",
    "broken_statements",
    "data_type",
    "executions_of_body",
    "expression",
    "holds_routines",
    "is_template",
    "line_comments",
    "may_be_template",
    "mentioned_columns",
    "mentioned_relations",
    "must_be_quoted",
    "output_columns",
    "parse_expression",
    "parse_expression_tree",
    "parse_postgres",
    "parse_queries",
    "parse_query",
    "parse_query_tree",
    "parse_routine_queries",
    "parse_type",
    "print_expression",
    "qualified",
    "query",
    "quote_identifier",
    "rename_column",
    "rename_relation",
    "restrictions",
    "shape",
    "sql_body",
    "statement_lines",
    "statement_texts",
    "walk",
]

_PARTS = {
    "canonical": ("bound", "expression", "output_columns", "parse_expression", "parse_query", "query"),
    "actions": ("action_at", "action_spans"),
    "comments": ("line_comments", "statement_lines", "statement_texts"),
    "expressions": ("Expression",),
    "identifiers": ("MAX_IDENTIFIER_BYTES", "ObjectId", "must_be_quoted", "qualified", "quote_identifier"),
    "names": ("BUILTIN_TYPE_NAMES", "NO_NAMES", "Names", "NoNames", "data_type", "parse_type"),
    "plpgsql": ("executions_of_body",),
    "predicates": ("Restriction", "restrictions"),
    "printing": ("print_expression",),
    "queries": (
        "UNTOLD",
        "Assignment",
        "Execution",
        "Node",
        "Predicate",
        "Projection",
        "Query",
        "Scope",
        "Source",
        "shape",
        "walk",
    ),
    "query_parsing": ("QueryStatement", "RoutineQuery", "parse_queries", "parse_routine_queries"),
    "rewriting": (
        "mentioned_columns",
        "mentioned_relations",
        "parse_expression_tree",
        "parse_query_tree",
        "rename_column",
        "rename_relation",
    ),
    "routine_bodies": ("Block", "block_of"),
    "splitting": ("after_as", "sql_body"),
    "statements": (
        "Statement",
        "Tree",
        "broken_statements",
        "holds_routines",
        "is_template",
        "may_be_template",
        "parse_postgres",
    ),
    "types": ("DataType",),
}
_HOMES = {name: part for part, names in _PARTS.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
