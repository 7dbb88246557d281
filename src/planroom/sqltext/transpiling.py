"""SQL of one dialect as another writes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

from planroom.sqltext.dialect_expressions import MOST_NESTED, nesting
from planroom.sqltext.dialect_functions import FUNCTIONS, MISSING, SHARED, WORDS

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["transpile", "with_relations", "with_value"]

_CALL = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|([A-Za-z_]\w*)\s*\(")

_OPERATORS = {"ArrayContainsAll": "@>", "ArrayContainedBy": "<@", "ArrayOverlaps": "&&", "Adjacent": "-|-"}


def transpile(
    sql: str,
    read: str,
    write: str,
    *,
    own_types: Collection[str] = (),
    booleans: Collection[str] = (),
    texts: Collection[str] = (),
    quoted: bool = False,
) -> tuple[str, tuple[str, ...]]:
    """Return a query or expression in another dialect, and what may not work there.

    Args:
        sql: One expression or query.
        read: The dialect it is written in, as sqlglot names it.
        write: The dialect wanted, likewise.
        own_types: Types, in lower case, whose casts are left out: their values are written as they are.
        booleans: Columns that are numbers in ``read`` and booleans in ``write``: 1 and 0 beside them are translated.
        texts: Columns that are texts: what compares them with numbers is in doubt where the dialect is strict.
        quoted: Names stand in quotes, whatever the dialect's words are.

    Returns:
        The translated text and the reasons to doubt it, sorted; the text is empty when it could not be read.
    """
    import sqlglot
    from sqlglot.errors import ErrorLevel, SqlglotError

    if nesting(sql) > MOST_NESTED:
        return "", ("it is nested too deeply",)
    try:
        tree = sqlglot.parse_one(sql, read=read).transform(_any_as_in).transform(_without_casts, own_types, write)
        tree = tree.transform(_with_booleans, booleans) if booleans else tree
        text = tree.sql(dialect=write, unsupported_level=ErrorLevel.RAISE, identify=quoted)
    except (SqlglotError, RecursionError, ValueError, AttributeError, TypeError) as error:
        return "", (f"it cannot be translated: {str(error).partition(chr(10))[0]}",)
    return text, tuple(sorted({*_doubts(tree, read, write), *_mixed(tree, texts), *_unknown_functions(text, write)}))


def with_relations(sql: str, dialect: str, place: Callable[[str, str], tuple[str, str]]) -> str:
    """Return a query with its tables where ``place`` puts them: a schema and name for a schema and name."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        tree = sqlglot.parse_one(sql, read=dialect)
    except (SqlglotError, RecursionError):
        return sql
    for table in list(tree.find_all(exp.Table)):
        schema, name = place(table.db, table.name)
        if (schema, name) != (table.db, table.name):
            alias = table.args.get("alias") or exp.TableAlias(this=table.this.copy())
            table.set("this", exp.to_identifier(name, quoted=True))
            table.set("db", exp.to_identifier(schema, quoted=True) if schema else None)
            table.set("alias", alias)
    return tree.sql(dialect=dialect)


def with_value(sql: str, dialect: str, column: str) -> str:
    """Return a domain's check about a column: VALUE is the column."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        tree = sqlglot.parse_one(sql, read=dialect)
    except (SqlglotError, RecursionError):
        return sql
    found = [each for each in tree.find_all(exp.Column) if each.name.lower() == "value" and not each.table]
    for each in found:
        each.set("this", exp.to_identifier(column, quoted=True))
    return tree.sql(dialect=dialect)


def _without_casts(node: exp.Expr, own_types: Collection[str], write: str) -> Any:
    """Return what is cast to one of the model's own types, and a constant that means the same without the cast."""
    from sqlglot import exp

    if isinstance(node, exp.Cast):
        kind = node.to
        if kind.sql(dialect="postgres").lower() in own_types:
            return node.this
        if isinstance(node.this, exp.Cast) and node.this.this.name == "now" and kind.this == exp.DType.DATE:
            return exp.CurrentDate()  # the moment of the text is that of the row, not of the statement
        if isinstance(node.this, exp.Null) and write in {"mysql", "sqlite"}:
            return node.this
        is_text = kind.this in {exp.DType.TEXT, exp.DType.VARCHAR} and not kind.expressions
        if isinstance(node.this, exp.Literal) and node.this.is_string and (is_text or write in {"mysql", "sqlite"}):
            return node.this  # the column, or what it is compared with, gives the type
    if isinstance(node, exp.Introducer) and write != "mysql":
        return node.expression
    return node


def _with_booleans(node: exp.Expr, booleans: Collection[str]) -> exp.Expr:
    """Return a comparison of a boolean column with 1 or 0 as one with true or false."""
    from sqlglot import exp

    if isinstance(node, (exp.EQ, exp.NEQ)) and isinstance(node.this, exp.Column) and node.this.name in booleans:
        other = node.expression
        if isinstance(other, exp.Literal) and other.name in {"0", "1"}:
            return type(node)(this=node.this, expression=exp.Boolean(this=other.name == "1"))
    return node


