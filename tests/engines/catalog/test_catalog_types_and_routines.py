"""Types, sequences, views and routines, as a server has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.engines.postgres.catalog.datatypes import data_type
from planroom.engines.postgres.catalog.session import default_name
from planroom.model import Routine, SequenceOptions
from planroom.sqltext import DataType

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.engines.postgres.engine import OwnedPostgres
    from tests.engines.catalog.conftest import Read


@pytest.mark.server
def test_every_type_of_the_server_is_written_back_as_the_server_printed_it(everything: Read) -> None:
    printed = [text for (text,) in everything.run("SELECT format_type(oid, NULL) FROM pg_type")]
    assert len(printed) > 400
    assert [text for text in printed if str(data_type(text)) != text] == []


_NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20)
_USER_TYPES = st.builds(
    DataType, _NAMES, st.sampled_from([(), ("3",), ("Point", "4326")]), schema=_NAMES, array=st.booleans()
)
_BUILTIN_TYPES = st.builds(
    DataType,
    st.sampled_from(["numeric", "character varying", "timestamp with time zone", "time without time zone", "bit"]),
    st.sampled_from([(), ("3",)]),
    array=st.booleans(),
) | st.builds(
    DataType,
    st.just("interval"),
    st.sampled_from([(), ("3",), ("day to second",), ("day to second", "3"), ("year",)]),
    array=st.booleans(),
)


@given(_USER_TYPES | _BUILTIN_TYPES)
def test_reading_a_type_undoes_writing_it(type_: DataType) -> None:
    assert data_type(str(type_)) == type_


@given(_NAMES, _NAMES, st.sampled_from(["seq", "not_null", "key"]))
def test_a_made_name_fits_and_ends_with_its_label(first: str, second: str, label: str) -> None:
    made = default_name(first * 4, second * 4, label)
    assert len(made.encode()) <= 63
    assert made.endswith(f"_{label}")


@pytest.mark.server
@pytest.mark.parametrize(
    ("table", "column"),
    [("t" * 63, "c"), ("t", "c" * 63), ("t" * 40, "c" * 40), ("ä" * 31, "ö" * 31), ("x" + "ä" * 31, "ö" * 30 + "yyy")],
)
def test_names_are_cut_as_the_server_cuts_them(reading: Callable[[str], Read], table: str, column: str) -> None:
    read = reading(f'CREATE TABLE "{table}" ("{column}" serial)')
    assert [each.name for each in read.model.sequences] == [default_name(table, column, "seq")]


@pytest.mark.server
def test_enum_labels_keep_their_order(everything: Read) -> None:
    (mood,) = everything.model.enums
    assert mood.labels == ("sad", "meh", "ok", 'it\'s "fine"')
    assert mood.comment == "How it goes."


@pytest.mark.server
def test_a_domain_has_its_checks_by_name(everything: Read) -> None:
    code = next(each for each in everything.model.domains if each.name == "code")
    assert (str(code.type), code.nullable, code.not_null_name, code.collation) == (
        "character varying(8)",
        False,
        "",
        '"C"',
    )
    assert [(check.name, check.validated) for check in code.checks] == [
        ("code_is_short", False),
        ("code_is_upper", True),
        ("code_not_blank", True),
    ]


@pytest.mark.server
def test_a_composite_type_has_fields_with_comments(everything: Read) -> None:
    (point,) = everything.model.composite_types
    assert [(field.name, str(field.type), field.collation, field.comment) for field in point.fields] == [
        ("x", "double precision", "", "To the right."),
        ("y", "double precision", "", ""),
        ("label", "text", '"C"', ""),
        ("path", "integer[]", "", ""),
    ]
    assert point.comment == "Three, more or less."


@pytest.mark.server
def test_a_range_says_only_what_was_said(everything: Read) -> None:
    found = {each.name: each.options for each in everything.model.range_types}
    assert found["float_range"] == (("subtype_diff", "app.float_difference"),)
    assert found["name_range"] == (("collation", '"C"'), ("subtype_opclass", "text_pattern_ops"))
    everything.needs(14)
    assert found["span"] == (("multirange_type_name", "app.spans"),)


@pytest.mark.server
def test_a_sequence_says_only_what_is_not_the_default_of_its_type_and_direction(everything: Read) -> None:
    found = {each.name: each for each in everything.model.sequences}
    assert found["plain"].options == SequenceOptions()
    assert found["tickets"].options == SequenceOptions(
        start=50, increment=-2, minimum=-100, maximum=100, cache=7, cycle=True
    )
    everything.needs(10)
    assert (str(found["small"].type), found["small"].options) == ("smallint", SequenceOptions(start=5))
    everything.needs(15)
    assert found["forgetful"].unlogged


@pytest.mark.server
@pytest.mark.parametrize("type_", ["smallint", "integer", "bigint"])
@pytest.mark.parametrize("direction", ["", "INCREMENT -1"])
def test_a_sequence_that_says_nothing_has_no_options(
    reading: Callable[[str], Read], type_: str, direction: str
) -> None:
    read = reading("SELECT 1")
    read.needs(10)
    read.engine.run(f"CREATE SEQUENCE s AS {type_} {direction}")
    assert read.model.sequences[0].options == SequenceOptions(increment=-1 if direction else 1)


@pytest.mark.server
def test_views_have_their_query_columns_and_options(everything: Read) -> None:
    rich = everything.view("app.rich")
    assert rich.options == (("check_option", "local"), ("security_barrier", "true"))
    assert [(column.name, str(column.type)) for column in rich.columns] == [
        ("who", "character varying(20)"),
        ("worth", "app.price"),
    ]
    assert rich.columns[0].comment == "By name."
    assert [trigger.timing for trigger in rich.triggers] == ["instead of"]


@pytest.mark.server
def test_materialised_views_have_indexes_and_say_whether_they_are_filled(everything: Read) -> None:
    totals = everything.view("app.totals")
    assert (totals.materialised, totals.populated, [index.name for index in totals.indexes]) == (
        True,
        True,
        ["totals_customer_idx"],
    )
    assert not everything.view("app.unfilled").populated


def _routine(read: Read, name: str) -> Routine:
    return next(each for each in read.model.routines if each.name == name)


@pytest.mark.server
def test_a_function_is_read_with_its_arguments_and_attributes(everything: Read) -> None:
    total = _routine(everything, "total")
    assert total.id == "app.total(integer, numeric[])"
    assert [(each.name, each.mode, str(each.default)) for each in total.arguments] == [
        ("customer", "in", "None"),
        ("prices", "variadic", "'{}'::numeric[]"),
    ]
    assert (total.volatility, total.strict, total.security_definer, total.leakproof, total.parallel, total.cost) == (
        "stable",
        True,
        True,
        True,
        "safe",
        7,
    )
    assert total.options == (("search_path", 'app, "$user"'), ("work_mem", "1MB"))
    assert (total.body, total.returns) == (" SELECT 1.0 ", "numeric")


@pytest.mark.server
def test_results_are_told_as_they_are_declared(everything: Read) -> None:
    assert _routine(everything, "as_set").returns == "SETOF app.customers"
    assert _routine(everything, "several_out").returns == "record"
    table = _routine(everything, "as_table")
    assert (table.returns, [each.mode for each in table.arguments]) == ("", ["in", "table", "table"])
    assert (table.rows, _routine(everything, "as_set").rows) == (12, None)


@pytest.mark.server
def test_an_aggregate_says_only_what_create_aggregate_was_told(everything: Read) -> None:
    product = _routine(everything, "product")
    assert (product.kind, product.parallel, product.language, product.body) == ("aggregate", "safe", "sql", "")
    assert product.options == (("initcond", "1"), ("sfunc", "float8mul"), ("stype", "double precision"))


@pytest.mark.server
def test_bodies_of_the_sql_standard_are_known_as_such(everything: Read) -> None:
    everything.needs(14)
    assert _routine(everything, "modern").atomic
    assert _routine(everything, "modern_steps").body.startswith("BEGIN ATOMIC")
    assert not _routine(everything, "total").atomic


@pytest.mark.server
def test_the_constructors_of_range_types_are_nobodys_functions(everything: Read) -> None:
    names = {routine.name for routine in everything.model.routines}
    assert not names & {"float_range", "name_range", "float_multirange", "spans"}


@pytest.mark.server
@pytest.mark.parametrize("name", ["é" * 26, "range" + "é" * 28, "€" * 20])
def test_a_multirange_whose_name_the_server_cut_inside_a_character_is_read(
    fresh_database: OwnedPostgres, name: str
) -> None:
    fresh_database.run(f'CREATE TYPE "{name}" AS RANGE (subtype = date)')

    assert [(each.name, each.options) for each in fresh_database.model().range_types] == [(name, ())]
