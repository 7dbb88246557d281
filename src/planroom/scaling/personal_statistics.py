"""Which of a database's statistics hold values of personal data, as far as a model tells."""

from __future__ import annotations

from dataclasses import field
from itertools import chain, islice
from typing import TYPE_CHECKING

from planroom.model import Column
from planroom.model.personal import looks_personal
from planroom.model.personal_values import personal_values
from planroom.scaling.index_names import known_indexes
from planroom.scaling.personal_columns import personal_columns
from planroom.scaling.statistics import Assumption
from planroom.sqltext import DataType, mentioned_columns, parse_postgres, qualified
from planroom.sqltext.rewriting import columns_in
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.model import Model, ObjectId
    from planroom.scaling.statistics import ColumnStatistics, Statistics

__all__ = ["Key", "Verdict", "Verdicts", "key_of", "values_of", "verdicts"]

Key = tuple[str, str, str, bool]
"""Schema, table, column and ``inherited``, as in `Statistics.by_column`."""

_ENOUGH = 40  # values of a column that are looked at to tell what they are
_TEXTS = frozenset({"text", "character varying", "character", "citext", "name", ""})
_WHOLE_ROW = "*"
_UNKNOWN = "the model does not have it, so that nobody says what it is"
_AN_EXPRESSION = "it is an expression that nothing is known of"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why the values of a column are not to be shown.

    Attributes:
        reason: In words.
        type: The type of which values can be made up in their place, that of a domain narrowed; None for none.
        alike: The same for columns that hold the same values.
    """

    reason: str
    type: DataType | None = None
    alike: object = None


@dataclass(frozen=True)
class Verdicts:
    """What is personal in statistics.

    Attributes:
        columns: The columns that are.
        extended: The extended statistics over such columns, by schema and name, with the reason.
        warnings: The columns that look personal and that no annotation mentions.
    """

    columns: Mapping[Key, Verdict]
    extended: Mapping[tuple[str, str], str] = field(default_factory=dict)
    warnings: tuple[Assumption, ...] = ()


def key_of(column: ColumnStatistics) -> Key:
    """Return what tells a column's statistics from all others."""
    return column.schema, column.table, column.column, column.inherited


def values_of(column: ColumnStatistics) -> Iterator[str]:
    """Yield the values of rows, or of parts of them, that a column's statistics hold."""
    lists = (
        column.common_values, column.histogram, column.ends, column.common_elements, column.range_bounds,
        column.range_lengths, None if column.element_counts is None else map(str, column.element_counts),
    )  # fmt: skip
    return chain.from_iterable(each for each in lists if each is not None)


def verdicts(statistics: Statistics, model: Model, *, by_name: bool = False) -> Verdicts:
    """Return what is personal in statistics.

    Args:
        statistics: What a database or a dump says.
        model: The design, with its annotations.
        by_name: Whether names and values that look personal decide where no annotation does, or are warned of.
    """
    judge = _Judge(statistics, model, by_name=by_name)
    found: dict[Key, Verdict] = {}
    warnings: dict[ObjectId, Assumption] = {}
    for column in statistics.columns:
        verdict = judge.verdict(column)
        if verdict is not None:
            found[key_of(column)] = verdict
        elif not by_name and (looks := judge.looks(column)):
            name = qualified(column.schema, column.table, column.column)
            text = f"{looks}, but no annotation says what it is: its values are in these statistics"
            warnings[name] = Assumption(name, text, "rule")
    return Verdicts(found, judge.extended(), tuple(warnings.values()))


