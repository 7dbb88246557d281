"""Footers at another size: counts, ends and NULLs, on files that DuckDB itself writes."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.errors import SourceError
from planroom.scaling.parquet.compact import encoded
from planroom.scaling.parquet.footer import Footer, file_of, footer_bytes, footer_of
from planroom.scaling.parquet.forging import Change, forged, row_groups_of
from planroom.scaling.parquet.keys import keys_by_name
from planroom.scaling.parquet.marking import marked
from planroom.scaling.parquet.merging import NULLS, counted_ends, merged_chunks

duckdb = pytest.importorskip("duckdb")

TYPES = (
    "10::BIGINT AS big, 7::INTEGER AS whole, 1::SMALLINT AS small, 200::UTINYINT AS tiny, 4e9::UINTEGER AS un, "
    "12.50::DECIMAL(10,2) AS price, 9::DECIMAL(38,0) AS wide, 1.5::FLOAT AS f, 2.5::DOUBLE AS d, true AS b, "
    "'x' AS t, 'ab'::BLOB AS raw, DATE '2026-01-02' AS day, TIMESTAMP '2026-01-02' AS at, "
    "TIMESTAMPTZ '2026-01-02 00:00:00+00' AS atz, TIME '10:00' AS clock, INTERVAL 1 DAY AS span, "
    "'6f1c2d3e-0000-4000-8000-000000000000'::UUID AS u, '{}'::JSON AS j, [1, 2] AS l, {'a': 1, 'b': 'x'} AS s, "
    "MAP {'k': 1} AS m, 'a'::ENUM('a', 'b') AS e, NULL::INTEGER AS nothing"
)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Write a SELECT to Parquet and return the bytes of the file."""
    folder = tmp_path_factory.mktemp("parquet")

    def write(select: str, options: str = "") -> bytes:
        path = folder / "t.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet{options})")
        return path.read_bytes()

    return write


def _footer_text(data: bytes) -> bytes:
    length = footer_bytes(data[-8:])
    return data[-8 - length : -8]


@pytest.mark.parametrize("options", ["", ", ROW_GROUP_SIZE 2048", ", PARQUET_VERSION v2", ", COMPRESSION zstd"])
def test_a_footer_of_duckdb_is_written_again_byte_by_byte(written, options):
    data = written(f"SELECT {TYPES}, range AS id FROM range(10_000)", options)

    assert encoded(footer_of(data).metadata) == _footer_text(data)


def test_the_columns_of_every_type_are_known(written):
    footer = footer_of(written(f"SELECT {TYPES}"))

    assert len(footer.columns) == 24
    assert ("l", "list", "element") in footer.leaves
    assert ("m", "key_value", "value") in footer.leaves
    assert counted_ends(footer) == {
        "big": (10, 10),
        "whole": (7, 7),
        "small": (1, 1),
        "tiny": (200, 200),
        "un": (4_000_000_000,) * 2,
        "wide": (9, 9),
    }


def test_row_groups_become_one_with_the_ends_of_all(written):
    data = written(
        "SELECT (range * 7919) % 10_007 AS id, CASE WHEN range % 4 = 0 THEN 1 END AS n FROM range(10_000)",
        ", ROW_GROUP_SIZE 2048",
    )
    footer = footer_of(data)
    made, cut = forged(footer, footer.rows)

    assert len(footer.row_groups) > 1
    assert len(made.row_groups) == 1
    assert cut == ()
    with duckdb.connect() as connection:
        low, high = connection.execute(
            "SELECT min((range * 7919) % 10_007), max((range * 7919) % 10_007) FROM range(10_000)"
        ).fetchone()
    assert counted_ends(made)["id"] == (low, high)
    assert merged_chunks(made)[1].statistics.get(NULLS) == 7_500


@given(rows=st.integers(0, 10**11), factor=st.floats(0.001, 1e6))
def test_a_forged_file_says_what_it_was_told(rows, factor):
    footer = _small_footer()
    made, _ = forged(footer, rows, {"id": Change(factor=factor, null_fraction=0.0), "n": Change(null_fraction=0.25)})
    again = footer_of(file_of(made))

    assert again.rows == made.rows == rows
    assert again.metadata == made.metadata
    if rows:
        low, high = counted_ends(made)["id"]
        assert low == 1
        assert high == pytest.approx(max(1, 100 * factor), abs=1)
        assert merged_chunks(made)[1].statistics.get(NULLS) == round(rows * 0.25)


