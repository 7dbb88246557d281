"""Statistics without the values of personal data: left out, or replaced by made-up ones in the same order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.errors import UnknownNameError
from planroom.scaling.made_up import family, made_up, ranks
from planroom.scaling.personal_statistics import Key, Verdict, key_of, values_of, verdicts
from planroom.scaling.statistics import Assumption, ColumnStatistics, ExtendedData, Statistics
from planroom.sqltext import qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from planroom.model import Model, ObjectId
    from planroom.sqltext import DataType

__all__ = ["WAYS", "without_personal_values"]

WAYS = ("leave out", "replace")
"""What can be done with values that are personal data."""

Columns = dict[Key, ColumnStatistics]


def without_personal_values(
    statistics: Statistics, model: Model, *, how: str = "leave out", by_name: bool = False
) -> Statistics:
    """Return statistics that hold no value of a column with personal data, and that say which those are.

    A column counts when it is annotated so (``pii``), its table or the domain of its type is, or when it holds the
    values of one that is: over partitions, inheritance, foreign keys, generated columns, materialised views and the
    expressions of indexes. Of a relation that the model does not have, nobody can tell, and its values are left out.

    The share of NULL, the width, the number of distinct values and the correlation stay, and the sizes of relations.
    ``leave out`` drops all values and how common each is, as well as the ends of keys. ``replace`` keeps how common
    they are: in each value's place stands one of the column's type that holds its rank alone, the same in all columns
    that hold the same values. Of types that have no such values (arrays, ranges, JSON, enums, booleans, domains with a
    check), and of expressions, they are left out. The most common values of extended statistics over such a column
    are left out in either case.

    Args:
        statistics: What a database or a dump says.
        model: The design, with its annotations.
        how: ``leave out`` or ``replace``.
        by_name: Also leave out or replace columns that are named like personal data, or whose values are, where no
            annotation says what they are; by default they are named in an assumption.

    Raises:
        UnknownNameError: There is no such way.
    """
    if how not in WAYS:
        raise UnknownNameError.of("way to treat personal data", how, WAYS)
    found = verdicts(statistics, model, by_name=by_name)
    personal = [each for each in statistics.columns if key_of(each) in found.columns and _has_values(each)]
    treated = {key_of(each): _without(each) for each in personal}
    if how == "replace":
        treated |= _replaced(personal, found.columns)
    extended, dropped = _extended(statistics.extended, found.extended)
    return replace(
        statistics,
        columns=tuple(treated.get(key_of(each), each) for each in statistics.columns),
        extended=extended,
        assumptions=(*statistics.assumptions, *_said(treated), *dropped, *found.warnings),
        left_out=tuple((dict(statistics.left_out) | _listed(treated, found.columns)).items()),
    )


def _without(column: ColumnStatistics) -> ColumnStatistics:
    return ColumnStatistics(
        schema=column.schema,
        table=column.table,
        column=column.column,
        inherited=column.inherited,
        null_fraction=column.null_fraction,
        width=column.width,
        distinct=column.distinct,
        correlation=column.correlation,
    )


# -- replacing ---------------------------------------------------------------------------------------------------------


def _replaced(personal: Iterable[ColumnStatistics], found: Mapping[Key, Verdict]) -> Columns:
    """Return the columns whose values can be made up, with made-up ones; those that hold the same share theirs."""
    groups: dict[tuple[object, str], list[tuple[ColumnStatistics, DataType]]] = defaultdict(list)
    for column in personal:
        verdict = found[key_of(column)]
        if verdict.type is not None and (kind := family(verdict.type)):
            groups[verdict.alike, kind].append((column, verdict.type))
    replaced: Columns = {}
    for members in groups.values():
        values = [value for column, _ in members for value in values_of(column)]
        try:
            order = ranks(values, members[0][1])
        except ValueError:
            continue  # a value is not of the type: the model is of another version
        for column, own in members:
            if (made := _with(column, order, own)) is not None:
                replaced[key_of(column)] = made
    return replaced


def _with(column: ColumnStatistics, order: Mapping[str, int], kind: DataType) -> ColumnStatistics | None:
    """Return a column with the values that stand for its own; None where its type has not so many."""
    count = len(set(order.values()))

    def made(values: Iterable[str]) -> tuple[str, ...]:
        return tuple(made_up(order[value], count, kind) or "" for value in values)

    if not order or made_up(0, count, kind) is None:
        return None
    histogram = None if column.histogram is None else made(sorted(column.histogram, key=order.__getitem__))
    return replace(
        _without(column),
        common_values=None if column.common_values is None else made(column.common_values),
        common_frequencies=column.common_frequencies,
        histogram=histogram,
        ends=None if column.ends is None else (made(column.ends)[0], made(column.ends)[1]),
    )


# -- what is said ------------------------------------------------------------------------------------------------------


def _has_values(column: ColumnStatistics) -> bool:
    return any(True for _ in values_of(column))


def _listed(treated: Columns, found: Mapping[Key, Verdict]) -> dict[ObjectId, str]:
    return {
        qualified(*key[:3]): f"{'replaced' if _has_values(column) else 'left out'}: {found[key].reason}"
        for key, column in treated.items()
    }


def _said(treated: Columns) -> Iterator[Assumption]:
    """Yield for each relation what its columns lost."""
    lost: dict[tuple[str, str, bool], dict[str, None]] = defaultdict(dict)
    for (schema, table, name, _), column in treated.items():
        lost[schema, table, _has_values(column)][name] = None
    for (schema, table, made), names in sorted(lost.items()):
        text = (
            f"the values of {', '.join(names)} are made up, in their order: how common they are holds, but a constant "
            "in a query is none of them"
            if made
            else f"the values of {', '.join(names)} are left out: each counts as equally common, and ranges as usual"
        )
        yield Assumption(qualified(schema, table), text, "rule")


def _extended(
    extended: Iterable[ExtendedData], personal: Mapping[tuple[str, str], str]
) -> tuple[tuple[ExtendedData, ...], tuple[Assumption, ...]]:
    """Return extended statistics without the values of personal columns, and what is to be said about them."""
    found, dropped = [], []
    for each in extended:
        why = personal.get((each.schema, each.name))
        hides = why is not None and each.common is not None
        found.append(replace(each, common=None) if hides else each)
        if hides:
            text = f"its most common values are left out: {why}"
            dropped.append(Assumption(qualified(each.schema, each.name), text, "rule"))
    return tuple(found), tuple(dropped)
