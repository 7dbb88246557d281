"""The condition that a partition's rows meet, as the server writes it down when it detaches one concurrently.

Source: ``get_qual_from_partbound``, ``get_qual_for_range``, ``get_qual_for_list`` (partitioning/partbounds.c).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planroom.ddl.catalog import Catalog, Key
from planroom.ddl.trees import strings
from planroom.model import IndexColumn, Table, quote_identifier
from planroom.sqltext import DataType, Tree, parse_postgres, print_expression

__all__ = ["conditions"]

MINIMUM, MAXIMUM = "minvalue", "maxvalue"


def conditions(catalog: Catalog, key: Key) -> tuple[str, ...]:
    """Return what the rows of a partition meet, in SQL, those of the tables above first; nothing for HASH, DEFAULT."""
    table = catalog.tables[key]
    above = next((each for each, children in catalog.children.items() if key in children), None)
    if table.partition_of is None or above is None:
        return ()
    return (*conditions(catalog, above), *_of_bound(catalog.tables[above], table.partition_of.bound.text))


def _of_bound(parent: Table, written: str) -> Iterator[str]:
    (statement,) = parse_postgres(f"CREATE TABLE c PARTITION OF p {written}")
    bound = statement.tree["partbound"]
    keys = [_Key.of(parent, each) for each in (parent.partitioning.columns if parent.partitioning else ())]
    if bound.get("is_default") or bound.get("strategy") == "h":
        return
    if bound["strategy"] == "l":
        yield from _of_list(keys[0], bound["listdatums"])
        return
    yield from (f"{key.text} IS NOT NULL" for key in keys)
    yield from _of_range(keys, bound["lowerdatums"], bound["upperdatums"])


class _Key(NamedTuple):
    """A part of a partition key: its text, and its type where it is a column."""

    text: str
    type: DataType = DataType.UNKNOWN

    @classmethod
    def of(cls, parent: Table, part: IndexColumn) -> _Key:
        if part.column:
            return cls(quote_identifier(part.column), parent.columns_by_name[part.column].type)
        return cls(f"({part.expression.text if part.expression else ''})")

    def value(self, tree: Tree) -> str:
        """Return a constant; as the server holds it, where its type has a length or the like."""
        written = print_expression(tree)
        return f"CAST({written} AS {self.type})" if self.type.modifiers else written


def _of_list(key: _Key, datums: Sequence[Tree]) -> Iterator[str]:
    part = key.text
    held = [each for each in datums if not each.get("A_Const", {}).get("isnull")]
    equal = _one_of(key, held)
    if len(held) < len(datums):
        yield f"({part} IS NULL OR {equal})" if equal else f"{part} IS NULL"
        return
    yield f"{part} IS NOT NULL"
    yield equal


def _one_of(key: _Key, datums: Sequence[Tree]) -> str:
    if len(datums) > 1 and key.type != DataType.UNKNOWN:
        values = ",".join(_in_array(_plain(each)) for each in datums)
        return f"{key.text} = ANY ({_quoted(f'{{{values}}}')}::{key.type}[])"
    if len(datums) > 1:
        return f"{key.text} IN ({', '.join(map(print_expression, datums))})"
    if datums and key.type.name == "boolean":
        return key.text if _plain(datums[0]).lower() in {"true", "t"} else f"NOT {key.text}"
    return "".join(f"{key.text} = {key.value(each)}" for each in datums)


def _plain(tree: Tree) -> str:
    """Return a constant's value as text."""
    written = print_expression(tree)
    return written[1:-1].replace("''", "'") if written.startswith("'") else written


def _in_array(value: str) -> str:
    """Return a value as an array literal has it."""
    if value and value.upper() != "NULL" and not _SPECIAL.search(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_SPECIAL = re.compile(r'[\s{},"\\]')


def _of_range(keys: Sequence[_Key], lower: Sequence[Tree], upper: Sequence[Tree]) -> Iterator[str]:
    low, high = ([_datum(key, each) for key, each in zip(keys, side, strict=True)] for side in (lower, upper))
    parts, same = [key.text for key in keys], 0
    while same < len(parts) - 1 and low[same] == high[same] and low[same] not in {MINIMUM, MAXIMUM}:
        yield f"{parts[same]} = {low[same]}"
        same += 1
    yield from _side(parts[same:], low[same:], ">", MINIMUM)
    yield from _side(parts[same:], high[same:], "<", MAXIMUM)


def _datum(key: _Key, tree: Tree) -> str:
    """Return a limit: a constant, or the word for none."""
    word = strings(tree["ColumnRef"]["fields"])[-1] if "ColumnRef" in tree else ""
    return word if word in {MINIMUM, MAXIMUM} else key.value(tree)


def _side(parts: Sequence[str], limits: Sequence[str], operator: str, open_end: str) -> Iterator[str]:
    """Yield what one limit of several columns means: the first differs, or it is equal and the second differs ..."""
    arms: list[str] = []
    for at, limit in enumerate(limits):
        if limit in {MINIMUM, MAXIMUM}:
            break
        following = limits[at + 1] if at + 1 < len(limits) else ""
        inclusive = following == open_end or (not following and operator == ">")
        equal = [f"{part} = {value}" for part, value in zip(parts[:at], limits[:at], strict=True)]
        arms.append(" AND ".join([*equal, f"{parts[at]} {operator}{'=' if inclusive else ''} {limit}"]))
    if arms:
        yield arms[0] if len(arms) == 1 else f"({' OR '.join(arms)})"
