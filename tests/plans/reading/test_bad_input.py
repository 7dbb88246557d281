"""What is no plan is refused with what it is instead, and what to do."""

# ruff: noqa: E501  (a statement or a plan reads best on one line)
from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planroom.errors import PlanroomError, SyntaxProblem
from planroom.plans import plan_of
from tests.plans.reading.test_frames import JSON, LOGGED, PLAN
from tests.plans.reading.test_postgres_text import FOOT, WORKERS

HEAD = '[{"Plan": '
BAD = {
    "": "it is empty",
    " \n\t\r\n": "it is empty",
    "\ufeff": "it is empty",
    "\0\0": "it is empty",
    '[{"Plan": {"Node Type": "Seq Scan", "Relat': "cut off",
    '[{"Plan": {"Node Type": "Seq Scan"}': "cut off",
    '"Node Type": "Seq Scan", "Plan Rows": 3}}]': "no valid JSON",
    PLAN[:95]: "cut off",
    PLAN[: PLAN.index("  ->  Nested")]: "a Sort reads from 1 node, and none follow here",
    PLAN[: PLAN.index("        ->  Materialize")]: "a Nested Loop reads from 2 nodes, and 1 follows here",
    PLAN[: PLAN.index("rows=1 width=8")]: "ends within a bracket",
    PLAN[PLAN.index("\n") :]: "The first line of this plan is missing",
    "\n".join(line.strip() for line in PLAN.splitlines()): "lost its indentation",
    '{"query_block": {"select_id": 1, "cost_info": {"query_cost": "0.35"}}}': "MySQL",
    "-> Nested loop inner join  (cost=4.95 rows=9) (actual time=0.06..0.1 rows=9 loops=1)\n"
    "    -> Table scan on t  (cost=1.15 rows=9)": "MySQL",
    "-> Table scan on t  (actual time=0.06..0.1 rows=9 loops=1)": "MySQL",
    "+----+-------------+-------+\n| id | select_type | table |\n+----+-------------+-------+": "MySQL",
    '<?xml version="1.0"?><ShowPlanXML xmlns="http://schemas.microsoft.com/sqlserver/2004/07/showplan">': "SQL Server",
    "QUERY PLAN\n|--SCAN t\n`--USE TEMP B-TREE FOR ORDER BY": "SQLite",
    "QUERY PLAN\n`--SEARCH t USING INDEX i (a=?)": "SQLite",
    "Plan hash value: 1601196873\n----\n| Id  | Operation         | Name |": "Oracle",
    "== Physical Plan ==\n*(1) Project [id#0L]\n+- *(1) Range (0, 10)": "Spark",
    'psql:x.sql:1: ERROR:  relation "nope" does not exist\nLINE 1: explain select * from nope': 'the server said: relation "nope"',
    'ERROR:  syntax error at or near "x"': "The statement failed",
    'Binder Error: Referenced column "x" not found': "The statement failed",
    "select * from t where a = 3": "This is a statement, not its plan",
    "-- mine\nWITH x AS (SELECT 1) SELECT * FROM x": "it begins with WITH",
    "EXPLAIN (ANALYZE) SELECT 1": "it begins with EXPLAIN",
    "┌───────────────────────────┐\n│         PROJECTION        │\n│    ────────────────────   │": "DuckDB drew",
    "<html><body>Seq Scan</body></html>": "a web page",
    "Utility statements have no plan structure": 'it says "Utility statements',
    "Query rewrites to nothing": 'it says "Query rewrites to nothing"',
    "Dear team,\nthe plan is bad. -> See below.\nSort of.": "it begins with 'Dear team,'",
    HEAD + '{"Node Type": "Result", "Plan Rows": NaN}}]': "NaN is no number",
    HEAD + '{"Node Type": "Result", "Plan Rows": "many"}}]': "Plan > Plan Rows\n  why: a number belongs there, not 'many'",
    HEAD + '{"Node Type": "Result", "Disabled": "no"}}]': "Plan > Disabled\n  why: true or false belongs there",
    HEAD + '{"Plan Rows": 3}}]': "has no type",
    HEAD + '{"Node Type": "Limit", "Plans": [{"Plan Rows": 3}]}}]': "Plan > Plans[0]",
    HEAD + '{"Node Type": "Limit", "Plans": {"Node Type": "Result"}}}]': "Plan > Plans\n  why: a list belongs there",
    HEAD + '{"Node Type": "Limit", "Plans": ["x"]}}]': "an object belongs there, not 'x'",
    HEAD + '{"Node Type": "Limit", "Filter": null}}]': "a text belongs there, not None",
    HEAD + '{"Node Type": 3}}]': "a text belongs there, not 3",
    HEAD + '{"Node Type": "Limit", "Full-sort Groups": {"Group Count": "x"}}}]': "Full-sort Groups > Group Count",
    HEAD + '{"Node Type": "Limit"}, "Settings": 3}]': "the document > Settings",
    HEAD + '{"Node Type": "Limit"}, "JIT": {"Functions": 1, "Timing": 3}}]': "JIT > Timing",
    HEAD + '{"Node Type": "Aggregate", "Grouping Sets": [{"Group Keys": 3}]}}]': "would not write",
    HEAD + "3}]": "There is no plan",
    '[{"name": "SEQ_SCAN", "children": [], "extra_info": 3}]': "SEQ_SCAN > extra_info",
    '[{"name": 3, "children": 4, "extra_info": {}}]': "an operator's name",
    '{"operator_type": "X", "operator_timing": "x", "children": [3]}': "X > operator_timing",
    '{"operator": [{"type": "FILTER", "extra_info": {"Estimated Cardinality": "many"}, "children": []}]}': "a number belongs",
    '<!DOCTYPE x [<!ENTITY a "b">]><explain xmlns="http://www.postgresql.org/2009/explain"></explain>': "no plan",
    '<explain xmlns="http://www.postgresql.org/2009/explain"><Query><Plan><Node-Type>Res': "cut off",
    '<explain xmlns="http://www.postgresql.org/2009/explain"></explain>': "an empty list",
    '- Plan: \n    Node Type: "Limit"\n    Plans: \n      - Node Ty': "an object belongs there",
    '- Plan: \n    Node Type: "Limit\n  x: [': "no valid YAML",
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), BAD.items(), ids=range(len(BAD)))
def test_the_message_says_what_is_wrong_where_and_what_to_do(text, said):
    with pytest.raises(SyntaxProblem) as caught:
        plan_of(text, source="plan.txt")

    assert said in str(caught.value)
    assert "plan.txt" in caught.value.where
    assert caught.value.fix


