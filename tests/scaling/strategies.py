"""Statistics with names and values that do their worst."""

from __future__ import annotations

from hypothesis import strategies as st

from planroom.scaling.statistics import Assumption, ColumnStatistics, ExtendedData, RelationStatistics, Statistics

_JSON_AND_ARRAYS = ["", "NULL", "null", "{", "}", ",", '"', "\\", '\\"', "\\x00ff", "NaN", "-Infinity"]
hostile = st.sampled_from([*_JSON_AND_ARRAYS, "a\nb", " ", "\t", "é", "\u202e"])
values = hostile | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=6)
numbers = st.floats(allow_nan=False)
_texts = st.lists(values, max_size=4).map(tuple)
_floats = st.lists(numbers, max_size=4).map(tuple)
_whole = st.integers(-(2**31), 2**40)
_groups = st.lists(st.tuples(st.lists(st.integers(-8, 1600), max_size=3).map(tuple), numbers), max_size=3).map(tuple)


def _or_none(of: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | of


relations = st.builds(
    RelationStatistics,
    schema=names, name=names, pages=_whole, rows=numbers, all_visible=_whole, table=values, method=values,
    height=_or_none(_whole), definition=values, counts=_or_none(_floats),
)  # fmt: skip
columns = st.builds(
    ColumnStatistics,
    schema=names, table=names, column=names, inherited=st.booleans(), null_fraction=numbers, width=_whole,
    distinct=numbers, common_values=_or_none(_texts), common_frequencies=_or_none(_floats), histogram=_or_none(_texts),
    correlation=_or_none(numbers), common_elements=_or_none(_texts), common_element_frequencies=_or_none(_floats),
    element_counts=_or_none(_floats), range_lengths=_or_none(_texts), empty_fraction=_or_none(numbers),
    range_bounds=_or_none(_texts), ends=_or_none(st.tuples(values, values)),
)  # fmt: skip
extended = st.builds(
    ExtendedData,
    schema=names, name=names, inherited=st.booleans(), distinct=_or_none(_groups), dependencies=_or_none(_groups),
    common=_or_none(st.binary(max_size=8).map(bytes.hex)),
)  # fmt: skip
assumptions = st.builds(
    Assumption, subject=values, text=values, source=st.sampled_from(["declared", "rule", "default"])
)


def _sorted(of: st.SearchStrategy, *key: str) -> st.SearchStrategy:
    def by(each: object) -> tuple:
        return tuple(getattr(each, name) for name in key)

    return st.lists(of, max_size=3, unique_by=by).map(lambda found: tuple(sorted(found, key=by)))


statistics = st.builds(
    Statistics,
    relations=_sorted(relations, "schema", "name"),
    columns=_sorted(columns, "schema", "table", "column", "inherited"),
    extended=_sorted(extended, "schema", "name", "inherited"),
    settings=st.dictionaries(names, values, max_size=3),
    version=st.integers(0, 200000),
    source=values,
    assumptions=st.lists(assumptions, max_size=2).map(tuple),
    left_out=st.dictionaries(names, values, max_size=2).map(lambda found: tuple(found.items())),
)
