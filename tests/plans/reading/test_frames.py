"""A plan is read whatever stands around it."""

# ruff: noqa: E501  (a statement or a plan reads best on one line)
from __future__ import annotations

import itertools
import subprocess

import pytest

from planroom.errors import SyntaxProblem
from planroom.plans import plan_of

PLAN = """\
Sort  (cost=9.40..9.41 rows=4 width=12) (actual time=0.101..0.102 rows=4.00 loops=1)
  Sort Key: o.placed DESC, (lower(c.name))
  Sort Method: quicksort  Memory: 25kB
  Buffers: shared hit=7
  ->  Nested Loop Left Join  (cost=0.29..9.36 rows=4 width=12) (actual time=0.020..0.090 rows=4.00 loops=1)
        Join Filter: (o.customer_id = c.id)
        ->  Index Scan Backward using orders_pkey on orders o  (cost=0.29..8.30 rows=4 width=8) (actual time=0.010..0.020 rows=4.00 loops=1)
              Index Cond: (id < 5)
              Filter: (status <> 'a, (b'::text)
              Rows Removed by Filter: 1
              Index Searches: 1
        ->  Materialize  (cost=0.00..1.00 rows=1 width=8) (actual time=0.001..0.002 rows=1.00 loops=4)
              Storage: Memory  Maximum Storage: 17kB
              ->  Seq Scan on customer c  (cost=0.00..1.00 rows=1 width=8) (actual time=0.001..0.002 rows=1.00 loops=1)
Planning Time: 0.200 ms
Execution Time: 0.300 ms
"""
EXPECTED = plan_of(PLAN)
LINES = PLAN.splitlines()
WIDTH = max(map(len, LINES))


def each_line(form: str) -> str:
    return "\n".join(form.format(line) for line in LINES)


