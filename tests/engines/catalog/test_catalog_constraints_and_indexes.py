"""Constraints, indexes, statistics, triggers and policies, as a server has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from planroom.engines.postgres.catalog.inheritance import _items

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.model import Index
    from tests.engines.catalog.conftest import Read

pytestmark = pytest.mark.server


def _index(read: Read, table: str, name: str) -> Index:
    return next(index for index in read.table(table).indexes if index.name == name)


def test_a_key_carries_what_its_index_was_told(everything: Read) -> None:
    table = everything.table("app.customers")
    key = next(each for each in table.unique_constraints if each.name == "customers_name_key")
    assert (key.columns, key.deferrable, key.initially_deferred) == (("name",), True, True)
    assert key.storage == (("fillfactor", "80"),)
    assert "customers_name_key" not in [index.name for index in table.indexes]


def test_a_foreign_key_carries_its_actions_and_columns(everything: Read) -> None:
    (key,) = everything.table("app.orders").foreign_keys
    assert (key.columns, key.referenced_table, key.referenced_columns) == (("customer",), "app.customers", ("id",))
    assert (key.on_update, key.on_delete, key.deferrable, key.initially_deferred) == (
        "cascade",
        "set null",
        True,
        True,
    )
    lines = {each.name: each for each in everything.table("app.lines").foreign_keys}
    assert lines["lines_order_fkey"].match_full
    assert lines["lines_order_fkey"].on_delete == "restrict"
    assert not lines["lines_unchecked"].validated
    everything.needs(15)
    assert lines["lines_set_one"].on_delete_columns == ("number",)


def test_what_postgres_18_added_to_keys_and_checks_is_read(everything: Read) -> None:
    everything.needs(18)
    (stay,) = everything.table("app.stays").foreign_keys
    rooms = everything.table("app.rooms").primary_key
    lines = everything.table("app.lines")
    assert rooms
    assert (rooms.without_overlaps, stay.period) == (True, True)
    assert not next(each for each in lines.foreign_keys if each.name == "lines_not_enforced").enforced
    assert not next(each for each in lines.checks if each.name == "lines_promised").enforced


def test_checks_say_whether_they_are_inherited_and_validated(everything: Read) -> None:
    checks = {check.name: check for check in everything.table("app.customers").checks}
    assert checks["customers_price_known"].no_inherit
    assert not checks["customers_unchecked"].validated
    assert checks["customers_unchecked"].comment == "One day."


def test_an_exclusion_has_its_operators_and_its_condition(everything: Read) -> None:
    (exclusion,) = everything.table("app.orders").exclusions
    assert [(each.column.column, each.operator) for each in exclusion.elements] == [("during", "&&")]
    assert (exclusion.method, str(exclusion.predicate)) == ("gist", "room IS NOT NULL")
    assert exclusion.storage == (("fillfactor", "90"),)


def test_nulls_not_distinct_is_read_of_constraints_and_of_indexes(everything: Read) -> None:
    everything.needs(15)
    table = everything.table("app.consents")
    assert table.unique_constraints[0].nulls_not_distinct
    assert table.indexes[0].nulls_not_distinct


def test_the_order_of_index_columns_is_read(everything: Read) -> None:
    index = _index(everything, "app.orders", "orders_placed_idx")
    assert [(part.column, part.descending, part.nulls_first) for part in index.columns] == [
        ("placed", True, True),
        ("number", True, False),
        ("room", False, True),
    ]
    assert (str(index.predicate), index.storage, index.comment) == (
        "room > 3",
        (("fillfactor", "60"),),
        "Latest first.",
    )


def test_only_collations_and_operator_classes_that_differ_from_the_columns_own_are_named(everything: Read) -> None:
    pattern = _index(everything, "app.customers", "customers_pattern_idx")
    assert [(part.operator_class, part.collation) for part in pattern.columns] == [
        ("text_pattern_ops", ""),
        ("", "app.german"),
    ]
    lower = _index(everything, "app.customers", "customers_lower_idx")
    assert [part.collation for part in lower.columns] == ["", '"POSIX"', ""]
    assert [part.operator_class for part in lower.columns] == ["", "", ""]
    assert _index(everything, "app.customers", "customers_tags_idx").columns[0].operator_class == ""


def test_a_class_that_is_the_default_of_another_type_is_named(reading: Callable[[str], Read]) -> None:
    read = reading("CREATE TABLE t (c int); CREATE INDEX i ON t (c oid_ops); CREATE INDEX j ON t (c)")
    assert [index.columns[0].operator_class for index in read.table("t").indexes] == ["oid_ops", ""]


def test_the_default_class_is_found_through_a_domain(reading: Callable[[str], Read]) -> None:
    read = reading("CREATE DOMAIN d AS varchar; CREATE TABLE t (c d); CREATE INDEX i ON t (c)")
    assert read.table("t").indexes[0].columns[0].operator_class == ""


def test_the_default_class_of_an_expression_is_known_where_the_index_stores_another_type(
    reading: Callable[[str], Read],
) -> None:
    read = reading(
        "CREATE TABLE t (b box, v text);"
        "CREATE INDEX i ON t USING gist (polygon(b));"
        "CREATE INDEX j ON t USING gin (to_tsvector('simple', v));"
        "CREATE INDEX k ON t (upper(v) text_pattern_ops)"
    )
    assert [index.columns[0].operator_class for index in read.table("t").indexes] == ["", "", "text_pattern_ops"]


def test_included_columns_are_no_key_columns(everything: Read) -> None:
    everything.needs(11)
    index = _index(everything, "app.orders", "orders_covering_idx")
    assert ([part.column for part in index.columns], index.include) == (["customer"], ("placed", "room"))
    key = next(k for k in everything.table("app.customers").unique_constraints if k.name == "customers_covering_key")
    assert (key.columns, key.include) == (("code",), ("mood",))


def test_parameters_of_an_operator_class_are_read(everything: Read) -> None:
    everything.needs(13)
    (part,) = _index(everything, "app.customers", "customers_search_idx").columns
    assert part.operator_class_options == (("siglen", "100"),)


def test_statistics_list_columns_in_table_order_and_name_only_what_was_chosen(everything: Read) -> None:
    everything.needs(14)
    found = {each.name: each for each in everything.table("app.orders").statistics}
    assert found["orders_stats"].kinds == ("dependencies", "ndistinct")
    assert found["orders_stats"].columns == ("region", "number")
    assert (found["orders_expression"].kinds, len(found["orders_expression"].expressions)) == ((), 1)
    assert (found["orders_mixed"].kinds, found["orders_mixed"].target) == (("mcv",), 77)


def test_a_trigger_is_read_whole_whatever_its_condition_and_arguments_look_like(everything: Read) -> None:
    trigger = next(each for each in everything.table("app.orders").triggers if each.name == "orders_touch")
    assert (trigger.timing, trigger.events, trigger.update_of) == (
        "before",
        ("insert", "update"),
        ("number", "placed"),
    )
    assert trigger.arguments == ("it's", "back\\slash", "", "comma, )")
    assert trigger.function == "app.touch"
    assert ") EXECUTE FUNCTION x(" in str(trigger.when)
    assert "CASE WHEN" in str(trigger.when)


def test_a_trigger_whose_name_looks_like_its_definition_has_no_condition(everything: Read) -> None:
    trigger = next(each for each in everything.table("app.orders").triggers if "EXECUTE" in each.name)
    assert (trigger.when, trigger.arguments) == (None, ())


def test_constraint_triggers_transition_tables_and_states_are_read(everything: Read) -> None:
    found = {each.name: each for each in everything.table("app.orders").triggers}
    late = found["orders_late"]
    assert (late.constraint, late.referenced_table, late.initially_deferred) == (True, "app.customers", True)
    assert (found["orders_truncated"].events, found["orders_truncated"].enabled) == (
        ("delete", "truncate"),
        "disabled",
    )
    everything.needs(10)
    assert (found["orders_moved"].old_table, found["orders_moved"].new_table) == ("before", "After")


def test_policies_are_read_with_their_roles(everything: Read) -> None:
    found = {each.name: each for each in everything.table("app.customers").policies}
    assert found["customers_new"].roles == ("pg_signal_backend", "postgres")
    assert (found["customers_new"].command, found["customers_new"].using) == ("insert", None)
    assert found["customers_all"].roles == ("public",)
    everything.needs(10)
    assert not found["customers_keep"].permissive
    assert everything.table("app.customers").force_row_security


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("", []),
        ("lower(b)", ["lower(b)"]),
        ("(a + 1), f(x, y), 'a, (b'::text", ["(a + 1)", " f(x, y)", " 'a, (b'::text"]),
        ('"odd, ""("(a), (ARRAY[1, 2])[1]', ['"odd, ""("(a)', " (ARRAY[1, 2])[1]"]),
    ],
)
def test_a_printed_list_is_cut_at_its_outermost_commas(printed: str, expected: list[str]) -> None:
    assert list(_items(printed)) == expected
