"""Indexes that are only thought of: made while their tables are empty, so that they cost next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import StatementRefusedError
from planroom.sqltext import parse_postgres, qualified

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planroom.model import Model
    from planroom.sqltext import Statement

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["add_candidates", "script_of"]

_NEW_INDEXES = """
    SELECT c.relname, EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid), i.indexrelid::int8
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    WHERE i.indexrelid > $1::int8::oid
"""


def script_of(model: Model, last: Sequence[str] = ()) -> str:
    """Return the script that makes a model, some of its indexes after all others.

    Of two indexes whose plans cost the same the planner takes the one that was made last: it looks at them from the
    highest number down (``get_relation_info`` in src/backend/optimizer/util/plancat.c).

    Args:
        model: The model.
        last: The ids of the indexes, in the order in which they are made; unique ones, which foreign keys may need, and
            those of partitioned tables stay where they are.
    """
    from planroom.formats import FORMATS

    script = FORMATS["postgres"].write(model)
    plain = {each.id for each in model.tables if not each.partitioning and not each.partition_of}
    moved: dict[str, Statement] = {}
    kept = []
    for statement in parse_postgres(script) if last else ():
        name = _index_id(statement, plain)
        if name in last:
            moved[name] = statement
        elif statement.kind != "empty":
            kept.append(statement)
    if not moved:
        return script
    return "\n".join(f"{each.text};" for each in (*kept, *(moved[name] for name in last if name in moved)))


def _index_id(statement: Statement, tables: set[str]) -> str:
    """Return the id of the index that a statement makes; nothing if it is unique, or on none of these tables."""
    if statement.kind != "IndexStmt" or statement.tree.get("unique"):
        return ""
    relation = statement.tree["relation"]
    schema = relation.get("schemaname", "public")
    return qualified(schema, statement.tree["idxname"]) if qualified(schema, relation["relname"]) in tables else ""


def add_candidates(run: Run, statements: Sequence[str]) -> tuple[str, ...]:
    """Carry out each CREATE INDEX, and return the names of the indexes, in their order.

    Raises:
        StatementRefusedError: One is something else, or its index is there already.
        StatementFailedError: The server refused it; the message is the server's own.
    """
    if not statements:
        return ()
    ((last,),) = run("SELECT coalesce(max(indexrelid), 0)::int8 FROM pg_catalog.pg_index")
    names = []
    for statement in statements:
        run(_create_index(statement))
        made = run(_NEW_INDEXES, last)
        name = next((name for name, of_partition, _ in made if not of_partition), None)
        if name is None:
            where = " ".join(statement.split())
            raise StatementRefusedError(
                "This index is there already.", where=where, fix="leave it out of the candidates."
            )
        names.append(name)
        last = max(oid for _, _, oid in made)
    return tuple(names)


def _create_index(statement: str) -> str:
    """Return the text of the one CREATE INDEX that a candidate is.

    Raises:
        StatementRefusedError: It is none.
    """
    found = [each for each in parse_postgres(statement) if each.kind != "empty"]
    if len(found) != 1 or found[0].kind not in {"IndexStmt", "broken"}:
        raise StatementRefusedError(
            f"A candidate is one CREATE INDEX: {' '.join(statement.split())[:80]}",
            fix="give the statements one by one.",
        )
    return found[0].text
