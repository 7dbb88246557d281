"""The settings of another server's planner, taken over by a database of planroom's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import StatementFailedError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["carry", "impose", "limit", "track_functions"]

# Those that EXPLAIN (SETTINGS) shows bear on plans: pg_settings_get_flags() tells them.
_KNOWN = "SELECT name FROM pg_catalog.pg_settings WHERE 'EXPLAIN' = ANY (pg_catalog.pg_settings_get_flags(name))"
_STATEMENT = "SELECT format('ALTER DATABASE %I SET %I = %L', current_database(), $1::text, $2::text)"


def carry(run: Run, settings: Mapping[str, str]) -> tuple[str, ...]:
    """Set for all sessions to come what another server had set, and say in sentences what this one does not know."""
    known = {name for (name,) in run(_KNOWN)}
    notes = []
    for name, value in sorted(settings.items()):
        if name not in known:
            notes.append(f"The setting {name} = {value} is not carried: it is none of this server's planner.")
            continue
        try:
            _set(run, name, value)
        except StatementFailedError as error:
            notes.append(f"The setting {name} = {value} is not carried: {error.what}.")
    return tuple(notes)


def impose(run: Run, settings: Mapping[str, str]) -> None:
    """Set for all sessions to come what the user asked for.

    Raises:
        UnknownNameError: It is no setting of the planner.
        StatementFailedError: It does not take the value; the message is the server's own.
    """
    known = {name for (name,) in run(_KNOWN)}
    for name, value in settings.items():
        if name not in known:
            raise UnknownNameError.of("setting of PostgreSQL's planner", name, known)
        _set(run, name, value)


def limit(run: Run, timeout_s: float) -> None:
    """Have the server end any statement of the sessions to come after ``timeout_s`` seconds."""
    _set(run, "statement_timeout", f"{round(timeout_s * 1000)}ms")


def track_functions(run: Run) -> None:
    """Have the sessions to come count which functions they call."""
    _set(run, "track_functions", "all")


def _set(run: Run, name: str, value: str) -> None:
    ((statement,),) = run(_STATEMENT, name, value)
    run(statement)
