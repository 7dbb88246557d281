"""The ER view: what a model's tables become, before anything is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planroom.diagrams import VIEWS, er
from planroom.diagrams.overview import overview
from planroom.diagrams.views.er import Detail, er_graph
from planroom.drawing import End, LineStyle, Sign
from planroom.errors import UnknownNameError
from planroom.model import Annotations, Column, Index, IndexColumn, Model, View
from planroom.sqltext import DataType, Expression
from tests.diagrams.models import generated, hostile, partitioned, small, table


def edge(graph, tail, head, port=""):
    found = [e for e in graph.edges if (e.tail, e.head) == (tail, head) and port in {"", e.head_port}]
    assert len(found) == 1, found
    return found[0]


def ends(*columns, unique=(), **more):
    """Return the edge between a parent and a child with these columns."""
    child = table("child", *columns, unique=unique, **more)
    graph = er_graph(Model(tables=(child, table("parent", "id bigint !"))))
    return edge(graph, "public.parent", "public.child")


def signs(graph, node, port):
    row = next(row for row in graph.by_id[node].rows if row.port == port)
    return [sign for cell in row.cells for sign in cell.signs]


def test_a_mandatory_reference_has_exactly_one_parent_and_any_number_of_children():
    found = ends("id bigint !", "parent_id bigint >parent")

    assert (found.tail_end, found.head_end) == (End.EXACTLY_ONE, End.ZERO_OR_MORE)


def test_a_nullable_reference_has_zero_or_one_parent():
    assert ends("id bigint !", "parent_id bigint ? >parent").tail_end is End.ZERO_OR_ONE


def test_a_unique_reference_has_at_most_one_child():
    assert ends("id bigint !", "parent_id bigint u >parent").head_end is End.ZERO_OR_ONE
    assert ends("id bigint ! >parent").head_end is End.ZERO_OR_ONE


def test_a_reference_that_is_only_part_of_a_key_has_any_number_of_children():
    found = ends("parent_id bigint ! >parent", "position integer !")

    assert found.head_end is End.ZERO_OR_MORE


def test_a_partial_unique_index_does_not_limit_the_children():
    some = Index(name="i", columns=(IndexColumn("parent_id"),), unique=True, predicate=Expression("deleted", "deleted"))

    assert ends("id bigint !", "parent_id bigint >parent", indexes_=(some,)).head_end is End.ZERO_OR_MORE


def test_identifying_relations_are_thicker():
    identifying = ends("parent_id bigint ! >parent", "position integer !")
    other = ends("id bigint !", "parent_id bigint >parent")

    assert identifying.weight > other.weight
    assert identifying.meaning == "identifying"
    assert identifying.style is other.style is LineStyle.SOLID


def test_two_keys_between_the_same_tables_are_two_edges_at_their_own_rows():
    graph = er_graph(small())
    ports = [e.head_port for e in graph.edges if (e.tail, e.head) == ("public.addresses", "public.orders")]

    assert sorted(ports) == ["billing_address_id", "shipping_address_id"]


def test_a_self_reference_is_an_edge_from_key_to_column():
    loop = edge(er_graph(small()), "public.categories", "public.categories")

    assert (loop.tail_port, loop.head_port) == ("id", "parent_id")


def test_keys_uniqueness_indexes_nullability_and_personal_data_are_marked():
    graph = er_graph(small())

    assert signs(graph, "public.customers", "id") == [Sign.PRIMARY_KEY]
    assert signs(graph, "public.customers", "email") == [Sign.UNIQUE, Sign.PERSONAL]
    assert signs(graph, "public.orders", "customer_id") == [Sign.FOREIGN_KEY, Sign.INDEXED]
    assert signs(graph, "public.orders", "shipping_address_id") == [Sign.FOREIGN_KEY, Sign.NULLABLE]
    assert signs(graph, "public.order_items", "order_id") == [Sign.PRIMARY_KEY, Sign.FOREIGN_KEY]


def test_a_column_of_a_wider_unique_key_is_not_marked_as_unique_by_itself():
    wide = table("t", "id bigint !", "a text", "b text", unique=(("a", "b"),))

    assert signs(er_graph(Model(tables=(wide,))), "public.t", "a") == []


def test_partitions_are_folded_into_their_parent_with_their_relations():
    graph = er_graph(partitioned(12))

    assert [node.id for node in graph.nodes] == ["public.events", "public.users"]
    assert graph.by_id["public.events"].stacked == 12
    assert "12 partitions by range (at)" in graph.by_id["public.events"].rows[-1].cells[0].text
    assert len(graph.edges) == 1


def test_focus_on_a_partition_shows_the_table_it_is_part_of():
    assert er_graph(partitioned(3), focus="events_02").by_id["public.events"].strong


def test_inheritance_is_drawn_unlike_a_foreign_key():
    tables = (table("base", "id bigint !"), table("special", "id bigint !", inherits=("public.base",)))
    found = edge(er_graph(Model(tables=tables)), "public.base", "public.special")

    assert (found.tail_end, found.head_end) == (End.GENERAL, End.NONE)


def test_enums_are_boxes_linked_to_their_columns():
    graph = er_graph(small())
    link = edge(graph, "public.order_status", "public.orders")

    assert graph.by_id["public.order_status"].kind == "enum"
    assert (link.style, link.head_port) == (LineStyle.DOTTED, "status")


def test_an_enum_that_many_columns_have_stands_alone():
    tables = tuple(table(f"t{at}", "id bigint !", "status order_status") for at in range(4))
    graph = er_graph(replace(small(), tables=tables))

    assert "public.order_status" in graph.by_id
    assert not graph.edges


def test_an_enum_that_nothing_has_is_left_out():
    assert "public.order_status" not in er_graph(replace(small(), tables=())).by_id


def test_views_are_dashed_and_columns_of_unknown_type_show_none():
    view = View(
        schema="public",
        name="totals",
        query=Expression("select 1", "select 1"),
        columns=(Column("total", DataType.UNKNOWN),),
    )
    node = er_graph(replace(small(), views=(view,))).by_id["public.totals"]

    assert (node.kind, node.outline) == ("view", LineStyle.DASHED)
    assert [cell.text for cell in node.rows[0].cells] == ["", "total", "", "", "", ""]


def test_focus_keeps_what_is_within_the_hops():
    names = {node.title for node in er_graph(small(), focus="customers").nodes}

    assert names == {"customers", "addresses", "orders", "order_status"}
    assert "products" in {node.title for node in er_graph(small(), focus="customers", hops=3).nodes}


def test_several_tables_can_be_in_focus():
    graph = er_graph(small(), focus=["customers", "products"], hops=0)

    assert [node.id for node in graph.nodes] == ["public.customers", "public.products"]
    assert "2 of 6 tables" in graph.caption


def test_an_unknown_focus_names_the_nearest_table():
    with pytest.raises(UnknownNameError, match="custmers") as error:
        er(small(), focus="custmers")

    assert "did you mean 'customers'" in str(error.value)


@pytest.mark.parametrize(("argument", "fix"), [({"detail": "colums"}, "columns"), ({"cluster": "schemas"}, "schema")])
def test_a_misspelt_option_names_the_nearest(argument, fix):
    with pytest.raises(UnknownNameError, match="There is no") as error:
        er(small(), **argument)

    assert f"did you mean '{fix}'" in str(error.value)


def test_include_and_exclude_take_patterns_and_a_pattern_without_a_match_is_an_error():
    graph = er_graph(small(), include=["order*", "customers"], exclude=["public.order_items"])

    assert [node.title for node in graph.nodes if node.kind == "table"] == ["customers", "orders"]
    with pytest.raises(UnknownNameError, match=r"ordrs\*"):
        er_graph(small(), include=["ordrs*"])


def test_less_detail_leaves_out_rows_but_no_relation():
    whole, keys, names = (er_graph(small(), detail=detail) for detail in Detail)
    relations = [e for e in whole.edges if e.tail != "public.order_status"]

    assert len(keys.edges) == len(names.edges) == len(relations)
    assert [row.port for row in keys.by_id["public.customers"].rows] == ["id", "email"]
    assert all(not node.rows for node in names.nodes)


def test_contexts_colour_headers_before_schemas_do():
    owned = replace(small().tables[0], annotations=Annotations(context="identity", rows=2_000_000))
    graph = er_graph(Model(tables=(owned,)))

    assert graph.hue_meaning == "context"
    assert graph.nodes[0].hue == "identity"
    assert "2" in graph.nodes[0].note
    assert er_graph(generated(6, schemas=2)).hue_meaning == "schema"
    assert er_graph(small()).hue_meaning == ""


def test_clusters_by_schema_or_context():
    assert [c.label for c in er_graph(generated(8, schemas=2), cluster="schema").clusters] == ["area_00", "area_01"]
    assert er_graph(small(), cluster="context").clusters == ()


def test_a_relation_out_of_the_model_is_counted_in_the_caption():
    graph = er_graph(Model(tables=(table("a", "id bigint !", "b_id bigint >nowhere"),)))

    assert not graph.edges
    assert "1 relation leads to tables that are not in the model" in graph.caption


def test_the_summary_counts_and_names_the_hub():
    assert er_graph(small()).summary == "ER diagram: 6 tables, 8 relations; hub: orders"
    assert er_graph(Model()).summary == "ER diagram: nothing to draw"


def test_an_overview_groups_by_schema_and_counts_relations():
    model = generated(60, schemas=3)
    groups = overview(er_graph(model))

    assert [node.title for node in groups.nodes] == ["area_00", "area_01", "area_02"]
    schema = {t.id: t.schema for t in model.tables}
    crossing = sum(schema[r.child] != schema[r.parent] for r in model.relations)
    assert sum(int(e.label) for e in groups.edges) == crossing
    assert "Overview by schema" in groups.caption


def test_an_overview_without_schemas_gathers_around_hubs_and_loses_no_table():
    groups = overview(er_graph(generated(300)))

    assert 4 <= len(groups.nodes) <= 24
    assert sum(int(node.note.split()[0]) for node in groups.nodes) == 300


def test_hundreds_of_schemas_are_put_together():
    groups = overview(er_graph(generated(300, schemas=100)))

    assert len(groups.nodes) == 24
    assert sum(int(node.note.split()[0]) for node in groups.nodes) == 300
    assert any("smaller groups" in node.title for node in groups.nodes)


def test_graphs_are_equal_hashable_and_frozen():
    assert er_graph(hostile()) == er_graph(hostile())
    assert hash(er_graph(small())) == hash(er_graph(small()))


def test_views_are_found_by_their_file_name():
    assert "er" in VIEWS
    assert VIEWS["er"].graph(small()) == er_graph(small())
