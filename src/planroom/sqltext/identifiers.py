"""Names: what identifies an object, and how a name is written in SQL."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["MAX_IDENTIFIER_BYTES", "ObjectId", "must_be_quoted", "qualified", "quote_identifier"]

MAX_IDENTIFIER_BYTES = 63
"""PostgreSQL's NAMEDATALEN - 1: longer names are cut there."""

ObjectId = str
"""A stable id: ``schema.table`` or ``schema.table.column``, each part quoted only if it must be."""

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")

# Keywords that PostgreSQL 18 does not take as a bare column name (reserved, or reserved but for functions and types).
# Source: PostgreSQL manual, appendix C, "SQL Key Words".
_RESERVED = frozenset(
    [
        "all",
        "analyse",
        "analyze",
        "and",
        "any",
        "array",
        "as",
        "asc",
        "asymmetric",
        "authorization",
        "between",
        "bigint",
        "binary",
        "bit",
        "boolean",
        "both",
        "case",
        "cast",
        "char",
        "character",
        "check",
        "coalesce",
        "collate",
        "collation",
        "column",
        "concurrently",
        "constraint",
        "create",
        "cross",
        "current_catalog",
        "current_date",
        "current_role",
        "current_schema",
        "current_time",
        "current_timestamp",
        "current_user",
        "dec",
        "decimal",
        "default",
        "deferrable",
        "desc",
        "distinct",
        "do",
        "else",
        "end",
        "except",
        "exists",
        "extract",
        "false",
        "fetch",
        "float",
        "for",
        "foreign",
        "freeze",
        "from",
        "full",
        "grant",
        "greatest",
        "group",
        "grouping",
        "having",
        "ilike",
        "in",
        "initially",
        "inner",
        "inout",
        "int",
        "integer",
        "intersect",
        "interval",
        "into",
        "is",
        "isnull",
        "join",
        "json",
        "json_array",
        "json_arrayagg",
        "json_exists",
        "json_object",
        "json_objectagg",
        "json_query",
        "json_scalar",
        "json_serialize",
        "json_table",
        "json_value",
        "lateral",
        "leading",
        "least",
        "left",
        "like",
        "limit",
        "localtime",
        "localtimestamp",
        "merge_action",
        "national",
        "natural",
        "nchar",
        "none",
        "normalize",
        "not",
        "notnull",
        "null",
        "nullif",
        "numeric",
        "offset",
        "on",
        "only",
        "or",
        "order",
        "out",
        "outer",
        "overlaps",
        "overlay",
        "placing",
        "position",
        "precision",
        "primary",
        "real",
        "references",
        "returning",
        "right",
        "row",
        "select",
        "session_user",
        "setof",
        "similar",
        "smallint",
        "some",
        "substring",
        "symmetric",
        "system_user",
        "table",
        "tablesample",
        "then",
        "time",
        "timestamp",
        "to",
        "trailing",
        "treat",
        "trim",
        "true",
        "union",
        "unique",
        "user",
        "using",
        "values",
        "varchar",
        "variadic",
        "verbose",
        "when",
        "where",
        "window",
        "with",
        "xmlattributes",
        "xmlconcat",
        "xmlelement",
        "xmlexists",
        "xmlforest",
        "xmlnamespaces",
        "xmlparse",
        "xmlpi",
        "xmlroot",
        "xmlserialize",
        "xmltable",
    ]
)


_COLUMN_NAMES = frozenset(
    """between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int
    integer interval json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar
    json_serialize json_table json_value least merge_action national nchar none normalize nullif numeric out overlay
    position precision real row setof smallint substring time timestamp treat trim values varchar xmlattributes
    xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable""".split()
)
"""Keywords that ``quote_ident`` quotes though they can name a column or table as they are; likewise its source."""


def must_be_quoted(name: str) -> bool:
    """Whether SQL has to quote a name of a column or table: it is reserved, or not plain lower case.

    Example:
        >>> must_be_quoted("order"), must_be_quoted("Order"), must_be_quoted("orders"), must_be_quoted("position")
        (True, True, False, False)
    """
    return not _PLAIN.fullmatch(name) or name in _RESERVED - _COLUMN_NAMES


def quote_identifier(name: str) -> str:
    """Return a name as SQL writes it, quoted exactly when PostgreSQL's ``quote_ident`` would.

    Example:
        >>> quote_identifier("orders"), quote_identifier("Order"), quote_identifier('x"y')
        ('orders', '"Order"', '"x""y"')
    """
    if _PLAIN.fullmatch(name) and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


@lru_cache(maxsize=1 << 16)
def qualified(*parts: str) -> ObjectId:
    """Return the parts joined by dots, each quoted if it must be; empty parts are left out.

    Example:
        >>> qualified("sales", "Order Lines", "id")
        'sales."Order Lines".id'
    """
    return ".".join(quote_identifier(part) for part in parts if part)
