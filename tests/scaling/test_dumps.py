"""The statistics of a dump are those of the database."""

from __future__ import annotations

import dataclasses
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.statistics import read_statistics
from planroom.errors import SourceError
from planroom.scaling.dumps import dumped_statistics, holds_statistics
from planroom.scaling.statistics import ColumnStatistics, RelationStatistics
from tests.engines.postgres.test_statistics import SHOP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.server import Server
    from planroom.model import Model
    from planroom.scaling.statistics import Statistics

ORDERS = r"""
\restrict x
SET client_encoding = 'UTF8';
SELECT * FROM pg_catalog.pg_restore_relation_stats(
	'version', '180006'::integer,
	'schemaname', 'shop',
	'relname', 'Or"ders',
	'relpages', '14'::integer,
	'reltuples', '2.5e+06'::real,
	'relallvisible', '3'::integer,
	'relallfrozen', '0'::integer
);
SELECT * FROM pg_catalog.pg_restore_attribute_stats(
	'version', '180006'::integer,
	'schemaname', 'shop',
	'relname', 'Or"ders',
	'attname', 'name',
	'inherited', 'f'::boolean,
	'null_frac', '0.25'::real,
	'avg_width', '9'::integer,
	'n_distinct', '-0.5'::real,
	'most_common_vals', E'{"it''s","back\\\\slash"}'::text,
	'most_common_freqs', '{0.5,0.25}'::real[],
	'correlation', NULL::real
);
"""


def test_a_dump_is_read_from_the_calls_in_it() -> None:
    found = dumped_statistics(ORDERS, "stats.sql")

    assert found.relations == (
        RelationStatistics(schema="shop", name='Or"ders', pages=14, rows=2.5e6, all_visible=3),
    )  # fmt: skip
    assert found.columns == (
        ColumnStatistics(
            schema="shop", table='Or"ders', column="name", null_fraction=0.25, width=9, distinct=-0.5,
            common_values=("it's", "back\\slash"), common_frequencies=(0.5, 0.25),
        ),
    )  # fmt: skip
    assert (found.version, found.source) == (180006, "stats.sql")
    assert any("extended statistics" in each.text for each in found.assumptions)


