"""SQL of one dialect as another writes it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from planroom.sqltext.dialect_expressions import MOST_NESTED, nesting

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["transpile", "with_relations", "with_value"]

# Functions that sqlglot has no class for and that two dialects have, with the same meaning.
_SHARED: Mapping[str, frozenset[str]] = {
    "duckdb": frozenset(
        {"nextval", "currval", "gen_random_uuid", "random", "pi", "trunc", "reverse", "repeat", "md5", "now", "age", "chr"}
        | {"clock_timestamp", "transaction_timestamp", "starts_with", "format", "translate", "concat_ws", "degrees", "row"}
    ),
    "postgres": frozenset({"nextval", "pi", "reverse", "repeat", "md5", "now", "concat_ws", "degrees", "random", "left"}),
    "mysql": frozenset({"pi", "reverse", "repeat", "md5", "now", "concat_ws", "degrees", "uuid", "left", "right"}),
    "sqlite": frozenset({"typeof", "instr", "ifnull", "printf", "unicode", "char", "hex", "changes"}),
}  # fmt: skip
"""By the dialect that is written."""

_NOT_IN_SQLITE = frozenset({
    "Uuid", "MD5", "Reverse", "Repeat", "Left", "Right", "RegexpLike", "RegexpILike", "SplitPart", "Initcap", "Lpad",
    "Pad", "StringToArray", "Array", "ArrayAgg", "GenerateSeries", "Explode", "JSONBContains", "Rand", "ParseJSON",
    "ToChar", "StrToTime", "TimeToStr", "Interval", "Extract", "AtTimeZone", "TimestampTrunc", "ConcatWs",
})  # fmt: skip
_NOT_IN_MYSQL = frozenset({
    "Array", "ArrayAgg", "GenerateSeries", "Explode", "JSONBContains", "Initcap", "StringToArray", "AtTimeZone", "Uuid",
    "RegexpILike", "SplitPart", "FullJoin", "Trunc",
})  # fmt: skip
_MISSING = {"sqlite": _NOT_IN_SQLITE, "mysql": _NOT_IN_MYSQL}
"""What sqlglot writes all the same, though the dialect has no such thing."""

_OPERATORS = {"ArrayContainsAll": "@>", "ArrayContainedBy": "<@", "ArrayOverlaps": "&&", "Adjacent": "-|-"}


def transpile(
    sql: str, read: str, write: str, *, own_types: Collection[str] = (), booleans: Collection[str] = ()
) -> tuple[str, tuple[str, ...]]:
    """Return a query or expression in another dialect, and what may not work there.

    Args:
        sql: One expression or query.
        read: The dialect it is written in, as sqlglot names it.
        write: The dialect wanted, likewise.
        own_types: Types, in lower case, whose casts are left out: their values are written as they are.
        booleans: Columns that are numbers in ``read`` and booleans in ``write``: 1 and 0 beside them are translated.

    Returns:
        The translated text and the reasons to doubt it, sorted; the text is empty when it could not be read.
    """
    import sqlglot
    from sqlglot.errors import ErrorLevel, SqlglotError

    if nesting(sql) > MOST_NESTED:
        return "", ("it is nested too deeply",)
    try:
        tree = sqlglot.parse_one(sql, read=read).transform(_any_as_in).transform(_without_casts, own_types)
        tree = tree.transform(_with_booleans, booleans) if booleans else tree
        text = tree.sql(dialect=write, unsupported_level=ErrorLevel.RAISE, identify=False)
    except (SqlglotError, RecursionError, ValueError, AttributeError, TypeError) as error:
        return "", (f"it cannot be translated: {str(error).partition(chr(10))[0]}",)
    return text, tuple(sorted(set(_doubts(tree, write))))


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


def _without_casts(node: exp.Expr, own_types: Collection[str]) -> exp.Expr:
    """Return what is cast to one of the model's own types, and a constant that is cast to a text."""
    from sqlglot import exp

    if isinstance(node, exp.Cast):
        kind = node.to
        if kind.sql(dialect="postgres").lower() in own_types:
            return node.this
        texts = {exp.DType.TEXT, exp.DType.VARCHAR}
        if isinstance(node.this, exp.Literal) and node.this.is_string and kind.this in texts and not kind.expressions:
            return node.this
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


def _doubts(tree: exp.Expr, write: str) -> Iterator[str]:
    from sqlglot import exp

    missing = _MISSING.get(write, frozenset())

    if isinstance(tree, exp.Command):
        yield "it cannot be read as a query"
    for function in tree.find_all(exp.Anonymous):
        if function.name.lower() not in _SHARED.get(write, frozenset()):
            yield f"it calls {function.name}"
    for node in tree.find_all(exp.Func, exp.Interval, exp.AtTimeZone) if missing else ():
        if type(node).__name__ in missing:
            yield f"it uses {type(node).__name__}"
    for kind in tree.find_all(exp.DataType):
        if kind.this == exp.DType.USERDEFINED:
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
