"""What the edits of rules about migrations share: a statement written so that nobody waits, as several where it must.

Edits are given where they follow from the statement alone: in a transaction CONCURRENTLY fails and VALIDATE works under
the lock that is held, and a partitioned table takes less than a plain one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.ddl.naming import choose, columns_part, key_name
from planroom.ddl.trees import strings, walk
from planroom.linting.editing import after, before, code_end, instead
from planroom.sqltext import action_spans, qualified, quote_identifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.findings import Edit
    from planroom.linting.effects import Key
    from planroom.linting.migrations import Step
    from planroom.sqltext import Tree

__all__ = ["apart", "concurrently", "is_plain", "proven_before", "table_of", "validated_later", "with_unique_index"]

_ADD = re.compile(r"ADD\s+", re.IGNORECASE)
_KEY = re.compile(r"(UNIQUE|PRIMARY\s+KEY)\s*\([^()]*\)(?:\s*INCLUDE\s*\([^()]*\))?", re.IGNORECASE)
_LABELS = {"CONSTR_FOREIGN": "fkey", "CONSTR_CHECK": "check", "CONSTR_NOTNULL": "not_null"}


def is_plain(step: Step, key: Key) -> bool:
    """Whether a relation is no partitioned table, as far as the catalog knows."""
    table = step.catalog.tables.get(key)
    return table is None or not (table.partitioning or table.external)


def table_of(step: Step) -> str:
    """Return the table of a statement as it names it."""
    relation = step.statement.tree["relation"]
    return qualified(relation.get("schemaname", ""), relation["relname"])


def concurrently(step: Step, pattern: re.Pattern[str]) -> tuple[Edit, ...]:
    """Return the edit that puts CONCURRENTLY where a pattern ends, outside a transaction."""
    found = pattern.match(step.statement.text)
    if found is None or step.session.open or not all(is_plain(step, key) for key in step.effects.locks):
        return ()
    return (instead(step.statement, found.end(), found.end(), "CONCURRENTLY "),)


def apart(step: Step) -> tuple[Edit, ...]:
    """Return the edit that ends the transaction before a statement and begins another, where the file opened it."""
    if not step.session.open or step.session.one_transaction:
        return ()
    return (before(step.statement, "COMMIT;\nBEGIN"),)


def proven_before(step: Step, columns: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edits that prove columns NOT NULL by a CHECK, which goes once they are; every version takes it."""
    name, key = _known_table(step), _key(step)
    if name is None or key is None or step.session.open:
        return ()
    table, taken = table_of(step), step.catalog.taken_by_constraint(key[0])
    checks = {quote_identifier(each): quote_identifier(choose(name, each, "proof", taken)) for each in columns}
    made = ", ".join(f"ADD CONSTRAINT {check} CHECK ({each} IS NOT NULL) NOT VALID" for each, check in checks.items())
    proof = [f"ALTER TABLE {table} {made}"]
    proof += [f"ALTER TABLE {table} VALIDATE CONSTRAINT {each}" for each in checks.values()]
    gone = ", ".join(f"DROP CONSTRAINT {each}" for each in checks.values())
    return (before(step.statement, ";\n".join(proof)), after(step.statement, f"ALTER TABLE {table} {gone}"))


