# ruff: noqa: E501  (the values of one type a line)
"""Constants are written as the server writes them."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from planroom.sqltext.literals import normalise

VALUES = {
    "integer": [" 010 ", "1_000", "0x1F", "-0", "7"],
    "bigint": ["0x1F", "9223372036854775807"],
    "numeric": ["1.50", "1e3", "1.5e-3", ".5", "NaN", "infinity", "-0", "1e-7"],
    "double precision": ["0.1", "1e20", "123456789012345678", "1e-5", "-0.5", "Infinity", "nan"],
    "real": ["0.1", "3.14159265358979", "1.5e-7"],
    "boolean": ["t", "YES", "of", "0", "on", "FALSE"],
    "uuid": ["{A0EEBC99-9c0b-4ef8-bb6d-6bb9bd380a11}", "a0eebc999c0b4ef8bb6d6bb9bd380a11"],
    "bytea": ["\\xDEAD", "abc", ""],
    "date": ["2026-1-5", "20260105", "infinity", "2026-01-05 10:00"],
    "timestamp without time zone": ["2026-01-05 7:30", "2026-01-05T07:30:15.250", "2026-01-05 24:00", "2026-01-05 07:30+02"],
    "timestamp with time zone": ["2026-01-05 07:30+02", "2026-01-05", "2026-01-05T07:30:00Z", "2026-01-05 07:30-0330"],
    "time without time zone": ["7:30", "07:30:15.5"],
    "time with time zone": ["7:30+02", "10:00:00.250-05:30"],
    "interval": [
        "1 day", "24:00:00", "24 hours", "1 year 2 months -3 days 04:05:06.5", "-1 month", "-1 month +1 day", "1 week",
        "90 minutes", "1 day ago", "1.5 hours", "14 months", "-14 months", "0", "00:00", "1h 30m", "1 mon 15 days",
        "2 secs", "500 ms", "500 milliseconds", "1 decade", "1-2", "5", "-04:00",
    ],
    "jsonb": ['{"b":1,"a":[1,2.50,null,true],"aa":{"x":"é\\n"}}', "{}", "[]", "1e2", "1.0", '"x"', '{"a":1,"a":2}'],
    "jsonpath": ["$.a", "$.a[*].b", "$[0]", "$"],
    "tsquery": ["x", "x & y", "a|b"],
    "text[]": ["{a, b}", '{"a b",c,null,"null",""}', "{}", '{"a,b","c\\\\d"}'],
    "integer[]": ["{1, 2}", "{ 010 }"],
    "date[]": ["{2026-1-5}"],
    "int4range": ["[1,10]", "(1,10]", "empty", "[,5]"],
    "daterange": ["[2026-01-01,2026-02-01]", "[2026-01-01,)"],
    "numrange": ["[1.5,2]", "(,)"],
    "tsrange": ["[2026-01-01,2026-02-01)"],
}  # fmt: skip


@pytest.mark.server
def test_constants_are_written_as_the_server_writes_them(fresh_database: Any) -> None:
    with psycopg.connect(fresh_database.dsn, autocommit=True) as connection:
        connection.execute("SET timezone = 'UTC'")
        wrong = []
        for type_, values in VALUES.items():
            for value in values:
                (expected,) = connection.execute(f"SELECT (%s::{type_})::text", (value,)).fetchone()
                if normalise(value, type_) != expected:
                    wrong.append((type_, value, normalise(value, type_), expected))

    assert wrong == []


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("integer", "x"), ("date", "2026-02-30"), ("date", "tomorrow"), ("interval", "1 fortnight"), ("jsonb", "{"),
        ("integer[]", "{1,2"), ("uuid", "x"), ("text", " a "), ("shop.status", "new"), ("jsonpath", "$.a ? (@ > 1)"),
        ("timestamp with time zone", "2026-01-01 Europe/Paris"), ("boolean", "o"), ("int4range", "[a,b]"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_stays_as_written(type_: str, value: str) -> None:
    assert normalise(value, type_) == value
