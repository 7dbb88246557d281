"""How a plan is asked for: EXPLAIN with the options that the server's version has, for given or for any values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planroom.engines._explained import Explained
from planroom.engines.postgres.statements import READING_KINDS, modifies, nodes, single_statement
from planroom.errors import StatementFailedError, StatementRefusedError, nearest
from planroom.sqltext import parse_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from planroom.sqltext import Statement

__all__ = ["ExplainRequest", "Session", "explain_options", "explainable", "explained"]

PREPARED = "planroom_generic"
EXPLAINABLE_KINDS = READING_KINDS | {"CreateTableAsStmt", "DeclareCursorStmt", "ExecuteStmt"}
_WRAPPING = frozenset({"ExplainStmt", "PrepareStmt"})

# The version that an option came with: https://www.postgresql.org/docs/release/ (EXPLAIN). TIMING and SUMMARY come
# with ANALYZE; MEMORY would measure plain plans too, but differs from run to run.
_ALWAYS = (("FORMAT JSON", 0), ("VERBOSE", 0), ("SETTINGS", 120_000))
_ANALYZED = (
    ("ANALYZE", 0), ("BUFFERS", 0), ("WAL", 130_000), ("SERIALIZE TEXT", 170_000), ("MEMORY", 170_000)
)  # fmt: skip
_GENERIC = (("GENERIC_PLAN", 160_000),)


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """What the user asked for; see `planroom.engines.Engine.explain`."""

    analyze: bool
    params: tuple[object, ...]
    generic: bool
    settings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Session:
    """A transaction that will be rolled back, seen from here.

    Attributes:
        fetch: Sends a query of planroom's own, with values for ``$1`` ..., and returns its rows.
        send: Sends what comes before the user's statement, and the statement, with values, by the extended
            protocol, which takes one statement alone; returns the text of the first value.
        quote: Writes a value as a literal.
        version: The server's version, such as ``18.6``.
        number: The same as a number, such as 180006.
        owned: Whether planroom made the database.
    """

    fetch: Callable[..., list[tuple[Any, ...]]]
    send: Callable[[str, str, Sequence[object]], str]
    quote: Callable[[object], str]
    version: str
    number: int
    owned: bool


def explainable(sql: str, *, owned: bool, analyze: bool) -> Statement:
    """Return the one statement in ``sql``, if planroom asks for its plan on such a database.

    Raises:
        StatementRefusedError: It is none, several, has no plan, or would change a database that the user named.
    """
    statements = [statement for statement in parse_postgres(sql) if statement.kind != "empty"]
    if len(statements) == 1 and statements[0].kind in _WRAPPING:
        raise StatementRefusedError(
            "This is an EXPLAIN or PREPARE already.", fix="give the statement itself: planroom puts EXPLAIN before it."
        )
    if not owned:
        return _harmless(single_statement(sql), analyze=analyze)
    if len(statements) != 1:
        raise StatementRefusedError(
            f"A plan is of one statement; this text holds {len(statements) or 'none'}.",
            fix="ask for the plans one by one.",
        )
    (statement,) = statements
    if statement.kind not in EXPLAINABLE_KINDS | {"broken"}:  # of a broken one the server says best what is wrong
        raise StatementRefusedError(
            f"PostgreSQL has no plan for {' '.join(statement.text.split()[:2])}.",
            why="it plans SELECT, VALUES, INSERT, UPDATE, DELETE, MERGE and CREATE TABLE AS.",
        )
    return statement


def _harmless(statement: Statement, *, analyze: bool) -> Statement:
    if analyze and modifies(statement):
        raise StatementRefusedError(
            "planroom does not run a statement that would write to a database that you named.",
            why="with analyze=True the statement is carried out, and only then measured.",
            fix="leave analyze out, or run it on a database that planroom made: pr.database(...).",
        )
    return statement


def explained(statement: Statement, request: ExplainRequest, session: Session) -> Explained:
    """Ask for a plan in a transaction that will be rolled back.

    Raises:
        StatementRefusedError: A setting or the number of values does not fit.
        StatementFailedError: The server refused it.
    """
    _refuse_wrong_count(statement, request)
    _set(request.settings, session)
    ask = _generic if request.generic else _custom
    document, notes = ask(statement, request, session)
    notes += _row_security(statement, session)
    if request.analyze and modifies(statement):
        notes += ("The statement was carried out and rolled back.",)
    return Explained(
        "postgres", session.version, statement.text, document, request.analyze, request.settings, notes
    )  # fmt: skip


def explain_options(number: int, *, analyze: bool = False, generic: bool = False) -> str:
    """Return the options of EXPLAIN that a server has.

    Args:
        number: The server's version as a number, such as 180006.
        analyze: Whether the statement is run.
        generic: Whether the plan is one for any values.

    Example:
        >>> explain_options(120020, analyze=True)
        '(FORMAT JSON, VERBOSE, SETTINGS, ANALYZE, BUFFERS)'
    """
    wanted = _ALWAYS + (_ANALYZED if analyze else ()) + (_GENERIC if generic and not analyze else ())
    return f"({', '.join(option for option, since in wanted if number >= since)})"


def _custom(statement: Statement, request: ExplainRequest, session: Session) -> tuple[str, tuple[str, ...]]:
    """Ask for the plan of these values: they travel beside the statement, and the planner sees them."""
    options = explain_options(session.number, analyze=request.analyze)
    return session.send(f"EXPLAIN {options} ", statement.text, request.params), ()


def _generic(statement: Statement, request: ExplainRequest, session: Session) -> tuple[str, tuple[str, ...]]:
    """Ask for the plan of any values, by way of a prepared statement.

    EXPLAIN (GENERIC_PLAN) of the statement itself would need the simple protocol, which takes several statements.
    """
    _forget_prepared(session)
    session.fetch("SELECT pg_catalog.set_config('plan_cache_mode', 'force_generic_plan', true)")
    session.send(f"PREPARE {PREPARED} AS ", statement.text, ())
    values = [session.quote(value) for value in request.params] or ["NULL"] * _placeholders(statement)
    options = explain_options(session.number, analyze=request.analyze, generic=True)
    arguments = f" ({', '.join(values)})" if values else ""
    document = session.send(f"EXPLAIN {options} EXECUTE {PREPARED}{arguments}", "", ())
    _forget_prepared(session)
    notes: tuple[str, ...] = ("This is the generic plan, the one for any values of the parameters.",)
    if not request.analyze and session.number < _GENERIC[0][1]:
        notes += (f"PostgreSQL {session.version} left out the partitions that hold no NULL: it plans for NULLs.",)
    return document, notes


def _forget_prepared(session: Session) -> None:
    if session.fetch("SELECT 1 FROM pg_catalog.pg_prepared_statements WHERE name = $1", PREPARED):
        session.fetch(f"DEALLOCATE {PREPARED}")


def _placeholders(statement: Statement) -> int:
    """Return the highest number among a statement's ``$1``, ``$2`` ...; 0 without any."""
    numbers = (node.get("number", 0) for name, node in nodes(statement.tree) if name == "ParamRef")
    return max(numbers, default=0)


