"""Tables, columns, inheritance and partitions, as a server has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planroom.model import Identity, SequenceOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engines.catalog.conftest import Read

pytestmark = pytest.mark.server


def test_the_model_bears_the_name_of_the_database_and_every_origin_names_the_source(everything: Read) -> None:
    assert everything.model.name == everything.run("SELECT current_database()")[0][0]
    assert str(everything.table("app.customers").origin) == "somewhere"
    assert str(everything.column("app.customers", "id").origin) == "somewhere"


def test_collections_are_sorted_by_id(everything: Read) -> None:
    model = everything.model
    for kind in (model.tables, model.views, model.sequences, model.routines, model.enums, model.domains):
        ids = [each.id for each in kind]
        assert ids == sorted(ids)


@pytest.mark.parametrize(
    ("column", "type_"),
    [
        ("id", "integer"),
        ("code", "app.code"),
        ("mood", "app.mood"),
        ("name", "character varying(20)"),
        ("initial", '"char"'),
        ("fixed", "character(3)"),
        ("flags", "bit varying(8)"),
        ("span", "interval day to second(3)"),
        ("moment", "timestamp(3) with time zone"),
        ("day", "time without time zone[]"),
        ("where_at", "app.point3"),
    ],
)
def test_types_have_the_servers_full_names(everything: Read, column: str, type_: str) -> None:
    assert str(everything.column("app.customers", column).type) == type_


def test_what_is_the_types_own_is_not_repeated_on_a_column(everything: Read) -> None:
    tags, name = everything.column("app.customers", "tags"), everything.column("app.customers", "name")
    assert (tags.collation, tags.storage, tags.statistics_target) == ("", "", None)
    assert (name.collation, name.storage, name.statistics_target) == ('"C"', "external", 500)


def test_a_serial_column_is_an_integer_whose_default_draws_from_a_sequence_that_it_owns(everything: Read) -> None:
    column = everything.column("app.customers", "id")
    (sequence,) = (each for each in everything.model.sequences if each.name == "customers_id_seq")
    assert (column.nullable, column.identity) == (False, None)
    assert str(column.default) == "nextval('app.customers_id_seq'::regclass)"
    assert sequence.owned_by == "app.customers.id"


def test_an_identity_holds_its_sequence_and_nothing_else_does(everything: Read) -> None:
    everything.needs(10)
    assert everything.column("app.identified", "id").identity == Identity(always=True)
    assert everything.column("app.identified", "other").identity == Identity(
        always=False, sequence=SequenceOptions(start=10, increment=10, maximum=1000), sequence_name="other_numbers"
    )
    assert not [each for each in everything.model.sequences if "identified" in each.name or "other" in each.name]


def test_a_partition_has_the_identity_of_its_root(everything: Read) -> None:
    everything.needs(17)
    assert everything.column("app.numbered_1", "id").identity == everything.column("app.numbered", "id").identity


def test_generated_columns_are_stored_or_virtual_and_have_no_default(everything: Read) -> None:
    everything.needs(12)
    area = everything.column("app.boxes", "area")
    assert area.generated
    assert (str(area.generated.expression), area.generated.stored, area.default) == ("w * h", True, None)
    everything.needs(18)
    edge = everything.column("app.boxes", "edge").generated
    assert edge
    assert not edge.stored


def test_compression_is_read_where_it_is_set(everything: Read) -> None:
    everything.needs(14)
    assert everything.column("app.customers", "tags").compression == "pglz"
    assert everything.column("app.customers", "name").compression == ""


def test_not_null_constraints_keep_the_name_that_someone_gave_them(everything: Read) -> None:
    everything.needs(18)
    a, b, c = everything.table("app.nulls").columns
    assert (a.nullable, a.not_null_name) == (False, "a_is_there")
    assert (b.not_null_name, b.not_null_inherited) == ("", False)
    assert (c.nullable, c.not_null_name, c.not_null_validated) == (False, "c_soon", False)


def test_names_that_the_server_cut_to_63_bytes_are_known_as_its_own(everything: Read) -> None:
    table = next(each for each in everything.model.tables if each.schema == 'Odd "Schema"')
    assert [column.not_null_name for column in table.columns] == ["", ""]
    assert [len(column.name.encode()) for column in table.columns] == [63, 61]


def test_hostile_names_come_through_whole(everything: Read) -> None:
    table = next(each for each in everything.model.tables if "script" in each.name)
    assert table.name == 'x"><script>alert(1)</script>'
    assert [column.name for column in table.columns] == ["new\nline", "עברית", "🦆", "tab\tand 'quote'"]
    assert str(table.columns[2].default) == "'🦆'::text"


def test_the_options_of_a_table_and_of_its_toast_table_are_sorted_pairs(everything: Read) -> None:
    assert everything.table("app.customers").storage == (
        ("autovacuum_enabled", "false"),
        ("fillfactor", "70"),
        ("toast.autovacuum_enabled", "off"),
    )


def test_replica_identity_and_clustering_name_their_index(everything: Read) -> None:
    scratch = everything.table("public.scratch")
    assert (scratch.replica_identity, scratch.clustered_on, scratch.unlogged) == (
        "scratch_a_key",
        "scratch_a_key",
        True,
    )
    assert everything.table("app.lines").replica_identity == "full"
    assert everything.table("app.customers").replica_identity == "default"


def test_a_foreign_table_names_its_server_and_has_no_replica_identity_of_its_own(everything: Read) -> None:
    assert everything.table("app.afar").external == "there"
    assert everything.table("app.afar").replica_identity == "default"


def test_a_child_lists_its_parents_in_order_and_marks_what_it_has_from_them_alone(everything: Read) -> None:
    cats = everything.table("app.cats")
    assert cats.inherits == ("app.animals", "app.pets")
    assert [(column.name, column.inherited) for column in cats.columns] == [
        ("name", False),
        ("legs", True),
        ("owner", True),
        ("lives", False),
    ]
    assert [check.name for check in cats.checks] == ["cats_lives"]


def test_a_typed_table_names_its_type(everything: Read) -> None:
    assert everything.table("app.typed").of_type == "app.point3"


def test_a_partition_lists_its_keys_and_indexes_and_only_its_own_checks(everything: Read) -> None:
    everything.needs(11)
    part = everything.table("app.events_2026")
    assert part.partition_of
    assert (part.partition_of.parent, part.inherits) == ("app.events", ())
    assert part.primary_key
    assert part.primary_key.parent == "events_pkey"
    assert [(index.name, index.parent) for index in part.indexes] == [("events_2026_kind_idx", "events_kind_idx")]
    assert ([check.name for check in part.checks], part.foreign_keys, part.triggers) == (["events_2026_only"], (), ())
    assert all(column.inherited for column in part.columns)


def test_an_index_made_on_the_parent_alone_says_so(everything: Read) -> None:
    everything.needs(11)
    only = {index.name: index.only for index in everything.table("app.events").indexes}
    assert only == {"events_kind_idx": False, "events_only_idx": True}


def test_bounds_are_canonical(everything: Read) -> None:
    everything.needs(11)
    bounds = {table.name: str(table.partition_of.bound) for table in everything.model.tables if table.partition_of}
    assert bounds["events_rest"] == "DEFAULT"
    assert bounds["events_2025"] == "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"
    assert "'a'" in bounds["events_2026_a"]
    assert "NULL" in bounds["events_2026_a"]


def test_partition_keys_keep_columns_expressions_collations_and_operator_classes_apart(everything: Read) -> None:
    everything.needs(11)
    hashed, several = everything.table("app.hashed").partitioning, everything.table("app.several").partitioning
    assert hashed
    assert several
    assert hashed.strategy == "hash"
    assert [part.column or str(part.expression) for part in hashed.columns] == ["a", "lower(b)", "a + length(b)"]
    assert [part.operator_class for part in hashed.columns] == ["", "text_pattern_ops", ""]
    assert [part.collation for part in several.columns] == ["", '"C"', '"POSIX"']
    assert str(several.columns[2].expression) == "c || ','::text"


def test_a_partition_without_a_sequence_of_its_own_is_found_through_two_levels(reading: Callable[[str], Read]) -> None:
    read = reading("SELECT 1")
    read.needs(17)
    read.engine.run(
        "CREATE TABLE a (i int GENERATED BY DEFAULT AS IDENTITY (CACHE 9), d date, k text) PARTITION BY RANGE (d);"
        "CREATE TABLE b (d date, k text, i int NOT NULL) PARTITION BY LIST (k);"
        "ALTER TABLE a ATTACH PARTITION b FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');"
        "CREATE TABLE c PARTITION OF b FOR VALUES IN ('x');"
    )
    assert read.column("c", "i").identity == Identity(always=False, sequence=SequenceOptions(cache=9))


def test_a_database_that_prints_dates_in_its_own_way_reads_the_same(reading: Callable[[str], Read]) -> None:
    read = reading(
        "CREATE TABLE t (d date DEFAULT '2026-02-01', i interval DEFAULT '1 day 2 hours', b bytea DEFAULT '\\x00ff',"
        "                z timestamptz DEFAULT '2026-01-01 00:00:00+00')"
    )
    plain = read.model.tables
    connection = read.engine.connection
    for setting in (
        "DateStyle = 'German, DMY'",
        "IntervalStyle = iso_8601",
        "bytea_output = escape",
        "TimeZone = 'Asia/Tokyo'",
    ):
        connection.execute(f"SET {setting}")
    del read.__dict__["model"]
    assert read.model.tables == plain
    assert "2026-02-01" in str(read.column("t", "d").default)
