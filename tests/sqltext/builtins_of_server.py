"""Makes ``src/planroom/sqltext/builtins.txt`` from a PostgreSQL 18.

Run it with a connection string: ``python tests/sqltext/builtins_of_server.py "dbname=postgres"``. A test holds the file
against the server.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from typing import Any

_HIDDEN_TYPES = """('internal', 'cstring', 'trigger', 'event_trigger', 'language_handler', 'fdw_handler',
    'index_am_handler', 'table_am_handler', 'tsm_handler', 'gtsvector', 'pg_ddl_command', 'pg_brin_bloom_summary',
    'pg_brin_minmax_multi_summary')"""
_HIDDEN_NAMES = (
    "^(pg_stat_|bt.*cmp|bt.*support|btequalimage|btvarstr|hash_|gin_|gist_|spg_|brin_|binary_upgrade|pg_ls_|"
    "pg_control|pg_replication|pg_logical|pg_wal|pg_get_wal)|(_support|recv|send|_transfn|_accum|_combine|_serialize)$"
)  # index support, input and output, and the server's own views: nothing that a schema calls
_CALLABLE = f"""pronamespace = 'pg_catalog'::regnamespace AND proname !~ '{_HIDDEN_NAMES}'
    AND prorettype::regtype::text NOT IN {_HIDDEN_TYPES}
    AND NOT EXISTS (SELECT FROM unnest(proargtypes::oid[]) t WHERE t::regtype::text IN {_HIDDEN_TYPES})"""

_TYPES = """
    SELECT typname, typcategory::text || CASE WHEN typispreferred THEN '!' ELSE '' END,
           coalesce((SELECT s.typname FROM pg_range JOIN pg_type s ON s.oid = rngsubtype WHERE rngtypid = t.oid), '')
    FROM pg_type t
    WHERE typtype IN ('b', 'p', 'r', 'm') AND typnamespace = 'pg_catalog'::regnamespace
      AND NOT (typelem <> 0 AND typsubscript = 'array_subscript_handler'::regproc)
    ORDER BY 1"""
_CASTS = """
    SELECT s.typname, t.typname, castcontext::text || castmethod::text
    FROM pg_cast c JOIN pg_type s ON s.oid = castsource JOIN pg_type t ON t.oid = casttarget
    WHERE c.oid < 16384 AND castsource <> casttarget ORDER BY 1, 2"""
_OPERATORS = """
    SELECT oprname, coalesce(l.typname, ''), r.typname, x.typname
    FROM pg_operator LEFT JOIN pg_type l ON l.oid = oprleft JOIN pg_type r ON r.oid = oprright
         JOIN pg_type x ON x.oid = oprresult
    WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprcode <> 0 ORDER BY oprname COLLATE "C", 2, 3"""
_FUNCTIONS = f"""
    SELECT proname, array(SELECT t.typname::text FROM unnest(proargtypes::oid[]) WITH ORDINALITY a(o, i)
                          JOIN pg_type t ON t.oid = a.o ORDER BY i),
           x.typname, provariadic <> 0, pronargdefaults, prokind::text
    FROM pg_proc JOIN pg_type x ON x.oid = prorettype
    WHERE prokind IN ('f', 'a', 'w') AND {_CALLABLE} ORDER BY proname COLLATE "C", proargtypes::text"""
_ROWS = f"""
    SELECT DISTINCT ON (proname) proname,
           array(SELECT coalesce(n, '') || ':' || t.typname
                 FROM unnest(proallargtypes, proargmodes, proargnames) WITH ORDINALITY u(o, m, n, i)
                 JOIN pg_type t ON t.oid = o WHERE m IN ('o', 'b', 't') ORDER BY i)
    FROM pg_proc
    WHERE 'o' = ANY (proargmodes) AND prokind = 'f' AND prorettype = 'record'::regtype AND {_CALLABLE}
    ORDER BY proname, proargtypes::text"""


def builtins_text(connection: Any) -> str:
    """Return the file's text."""
    lines = ["# What PostgreSQL 18's pg_catalog offers to expressions: made by tests/sqltext/builtins_of_server.py."]
    lines += ["[types]", *[" ".join(row).rstrip() for row in _rows(connection, _TYPES)]]
    lines += ["[casts]", *[" ".join(row) for row in _rows(connection, _CASTS)]]
    lines.append("[operators]")
    for name, group in groupby(_rows(connection, _OPERATORS), key=lambda row: row[0]):
        lines.append(f"{name} " + ";".join(f"{left},{right}>{result}" for _, left, right, result in group))
    lines.append("[functions]")
    for name, group in groupby(_rows(connection, _FUNCTIONS), key=lambda row: row[0]):
        lines.append(f"{name} " + ";".join(_function(*row[1:]) for row in group))
    lines += ["[rows]", *[f"{name} {','.join(columns)}" for name, columns in _rows(connection, _ROWS)]]
    return "\n".join(lines) + "\n"


def _rows(connection: Any, sql: str) -> list[Any]:
    return connection.execute(sql).fetchall()


def _function(arguments: list[str], result: str, variadic: bool, defaults: int, kind: str) -> str:
    flags = ("" if kind == "f" else kind) + ("*" if variadic else "") + (str(defaults) if defaults else "")
    return f"{flags}:{','.join(arguments)}>{result}" if flags else f"{','.join(arguments)}>{result}"


if __name__ == "__main__":
    import psycopg

    import planroom.sqltext

    with psycopg.connect(sys.argv[1]) as opened:
        Path(planroom.sqltext.__file__).with_name("builtins.txt").write_text(builtins_text(opened), encoding="utf-8")
