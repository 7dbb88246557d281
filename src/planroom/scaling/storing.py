"""Statistics as text, and back: JSON that is the same for the same statistics and that diffs well in git.

A relation, an assumption or a setting is a line; a column is a line, and each of its lists one below it. What has its
default is left out. Numbers that JSON has not, infinite ones, are written as texts.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from typing import TYPE_CHECKING, Any

from planroom.collector import put_off
from planroom.scaling.statistics import Assumption, ColumnStatistics, ExtendedData, RelationStatistics, Statistics
from planroom.scaling.stored import SCHEMA, document_of, items, number, pairs, text_at, texts_by_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["SCHEMA", "statistics_from", "statistics_text"]

# Characters that no one sees, and that can make a text read otherwise than it is (bidirectional overrides): escaped.
_UNSEEN = re.compile(
    "[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


# -- writing -----------------------------------------------------------------------------------------------------------


def statistics_text(statistics: Statistics) -> str:
    """Return statistics as JSON text that ends with a newline, sorted as `Statistics` says.

    The values of rows are in it: see `planroom.scaling.privacy`.
    """
    return "".join(_text(statistics))


def _text(statistics: Statistics) -> Iterator[str]:
    yield f'{{\n  "schema": "{SCHEMA}",\n  "version": {statistics.version},\n'
    yield f'  "source": {_dumped(statistics.source)}'
    yield from _mapping("settings", sorted(statistics.settings.items()))
    yield from _mapping("left_out", statistics.left_out)
    yield from _list("assumptions", (_fields(each) for each in statistics.assumptions))
    relations = sorted(statistics.relations, key=lambda each: (each.schema, each.name))
    yield from _list("relations", map(_fields, relations))
    columns = sorted(statistics.columns, key=lambda each: (each.schema, each.table, each.column, each.inherited))
    yield from _list("columns", map(_fields, columns))
    extended = sorted(statistics.extended, key=lambda each: (each.schema, each.name, each.inherited))
    yield from _list("extended", map(_fields, extended))
    yield "\n}\n"


def _mapping(name: str, entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    lines = [f"    {_dumped(key)}: {_dumped(value)}" for key, value in entries]
    yield _block(name, "{", lines, "}")


def _list(name: str, entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield _block(name, "[", [_item(each) for each in entries], "]")


def _block(name: str, opening: str, lines: list[str], closing: str) -> str:
    inner = "\n{}\n  ".format(",\n".join(lines)) if lines else ""
    return f',\n  "{name}": {opening}{inner}{closing}'


def _item(fields: dict[str, Any]) -> str:
    """Return an object as a line, with a line more for each list in it."""
    parts = [
        ("\n     " if isinstance(value, tuple) else " ") + f'"{name}": {_dumped(value)}'
        for name, value in fields.items()
    ]
    return f"    {{{','.join(parts).lstrip()}}}"


def _fields(value: Any) -> dict[str, Any]:
    """Return the fields of a value that have not their default, those that are short before the lists."""
    found = {}
    for field in dataclasses.fields(value):
        own = getattr(value, field.name)
        if field.default is dataclasses.MISSING or own != field.default:
            found[field.name] = _as_declared(own, str(field.type))
    return dict(sorted(found.items(), key=lambda each: isinstance(each[1], tuple)))


def _as_declared(value: Any, kind: str) -> Any:
    """Return a whole number as the float that its field is for, so that equal statistics have equal texts."""
    if value is None or "float" not in kind:
        return value
    if kind.startswith("tuple[float"):
        return tuple(map(float, value))
    return tuple((group, float(each)) for group, each in value) if kind.startswith("tuple") else float(value)


def _dumped(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:  # a number that JSON has not
        text = json.dumps(_finite(value), ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _finite(value: object) -> object:
    if isinstance(value, tuple):
        return [_finite(each) for each in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


# -- reading -----------------------------------------------------------------------------------------------------------


@put_off()
def statistics_from(text: str, source: str = "") -> Statistics:
    """Return the statistics that a text of `statistics_text` holds.

    Args:
        text: The text.
        source: What it is from, for messages, such as a path.

    Raises:
        SourceError: It is no JSON, cut off, of another version, or holds what statistics do not; the message says
            where.
    """
    data = document_of(text, source)
    place = f"{source}: " if source else ""
    return Statistics(
        relations=items(data, "relations", RelationStatistics, place),
        columns=items(data, "columns", ColumnStatistics, place),
        extended=items(data, "extended", ExtendedData, place),
        settings=texts_by_name(data, "settings", place),
        version=number(data, "version", place),
        source=text_at(data, "source", place),
        assumptions=items(data, "assumptions", Assumption, place),
        left_out=pairs(data, "left_out", place),
    )
