"""Extended statistics are the bytes that the server has, and that it takes."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.engines.postgres.engine import OwnedPostgres
from planroom.errors import SourceError
from planroom.scaling.extended_bytes import dependency_bytes, dependency_values, distinct_bytes, distinct_values

attributes = st.lists(st.integers(-8, 1600), min_size=1, max_size=8).map(tuple)
groups = st.lists(st.tuples(attributes, st.floats(allow_nan=False)), max_size=6).map(tuple)


@given(groups)
def test_values_come_back_from_their_bytes(found: tuple[tuple[tuple[int, ...], float], ...]) -> None:
    assert distinct_values(distinct_bytes(found)) == found
    assert dependency_values(dependency_bytes(found)) == found


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for begins in (b"", distinct_bytes(())[:4], distinct_bytes(())[:8], dependency_bytes(())[:8]):
        for read in (distinct_values, dependency_values):
            try:
                read(begins + data)
            except SourceError as error:
                assert "PostgreSQL" in str(error)  # noqa: PT017


def test_the_bytes_of_a_big_endian_server_are_read_too() -> None:
    data = struct.pack(">IIIdi2h", 0xA352BFA4, 1, 1, 70.0, 2, 3, 4)

    assert distinct_values(data) == (((3, 4), 70.0),)


@pytest.mark.parametrize("cut", [0, 3, 11, 15, 27])
def test_bytes_that_end_in_the_middle_are_refused(cut: int) -> None:
    with pytest.raises(SourceError):
        distinct_values(distinct_bytes((((3, 4), 70.0),))[:cut])


def test_another_version_of_the_bytes_is_refused_by_its_number() -> None:
    with pytest.raises(SourceError, match="of type 2"):
        distinct_values(struct.pack("<III", 0xA352BFA4, 2, 0))


PLACES = """
CREATE TABLE places (city text, zip int, street text);
INSERT INTO places SELECT i % 70, i % 70 / 7, i FROM generate_series(1, 5000) i;
CREATE STATISTICS seen (ndistinct, dependencies) ON city, zip, street, (zip % 3) FROM places;
ANALYZE places;
"""


@pytest.mark.server
def test_the_server_has_these_bytes_and_takes_them(fresh_database: OwnedPostgres) -> None:
    fresh_database.run(PLACES)
    fresh_database.run("""
        CREATE CAST (bytea AS pg_ndistinct) WITHOUT FUNCTION;
        CREATE CAST (bytea AS pg_dependencies) WITHOUT FUNCTION""")
    ((distinct, dependencies, *texts),) = fresh_database.query("""
        SELECT n_distinct::bytea, dependencies::bytea, n_distinct::text, dependencies::text FROM pg_stats_ext""").rows
    values = distinct_values(distinct), dependency_values(dependencies)

    assert (distinct_bytes(values[0]), dependency_bytes(values[1])) == (distinct, dependencies)
    assert dict(values[0])[1, 2] == 70.0
    assert dict(values[1])[1, 2] == 1.0
    taken = fresh_database.query(
        "SELECT ($1::bytea)::pg_ndistinct::text, ($2::bytea)::pg_dependencies::text",
        params=[distinct_bytes(values[0]), dependency_bytes(values[1])],
    )
    assert list(taken.rows[0]) == texts
