"""Statistics are stored as text that comes back, and that says where it is broken."""

from __future__ import annotations

import dataclasses
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.errors import SourceError
from planroom.scaling.statistics import ColumnStatistics, RelationStatistics, Statistics
from planroom.scaling.storing import SCHEMA, statistics_from, statistics_text
from tests.scaling.strategies import statistics

ORDERS = Statistics(
    relations=(RelationStatistics(schema="shop", name="orders", pages=10, rows=200.0),),
    columns=(
        ColumnStatistics(schema="shop", table="orders", column="id", histogram=("1", "2"), common_frequencies=(0.5,)),
        ColumnStatistics(schema="shop", table="orders", column="note", null_fraction=0.5),
    ),
    settings={"work_mem": "64MB"},
    version=180006,
    source="postgresql://somewhere/shop",
)


@given(statistics)
def test_statistics_come_back_from_their_text(found: Statistics) -> None:
    text = statistics_text(found)

    assert statistics_from(text) == found
    assert statistics_text(statistics_from(text)) == text
    text.encode()


@given(statistics)
def test_the_text_does_not_depend_on_the_order(found: Statistics) -> None:
    turned = dataclasses.replace(
        found,
        relations=found.relations[::-1],
        columns=found.columns[::-1],
        extended=found.extended[::-1],
        settings=dict(reversed(list(found.settings.items()))),
    )

    assert statistics_text(turned) == statistics_text(found)


def test_an_item_is_a_line_and_each_list_of_it_another() -> None:
    assert statistics_text(ORDERS) == (
        '{\n  "schema": "planroom.statistics/1",\n  "version": 180006,\n  "source": "postgresql://somewhere/shop",\n'
        '  "settings": {\n    "work_mem": "64MB"\n  },\n  "left_out": {},\n  "assumptions": [],\n'
        '  "relations": [\n    {"schema": "shop", "name": "orders", "pages": 10, "rows": 200.0}\n  ],\n'
        '  "columns": [\n'
        '    {"schema": "shop", "table": "orders", "column": "id",\n'
        '     "common_frequencies": [0.5],\n     "histogram": ["1", "2"]},\n'
        '    {"schema": "shop", "table": "orders", "column": "note", "null_fraction": 0.5}\n'
        '  ],\n  "extended": []\n}\n'
    )


def test_numbers_that_json_has_not_come_back() -> None:
    column = ColumnStatistics(schema="s", table="t", column="c", distinct=float("-inf"), correlation=float("nan"))
    found = statistics_from(statistics_text(Statistics(columns=(column,)))).columns[0]

    assert found.distinct == float("-inf")
    assert found.correlation != found.correlation


def _with(**changes: object) -> str:
    return json.dumps({**json.loads(statistics_text(ORDERS)), **changes})


@pytest.mark.parametrize(
    ("text", "where", "why"),
    [
        ("", "x.json:1:1", "expecting value"),
        ("[]", "x.json", "a list"),
        ("{}", "x.json", "nothing"),
        ('{"schema": "planroom.statistics/2"}', "x.json", "planroom.statistics/2"),
        ("{\n\n!", "x.json:3:1", "expecting property name"),
        ("[" * 100_000, "x.json", "nested too deeply"),
        (_with(version=float("nan")), "x.json", "NaN is no JSON"),
        (_with(version=0).replace('"version": 0', f'"version": {"9" * 5000}'), "x.json", "4300"),
        (_with(version=1 << 63), "x.json: version", "64 bits"),
        (_with(version=True), "x.json: version", "a boolean"),
        (_with(source=None), "x.json: source", "null"),
        (_with(settings=[]), "x.json: settings", "a list"),
        (_with(settings={"work_mem": 3}), "x.json: settings.work_mem", "a number"),
        (_with(relations={}), "x.json: relations", "an object"),
        (_with(relations=[3]), "x.json: relations[0]", "a number"),
        (_with(relations=[{"schema": "s", "name": "t", "pages": 1}]), "x.json: relations[0]", "rows"),
        (_with(columns=[{"tabel": "t"}]), "x.json: columns[0]", "table"),
        (_with(columns=[{"histogram": [1]}]), "x.json: columns[0].histogram", "a list of texts"),
        (_with(columns=[{"correlation": "high"}]), "x.json: columns[0].correlation", "a number"),
        (_with(columns=[{"ends": ["1"]}]), "x.json: columns[0].ends", "two texts"),
        (_with(extended=[{"distinct": [[1, 2]]}]), "x.json: extended[0].distinct", "lists of numbers"),
        (_with(colums=[]), "x.json", "columns"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(text: str, where: str, why: str) -> None:
    with pytest.raises(SourceError) as caught:
        statistics_from(text, "x.json")
    assert caught.value.where == where
    assert why in str(caught.value)
    assert caught.value.fix


@given(st.data())
def test_a_text_that_was_cut_is_refused_and_says_so(data: st.DataObject) -> None:
    text = statistics_text(ORDERS)
    cut = text[: data.draw(st.integers(0, len(text) - 3))]

    with pytest.raises(SourceError) as caught:
        statistics_from(cut, "x.json")
    assert caught.value.where.startswith("x.json:")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(SourceError):
        statistics_from(text)


keys = st.sampled_from(["schema", "table", "name", "column", "pages", "rows", "histogram", "ends", "distinct"])
leaves = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(leaves, lambda of: st.lists(of) | st.dictionaries(keys, of)))
def test_any_json_is_read_or_refused(data: object) -> None:
    for name in ("relations", "columns", "extended", "settings", "assumptions", "left_out", "version", "source"):
        try:
            found = statistics_from(json.dumps({"schema": SCHEMA, name: data}))
        except SourceError:
            continue
        assert statistics_from(statistics_text(found)) == found


def test_twenty_times_the_columns_take_about_twenty_times_as_long() -> None:
    def seconds(count: int) -> float:
        values = tuple(f"value {number}" for number in range(100))
        columns = tuple(
            ColumnStatistics(schema="s", table="t", column=f"c{number:05}", common_values=values, histogram=values)
            for number in range(count)
        )
        start = time.process_time()
        assert len(statistics_from(statistics_text(Statistics(columns=columns))).columns) == count
        return time.process_time() - start

    assert min(seconds(4000) for _ in range(2)) < 60 * max(seconds(200), 0.02)