def _refuse_wrong_count(statement: Statement, request: ExplainRequest) -> None:
    needed, given = _placeholders(statement), len(request.params)
    if given == needed or statement.kind == "broken" or (request.generic and not request.analyze and not given):
        return
    generic = "" if request.analyze else "; generic=True gives the plan for any values"
    raise StatementRefusedError(
        f"The statement has {_counted(needed, 'parameter')}, and {_counted(given, 'value')} came with it.",
        fix=f"pass params= with a value for each, the first for $1{generic}." if needed else "leave params= out.",
    )


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


_BYPASSED = """
    SELECT DISTINCT n.nspname || '.' || c.relname
    FROM unnest($1::text[], $2::text[]) AS named (namespace, name)
    JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(
        CASE WHEN namespace = '' THEN '' ELSE pg_catalog.quote_ident(namespace) || '.' END
        || pg_catalog.quote_ident(name)
    )
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relrowsecurity AND NOT pg_catalog.row_security_active(c.oid)
    ORDER BY 1
"""


def _row_security(statement: Statement, session: Session) -> tuple[str, ...]:
    """Say of which tables an application's role would see other rows, by another plan."""
    named = {
        (node.get("schemaname", ""), node["relname"]) for name, node in nodes(statement.tree) if name == "RangeVar"
    }
    if not named:
        return ()
    found = session.fetch(_BYPASSED, [schema for schema, _ in named], [name for _, name in named])
    tables = ", ".join(name for (name,) in found)
    return (f"Row-level security of {tables} does not hold for this role: its conditions are not in the plan.",) * bool(
        tables
    )


# -- settings ----------------------------------------------------------------------------------------------------------

_UNDEFINED_OBJECT = "42704"
_PLANNING = ("Query Tuning", "Resource Usage")


def _set(settings: tuple[tuple[str, str], ...], session: Session) -> None:
    """Set what the user asked for, until the transaction ends.

    Raises:
        StatementRefusedError: A setting has nothing to do with plans, and the database is the user's.
        StatementFailedError: There is no such setting, or it does not take the value.
    """
    if not settings:
        return
    known = {
        name.lower(): (category, context)
        for name, category, context in session.fetch("SELECT name, category, context FROM pg_catalog.pg_settings")
    }
    for name, value in settings:
        if not session.owned:
            _refuse_unless_planning(name, known)
        try:
            session.fetch("SELECT pg_catalog.set_config($1, $2, true)", name, value)
        except StatementFailedError as error:
            raise _with_nearest(error, name, known) from None


def _with_nearest(error: StatementFailedError, name: str, known: Iterable[str]) -> StatementFailedError:
    if error.code == _UNDEFINED_OBJECT and (close := nearest(name, known)):
        error.fix = f"did you mean {close!r}?"
    return error


def _refuse_unless_planning(name: str, known: dict[str, tuple[str, str]]) -> None:
    """Refuse what has nothing to do with plans, and what the catalog does not list, such as ``role``."""
    category, context = known.get(name.lower(), ("", ""))
    if context == "user" and category.startswith(_PLANNING):
        return
    close = "" if category else nearest(name, known)
    raise StatementRefusedError(
        f"planroom does not set {name} on a database that you named.",
        why="it sets what bears on the plan alone: query tuning, memory, parallel workers.",
        fix=f"did you mean {close!r}?" if close else "set it on a database that planroom made: pr.database(...).",
    )
