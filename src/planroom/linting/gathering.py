"""Findings about a habit: each on its own where there are few, one for the schema where it is how everything is."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planroom.model import qualified
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from planroom.findings import Edit, Finding, Severity
    from planroom.linting.schemas import SchemaRule
    from planroom.model import Column, Table

__all__ = ["gathered", "listed"]

FEW = 3


def listed(names: Iterable[str], most: int = FEW) -> str:
    """Return names in a sentence, the first few of many.

    Example:
        >>> listed(["a", "b", "c", "d", "e"])
        'a, b, c and 2 more'
    """
    known = list(names)
    more = f" and {format_count(len(known) - most)} more" if len(known) > most else ""
    return ", ".join(known[:most]) + more


def gathered(
    rule: SchemaRule,
    hits: Iterable[tuple[Table, Column]],
    one: Callable[[str, Column], str],
    many: str,
    severity: Severity | None = None,
    edit: Callable[[Table, Column], tuple[Edit, ...]] | None = None,
) -> Iterator[Finding]:
    """Yield a finding for each column, or one for a schema in which there are many.

    Args:
        rule: Whose findings they are.
        hits: The columns.
        one: Makes the message about one column of its id and itself.
        many: What is said of many, after their number: ``columns are ...``.
        severity: How bad they are, where that is not the rule's own.
        edit: Returns the edits of one column; those of many are given where each of them has some.
    """
    by_schema: dict[str, list[tuple[Table, Column]]] = defaultdict(list)
    for table, column in hits:
        by_schema[table.schema].append((table, column))
    for schema, found in by_schema.items():
        ids = [qualified(table.schema, table.name, column.name) for table, column in found]
        if len(found) <= FEW:
            for (table, column), subject in zip(found, ids, strict=True):
                told = rule.found_in_column(one(subject, column), table, column, severity=severity)
                yield told.with_edits(edit(table, column)) if edit is not None else told
        else:
            (table, column), message = found[0], f"{format_count(len(found))} {many}: {listed(ids)}"
            place = column.origin if column.origin.line else table.origin
            told = rule.found(message, qualified(schema) or table.id, place, severity=severity, columns=tuple(ids))
            edits = [edit(*each) for each in found] if edit is not None else []
            yield told.with_edits([one for each in edits for one in each] if all(edits) else ())
