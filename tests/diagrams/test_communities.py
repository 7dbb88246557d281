"""Communities of tables: found, named, drawn as frames and as the boxes of an overview."""

from __future__ import annotations

from collections import defaultdict

import pytest

from planroom.diagrams import er
from planroom.diagrams.communities import clustered, community_names, divided
from planroom.diagrams.views.er import er_graph
from planroom.drawing.communities import modularity
from planroom.errors import ModelError, UnknownNameError
from planroom.model import Annotations, Model
from tests.diagrams.models import generated, small, table


def two_areas() -> Model:
    """A shop and a payroll, joined by one key; a log that nothing relates, and two loners."""
    names = {
        "orders": [],
        "order_lines": ["orders"],
        "order_events": ["orders"],
        "deliveries": ["orders", "order_lines"],
        "employees": ["orders"],
        "payslips": ["employees"],
        "holidays": ["employees"],
        "contracts": ["employees", "payslips"],
        "order_archive": [],
        "audit_log": [],
        "audit_rule": [],
        "audit_target": [],
        "versions": [],
    }
    made = [table(name, "id bigint !", *[f"{to}_id bigint >{to}" for to in tos]) for name, tos in names.items()]
    return Model(name="two", tables=tuple(sorted(made, key=lambda each: each.id)))


def members(model: Model) -> dict[str, set[str]]:
    found = defaultdict(set)
    for node, name in community_names(er_graph(model)).items():
        found[name].add(node.removeprefix("public."))
    return dict(found)


def test_communities_follow_relations_and_then_names():
    found = members(two_areas())

    assert found["employees"] == {"employees", "payslips", "holidays", "contracts"}
    assert found["orders"] == {"orders", "order_lines", "order_events", "deliveries", "order_archive"}
    assert found["audit"] == {"audit_log", "audit_rule", "audit_target"}
    assert found["few or no relations"] == {"versions"}


def test_a_community_is_called_after_what_its_names_share_else_after_its_hub():
    parts = [table(f"mail_{word}", "id bigint !", "up bigint >mail_box") for word in ("draft", "item", "rule")]
    model = Model(tables=(table("mail_box", "id bigint !"), *parts))

    assert set(members(model)) == {"mail"}
    assert set(members(two_areas())) >= {"orders", "employees"}


def test_no_two_communities_bear_the_same_name():
    pairs = [(f"{schema}_schema", ("orders", "lines", "notes")) for schema in "ab"]
    tables = [
        table(name, "id bigint !", *(["up bigint >orders"] if name != "orders" else []), schema=schema)
        for schema, names in pairs
        for name in names
    ]
    names = community_names(er_graph(Model(tables=tuple(sorted(tables, key=lambda each: each.id)))))

    assert len(set(names.values())) == 2


def test_frames_are_drawn_by_community_and_colours_tell_them():
    graph = er_graph(generated(60), cluster="community")

    assert {node for cluster in graph.clusters for node in cluster.nodes} == {node.id for node in graph.nodes}
    assert graph.hue_meaning == "community"
    assert {node.hue for node in graph.nodes} == {cluster.label for cluster in graph.clusters}
    assert er(two_areas(), cluster="community").layout.frames


def test_colours_stay_with_contexts_where_they_are_declared():
    graph = er_graph(generated(60, contexts=3), cluster="community")

    assert graph.hue_meaning == "context"
    assert {cluster.hue for cluster in graph.clusters} == {""}


def test_without_contexts_and_schemas_an_overview_is_by_community():
    shown = er(generated(400)).shown

    assert "Overview by community" in shown.caption
    assert len(shown.nodes) <= 24
    assert "Overview by context" in er(generated(400, contexts=5)).shown.caption
    assert "Overview by schema" in er(generated(400, schemas=5)).shown.caption


def test_a_schema_that_holds_nearly_everything_is_divided_in_an_overview():
    big = generated(200)
    model = Model(tables=(*big.tables, table("jobs", "id bigint !", schema="queue")))
    shown = er(model, overview=True).shown

    assert "Overview by schema and community" in shown.caption
    assert len(shown.nodes) > 5


def test_communities_are_better_than_chance_on_a_schema_with_hubs():
    graph = er_graph(generated(400))
    groups = defaultdict(list)
    for node, name in community_names(graph).items():
        groups[name].append(node)

    assert modularity(groups.values(), [(edge.tail, edge.head) for edge in graph.edges]) > 0.6


def test_a_large_frame_is_divided_and_keeps_its_hue():
    graph = clustered(er_graph(generated(300, contexts=2)))
    parts = divided(graph, 40)

    assert len(parts.clusters) > len(graph.clusters)
    assert {cluster.hue for cluster in parts.clusters} == {cluster.hue for cluster in graph.clusters}
    assert sorted(node for cluster in parts.clusters for node in cluster.nodes) == sorted(
        node for cluster in graph.clusters for node in cluster.nodes
    )


def test_selectors_choose_tables_and_contexts():
    model = Model(
        tables=(
            table("orders", "id bigint !", schema="sales", annotations=Annotations(context="ordering")),
            table("order_log", "id bigint !", schema="sales"),
            table("users", "id bigint !", schema="auth", annotations=Annotations(context="identity")),
        )
    )

    def shown(**options):
        return [node.id for node in er(model, **options).graph.nodes]

    assert shown(include=["sales.*"], exclude=["*_log"]) == ["sales.orders"]
    assert shown(include=["context:order*"]) == ["sales.orders"]
    assert shown(exclude=["context:*ing", "users"]) == ["sales.order_log"]
    assert shown(include=['sales."orders"']) == ["sales.orders"]


def test_a_selector_that_names_nothing_or_is_none_is_an_error():
    with pytest.raises(UnknownNameError, match="ordering") as error:
        er(
            Model(tables=(table("o", "id bigint !", annotations=Annotations(context="ordering")),)),
            include=["context:orderin"],
        )
    assert "did you mean 'ordering'" in str(error.value)
    with pytest.raises(UnknownNameError, match="ordrs"):
        er(small(), exclude=["ordrs"])
    with pytest.raises(ModelError, match="not a selector"):
        er(small(), include=["a.b.c.d"])
