"""One statement after the other, folded into a catalog."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from planroom.ddl.catalog import Catalog, Problem, Skipped
from planroom.ddl.constraints import settle
from planroom.ddl.dispatch import HANDLERS
from planroom.ddl.session import LEFT_ALONE
from planroom.errors import PlanroomError
from planroom.sqltext import Statement, Tree

__all__ = ["apply", "apply_all", "apply_if_it_can", "apply_tree", "described", "leave_code"]

Waiting = tuple[Statement, tuple[str, ...]]
"""A statement, and the search path that it is meant under."""

_LEFT_OUT = {
    "broken": ("broken", ""),
    "psql": ("session", "a line for psql, not for the server"),
    "copy-data": ("data", "rows are data"),
}


@cache
def _load_handlers() -> None:
    """Import every module of this floor: each registers what it folds."""
    package = importlib.import_module("planroom.ddl")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"planroom.ddl.{module.name}")


def apply_all(catalog: Catalog, statements: tuple[Statement, ...]) -> None:
    """Fold statements in their order; those that add to what is made later are tried again at the end.

    A folder of files is often in an order that the server would refuse. What still cannot be folded is left unread
    with its reason.
    """
    _load_handlers()
    waiting = [(statement, catalog.search_path) for statement in statements if not apply(catalog, statement)]
    waiting = _tried_again(catalog, waiting)
    with _postponing(catalog):
        waiting = _tried_again(catalog, waiting)
        for statement, path in waiting:
            catalog.search_path = path
            apply(catalog, statement, last=True)


def _tried_again(catalog: Catalog, waiting: list[Waiting]) -> list[Waiting]:
    """Fold statements until none of them can be; return those that are left, each with its search path."""
    while waiting:
        still = []
        for statement, path in waiting:
            before, catalog.search_path = catalog.search_path, path
            if not apply(catalog, statement):
                still.append((statement, path))
            catalog.search_path = before
        if len(still) == len(waiting):
            break
        waiting = still
    return waiting


@contextmanager
def _postponing(catalog: Catalog) -> Iterator[None]:
    """Let foreign keys to what is missing wait until the block is done; one that has to wait longer is left unread."""
    catalog.postponed = []
    try:
        yield
    finally:
        waiting, catalog.postponed = catalog.postponed, None
    for each in waiting:
        settle(catalog, each)


def apply(catalog: Catalog, statement: Statement, *, last: bool = False) -> bool:
    """Fold one statement; what cannot be folded becomes ``catalog.unread``.

    Returns:
        False when the statement names something that is missing, and ``last`` is not set: it may be tried again.
    """
    _load_handlers()
    if statement.kind == "DoStmt":
        return _run(catalog, statement, last=last)
    try:
        catalog.attempt(lambda: _apply(catalog, statement))
    except Skipped as skipped:
        _leave(catalog, statement, skipped.kind, skipped.reason)
    except Problem as problem:
        if problem.missing and not last and _only_adds(statement):
            return False
        if problem.missing and catalog.postponed is None and statement.kind in _WITH_REFERENCES:
            with _postponing(catalog):
                return apply(catalog, statement, last=True)
        _leave(catalog, statement, "broken", problem.reason)
    except PlanroomError as error:
        _leave(catalog, statement, "broken", f"{error.what} {error.why}".strip())
    except Exception as error:  # noqa: BLE001, RUF100  (whatever it is, it costs this statement alone)
        _leave(catalog, statement, "broken", f"planroom has a fault here: {type(error).__name__}: {error}")
    return True


def _run(catalog: Catalog, statement: Statement, *, last: bool) -> bool:
    """Fold what a DO block runs for certain, or unless it is there already."""
    from planroom.sqltext import block_of  # few scripts run code

    block = block_of(statement)
    done = [apply_if_it_can(catalog, each, last=last) for each, guard in block.statements if guard != "other"]
    if None in done:
        return False
    if not block.whole:
        leave_code(catalog, statement)
    return True


def leave_code(catalog: Catalog, statement: Statement) -> None:
    """Note that what code does is not known from here on."""
    _leave(catalog, statement, *LEFT_ALONE["DoStmt"])


def apply_if_it_can(catalog: Catalog, statement: Statement, *, last: bool = True) -> bool | None:
    """Fold a statement that code runs where it can, and tell whether it could; what cannot be folded leaves no trace.

    Returns:
        None when it names something that is missing, and ``last`` is not set.
    """
    before = len(catalog.unread)
    if not apply(catalog, statement, last=last):
        return None
    failed = any(each.kind == "broken" for each in catalog.unread[before:])
    if failed:
        del catalog.unread[before:]
    return not failed


def _apply(catalog: Catalog, statement: Statement) -> None:
    if statement.kind in _LEFT_OUT:
        kind, reason = _LEFT_OUT[statement.kind]
        raise Skipped(kind, reason or statement.problem)
    apply_tree(catalog, {statement.kind: statement.tree}, statement)


_WITH_REFERENCES = frozenset({"AlterTableStmt", "CreateForeignTableStmt", "CreateSchemaStmt", "CreateStmt"})


def _only_adds(statement: Statement) -> bool:
    """Whether a statement adds something, and so means the same when it is folded after what it names is made.

    A DROP or RENAME of what is not there must not hit what a later statement makes under that name. DROP CONSTRAINT IF
    EXISTS clears the way for what the next statement adds, and waits with that.
    """
    if statement.kind in {"DropStmt", "RenameStmt", "AlterObjectSchemaStmt", "AlterEnumStmt"}:
        return False
    commands = [node["AlterTableCmd"] for node in statement.tree.get("cmds", ())]
    clears = ("AT_DropConstraint", True)
    names = [each["subtype"] for each in commands if (each["subtype"], each.get("missing_ok")) != clears]
    return not any("Drop" in name or "Detach" in name for name in names)


def _leave(catalog: Catalog, statement: Statement, kind: str, reason: str) -> None:
    catalog.leave_unread(kind, described(statement), reason, statement.text, statement.location)


def apply_tree(catalog: Catalog, node: Tree, statement: Statement) -> None:
    """Fold one node that stands for a statement.

    Raises:
        Problem: It contradicts what is there.
        Skipped: It is none of the model's business.
    """
    ((kind, fields),) = node.items()
    handler = HANDLERS.get(kind)
    if handler is None:
        raise Skipped(*LEFT_ALONE.get(kind, ("structure", "the model has no place for it")))
    handler(catalog, fields, statement)


def described(statement: Statement) -> str:
    """Return what a statement is, in its own first words: ``CREATE EVENT TRIGGER``."""
    taken = []
    for word in statement.text.split(None, 5)[:5]:
        if word.upper() not in _WORDS:
            break
        taken.append(word.upper())
    return " ".join(taken) or statement.kind


_WORDS = frozenset(
    """ACCESS AGGREGATE ALTER BEGIN CALL CAST CLUSTER COLLATION COLUMN COMMENT COMMIT CONFIGURATION CONSTRAINT
    CONVERSION COPY CREATE DATA DATABASE DEFAULT DELETE DICTIONARY DO DOMAIN DROP END EVENT EXECUTE EXPLAIN
    EXTENSION FAMILY FOREIGN FROM FUNCTION GRANT IMPORT INDEX INSERT INTO LANGUAGE LOCK MAPPING MATERIALIZED MERGE
    METHOD NOTIFY ON OPERATOR OR OWNED PARSER POLICY PREPARE PRIVILEGES PROCEDURE PUBLICATION REASSIGN RECURSIVE
    REFRESH REINDEX REPLACE RESET REVOKE ROLE ROLLBACK ROUTINE RULE SCHEMA SEARCH SECURITY SELECT SEQUENCE SERVER
    SET START STATISTICS SUBSCRIPTION SYSTEM TABLE TABLESPACE TEMP TEMPLATE TEMPORARY TEXT TRANSACTION TRANSFORM
    TRIGGER TRUNCATE TYPE UNIQUE UNLOGGED UPDATE USER VACUUM VALUES VIEW WITH WRAPPER""".split()
)
