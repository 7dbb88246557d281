"""What rules about designs share, on its own: growth, circles, habits, ways into a table; and that it scales."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planroom.ddl import read_postgres
from planroom.findings import Finding
from planroom.linting import SCHEMA_RULES, lint_schema
from planroom.linting.cycles import cycles
from planroom.linting.habits import case_of, habit, number_of
from planroom.model import Model
from planroom.model.growth import months_until
from tests.counting import calls
from tests.dialect_models import dialect_models
from tests.strategies import HOSTILE_NAMES, models


@pytest.mark.parametrize(
    ("growth", "months"),
    [("5% per month", 14.2), ("5 % a month", 14.2), ("100% per year", 12.0), ("1M per day", 3.285e-5),
     ("1000 per month", 1.0), ("+2%/week", 8.05), ("0% per month", None), ("fast", None), ("", None),
     ("nan% per month", None)],
)  # fmt: skip
def test_growth_tells_when_a_number_of_rows_is_reached(growth: str, months: float | None) -> None:
    found = months_until(2000, 1000, growth)

    assert found == (None if months is None else pytest.approx(months, rel=0.01))


def test_what_is_reached_takes_no_time() -> None:
    assert months_until(1000, 2000, "1% per month") == 0.0


GRAPHS = st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=4), max_size=6)


@given(GRAPHS)
def test_a_circle_is_a_way_back_to_where_it_began(graph: dict[str, list[str]]) -> None:
    for circle in cycles(graph):
        assert len(circle) > 1
        assert len(set(circle)) == len(circle)
        assert all(after in graph[before] for before, after in zip(circle, (*circle[1:], circle[0]), strict=True))


@given(GRAPHS)
def test_nodes_that_reach_each_other_are_told_once(graph: dict[str, list[str]]) -> None:
    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        work = [start]
        while work:
            for other in graph.get(work.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    work.append(other)
        return seen

    ways = {node: reached(node) for node in "abcdef"}
    groups = {frozenset(other for other in ways[node] if node in ways[other]) | {node} for node in ways}

    assert len(list(cycles(graph))) == sum(len(group) > 1 for group in groups)


def test_a_circle_of_ten_thousand_is_found_without_recursion() -> None:
    graph = {str(number): [str((number + 1) % 10_000)] for number in range(10_000)}

    assert [len(circle) for circle in cycles(graph)] == [10_000]


def test_no_habit_is_learned_from_few_names_or_from_a_mixture() -> None:
    assert habit(["a"] * 7) == ""
    assert habit(["a"] * 8) == "a"
    assert habit(["a"] * 8 + ["b"] * 2) == ""
    assert habit(["a"] * 8 + [""] * 50) == "a"


@given(st.text(max_size=200))
def test_any_name_has_a_case_and_a_number_or_none(name: str) -> None:
    assert case_of(name)
    assert number_of(name) in {"", "singular", "plural"}


@given(models())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_design_is_judged_and_each_finding_is_about_something(model: Model) -> None:
    for finding in lint_schema(model).findings:
        assert finding.subject
        assert finding.message


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_judged_like_others(name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    index = f"CREATE INDEX ON {quoted} ({quoted});"
    ddl = f"CREATE TABLE {quoted} ({quoted} int);{index}{index}"
    model = read_postgres([("x.sql", ddl)])

    assert {"SCH003", "SCH005"} <= {finding.code for finding in lint_schema(model).findings}


def test_rules_of_another_dialect_are_not_asked() -> None:
    model = read_postgres([("x.sql", "CREATE TABLE t (id int PRIMARY KEY, at timestamp, j json)")])
    other = Model(tables=model.tables, dialect="mysql")

    def codes(judged: Model) -> set[str]:
        return {finding.code for finding in lint_schema(judged).findings}

    assert {"SCH012", "SCH014"} <= codes(model)
    assert not {"SCH012", "SCH014"} & codes(other)


def test_rows_that_are_handed_in_count_before_those_that_are_annotated() -> None:
    model = read_postgres([("x.sql", "CREATE TABLE t (id int PRIMARY KEY)")])

    def found(rows: float) -> tuple[Finding, ...]:
        return lint_schema(model, rows={"public.t": rows}, rules=[SCHEMA_RULES["integer-key-runs-out"]]).findings

    assert found(1000) == ()
    assert [str(each.severity) for each in (*found(7e8), *found(2e9))] == ["warning", "error"]


def wide(number: int) -> Model:
    """Return a design of many tables with all kinds of things to find."""
    parts = ["CREATE TABLE t0 (id int PRIMARY KEY);"]
    parts += [
        f"CREATE TABLE t{n} (id serial PRIMARY KEY, t{n - 1}_id bigint REFERENCES t{n - 1}, price real, at timestamp,"
        f" email text, status text DEFAULT 'a', tenant_id int NOT NULL, UNIQUE (email, at)); CREATE INDEX ON t{n} (at);"
        f"CREATE INDEX ON t{n} (at, id); ALTER TABLE t{n} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY p ON t{n} USING (tenant_id = {n}); CREATE VIEW v{n} AS SELECT * FROM t{n};"
        for n in range(1, number)
    ]
    return read_postgres([("x.sql", "".join(parts))])


@pytest.mark.parametrize("rule", list(SCHEMA_RULES), ids=lambda rule: str(rule.slug))
def test_the_work_of_a_rule_grows_with_the_design_and_no_faster(rule) -> None:
    small, large = MODELS

    fewer = calls(lambda: lint_schema(small, rules=[rule]))
    more = calls(lambda: lint_schema(large, rules=[rule]))

    assert more < 5.5 * fewer + 2000, f"{fewer} calls for 60 tables, {more} for 240"


MODELS = (wide(60), wide(240))


@pytest.mark.parametrize("dialect", ["mysql", "sqlite", "duckdb"])
def test_designs_of_other_dialects_are_judged_too(dialect: str) -> None:
    @given(dialect_models(dialect))
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def judged(model: Model) -> None:
        for finding in lint_schema(model).findings:
            assert finding.subject
            assert not SCHEMA_RULES[finding.slug].dialects or dialect in SCHEMA_RULES[finding.slug].dialects

    judged()