def _small_footer(cache=[]) -> Footer:  # noqa: B006  (one file for all examples)
    if not cache:
        import tempfile
        from pathlib import Path

        with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
            path = Path(folder) / "t.parquet"
            connection.execute(
                f"COPY (SELECT range + 1 AS id, range AS n FROM range(100)) TO '{path}' (FORMAT parquet)"
            )
            cache.append(footer_of(path.read_bytes()))
    return cache[0]


def test_a_key_ends_where_its_type_does(written):
    footer = footer_of(written("SELECT range::INTEGER + 1 AS id, range::SMALLINT + 1::SMALLINT AS s FROM range(1_000)"))
    made, cut = forged(footer, 10**11, {"id": Change(factor=1e8), "s": Change(factor=1e8)})

    assert cut == ("id", "s")
    assert counted_ends(made) == {"id": (1, 2**31 - 1), "s": (1, 2**15 - 1)}


def test_moments_and_fractions_are_no_keys(written):
    footer = footer_of(
        written("SELECT DATE '2026-01-01' + range::INTEGER AS day, range / 7.0::DECIMAL(10,2) AS price FROM range(100)")
    )
    made, _ = forged(footer, 10_000, {"day": Change(factor=100), "price": Change(factor=100)})

    assert [each.statistics for each in merged_chunks(made)] == [each.statistics for each in merged_chunks(footer)]


def test_values_that_are_left_out_are_nowhere_in_the_file(written):
    footer = footer_of(written("SELECT 'secret@example.org' AS email, 123456789 AS number"))
    made, _ = forged(footer, 1_000, {"email": Change(ends=False), "number": Change(ends=False)})

    assert b"secret" not in file_of(made)
    assert struct.pack("<i", 123456789) not in file_of(made)


def test_marks_are_before_the_topmost_names_alone(written):
    footer = footer_of(written("SELECT 1 AS id, [1] AS l, {'a': {'b': 2}} AS s"))
    made, _ = forged(footer, 10)
    found = footer_of(file_of(marked(made, "x_")))

    assert found.columns == ("x_id", "x_l", "x_s")
    assert set(found.leaves) == {("x_id",), ("x_l", "list", "element"), ("x_s", "a", "b")}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no Parquet file"),
        (b"PAR1", "no Parquet file"),
        (b"x" * 100, "no Parquet file"),
        (b"PAR1" + b"\xff\xff\xff\x0fPAR1", "shorter than its footer|would have"),
        (b"PAR1" + b"\xff\xff\xff\xffPAR1", "would have"),
        (b"PAR1" + b"\x10\x00\x00\x00PARE", "encrypted"),
        (b"PAR1\x00\x01\x00\x00\x00PAR1", "no number|no list"),
    ],
)
def test_what_is_no_footer_is_refused(data, why):
    with pytest.raises(SourceError, match=why):
        footer_of(data)


@given(st.data())
def test_a_damaged_footer_is_refused_or_is_another_one(data):
    whole = bytearray(file_of(_small_footer()))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(4, len(whole) - 9))] = data.draw(st.integers(0, 255))
    try:
        footer = footer_of(bytes(whole))
        made, _ = forged(footer, 1_000, {name: Change(factor=10) for name in footer.columns})
        file_of(marked(made, "m_"))
    except SourceError:
        pass


def test_keys_are_told_by_span_and_name():
    ends = {
        "orders": {"id": (1, 1000), "customer_id": (1, 100), "status": (1, 5)},
        "customers": {"id": (1, 100), "age": (18, 99)},
        "items": {"id": (1, 5000), "order_id": (1, 1000), "quantity": (1, 100)},
    }
    rows = {"orders": 1000, "customers": 100, "items": 5000}

    assert keys_by_name(ends, rows) == {
        ("orders", "id"): ("orders", "id"),
        ("customers", "id"): ("customers", "id"),
        ("items", "id"): ("items", "id"),
        ("orders", "customer_id"): ("customers", "id"),
        ("items", "order_id"): ("orders", "id"),
    }


def test_row_groups_are_counted_as_duckdb_writes_them():
    assert [row_groups_of(rows) for rows in (0, 1, 122_880, 122_881, 1e11)] == [0, 1, 1, 2, 813_803]