LARGE = {
    "one line": "x" * 10_000_000,
    "spaces in between": "x" + " " * 3_000_000 + "y",
    "nothing but spaces before": " " * 3_000_000 + "x",
    "brackets": "{" * 2_000_000,
    "quotes": "'" * 3_000_000,
    "arrows": "->  " * 500_000,
    "a statement": "select " + "1," * 1_000_000,
    "figures and spaces": "(cost=0.00..1.00 rows=1 width=1)" + " " * 3_000_000 + "y",
    "an open string": "Seq Scan on t  (cost=0.00..1.00 rows=1 width=1)\n  Filter: " + "('a'" * 200_000,
}


@pytest.mark.parametrize("name", LARGE)
def test_megabytes_of_anything_are_refused_at_once(name):
    begun = time.process_time()
    with pytest.raises(PlanroomError) as caught:
        plan_of(LARGE[name])

    assert len(str(caught.value)) < 2_000
    assert time.process_time() - begun < 5, "a pattern takes more than linear time"


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '[{"Plan": {"Node Type": "Limit", "Plans": [' * 2_000], ids=["lists", "plans"]
)
def test_what_is_nested_without_end_is_refused(text):
    with pytest.raises(SyntaxProblem):
        plan_of(text)


def test_a_plan_of_thousands_of_levels_is_read_from_both_formats():
    depth = 3_000
    limit = '{"Node Type": "Limit", "Plans": ['
    json = f'[{{"Plan": {limit * depth}{{"Node Type": "Result"}}{"]}" * depth}}}]'
    text = "Limit\n" + "".join(f"{' ' * (2 + 6 * at)}->  Limit\n" for at in range(300)) + f"{' ' * 1802}->  Result\n"

    assert len(plan_of(json).nodes) == depth + 1
    assert len(plan_of(text).nodes) == 302


RECORDED = (Path(__file__).parent.parent / "recorded" / "duckdb_1.4.1_analyzed.json").read_text()
WHOLE = (PLAN, JSON, LOGGED, WORKERS, FOOT, RECORDED)
SIGNS = st.sampled_from([*"(){}[]'\",:. \n1xé-\t\0", "", "null", "1e9", "true", "->  ", "  ", "kB"])


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Cut a plan's text short, cut something out of it, put something in, or take its first part away."""
    text = draw(st.sampled_from(WHOLE))
    start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
    return draw(
        st.sampled_from(
            [text[:start], text[start:], text[:start] + text[end:], text[:start] + text[start:end] * 2 + text[end:]]
        )
        | st.builds(lambda sign: text[:start] + sign + text[min(start + 1, len(text)) :], SIGNS)
    )


@given(damaged())
@settings(max_examples=100, deadline=None)
def test_a_damaged_plan_is_read_or_refused_and_never_breaks_the_reader(text):
    problem = None
    try:
        assert str(plan_of(text))
    except PlanroomError as error:
        problem = error

    assert problem is None or (problem.what and problem.fix)
