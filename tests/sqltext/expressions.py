"""Hypothesis strategies for expressions over a table, as text."""

from __future__ import annotations

from hypothesis import strategies as st

COLUMNS = {
    "number": ["qty", "small", "id", "price", "ratio", "weight", "mass", "amount"],
    "text": ["name", "label", "note", "mail"],
    "condition": ["active"],
    "moment": ["day", "at", "made"],
}
"""Columns of ``shop.items`` by what can be done with them."""

LITERALS = {
    "number": [
        "0",
        "1",
        "-1",
        "2.5",
        "1e2",
        "99999999999",
        "'3'",
        "'4.50'::numeric",
        "5::bigint",
        "0.10",
        "7::smallint",
    ],
    "text": ["''", "'a'", "'it''s'", "'x'::varchar", "'y'::text", "'%a_'"],
    "condition": ["true", "false", "NULL::boolean"],
    "moment": ["now()", "CURRENT_DATE", "'2020-01-01'::date", "'2020-01-01 10:00'::timestamp", "LOCALTIMESTAMP"],
}

_COMPARISONS = st.sampled_from(["=", "<>", "!=", "<", "<=", ">", ">="])


def _binary(operators: list[str], sides: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("({} {} {})".format, sides, st.sampled_from(operators), sides)


def _leaf(kind: str) -> st.SearchStrategy[str]:
    return st.sampled_from(COLUMNS[kind]) | st.sampled_from(LITERALS[kind])


def numbers() -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(COLUMNS["number"]) | _leaf("number"),
        lambda inner: (
            _binary(["+", "-", "*", "/"], inner)
            | st.builds("(- {})".format, inner)
            | st.builds("abs(({})::numeric)".format, inner)
            | st.builds("coalesce({}, {})".format, inner, inner)
            | st.builds(
                "({})::{}".format, inner, st.sampled_from(["int", "bigint", "numeric", "float8", "numeric(8,2)"])
            )
            | st.builds("greatest({}, 1)".format, inner)
            | st.builds("CASE WHEN active THEN {} ELSE {} END".format, inner, inner)
            | st.builds("length({})".format, texts())
        ),
        max_leaves=4,
    )


def texts() -> st.SearchStrategy[str]:
    return st.recursive(
        _leaf("text"),
        lambda inner: (
            st.builds("({} || {})".format, st.sampled_from(COLUMNS["text"]), inner)
            | st.builds("lower({})".format, inner)
            | st.builds("trim({})".format, inner)
            | st.builds("coalesce({}, {})".format, inner, inner)
            | st.builds("nullif({}, {})".format, inner, inner)
            | st.builds("substring({} from 1 for 2)".format, inner)
            | st.builds("({})::{}".format, inner, st.sampled_from(["text", "varchar", "varchar(3)"]))
        ),
        max_leaves=3,
    )


def moments() -> st.SearchStrategy[str]:
    plus = st.builds(
        "({} + {})".format,
        st.sampled_from(["at", "made", "day"]),
        st.sampled_from(["'1 day'::interval", "interval '2' hour"]),
    )
    return _leaf("moment") | plus | st.builds("date_trunc('month', {})".format, st.sampled_from(["at", "made"]))


def conditions() -> st.SearchStrategy[str]:
    """Return conditions, most of which the server accepts."""
    number, text, moment = numbers(), texts(), moments()
    simple = (
        st.builds("{} {} {}".format, number, _COMPARISONS, number)
        | st.builds("{} {} {}".format, text, _COMPARISONS, text)
        | st.builds("{} {} {}".format, moment, _COMPARISONS, moment)
        | st.builds(
            "{} {}IN ({})".format,
            number,
            st.sampled_from(["", "NOT "]),
            st.lists(number, min_size=1, max_size=3).map(", ".join),
        )
        | st.builds(
            "{} {}IN ({})".format,
            text,
            st.sampled_from(["", "NOT "]),
            st.lists(text, min_size=1, max_size=3).map(", ".join),
        )
        | st.builds(
            "{} {}BETWEEN {} {} AND {}".format,
            number,
            st.sampled_from(["", "NOT "]),
            st.sampled_from(["", "SYMMETRIC"]),
            number,
            number,
        )
        | st.builds(
            "{} {} {}".format, text, st.sampled_from(["LIKE", "NOT LIKE", "ILIKE", "~", "!~*", "SIMILAR TO"]), text
        )
        | st.builds("{} IS {}DISTINCT FROM {}".format, text, st.sampled_from(["", "NOT "]), text)
        | st.builds("{} = ANY (ARRAY[{}])".format, text, st.lists(text, min_size=1, max_size=2).map(", ".join))
        | st.builds("{} IS {}NULL".format, number | text | moment, st.sampled_from(["", "NOT "]))
        | _leaf("condition")
    )
    return st.recursive(
        simple,
        lambda inner: (
            st.builds("({}) {} ({})".format, inner, st.sampled_from(["AND", "OR"]), inner)
            | st.builds("NOT ({})".format, inner)
            | st.builds("({}) IS {}TRUE".format, inner, st.sampled_from(["", "NOT "]))
            | st.builds("CASE WHEN {} THEN {} END".format, inner, inner)
        ),
        max_leaves=3,
    )
