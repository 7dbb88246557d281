"""Patterns turned round, conditions taken apart, numbers drawn."""

from __future__ import annotations

import re

import duckdb
import pytest

from planroom.generating.conditions import demands_of
from planroom.generating.mixing import MACROS, Draw, permuted, zipf_rank
from planroom.generating.patterns import parse_pattern


@pytest.fixture(scope="module")
def link():
    with duckdb.connect() as connection:
        for macro in MACROS:
            connection.execute(macro)
        yield connection


@pytest.mark.parametrize(
    ("pattern", "capacity"),
    [
        ("^[A-Z]{3}[0-9]$", 26**3 * 10),
        (r"^\d{4}$", 10**4),
        ("^(red|green|blue)$", 3),
        ("^[a-c]{2}(-[xy])?$", 9 * 3),
        ("^[[:upper:]][[:digit:]]$", 260),
        ("^a[^a]$", 64),
    ],
)
def test_a_pattern_gives_each_of_its_texts_once_and_no_other(link, pattern, capacity):
    parsed = parse_pattern(pattern)

    assert parsed.capacity == capacity
    count = min(capacity, 2_000)
    texts = [row[0] for row in link.execute(f"SELECT {parsed.text('i')} FROM range({count}) t(i)").fetchall()]
    python = pattern.replace("[:upper:]", "A-Z").replace("[:digit:]", "0-9")
    assert len({*texts}) == count
    assert all(re.search(python, text) for text in texts)
    assert texts[:9] == [parsed.sample(number) for number in range(min(9, count))]


@pytest.mark.parametrize("pattern", ["(?=a)b", r"\1", "*a", "[", "(a", "a{x}", "a)", "[[:nope:]]"])
def test_what_is_not_understood_gives_no_pattern(pattern):
    assert parse_pattern(pattern) is None


def test_draws_are_even_and_differ_by_seed_and_purpose(link):
    def drawn(seed, purpose):
        return [
            row[0] for row in link.execute(f"SELECT {Draw(seed, purpose).unit('i')} FROM range(20000) t(i)").fetchall()
        ]

    numbers = drawn(1, "a")
    buckets = [sum(n / 10 <= value < (n + 1) / 10 for value in numbers) for n in range(10)]
    assert all(1_800 < each < 2_200 for each in buckets)
    for other in (drawn(2, "a"), drawn(1, "b")):
        same = sum(abs(x - y) < 1e-3 for x, y in zip(numbers, other, strict=True))
        assert same < 100
        mean_x, mean_y = sum(numbers) / 20_000, sum(other) / 20_000
        covariance = sum((x - mean_x) * (y - mean_y) for x, y in zip(numbers, other, strict=True)) / 20_000
        assert abs(covariance * 12) < 0.05


@pytest.mark.parametrize("exponent", [0.5, 0.8, 1.0, 1.3])
def test_ranks_fall_with_the_exponent_that_is_asked_for(link, exponent):
    rank = zipf_rank(Draw(3, "zipf").unit("i"), 10_000, exponent)
    (slope,) = link.execute(
        f"""WITH f AS (SELECT {rank} AS r, count(*) AS n FROM range(1000000) t(i) GROUP BY 1)
        SELECT -regr_slope(ln(m), ln(mean)) FROM (SELECT avg(n) AS m, exp(avg(ln(r + 1))) AS mean, count(*) AS c
        FROM f WHERE r BETWEEN 20 AND 4000 GROUP BY floor(ln(r) * 4))"""
    ).fetchone()

    assert slope == pytest.approx(exponent, abs=0.05)


@pytest.mark.parametrize("size", [1, 2, 3, 10, 97, 1_000, 65_536, 1_000_003])
def test_a_permutation_leaves_nothing_out(link, size):
    found = link.execute(
        f"SELECT count(DISTINCT p), min(p), max(p) FROM"
        f" (SELECT {permuted('i', size, size // 3)} AS p FROM range({size}) t(i))"
    ).fetchone()

    assert found == (size, 0, size - 1)


def demanded(text, column="a"):
    found, rest = demands_of([text])
    return found.get(column), rest


@pytest.mark.parametrize(
    ("text", "attribute", "expected"),
    [
        ("a IN ('x', 'y')", "values", ("x", "y")),
        ("a = ANY (ARRAY['x'::text, 'y'::text])", "values", ("x", "y")),
        ("a::text = ANY (ARRAY['x'::character varying, 'y'::character varying]::text[])", "values", ("x", "y")),
        ("a = 'x' OR a = 'y'", "values", ("x", "y")),
        ("a <> 'x'", "excluded", ["x"]),
        ("a NOT IN ('x', 'y')", "excluded", ["x", "y"]),
        ("a IS NOT NULL", "present", True),
        ("a IS NULL", "absent", True),
        ("length(a) = 3", "longest", 3),
        ("char_length(btrim(a)) > 2", "shortest", 3),
        ("btrim(a) <> ''", "shortest", 1),
        ("a = upper(a)", "upper", True),
        ("lower(a) = a", "lower", True),
        ("jsonb_typeof(a) = 'array'", "json", "array"),
        ("a ~ '^x'", "patterns", [("^x", False)]),
        ("a IS NULL OR a ~ '^x'", "patterns", [("^x", False)]),
        ("a <> b", "unlike", ["b"]),
        ("a IS DISTINCT FROM b", "unlike", ["b"]),
        ("NOT a", "values", ("false",)),
    ],
)
def test_a_condition_of_a_known_form_is_taken_apart(text, attribute, expected):
    found, rest = demanded(text)

    assert getattr(found, attribute) == expected
    assert rest == ()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a > 0", ("0", False), None),
        ("0 <= a", ("0", True), None),
        ("a BETWEEN -5 AND 10", ("-5", True), ("10", True)),
        ("a >= 0 AND a < 1.5", ("0", True), ("1.5", False)),
        ("LEAST(a, b) > 0", ("0", False), None),
        ("GREATEST(a, b) <= 9", None, ("9", True)),
    ],
)
def test_limits_are_found_on_both_sides(text, low, high):
    found, rest = demanded(text)

    assert [(each.value, each.inclusive) for each in found.lows] == ([low] if low else [])
    assert [(each.value, each.inclusive) for each in found.highs] == ([high] if high else [])
    assert rest == ()


def test_a_limit_may_be_arithmetic_over_other_columns():
    found, rest = demanded("a BETWEEN 0 AND b + c")

    assert found.highs[0].value.columns == {"b", "c"}
    assert rest == ()


@pytest.mark.parametrize(
    "text", ["a = 'x' OR b IS NOT NULL", "(a = 1) = (b IS NULL)", "f(a) > 3", "a > (SELECT 1)", "a % 2 = 0", "broken ("]
)
def test_what_says_more_is_left_to_verification(text):
    assert demanded(text)[1] == (text,)