def validated_later(step: Step, actions: Sequence[int]) -> tuple[Edit, ...]:
    """Return the edits that add constraints NOT VALID and validate them in statements of their own."""
    table = _known_table(step)
    spans = action_spans(step.statement)
    if table is None or not spans or step.session.open:
        return ()
    edits, names = [], []
    for number in actions:
        command = step.statement.tree["cmds"][number]["AlterTableCmd"]
        fields = command.get("def", {}).get("Constraint")
        start, end = spans[number]
        end = start + code_end(step.statement.text[start:end])
        head = _ADD.match(step.statement.text, start)
        if fields is None or head is None or fields["contype"] not in _LABELS or fields.get("skip_validation"):
            return ()
        name = fields.get("conname") or _chosen(step, table, fields)
        if not fields.get("conname"):
            edits.append(instead(step.statement, head.end(), head.end(), f"CONSTRAINT {quote_identifier(name)} "))
        edits.append(instead(step.statement, end, end, " NOT VALID"))
        names.append(name)
    checks = [f"ALTER TABLE {table_of(step)} VALIDATE CONSTRAINT {quote_identifier(name)}" for name in names]
    if len(set(names)) < len(names):
        return ()
    last = after(step.statement, *checks)
    if edits and edits[-1].location == last.location:  # the last action: both stand at one place
        return (*edits[:-1], replace(last, text=edits[-1].text + last.text))
    return (*edits, last)


def _known_table(step: Step) -> str | None:
    """Return the name of the table; None where it takes no constraint that is validated later, or is not known."""
    key = _key(step)
    table = step.catalog.tables.get(key) if key else None
    if table is None or table.partitioning or table.external or table.partition_of:
        return None
    return table.name


def _key(step: Step) -> Key | None:
    relation = step.statement.tree.get("relation", {})
    return step.catalog.find(step.catalog.relations, relation.get("schemaname", ""), relation.get("relname", ""))


def _chosen(step: Step, table: str, fields: Tree) -> str:
    """Return the name that the server would give to a constraint."""
    schema = (_key(step) or ("", ""))[0]
    if fields["contype"] == "CONSTR_FOREIGN":
        middle = columns_part(strings(fields.get("fk_attrs")))
    elif fields["contype"] == "CONSTR_NOTNULL":
        middle = strings(fields.get("keys"))[0]
    else:
        named = {
            strings(each["fields"][-1:])[0]
            for kind, each in walk(fields["raw_expr"])
            if kind == "ColumnRef" and each.get("fields")
        }
        middle = named.pop() if len(named) == 1 else ""
    return choose(table, middle, _LABELS[fields["contype"]], step.catalog.taken_by_constraint(schema))


def with_unique_index(step: Step, actions: Sequence[int]) -> tuple[Edit, ...]:
    """Return the edits that build the index of a key CONCURRENTLY first, and then make it the constraint's."""
    name, key, spans = _known_table(step), _key(step), action_spans(step.statement)
    if name is None or key is None or len(actions) != 1 or not spans or step.session.open:
        return ()
    table = step.catalog.tables[key]
    fields = step.statement.tree["cmds"][actions[0]]["AlterTableCmd"].get("def", {}).get("Constraint")
    if fields is None or not fields.get("keys") or set(fields) & {"options", "indexspace", "without_overlaps"}:
        return ()
    columns = strings(fields["keys"])
    primary = fields["contype"] == "CONSTR_PRIMARY"
    known = table.columns_by_name
    if any(each not in known or (primary and known[each].nullable) for each in columns):
        return ()
    label = "pkey" if primary else "key"
    chosen = fields.get("conname") or key_name(name, columns, label, step.catalog.taken_by_key(key[0]))
    start, end = spans[actions[0]]
    written = _KEY.search(step.statement.text, start, end)
    head = _ADD.match(step.statement.text, start)
    if written is None or head is None:
        return ()
    included = strings(fields.get("including"))
    parts = [f"({', '.join(map(quote_identifier, columns))})"]
    parts += [f"INCLUDE ({', '.join(map(quote_identifier, included))})"] if included else []
    parts += ["NULLS NOT DISTINCT"] if fields.get("nulls_not_distinct") else []
    index = quote_identifier(chosen)
    what = "PRIMARY KEY" if primary else "UNIQUE"
    make = f"CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table_of(step)} {' '.join(parts)}"
    place = head.end(), written.end()
    return (
        before(step.statement, make),
        instead(step.statement, *place, f"CONSTRAINT {index} {what} USING INDEX {index}"),
    )
