"""Whether a text is one query that only reads, in any dialect that sqlglot knows."""

from __future__ import annotations

__all__ = ["why_not_one_query"]

_NAMES = {"mariadb": "mysql", "mssql": "tsql"}


def why_not_one_query(sql: str, dialect: str) -> str:
    """Return why a text is not one SELECT or VALUES without side effects that can be seen; empty when it is.

    Args:
        sql: The text.
        dialect: The dialect, as SQLAlchemy or sqlglot names it.
    """
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    from planroom.sqltext.dialect_expressions import quiet

    try:
        with quiet():
            trees = [each for each in sqlglot.parse(sql, read=_NAMES.get(dialect, dialect)) if each is not None]
    except (SqlglotError, RecursionError, ValueError) as error:
        return f"it cannot be read: {str(error).partition(chr(10))[0]}"
    if len(trees) != 1:
        return f"it holds {len(trees) or 'no'} statements"
    (tree,) = trees
    if not isinstance(tree, exp.Query | exp.Values):
        return f"it is a {type(tree).__name__.upper()}, no query"
    writing = next(tree.find_all(exp.Into, exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Lock, exp.Command), None)
    return f"it has {type(writing).__name__.upper()} in it" if writing is not None else ""
