"""How dialects quote and comment: the pieces of which scripts are cut and tokens are made.

Sources: the lexical chapters of the MySQL, SQLite, DuckDB, SQL Server, Oracle, Snowflake and BigQuery manuals.
"""

from __future__ import annotations

import re

__all__ = [
    "BLOCK_COMMENT", "dollar_quotes", "line_comment", "names_of", "quotes_of", "strings_of", "unquoted",
    "unquoted_string",
]  # fmt: skip

_ESCAPING = frozenset({"mysql", "bigquery", "databricks", "spark", "hive", "clickhouse", "snowflake", "doris"})
_TICKING = frozenset({"mysql", "sqlite", "bigquery", "databricks", "spark", "hive", "clickhouse", "doris", "starrocks"})
_BRACKETING = frozenset({"tsql", "sqlite", "fabric"})
_DOLLARS = frozenset({"duckdb", "snowflake", "redshift", "materialize", "risingwave"})
_DOUBLE_IS_STRING = frozenset({"mysql", "bigquery", "databricks", "spark", "hive", "doris", "starrocks"})

BLOCK_COMMENT = r"/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "Z": "\x1a"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def line_comment(dialect: str) -> str:
    """Return the pattern of a comment that the line's end ends; MySQL's dashes want a blank behind them."""
    return r"(?:--(?=\s|\Z)|#)[^\n]*" if dialect == "mysql" else r"--[^\n]*"


def _between(quote: str, *, escapes: bool) -> str:
    """Return the pattern of a text between quotes, which are doubled inside; an unclosed one reaches to the end."""
    if escapes:
        return rf"{quote}[^{quote}\\]*(?:(?:{quote}{quote}|\\.)[^{quote}\\]*)*(?:{quote}|\Z)"
    return rf"{quote}[^{quote}]*(?:{quote}{quote}[^{quote}]*)*(?:{quote}|\Z)"


def strings_of(dialect: str) -> str:
    """Return the pattern of a string constant."""
    escapes = dialect in _ESCAPING
    quotes = "'\"" if dialect in _DOUBLE_IS_STRING else "'"
    return "|".join(_between(quote, escapes=escapes) for quote in quotes)


def names_of(dialect: str) -> str:
    """Return the pattern of a quoted name."""
    found = [] if dialect in _DOUBLE_IS_STRING else [_between('"', escapes=False)]
    found += [_between("`", escapes=False)] * (dialect in _TICKING)
    found += [r"\[[^\]\n]*(?:\]\][^\]\n]*)*\]"] * (dialect in _BRACKETING)
    return "|".join(found)


def quotes_of(dialect: str) -> str:
    """Return the pattern of anything in quotes."""
    return f"{strings_of(dialect)}|{names_of(dialect)}"


def dollar_quotes(dialect: str) -> bool:
    """Whether texts may stand between dollars."""
    return dialect in _DOLLARS


def unquoted(name: str) -> str:
    """Return a quoted name without its quotes."""
    close = "]" if name[0] == "[" else name[0]
    inner = name[1:-1] if len(name) > 1 and name.endswith(close) else name[1:]
    return inner.replace(close * 2, close)


def unquoted_string(text: str, dialect: str) -> str:
    """Return the value of a string constant, whatever introduces it (``N'...'``, ``_utf8'...'``)."""
    start = min(place for place in (text.find("'"), text.find('"')) if place >= 0)
    quote = text[start]
    inner = text[start + 1 : -1] if len(text) > start + 1 and text.endswith(quote) else text[start + 1 :]
    inner = inner.replace(quote * 2, quote)
    if dialect in _ESCAPING:
        return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), inner)
    return inner