@pytest.mark.parametrize(
    ("old", "new", "where", "why"),
    [
        ("'14'::integer", "'many'::integer", "stats.sql:4:1", "relpages is 'many'"),
        ("'f'::boolean", "'perhaps'::boolean", "stats.sql:13:1", "inherited is 'perhaps'"),
        ("'{0.5,0.25}'", "'{0.5,x}'", "stats.sql:13:1", "most_common_freqs is"),
        ("'{0.5,0.25}'", "'{0.5,'", "stats.sql:13:1", "most_common_freqs: near"),
        ("'relname', 'Or\"ders',", "", "stats.sql:4:1", "no relname"),
        ("'9'::integer,", "'9'::integer, 'odd',", "stats.sql:13:1", "names and constants in turn"),
        ("'0.25'::real", "random()", "stats.sql:13:1", "names and constants in turn"),
        ("NULL::real\n);", "NULL", "stats.sql:13:1", "syntax error"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(old: str, new: str, where: str, why: str) -> None:
    assert old in ORDERS
    with pytest.raises(SourceError) as caught:
        dumped_statistics(ORDERS.replace(old, new), "stats.sql")
    assert caught.value.where == where
    assert why in caught.value.why
    assert caught.value.fix


def test_a_dump_without_statistics_says_how_to_make_one_with_them() -> None:
    with pytest.raises(SourceError, match="no statistics") as caught:
        dumped_statistics("CREATE TABLE t (a int); -- pg_restore_relation_stats( is in a comment alone")
    assert "--statistics-only" in caught.value.fix


def test_what_is_not_known_is_left_out_and_said() -> None:
    found = dumped_statistics(ORDERS.replace("'relallfrozen'", "'relallcold'"))

    assert [each.text for each in found.assumptions if "relallcold" in each.text]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(SourceError):
        dumped_statistics(text)
    with pytest.raises(SourceError):
        dumped_statistics(f"SELECT pg_restore_relation_stats('relname', {text!r}, 'relpages', 3)")


def test_the_time_is_linear_in_the_length() -> None:
    def seconds(times: int) -> float:
        start = time.process_time()
        dumped_statistics(ORDERS * times)
        return time.process_time() - start

    assert min(seconds(2000) for _ in range(2)) < 60 * max(seconds(100), 0.01)


# -- a real dump -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop(server: Server) -> Iterator[OwnedPostgres]:
    with OwnedPostgres(server) as engine:
        engine.run(SHOP)
        yield engine


def dump(engine: OwnedPostgres, *options: str) -> str:
    program = engine.server.binaries.program("pg_dump")
    done = subprocess.run([program, "-d", engine.dsn, *options], capture_output=True, text=True, check=False)
    if "statistics" in done.stderr and done.returncode:
        pytest.skip("pg_dump writes statistics since PostgreSQL 18")
    assert done.returncode == 0, done.stderr
    return done.stdout


def as_dumped(found: Statistics) -> Statistics:
    """Return of statistics what a dump with a model of them holds."""
    relations = [dataclasses.replace(each, height=None, counts=None, definition="") for each in found.relations]
    return dataclasses.replace(found, relations=tuple(relations), extended=(), settings={}, source="", assumptions=())


@pytest.mark.server
@pytest.mark.parametrize("options", [("--statistics-only",), ("--statistics",), ("--statistics", "--inserts")])
def test_a_real_dump_holds_what_is_read_of_the_database(shop: OwnedPostgres, options: tuple[str, ...]) -> None:
    model: Model = shop.model()
    found = dumped_statistics(dump(shop, *options), model=model)
    told = {(each.schema, each.name) for each in found.relations}
    read = as_dumped(read_statistics(shop))

    assert holds_statistics(dump(shop, *options))
    # pg_dump leaves out what has no pages of its own, or was never counted.
    assert {each.name for each in read.relations if (each.schema, each.name) not in told} <= {"never", "log_day_idx"}
    relations = tuple(each for each in read.relations if (each.schema, each.name) in told)
    assert dataclasses.replace(found, assumptions=()) == dataclasses.replace(read, relations=relations)


@pytest.mark.server
def test_without_a_model_the_expression_of_an_index_has_its_number(shop: OwnedPostgres) -> None:
    found = dumped_statistics(dump(shop, "--statistics-only"))

    assert ("sh op", "by_name", "1", False) in found.by_column
    assert [each.text for each in found.assumptions if each.subject == '"sh op".by_name']


@pytest.mark.server
def test_the_expressions_of_indexes_are_called_as_the_server_calls_them(fresh_database: OwnedPostgres) -> None:
    fresh_database.run("""
        CREATE TABLE t (a int, b text, c jsonb, r int4range);
        CREATE INDEX i1 ON t (lower(b), lower(b || 'x'), (a + 1), (a + 2), a) INCLUDE (b);
        CREATE INDEX i2 ON t ((c ->> 'k'), (b::varchar(3)), (a::bigint * 2), coalesce(b, ''), (c::text));
        CREATE INDEX i3 ON t ((CASE WHEN a > 1 THEN 1 END), (nullif(a, 3)), (ARRAY[a]), ((a, b) IS NULL), (a IN (1)));
        ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (r WITH &&, int4range(a, a + 1) WITH &&);
        ALTER TABLE t ADD PRIMARY KEY (a) INCLUDE (b);
    """)
    from planroom.scaling.index_names import known_indexes

    rows = fresh_database.query("""
        SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum), am.amname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_am am ON am.oid = c.relam
        WHERE c.relkind = 'i' AND c.relnamespace = 'public'::regnamespace GROUP BY 1, 3""").rows

    known = known_indexes(fresh_database.model())
    assert {name: (columns, method) for name, columns, method in rows} == {
        name: (list(each.columns), each.method) for (_, name), each in known.items()
    }
