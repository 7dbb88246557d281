"""Routines, triggers and policies as PostgreSQL writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.formats._postgres.clauses import (
    column_list,
    comment_on,
    deferrability,
    dollar_quoted,
    enclosed,
    literal,
    words,
)
from planroom.model import qualified, quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planroom.model import Argument, ObjectId, Policy, Routine, Trigger

__all__ = ["create_policy", "create_routine", "create_trigger"]

_LIST_SETTINGS = frozenset(
    {"search_path", "temp_tablespaces", "session_preload_libraries", "local_preload_libraries"}
)  # PostgreSQL's GUC_LIST_QUOTE: a list of names, each of which is quoted on its own

_LIST_ITEM = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|[^,]+')


def create_routine(routine: Routine) -> list[str]:
    """Return the statements that make a function, procedure or aggregate."""
    kind = routine.kind.upper() if routine.kind in {"procedure", "aggregate"} else "FUNCTION"
    create = _aggregate(routine) if routine.kind == "aggregate" else _function(routine, kind)
    signature = f"{qualified(routine.schema, routine.name)}({', '.join(_signature(routine))})"
    return [create, *comment_on(f"{kind} {signature}", routine.comment)]


def _signature(routine: Routine) -> list[str]:
    """Return the arguments that identify a routine; a procedure's OUT arguments do too."""
    inputs = [each for each in routine.arguments if each.mode in {"in", "inout", "variadic"}]
    parts = [words("VARIADIC" if each.mode == "variadic" else "", str(each.type)) for each in inputs]
    return parts or (["*"] if routine.kind == "aggregate" else [])


def _aggregate(routine: Routine) -> str:
    name = qualified(routine.schema, routine.name)
    arguments = ", ".join(_argument(each) for each in routine.arguments) or "*"
    lines = [f"    {key} = {value}" if value else f"    {key}" for key, value in routine.options]
    return f"CREATE AGGREGATE {name}({arguments}) (\n" + ",\n".join(lines) + "\n);"


def _function(routine: Routine, kind: str) -> str:
    name = qualified(routine.schema, routine.name)
    arguments = ", ".join(_argument(each) for each in routine.arguments if each.mode != "table")
    lines = [f"CREATE {kind} {name}({arguments})", *_returns(routine), *_properties(routine)]
    return "\n    ".join(lines) + "\n" + _body(routine)


def _argument(argument: Argument) -> str:
    mode = {"in": "", "out": "OUT", "inout": "INOUT", "variadic": "VARIADIC"}.get(argument.mode, "")
    default = f"DEFAULT {argument.default.text.strip()}" if argument.default else ""
    return words(mode, quote_identifier(argument.name) if argument.name else "", str(argument.type), default)


def _returns(routine: Routine) -> list[str]:
    columns = [each for each in routine.arguments if each.mode == "table"]
    if columns:
        return [f"RETURNS TABLE ({', '.join(f'{quote_identifier(each.name)} {each.type}' for each in columns)})"]
    return [f"RETURNS {routine.returns}"] if routine.returns and routine.kind != "procedure" else []


def _properties(routine: Routine) -> list[str]:
    attributes = words(
        "WINDOW" if routine.kind == "window" else "",
        "" if routine.volatility == "volatile" else routine.volatility.upper(),
        "STRICT" if routine.strict else "",
        "LEAKPROOF" if routine.leakproof else "",
        "SECURITY DEFINER" if routine.security_definer else "",
        "" if routine.parallel == "unsafe" else f"PARALLEL {routine.parallel.upper()}",
        f"COST {_number(routine.cost)}" if routine.cost is not None else "",
        f"ROWS {_number(routine.rows)}" if routine.rows is not None else "",
    )
    settings = [f"SET {_setting_name(name)} TO {_setting_value(name, value)}" for name, value in routine.options]
    return [part for part in (f"LANGUAGE {quote_identifier(routine.language)}", attributes, *settings) if part]


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _setting_name(name: str) -> str:
    return ".".join(quote_identifier(part) for part in name.split("."))


def _setting_value(name: str, value: str) -> str:
    """Return a setting's value; a list of names is quoted name by name, as ``pg_get_functiondef`` does."""
    if name not in _LIST_SETTINGS:
        return literal(value)
    items = [_unquoted(item.strip()) for item in _LIST_ITEM.findall(value)]
    return ", ".join(literal(item) for item in items) or "''"


def _unquoted(item: str) -> str:
    if len(item) >= 2 and item[0] == item[-1] and item[0] in "\"'":
        return item[1:-1].replace(item[0] * 2, item[0])
    return item


def _body(routine: Routine) -> str:
    if routine.atomic:
        return routine.body.strip().rstrip(";") + ";"
    return f"AS {dollar_quoted(routine.body)};"


def create_trigger(owner: ObjectId, trigger: Trigger) -> list[str]:
    """Return the statements that make a trigger."""
    name = quote_identifier(trigger.name)
    lines = [
        words("CREATE", "CONSTRAINT" if trigger.constraint else "", "TRIGGER", name),
        f"{trigger.timing.upper()} {' OR '.join(_events(trigger))} ON {owner}",
        f"FROM {trigger.referenced_table}" if trigger.referenced_table else "",
        deferrability(trigger.deferrable, trigger.initially_deferred),
        _transition_tables(trigger),
        f"FOR EACH {'ROW' if trigger.for_each_row else 'STATEMENT'}",
        f"WHEN {enclosed(trigger.when)}" if trigger.when else "",
        f"EXECUTE FUNCTION {trigger.function}({', '.join(literal(each) for each in trigger.arguments)})",
    ]
    create = "\n    ".join(line for line in lines if line) + ";"
    return [create, *_enabled(owner, trigger), *comment_on(f"TRIGGER {name} ON {owner}", trigger.comment)]


def _events(trigger: Trigger) -> Iterable[str]:
    for event in trigger.events:
        columns = trigger.update_of if event == "update" else ()
        of = f" OF {column_list(columns)[1:-1]}" if columns else ""
        yield event.upper() + of


def _transition_tables(trigger: Trigger) -> str:
    old = f"OLD TABLE AS {quote_identifier(trigger.old_table)}" if trigger.old_table else ""
    new = f"NEW TABLE AS {quote_identifier(trigger.new_table)}" if trigger.new_table else ""
    return words("REFERENCING", old, new) if old or new else ""


def _enabled(owner: ObjectId, trigger: Trigger) -> list[str]:
    verb = {"disabled": "DISABLE", "replica": "ENABLE REPLICA", "always": "ENABLE ALWAYS"}.get(trigger.enabled)
    return [f"ALTER TABLE {owner} {verb} TRIGGER {quote_identifier(trigger.name)};"] if verb else []


def create_policy(owner: ObjectId, policy: Policy) -> list[str]:
    """Return the statements that make a row-level security policy."""
    name = quote_identifier(policy.name)
    roles = ["PUBLIC" if role == "public" else quote_identifier(role) for role in policy.roles]
    lines = [
        f"CREATE POLICY {name} ON {owner}",
        "" if policy.permissive else "AS RESTRICTIVE",
        "" if policy.command == "all" else f"FOR {policy.command.upper()}",
        "" if roles == ["PUBLIC"] else f"TO {', '.join(roles)}",
        f"USING {enclosed(policy.using)}" if policy.using else "",
        f"WITH CHECK {enclosed(policy.check)}" if policy.check else "",
    ]
    create = "\n    ".join(line for line in lines if line) + ";"
    return [create, *comment_on(f"POLICY {name} ON {owner}", policy.comment)]
