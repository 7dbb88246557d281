"""The statistics in a dump: what ``pg_dump --statistics-only`` of PostgreSQL 18 writes, also within a whole dump.

A dump says less than a database: not which relations are indexes, what the columns of an index on an expression are
called (it numbers them), nor extended statistics, settings and heights. The first two a model tells.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planroom.collector import put_off
from planroom.errors import SourceError
from planroom.scaling.array_literals import array_values
from planroom.scaling.index_names import known_indexes
from planroom.scaling.statistics import Assumption, ColumnStatistics, RelationStatistics, Statistics, unsigned_pages
from planroom.sqltext import parse_postgres, qualified
from planroom.sqltext.splitting import split
from planroom.sqltext.statements import Script
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from planroom.findings import Location
    from planroom.model import Model
    from planroom.scaling.index_names import KnownIndex
    from planroom.sqltext import Statement, Tree

__all__ = ["dumped_statistics", "holds_statistics"]

_RELATION, _ATTRIBUTE = "pg_restore_relation_stats", "pg_restore_attribute_stats"
_EXTENDED = "pg_restore_extended_stats"  # PostgreSQL 19
_CALLS = (_RELATION, _ATTRIBUTE, _EXTENDED)

_NOT_IN_A_DUMP = "a dump holds no extended statistics, settings of the server, or heights of B-trees: those are assumed"
_EXPORT = "pg_dump --statistics-only -f stats.sql DATABASE (of PostgreSQL 18; it reads older servers as well)"


def holds_statistics(text: str) -> bool:
    """Whether a text looks like a dump that holds statistics."""
    return any(f"{call}(" in text for call in _CALLS)


@put_off()
def dumped_statistics(text: str, source: str = "", *, model: Model | None = None) -> Statistics:
    """Return the statistics that a dump holds; whatever else is in it is passed over.

    Args:
        text: The dump as plain SQL.
        source: What it is from, for messages, such as a path.
        model: The design, which tells the table and method of an index and the names of its columns.

    Raises:
        SourceError: It holds no statistics, or a call in it cannot be read; the message says where.
    """
    calls = [call for statement in _restoring(text, source or "<text>") for call in _calls(statement)]
    if not calls:
        raise SourceError(
            "The dump holds no statistics.",
            where=source,
            why=f"nothing in it calls {_RELATION}() or {_ATTRIBUTE}().",
            fix=f"make one that does: {_EXPORT}.",
        )
    indexes = known_indexes(model) if model is not None else {}
    relations = {_key(each): _relation(each, indexes) for each in calls if each.name == _RELATION}
    columns = [_column(each, indexes) for each in calls if each.name == _ATTRIBUTE]
    by_name = {(each.schema, each.table, each.column, each.inherited): each for each in columns}
    return Statistics(
        relations=tuple(relation for _, relation in sorted(relations.items())),
        columns=tuple(column for _, column in sorted(by_name.items())),
        version=max((each.whole("version", 0) for each in calls), default=0),
        source=source,
        assumptions=tuple(_assumptions(calls, indexes, model)),
    )


def _assumptions(
    calls: list[_Call], indexes: Mapping[tuple[str, str], KnownIndex], model: Model | None
) -> Iterator[Assumption]:
    yield Assumption("database", _NOT_IN_A_DUMP)
    if model is None:
        yield Assumption("database", "the dump does not say which relations are indexes: a model of them would")
    unnamed = {_key(each) for each in calls if each.values.get("attnum") and _key(each) not in indexes}
    for schema, name in sorted(unnamed):
        yield Assumption(qualified(schema, name), "its expressions are numbered: the dump does not name them")
    for each in sorted({name for call in calls for name in call.values} - _KNOWN):
        yield Assumption("database", f"the dump says {each}, which planroom does not know and leaves out")


# -- the calls ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Call:
    """One call of a function that restores statistics: its arguments are names and values in turn."""

    name: str
    values: Mapping[str, str | None]
    location: Location

    def text(self, name: str) -> str:
        """Return a value that has to be there."""
        value = self.values.get(name)
        if value is None:
            raise self.unreadable(f"it gives no {name}")
        return value

    def whole(self, name: str, otherwise: int) -> int:
        """Return a whole number."""
        return self.read(name, int) if self.values.get(name) is not None else otherwise

    def number(self, name: str, otherwise: float) -> float:
        """Return a number."""
        return self.read(name, float) if self.values.get(name) is not None else otherwise

    def read(self, name: str, kind: Callable[[str], Any]) -> Any:
        """Return a value as ``kind`` makes it, None where it is not given."""
        value = self.values.get(name)
        try:
            return None if value is None else kind(value)
        except ValueError:
            raise self.unreadable(f"{name} is {value[:40]!r}" if value else f"{name} is empty") from None
        except SourceError as error:
            raise self.unreadable(f"{name}: {error.why.rstrip('.')}") from None

    def unreadable(self, why: str) -> SourceError:
        """Return the error for a call that says something else than it should."""
        return SourceError(
            f"A call of {self.name}() cannot be read.",
            where=str(self.location),
            why=f"{why}.",
            fix="dump the statistics again: " + _EXPORT + ".",
        )


def _key(call: _Call) -> tuple[str, str]:
    return call.text("schemaname"), call.text("relname")


def _restoring(text: str, source: str) -> Iterator[Statement]:
    """Yield the statements that restore statistics; the rows of a whole dump are not parsed."""
    script = Script(text, source)
    for piece in split(text):
        if piece.kind == "sql" and holds_statistics(text[piece.start : piece.end]):
            for statement in parse_postgres(text[piece.start : piece.end], source):
                if statement.kind == "broken":
                    raise SourceError(
                        "A statement that restores statistics does not parse.",
                        where=str(script.location(piece.start)),
                        why=f"{statement.problem}.",
                        fix="the dump may have been cut: make it again.",
                    )
                yield replace(statement, location=script.location(piece.start + statement.offset))


def _calls(statement: Statement) -> Iterator[_Call]:
    """Yield the calls in a statement, in the FROM clause or among what is selected."""
    for function in _functions(statement.tree):
        name = function["funcname"][-1]["String"]["sval"]
        if name in _CALLS:
            yield _Call(name, _pairs(name, function, statement), statement.location)


def _functions(tree: Tree) -> Iterator[Tree]:
    for item in tree.get("fromClause", ()):
        for function in item.get("RangeFunction", {}).get("functions", ()):
            yield from (each["FuncCall"] for each in function["List"]["items"] if "FuncCall" in each)
    for target in tree.get("targetList", ()):
        value = target["ResTarget"].get("val", {})
        if "FuncCall" in value:
            yield value["FuncCall"]


def _pairs(name: str, function: Tree, statement: Statement) -> dict[str, str | None]:
    values = [_constant(each) for each in function.get("args", ())]
    broken = _Call(name, {}, statement.location)
    if len(values) % 2 or any(each is None for each in values[::2]) or _Unread in map(type, values):
        raise broken.unreadable("its arguments are not names and constants in turn")
    return dict(zip(values[::2], values[1::2], strict=True))


class _Unread:
    """Stands for an argument that is no constant."""


def _constant(node: Tree) -> Any:
    """Return a constant as text, whatever it is cast to; None for NULL."""
    while "TypeCast" in node:
        node = node["TypeCast"]["arg"]
    constant = node.get("A_Const")
    if constant is None:
        return _Unread()
    if constant.get("isnull"):
        return None
    for kind in ("sval", "ival", "fval", "boolval"):
        if kind in constant:
            return str(constant[kind].get(kind, {"sval": "", "boolval": False}.get(kind, 0)))
    return _Unread()


# -- values ------------------------------------------------------------------------------------------------------------


def _relation(call: _Call, indexes: Mapping[tuple[str, str], KnownIndex]) -> RelationStatistics:
    schema, name = _key(call)
    index = indexes.get((schema, name))
    return RelationStatistics(
        schema=schema,
        name=name,
        pages=unsigned_pages(call.whole("relpages", 0)),
        rows=call.number("reltuples", -1.0),
        all_visible=unsigned_pages(call.whole("relallvisible", 0)),
        table=index.table if index else "",
        method=index.method if index else "",
    )


def _column(call: _Call, indexes: Mapping[tuple[str, str], KnownIndex]) -> ColumnStatistics:
    schema, table = _key(call)
    given = {name: call.read(key, kind) for name, (key, kind) in _READ.items()}
    return ColumnStatistics(
        schema=schema,
        table=table,
        column=_column_name(call, indexes.get((schema, table))),
        **{name: value for name, value in given.items() if value is not None},
    )


def _column_name(call: _Call, index: KnownIndex | None) -> str:
    if call.values.get("attname") is not None or call.values.get("attnum") is None:
        return call.text("attname")
    number = call.whole("attnum", 0)
    return index.columns[number - 1] if index and 0 < number <= len(index.columns) else str(number)


def _boolean(text: str) -> bool:
    if text.lower() not in {"t", "true", "f", "false"}:
        raise ValueError(text)
    return text.lower().startswith("t")


def _numbers(literal: str) -> tuple[float, ...]:
    return tuple(map(float, array_values(literal)))


_READ: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "inherited": ("inherited", _boolean),
    "null_fraction": ("null_frac", float),
    "width": ("avg_width", int),
    "distinct": ("n_distinct", float),
    "common_values": ("most_common_vals", array_values),
    "common_frequencies": ("most_common_freqs", _numbers),
    "histogram": ("histogram_bounds", array_values),
    "correlation": ("correlation", float),
    "common_elements": ("most_common_elems", array_values),
    "common_element_frequencies": ("most_common_elem_freqs", _numbers),
    "element_counts": ("elem_count_histogram", _numbers),
    "range_lengths": ("range_length_histogram", array_values),
    "empty_fraction": ("range_empty_frac", float),
    "range_bounds": ("range_bounds_histogram", array_values),
}
"""What the server calls the fields of `ColumnStatistics`, and what makes a value of its text."""

_KNOWN = {key for key, _ in _READ.values()} | {
    *("version", "schemaname", "relname", "relpages", "reltuples", "relallvisible", "relallfrozen"),
    *("attname", "attnum"),
}
