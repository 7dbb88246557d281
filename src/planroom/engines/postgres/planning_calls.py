"""Functions that the server runs while it plans: those that are not volatile, to fold a constant or guess its value.

One that reads a table finds holes there, takes long over it, and what it returns is not what it would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import StatementFailedError

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["Calls", "calls", "has_functions", "notes_on", "took_too_long"]

_ANY = """
    SELECT 1 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    WHERE p.oid >= 16384 AND l.lanname NOT IN ('c', 'internal') AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    ) LIMIT 1
"""
_CALLS = """
    SELECT f.schemaname || '.' || f.funcname, f.calls FROM pg_catalog.pg_stat_xact_user_functions f
    UNION ALL
    SELECT '', coalesce(sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)), 0)
    FROM pg_catalog.pg_stat_xact_user_tables
"""
_TIMEOUT = "57014"

Calls = dict[str, int]
"""How often functions were called in the open transaction, and under the empty name how often tables were read."""


def has_functions(run: Run) -> bool:
    """Return whether the database has functions of the user's own that read tables, as far as a language tells."""
    return bool(run(_ANY))


def calls(run: Run) -> Calls:
    """Return how often functions were called, where ``track_functions`` is ``all``."""
    found: Calls = {}
    for name, count in run(_CALLS):
        found[name] = found.get(name, 0) + int(count)
    return found


def notes_on(before: Calls, after: Calls) -> tuple[str, ...]:
    """Say in a sentence which functions ran while a plan was made, if they may have read tables."""
    ran = sorted(name for name, count in after.items() if count > before.get(name, 0))
    if "" not in ran or len(ran) == 1:
        return ()
    return (
        f"To plan this the server ran {', '.join(ran[1:])}, which may have read tables: there are no rows in them.",
    )


def took_too_long(error: StatementFailedError) -> StatementFailedError:
    """Return the error for a plan that was not ready in time."""
    if error.code != _TIMEOUT:
        return error
    slow = StatementFailedError(
        "The statement was not planned in time.",
        where=error.where,
        why="a function that the server runs to plan it may read a table, whose files are long and empty here.",
        fix="give a value in the place of the function's call, or more time with timeout_s=.",
    )
    slow.code = error.code
    return slow