class _Judge:
    """Says of one column after the other whether its values are personal."""

    def __init__(self, statistics: Statistics, model: Model, *, by_name: bool) -> None:
        self._statistics = statistics
        self._model = model
        self._by_name = by_name
        self._relations = {(each.schema, each.name): each for each in model.tables_and_views}
        self._indexes = known_indexes(model)
        self._personal = personal_columns(model, by_name=by_name)
        self._domains = {(each.schema, each.name): each for each in model.domains}
        self._of_index: dict[tuple[str, str], Verdict | None] = {}

    def verdict(self, column: ColumnStatistics) -> Verdict | None:
        """Return why a column's values are personal; None where they are not."""
        place = column.schema, column.table
        relation = self._relations.get(place)
        if relation is not None:
            known = relation.columns_by_name.get(column.column)
            reason = self._personal.reasons.get((relation.id, column.column))
            if known is not None and reason:
                alike = self._personal.alike[relation.id, column.column]
                return Verdict(reason, self._plain_type(known.type), alike)
            return self._unknown(column) if known is None else self._by_look(column)
        if place not in self._of_index:
            self._of_index[place] = self._index_verdict(place)
        found = self._of_index[place]
        return self._unknown(column) if found is not None and found.reason == _UNKNOWN else found

    def looks(self, column: ColumnStatistics) -> str:
        """Return why a column looks personal though nothing says so; empty where it does not."""
        relation = self._relations.get((column.schema, column.table))
        known = relation.columns_by_name.get(column.column) if relation else None
        judged = known or Column(column.column, DataType("text"))
        if relation is None and (column.schema, column.table) in self._of_index and not self._is_unknown(column):
            return ""
        if looks_personal(judged):
            return "it is named like personal data"
        if judged.type.name not in _TEXTS and not judged.type.schema:
            return ""
        found = personal_values(islice(chain(column.common_values or (), column.histogram or ()), _ENOUGH))
        return f"its values look like {found.kind}" if found else ""

    def _is_unknown(self, column: ColumnStatistics) -> bool:
        found = self._of_index.get((column.schema, column.table))
        return found is not None and found.reason == _UNKNOWN

    def _by_look(self, column: ColumnStatistics) -> Verdict | None:
        if not self._by_name or not (looks := self.looks(column)):
            return None
        return Verdict(looks)

    def _unknown(self, column: ColumnStatistics) -> Verdict | None:
        """Judge a column that the model does not have."""
        if not self._by_name:
            return Verdict(_UNKNOWN)
        return Verdict(_AN_EXPRESSION) if column.column.isdigit() else self._by_look(column)

    def _plain_type(self, kind: DataType) -> DataType | None:
        """Return the type behind domains; None where one of them has a check that a made-up value would not pass."""
        seen = set()
        while (domain := self._domains.get((kind.schema, kind.name))) and kind.name not in seen and not kind.array:
            if domain.checks:
                return None
            seen.add(kind.name)
            kind = domain.type
        return kind

    def _index_verdict(self, place: tuple[str, str]) -> Verdict | None:
        """Judge the expressions of an index, by the model or else by its definition."""
        known = self._indexes.get(place)
        if known is not None:
            return self._made_of(qualified(known.schema, known.table), known.table, known.mentions)
        index = self._statistics.by_relation.get(place)
        if index is None or not index.definition or (index.schema, index.table) not in self._relations:
            return Verdict(_UNKNOWN)
        mentions = columns_in([each.tree for each in parse_postgres(index.definition)])
        return self._made_of(qualified(index.schema, index.table), index.table, mentions)

    def _made_of(self, table: ObjectId, name: str, mentions: frozenset[str]) -> Verdict | None:
        personal = self._personal.of(table)
        if personal and mentions & {_WHOLE_ROW, name}:
            return Verdict("it is made of whole rows")
        used = sorted(personal & mentions)
        return Verdict(f"it is made of {', '.join(used)}") if used else None

    def extended(self) -> dict[tuple[str, str], str]:
        """Return why the values in extended statistics are personal, by schema and name."""
        found = {(each.schema, each.name): _UNKNOWN for each in self._statistics.extended}
        for table in self._model.tables:
            for each in table.statistics:
                mentions = frozenset(each.columns).union(*(mentioned_columns(one.text) for one in each.expressions))
                verdict = self._made_of(table.id, table.name, mentions)
                if verdict is not None:
                    found[each.schema, each.name] = verdict.reason
                else:
                    found.pop((each.schema, each.name), None)
        return found
