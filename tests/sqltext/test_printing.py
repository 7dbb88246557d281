# ruff: noqa: E501  (an expression a line)
"""Printing is the inverse of parsing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planroom.errors import PlanroomError
from planroom.sqltext import parse_expression, print_expression
from planroom.sqltext.libpg_query import ParserError, parse_tree
from tests.sqltext import expression_corpus as corpus
from tests.sqltext.expressions import conditions

EXPRESSIONS = [
    *corpus.CHECKS, *corpus.PREDICATES, *corpus.POLICIES, *corpus.TRIGGERS,
    *[line.split("|", 1)[1] for line in [*corpus.DEFAULTS, *corpus.GENERATED]],
    "-1, - (-a), - - a, +a, @ -5, a - -5, a - -b, (-5)::int, -5::int, -a ^ 2, (-a)[1]",
    "not (not a), (a = b) = c, a = (b is null), (a is null) = b, (a and b) and (c and d), (a or b) and c, a and (b and c)",
    "(a).b, (a.b).c, (array[1])[1], a.b[1:2].c, a[:2], a[1:], x.*, (x).*, (f(x)).y, $1, ($1).x",
    "x between (a at time zone 'utc') and (b or c), x between (a collate \"C\") and 3, (x between 1 and 2) = true",
    "x::varchar(20), x::\"char\", x::bpchar, x::char(3), x::pg_catalog.bpchar, x::interval(3), x::numeric(3,2)[]",
    "x::s.t[3], x::json, interval '1 day', interval '1' hour to minute, interval(3) '1', 'a\\b', 1e10, 0x1F, b'101', x'1F'",
    "count(*) filter (where a) over (partition by b order by c rows between 1 preceding and current row exclude ties)",
    "f(variadic x), g(a => 1), f(distinct x order by y desc nulls last), percentile_cont(0.5) within group (order by x)",
    "sum(x) over w, sum(x) over (w order by y groups unbounded preceding), f(x) over ()",
    "substring(a from 1 for 2), overlay(a placing b from 1), position(a in b), (a,b) overlaps (c,d), a is nfc normalized",
    "xmlexists('x' passing y), collation for (a), normalize(a, nfc), a at local, trim(a), \"position\"(a,b), left(a,1)",
    "row(), row(1), (1, 2), row(1, 2) = (3, 4), (a, b) in (select 1, 2), x = any (select 1), x not in (select 1)",
    "x < all (array[1]), x = any ((select array[1])::int[]), exists (select), array(select 1), (select 1 union select 2)",
    "a operator(pg_catalog.+) b, a operator(s.<->) b = c, x ilike all (array['a']), x similar to 'a' escape 'b'",
    "case x when 1 then 2 end, case when a then b else c end, coalesce(a, b), greatest(1), least(1, 2), nullif(a, b)",
    "current_date, current_timestamp(3), localtime, current_user, session_user, user, current_catalog, current_schema",
    "x is true, x is not unknown, x isnull, x notnull, a is distinct from b, (a is not distinct from b) is null, x is document",
    "json_object('a': 1), xmlelement(name foo, 1), json_value(x, '$.a' returning int), x is json, json_arrayagg(x)",
    'U&"d\\0061t", "Weird ""name""", "select", "Ü", \'Ünï\'',
]  # fmt: skip

QUERIES = [
    *corpus.VIEWS,
    "SELECT 1 FROM t TABLESAMPLE system (10) REPEATABLE (3) FOR UPDATE OF t NOWAIT",
    "SELECT * FROM ROWS FROM (f(1), g(2) AS (a int, b text COLLATE \"C\")) WITH ORDINALITY AS x",
    "(SELECT 1 UNION SELECT 2) INTERSECT (SELECT 3 LIMIT 1) EXCEPT ALL SELECT 4 ORDER BY 1",
    "SELECT 1 UNION (SELECT 2 UNION SELECT 3)",
    "SELECT 1 UNION SELECT 2 INTERSECT SELECT 3",
    "(SELECT 1 ORDER BY 1) UNION ALL (WITH a AS (SELECT 2) SELECT * FROM a)",
    "SELECT FROM t GROUP BY DISTINCT CUBE (a, (b, c)), GROUPING SETS ((a), ()), () HAVING x LIMIT ALL",
    "SELECT * FROM (a JOIN b USING (x) AS j) AS k NATURAL LEFT JOIN (c CROSS JOIN d) RIGHT JOIN e ON true",
    "SELECT * FROM xmltable('/a' PASSING x COLUMNS a int PATH 'b') t, json_table(x, '$' COLUMNS (a int PATH '$.a')) AS j",
    "WITH RECURSIVE t(a) AS NOT MATERIALIZED (SELECT 1 UNION SELECT a FROM t) SEARCH DEPTH FIRST BY a SET o CYCLE a SET c USING p SELECT * FROM t",
    "WITH x AS (INSERT INTO t VALUES (1) RETURNING *), y AS (DELETE FROM u RETURNING 1) SELECT * FROM x, y",
    "SELECT a FROM t WINDOW w AS (PARTITION BY a), v AS (w ORDER BY b RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING)",
    "VALUES (1, DEFAULT), (2, 3) ORDER BY 1 USING OPERATOR(pg_catalog.<) OFFSET 1",
    "SELECT DISTINCT ON (a, b) a AS \"A b\" FROM s.t AS z(a, b), ONLY u FOR SHARE SKIP LOCKED",
]  # fmt: skip

