"""Triggers and row-level security policies."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.session import relations, routine_name
from planroom.model import Policy, Trigger, qualified

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines.postgres.catalog.expressions import Expressions
    from planroom.engines.postgres.catalog.session import Row, Session

__all__ = ["policies", "triggers"]

# Bits of pg_trigger.tgtype (src/include/catalog/pg_trigger.h).
_ROW, _BEFORE, _INSTEAD = 1, 2, 64
_EVENTS = ((4, "insert"), (16, "update"), (8, "delete"), (32, "truncate"))

_ENABLED = {"O": "origin", "D": "disabled", "R": "replica", "A": "always"}
_COMMANDS = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}

_QUOTED = re.compile(r"""E?'(?:[^']|'')*'|"(?:[^"]|"")*\"""", re.DOTALL)
_EXECUTE = re.compile(r" EXECUTE (?:FUNCTION|PROCEDURE) ")
_LITERAL = re.compile(r"(?P<escaped>E?)'(?P<text>(?:[^']|'')*)'", re.DOTALL)


def triggers(session: Session, expressions: Expressions) -> Mapping[int, tuple[Trigger, ...]]:
    """Return the triggers of tables and views, sorted by name, by the relation's oid.

    Those that a constraint made, and a partition's copies of its parent's, are left out.
    """
    since = session.since
    rows = session.run(f"""
        SELECT t.oid::int8, t.tgrelid::int8, t.tgname, t.tgtype, t.tgenabled::text, t.tgconstraint <> 0,
               t.tgdeferrable, t.tginitdeferred, pn.nspname, p.proname,
               coalesce(fn.nspname, ''), coalesce(f.relname, ''),
               {since(100000, "coalesce(t.tgoldtable, ''), coalesce(t.tgnewtable, '')", "'', ''")},
               ARRAY(SELECT a.attname::text FROM pg_attribute a
                     WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr::int2[]) ORDER BY a.attnum),
               pg_get_triggerdef(t.oid)
        FROM pg_trigger t
        JOIN {relations("rpvf")} r ON r.id = t.tgrelid
        JOIN pg_proc p ON p.oid = t.tgfoid
        JOIN pg_namespace pn ON pn.oid = p.pronamespace
        LEFT JOIN pg_class f ON f.oid = t.tgconstrrelid
        LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
        WHERE NOT t.tgisinternal {since(130000, "AND t.tgparentid = 0", "")}
        ORDER BY 2, 3""")
    found: dict[int, list[Trigger]] = defaultdict(list)
    for row in rows:
        found[row[1]].append(_trigger(session, row, expressions))
    return {oid: tuple(each) for oid, each in found.items()}


def _trigger(session: Session, row: Row, expressions: Expressions) -> Trigger:
    oid, table, name, bits, enabled, constraint, deferrable, deferred, *rest = row
    schema, function, foreign_schema, foreign_table, old_table, new_table, update_of, definition = rest
    when, arguments = _condition_and_arguments(definition)
    return Trigger(
        name=name,
        timing="before" if bits & _BEFORE else "instead of" if bits & _INSTEAD else "after",
        events=tuple(event for bit, event in _EVENTS if bits & bit),
        function=routine_name(schema, function),
        update_of=tuple(update_of),
        for_each_row=bool(bits & _ROW),
        when=expressions.of(when, table),
        arguments=arguments,
        constraint=constraint,
        referenced_table=qualified(foreign_schema, foreign_table),
        deferrable=deferrable,
        initially_deferred=deferred,
        old_table=old_table,
        new_table=new_table,
        enabled=_ENABLED[enabled],
        comment=session.comment("pg_trigger", oid),
        origin=session.origin,
    )


def _condition_and_arguments(definition: str) -> tuple[str, tuple[str, ...]]:
    """Return the WHEN condition and the arguments from what ``pg_get_triggerdef`` prints.

    The condition cannot be had alone (``pg_get_expr`` refuses what names OLD and NEW), and the catalog keeps the
    arguments as bytes of the database's encoding.
    """
    masked = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), definition)
    *_, execute = _EXECUTE.finditer(masked)
    start = masked.find(" WHEN (", 0, execute.start())
    when = definition[start + len(" WHEN (") : execute.start()].rstrip().removesuffix(")") if start >= 0 else ""
    literals = _LITERAL.finditer(definition, masked.index("(", execute.end()))
    return when, tuple(_literal(found) for found in literals)


def _literal(found: re.Match[str]) -> str:
    text = found["text"].replace("''", "'")
    return text.replace("\\\\", "\\") if found["escaped"] else text


def policies(session: Session, expressions: Expressions) -> Mapping[int, tuple[Policy, ...]]:
    """Return the row-level security policies, sorted by name, by the table's oid."""
    rows = session.run(f"""
        SELECT p.oid::int8, p.polrelid::int8, p.polname, p.polcmd::text,
               {session.since(100000, "p.polpermissive", "true")},
               ARRAY(SELECT CASE k.role WHEN 0 THEN 'public' ELSE pg_get_userbyid(k.role)::text END
                     FROM unnest(p.polroles) k(role)),
               pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
        FROM pg_policy p
        JOIN {relations("rp")} r ON r.id = p.polrelid
        ORDER BY 2, 3""")
    found: dict[int, list[Policy]] = defaultdict(list)
    for oid, table, name, command, permissive, roles, using, check in rows:
        found[table].append(
            Policy(
                name=name,
                command=_COMMANDS[command],
                permissive=permissive,
                roles=tuple(sorted(roles)),
                using=expressions.of(using, table),
                check=expressions.of(check, table),
                comment=session.comment("pg_policy", oid),
                origin=session.origin,
            )
        )
    return {oid: tuple(each) for oid, each in found.items()}