FRAMES = {
    "as printed": PLAN,
    "CRLF": PLAN.replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + PLAN,
    "no-break spaces": PLAN.replace(" ", "\u00a0"),
    "blank lines between": PLAN.replace("\n", "\n\n"),
    "blank lines around": f"\n\n  \n{PLAN}\n\n",
    "indented throughout": each_line("      {}"),
    "indented by a tab": each_line("\t{}"),
    "all but the first line indented": LINES[0] + "\n" + "\n".join(f"        {line}" for line in LINES[1:]),
    "indentation halved": "\n".join(" " * ((len(line) - len(line.lstrip())) // 2) + line.lstrip() for line in LINES),
    "indentation doubled": "\n".join(" " * (len(line) - len(line.lstrip())) + line for line in LINES),
    "spaces collapsed in lines": "\n".join(line[: len(line) - len(line.lstrip())] + " ".join(line.split()) if "Method" not in line and "Storage" not in line else line for line in LINES),
    "quoted in a mail": each_line("> {}"),
    "quoted twice": each_line(">> {}"),
    "quoted three times apart": each_line("> > > {}"),
    "commented out": each_line("-- {}"),
    "a heading alone": "QUERY PLAN\n" + PLAN,
    "quotes around every line": each_line('"{}"'),
    "quotes and a heading": '"QUERY PLAN"\n' + each_line('"{}"'),
    "a box": f"+-{'-' * WIDTH}-+\n| {'QUERY PLAN':{WIDTH}} |\n+-{'-' * WIDTH}-+\n" + "\n".join(f"| {line:{WIDTH}} |" for line in LINES) + f"\n+-{'-' * WIDTH}-+\n",
    "rows and timing counted": f"{'QUERY PLAN':^{WIDTH}}\n{'-' * (WIDTH + 2)}\n" + each_line(" {}") + "\n(16 rows)\n\nTime: 3.001 ms\n",
    "rows counted in German": f"{'QUERY PLAN':^{WIDTH}}\n{'-' * (WIDTH + 2)}\n" + each_line(" {}") + "\n(16 Zeilen)\n",
    "psql's prompt": "shop=# EXPLAIN ANALYZE SELECT 1;\n" + f"{'QUERY PLAN':^{WIDTH}}\n{'-' * (WIDTH + 2)}\n" + each_line(" {}"),
    "the lines wrapped in a window": PLAN.replace(" width=12)", "\nwidth=12)").replace("(o.customer_id =", "(o.customer_id\n      ="),
}  # fmt: skip


@pytest.mark.parametrize("name", FRAMES)
def test_a_text_plan_is_read_within(name):
    assert plan_of(FRAMES[name]) == EXPECTED


LOGGED = """\
2026-11-28 10:00:00.000 UTC [4711] app@shop LOG:  duration: 12.345 ms  plan:
\tQuery Text: SELECT *
\t  FROM orders -- Seq Scan on nothing
\t WHERE a = 'Filter: b'
\tQuery Parameters: $1 = '3'
\tLimit  (cost=0.00..0.02 rows=1 width=4) (actual time=0.010..0.011 rows=1.00 loops=1)
\t  ->  Seq Scan on orders  (cost=0.00..155.00 rows=10000 width=4) (actual time=0.009..0.009 rows=1.00 loops=1)
"""


def test_a_line_of_auto_explain_tells_the_statement_and_how_long_it_ran():
    plan = plan_of(LOGGED)

    assert [node.operator for node in plan.nodes] == ["Limit", "Seq Scan"]
    assert plan.sql == "SELECT *\nFROM orders -- Seq Scan on nothing\nWHERE a = 'Filter: b'"
    assert plan.execution_ms == 12.345
    assert plan.raw["Query Parameters"] == "$1 = '3'"


def test_a_log_of_syslog_is_read():
    lines = LOGGED.replace("\t", "#011").splitlines()
    text = "\n".join(f"Nov 28 10:00:00 host postgres[4711]: [5-{at}] {line}" for at, line in enumerate(lines, 1))

    assert plan_of(text) == plan_of(LOGGED)
    assert plan_of(text).sql == plan_of(LOGGED).sql


def test_auto_explain_in_json_tells_the_same():
    text = (
        'LOG:  duration: 12.345 ms  plan:\n\t{\n\t  "Query Text": "SELECT 1",\n\t  "Plan": {\n'
        '\t    "Node Type": "Result", "Total Cost": 0.01\n\t  }\n\t}\n'
    )

    assert plan_of(text).sql == "SELECT 1"
    assert plan_of(text).execution_ms == 12.345


JSON = '[\n  {\n    "Plan": {\n      "Node Type": "Result",\n      "Startup Cost": 0.00,\n      "Total Cost": 0.01\n    }\n  }\n]'


@pytest.mark.parametrize(
    "text",
    [
        JSON,
        JSON + ";",
        JSON.replace("\n", " +\n"),
        JSON.removeprefix("[").removesuffix("]"),
        '{"QUERY PLAN": ' + JSON + "}",
        '[{"QUERY PLAN": ' + JSON + "}]",
        f"({JSON},)",
        f"[{JSON}]",
        '"' + JSON.replace('"', '""') + '"',
        '"QUERY PLAN"\n"' + JSON.replace('"', '""') + '"',
        "\n".join(f"> {line}" for line in JSON.splitlines()),
        JSON.replace('"Result"', '"Res\n   ult"'),
        '{"Node Type": "Result", "Startup Cost": 0.0, "Total Cost": 0.01}',
    ],
    ids=range(13),
)
def test_a_json_plan_is_read_within(text):
    assert plan_of(text) == plan_of(JSON)


PSQL = [
    (form, border, style, layout, expanded)
    for form, border, style, layout, expanded in itertools.product(
        ("text", "json", "yaml", "xml"),
        "012",
        ("ascii", "unicode", "old-ascii"),
        ("aligned", "wrapped", "unaligned", "csv"),
        ("off", "on"),
    )
    # The old style has no mark where it wraps: what was together cannot be told.
    if (style, layout) != ("old-ascii", "wrapped")
]
QUERY = """SELECT w.*, 'x, (y' FROM "we""ird (x)" w JOIN customer c ON c.id = w."a, b" WHERE "on" <> 'a
b' AND c.region IN (SELECT quantity FROM item WHERE product = 3) ORDER BY c.name DESC, w."c: d\""""


@pytest.mark.server
def test_whatever_psql_prints_is_read(explainer, server):
    """All settings in one run of psql, told apart by lines between them."""
    from planroom.engines.postgres.binaries import find_binaries

    settings = "\\pset border {1}\n\\pset linestyle {2}\n\\pset format {3}\n\\pset expanded {4}\n\\pset columns 70\n"
    script = "".join(
        settings.format(*each) + f"EXPLAIN (VERBOSE, FORMAT {each[0]}) {QUERY};\n\\echo =====\n" for each in PSQL
    )
    info = explainer.connection.info
    command = [find_binaries().folder / "psql", "-X", "-q", f"host={info.host} dbname={info.dbname} user={info.user}"]
    answer = subprocess.run(command, input=script, capture_output=True, text=True, check=True).stdout
    expected = plan_of(explainer.explain(QUERY, "VERBOSE", "json"))

    answers = answer.split("=====\n")[: len(PSQL)]
    assert [each for each, text in zip(PSQL, answers, strict=True) if plan_of(text) != expected] == []


def test_two_plans_are_not_taken_for_one():
    framed = f"{'QUERY PLAN':^30}\n{'-' * 32}\n Result  (cost=0.00..0.01 rows=1 width=4)\n(1 row)\n\n"

    with pytest.raises(SyntaxProblem, match="There are 2 plans"):
        plan_of(framed * 2)