_PLACES = {"location", "list_start", "list_end", "rexpr_list_start", "rexpr_list_end"}


def shape(value: Any) -> Any:
    """Return a tree without the places in the text."""
    if isinstance(value, list):
        return [shape(item) for item in value]
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items() if key not in _PLACES}
    return value


def parsed(sql: str) -> Any:
    return parse_tree(sql.encode())[0]["stmt"]


@pytest.mark.parametrize("sql", [*[f"SELECT {text}" for text in EXPRESSIONS], *QUERIES])
def test_what_is_printed_parses_to_the_same_tree(sql: str) -> None:
    tree = parsed(sql)

    printed = print_expression(tree)

    assert shape(parsed(printed)) == shape(tree), printed


@given(conditions())
@settings(deadline=None, max_examples=60)
def test_any_condition_that_is_printed_parses_to_the_same_tree(text: str) -> None:
    tree = parsed(f"SELECT {text}")

    assert shape(parsed(print_expression(tree))) == shape(tree)


_OPERATORS = st.sampled_from("+ - * / % ^ = <> < || AND OR @> -> ~ IN IS:DISTINCT:FROM LIKE BETWEEN COLLATE AT".split())


@st.composite
def loose_expressions(draw: st.DrawFn, depth: int = 3) -> str:
    """Return operators of every precedence, with and without parentheses; some do not parse."""
    if depth == 0:
        return draw(st.sampled_from(["a", "1", "-2", "'x'", "f(a)", "NULL", "t.b", "a[1]", "x::int"]))
    inner = loose_expressions(depth - 1)
    left = draw(inner)
    form = draw(st.integers(0, 6))
    if form == 0:
        return draw(
            st.sampled_from(["- {}", "NOT {}", "({})::int", "{} IS NULL", "({})[1]", "@ {}", "{}::text", "({})"])
        ).format(left)
    operator, right = draw(_OPERATORS), draw(inner)
    if operator == "IN":
        return f"{left} IN ({right})"
    if operator == "BETWEEN":
        return f"{left} BETWEEN {right} AND {draw(inner)}"
    if operator == "COLLATE":
        return f'{left} COLLATE "C"'
    text = f"{left} {operator.replace(':', ' ').replace('AT', 'AT TIME ZONE')} {right}"
    return f"({text})" if form < 4 else text


@given(loose_expressions())
@settings(deadline=None, max_examples=300)
def test_parentheses_stand_where_the_grammar_needs_them(text: str) -> None:
    try:
        tree = parsed(f"SELECT {text}")
    except ParserError:
        assume(False)

    printed = print_expression(tree)

    assert shape(parsed(printed)) == shape(tree), printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("((a)) + ((b) * (c))", "a + b * c"),
        ("(a + b) * c", "(a + b) * c"),
        ("(a and b) or (not c)", "a AND b OR NOT c"),
        ("a <> 'x' and (b is null)", "a <> 'x' AND b IS NULL"),
        ("EXTRACT(year from (x))", "EXTRACT(year FROM x)"),
        ("((x)::int4)::numeric(3,2)", "x::int4::numeric(3,2)"),
        ("cast(x as integer)", "x::integer"),
    ],
)
def test_there_are_no_more_parentheses_than_needed(text: str, printed: str) -> None:
    assert str(parse_expression(text)) == printed


def test_a_tree_that_is_too_deep_is_an_error_of_our_own() -> None:
    tree: Any = {"A_Const": {"ival": {"ival": 1}}}
    for _ in range(5_000):
        tree = {"BoolExpr": {"boolop": "NOT_EXPR", "args": [tree]}}

    with pytest.raises(PlanroomError):
        print_expression(tree)
