"""Whether an expression can give another value for each row.

The server evaluates a default that cannot once, and stores it beside the table; any other means a new row for each old
one. Source: the PostgreSQL manual, "Function Volatility Categories"; ``inline_function`` (optimizer/util/clauses.c).
"""

from __future__ import annotations

from planroom.ddl import Catalog
from planroom.ddl.trees import strings, walk
from planroom.model import Routine
from planroom.sqltext import Tree, parse_postgres
from planroom.sqltext.builtins import functions_named

__all__ = ["VOLATILE", "unknown_functions", "volatile_functions"]

VOLATILE = frozenset(
    """array_sample array_shuffle clock_timestamp current_query currval gen_random_uuid lastval nextval
    pg_current_wal_lsn pg_current_wal_insert_lsn pg_current_wal_flush_lsn pg_database_size pg_is_in_recovery
    pg_relation_size pg_sleep pg_table_size pg_total_relation_size pg_indexes_size pg_tablespace_size
    pg_try_advisory_lock pg_try_advisory_xact_lock query_to_xml random random_normal set_config setseed setval timeofday
    txid_status uuidv4 uuidv7 pg_advisory_lock pg_advisory_xact_lock pg_notify pg_nextoid lo_create lo_creat
    pg_xact_commit_timestamp""".split()
)
"""PostgreSQL 18's volatile functions that a default could call (pg_proc.provolatile); a test holds it to a server."""

_EXTENSIONS = {"uuid_generate_v1": True, "uuid_generate_v1mc": True, "uuid_generate_v4": True, "gen_salt": True,
               "gen_random_bytes": True, "uuid_generate_v3": False, "uuid_generate_v5": False, "uuid_nil": False,
               "crypt": False, "digest": False}  # fmt: skip
"""Functions of uuid-ossp and pgcrypto: whether they are volatile."""

_DEEPEST = 8  # SQL functions that call each other; the server stops at recursion too


def volatile_functions(catalog: Catalog, tree: Tree | None, depth: int = 0) -> tuple[str, ...]:
    """Return the volatile functions that an expression calls."""
    return tuple(name for name, volatile in _called(catalog, tree, depth) if volatile)


def unknown_functions(catalog: Catalog, tree: Tree | None) -> tuple[str, ...]:
    """Return the functions of an expression of which neither PostgreSQL's own nor the catalog's are any."""
    return tuple(name for name, volatile in _called(catalog, tree, 0) if volatile is None)


def _called(catalog: Catalog, tree: Tree | None, depth: int) -> list[tuple[str, bool | None]]:
    if tree is None:
        return []
    found = []
    for kind, fields in walk(tree):
        if kind == "FuncCall":
            names = strings(fields.get("funcname"))
            schema = names[-2] if len(names) > 1 else ""
            found.append((names[-1], _is_volatile(catalog, schema, names[-1], depth)))
    return found


def _is_volatile(catalog: Catalog, schema: str, name: str, depth: int) -> bool | None:
    if schema in {"", "pg_catalog"} and (name in VOLATILE or functions_named(name)):
        return name in VOLATILE
    key = catalog.find(catalog.routine_names, schema, name)
    if key is None:
        return _EXTENSIONS.get(name)
    routines = [each for each in catalog.routines.values() if (each.schema, each.name) == key]
    return any(each.volatility == "volatile" and not _inlines(catalog, each, depth) for each in routines)


def _inlines(catalog: Catalog, routine: Routine, depth: int) -> bool:
    """Whether a SQL function is replaced by its expression, which is not volatile."""
    if routine.language != "sql" or routine.security_definer or routine.options or depth > _DEEPEST:
        return False
    body = routine.body.removesuffix("atomic").strip() if routine.atomic else routine.body
    statements = parse_postgres(body if not body.upper().startswith("RETURN ") else f"SELECT {body[7:]}")
    if len(statements) != 1 or statements[0].kind != "SelectStmt":
        return False
    tree = statements[0].tree
    if set(tree) - {"targetList", "limitOption", "op"} or len(tree.get("targetList", ())) != 1:
        return False
    return not volatile_functions(catalog, tree, depth + 1) and not unknown_functions(catalog, tree)
