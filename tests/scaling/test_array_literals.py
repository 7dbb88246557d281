"""Array literals are what the server writes and reads."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.errors import SourceError
from planroom.scaling.array_literals import array_literal, array_values
from tests.scaling.strategies import values

if TYPE_CHECKING:
    from planroom.engines.postgres.engine import OwnedPostgres

NASTY = ["", "NULL", "null", "a", "{1,2}", '"', "\\", '\\"', " a ", "a\nb", "\v", "é,", "\u00a0", "NaN", "\\xff", "'"]


@given(st.lists(values))
def test_values_come_back_from_their_literal(found: list[str]) -> None:
    assert array_values(array_literal(found)) == tuple(found)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(SourceError):
        array_values(text)


@pytest.mark.parametrize("text", ["", "a", "{", "}", "{a", "{a,}", "{,}", "{a,NULL}", "{a,null,b}", '{"a}', '{"a"b}',
                                  "{a}b}", "{{a}}", '{"a\\"}', "{a,b},{c}", "{NULL}"])  # fmt: skip
def test_what_is_no_list_of_values_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="no array literal"):
        array_values(text)


def test_blanks_around_elements_are_the_servers_not_unicodes() -> None:
    assert array_values(' { a ,\t"b" ,\u00a0 } ') == ("a", "b", "\u00a0")


def test_a_quote_that_never_ends_takes_no_long_time() -> None:
    with pytest.raises(SourceError):
        array_values('{"' + "a\\\\" * 100_000 + "}")


@pytest.mark.server
def test_the_server_writes_and_reads_the_same(fresh_database: OwnedPostgres) -> None:
    written = fresh_database.query("SELECT $1::text[]::text", params=[NASTY]).scalar()
    read = fresh_database.query("SELECT $1::text::text[]", params=[array_literal(NASTY)]).scalar()

    assert written == array_literal(NASTY)
    assert array_values(str(written)) == tuple(NASTY)
    assert read == NASTY