def _any_as_in(node: exp.Expr) -> exp.Expr:
    """Return ``x = ANY (ARRAY[...])`` as ``x IN (...)``, which is the same and which every dialect knows."""
    from sqlglot import exp

    if isinstance(node, exp.EQ) and isinstance(node.expression, exp.Any):
        array = node.expression.this
        array = array.this if isinstance(array, exp.Paren) else array
        if isinstance(array, exp.Array) and array.expressions:
            return exp.In(this=node.this, expressions=array.expressions)
    return node


def _unknown_functions(text: str, write: str) -> Iterator[str]:
    """Yield a doubt for each call of what the dialect has not."""
    known = FUNCTIONS.get(write)
    for match in _CALL.finditer(text) if known else ():
        name = (match[1] or "").lower()
        if name and known and name not in known and name not in WORDS:
            yield f"it calls {name}"


def _is_text(node: exp.Expr) -> bool:
    from sqlglot import exp

    return any(isinstance(each, exp.Literal) and each.is_string for each in (node.this, node.expression))


def _mixed(tree: exp.Expr, texts: Collection[str]) -> Iterator[str]:
    """Yield a doubt for each comparison of a text with a number, which SQLite, MySQL and Oracle take."""
    from sqlglot import exp

    for node in tree.find_all(exp.EQ, exp.NEQ) if texts else ():
        number = isinstance(node.expression, exp.Literal) and not node.expression.is_string
        if number and isinstance(node.this, exp.Column) and node.this.name in texts:
            yield f"it compares the text {node.this.name} with a number"


def _puts_in_parentheses(union: exp.SetOperation) -> bool:
    from sqlglot import exp

    return any(isinstance(each, (exp.Subquery, exp.Paren)) for each in (union.this, union.expression))


def _doubts(tree: exp.Expr, read: str, write: str) -> Iterator[str]:
    from sqlglot import exp

    missing = MISSING.get(write, frozenset())

    if isinstance(tree, exp.Command):
        yield "it cannot be read as a query"
    for function in tree.find_all(exp.Anonymous):
        if function.name.lower() not in SHARED.get(write, frozenset()):
            yield f"it calls {function.name}"
    for node in tree.find_all(exp.Expr) if missing else ():
        if type(node).__name__ in missing:
            yield f"it uses {type(node).__name__}"
    if write == "duckdb" and not isinstance(tree, exp.Query) and tree.find(exp.Any):
        yield "it compares with ANY, which is a query in DuckDB"
    if write == "sqlite" and any(isinstance(each.this, exp.Order) for each in tree.find_all(exp.GroupConcat)):
        yield "it orders what it concatenates"
    if write in {"duckdb", "postgres"} and any(
        isinstance(each.this, exp.Order) and each.find(exp.Distinct) for each in tree.find_all(exp.GroupConcat)
    ):
        yield "it orders what it concatenates"
    if write == "sqlite" and any(_puts_in_parentheses(each) for each in tree.find_all(exp.SetOperation)):
        yield "it puts a part of a UNION in parentheses"
    if read == "tsql" and any(_is_text(each) for each in tree.find_all(exp.Add)):
        yield "it adds texts"
    for kind in tree.find_all(exp.DataType):
        array = kind.this == exp.DType.ARRAY and write in FUNCTIONS
        if array or kind.this in {exp.DType.USERDEFINED, exp.DType.INET}:
            yield f"it casts to {kind.sql()}"
    for operator in tree.find_all(exp.ArrayContainsAll, exp.ArrayContainedBy, exp.ArrayOverlaps, exp.Adjacent):
        yield f"it uses the operator {_OPERATORS[type(operator).__name__]}"
    if any(_selects_ungrouped(select) for select in tree.find_all(exp.Select)):
        yield "it selects columns that are not grouped, which is right only beside a grouped key"
    for node in tree.find_all(exp.CurrentUser, exp.SessionUser):
        yield f"it asks for the {type(node).__name__}"


def _selects_ungrouped(select: exp.Select) -> bool:
    """Whether a grouped query selects a column that is neither grouped nor aggregated."""
    from sqlglot import exp

    group = select.args.get("group")
    if group is None:
        return False
    grouped = {each.name for each in group.expressions}
    ordinals = {int(each.name) for each in group.expressions if isinstance(each, exp.Literal) and not each.is_string}
    projections = [
        each for n, each in enumerate(select.expressions, 1) if n not in ordinals and each.alias_or_name not in grouped
    ]
    columns = (column for each in projections for column in each.find_all(exp.Column))
    return any(column.name not in grouped and not column.find_ancestor(exp.AggFunc) for column in columns)
