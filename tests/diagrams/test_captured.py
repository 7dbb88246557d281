"""A `with Diagram(...)` block of the package diagrams is drawn without dot, without files, and always alike."""

from __future__ import annotations

import pytest

from planroom.diagrams import Diagram, capture
from planroom.errors import PlanroomError

diagrams = pytest.importorskip("diagrams")


def web_services() -> Diagram:
    from diagrams import Cluster, Edge
    from diagrams.aws.compute import ECS
    from diagrams.aws.database import RDS
    from diagrams.onprem.client import Users
    from diagrams.onprem.queue import Kafka

    with capture() as caught, diagrams.Diagram("Web services"):
        users = Users("customers")
        with Cluster("VPC"):
            with Cluster("Services"):
                services = [ECS("web1"), ECS("web2")]
            store = RDS("orders\nprimary")
        users >> Edge(label="HTTPS") >> services
        services >> store
        services[0] >> Edge(style="dashed") >> Kafka("events")
    return caught.diagram


def test_what_the_block_holds_is_drawn(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    graph = web_services().graph

    assert [node.title for node in graph.nodes] == ["customers", "web1", "web2", "orders", "events"]
    assert len(graph.edges) == 5
    assert {edge.label for edge in graph.edges} == {"", "HTTPS"}
    assert [(cluster.label, cluster.parent, len(cluster.nodes)) for cluster in graph.clusters] == [
        ("VPC", "", 3),
        ("Services", "frame:1", 2),
    ]
    assert list(tmp_path.iterdir()) == [], "nothing is written"


def test_the_picture_holds_its_icons_and_no_path_and_is_always_the_same():
    first, second = web_services().svg, web_services().svg

    assert first == second
    assert first.count("<image ") == 3
    assert "site-packages" not in first
    assert "file:" not in first


def test_the_package_is_left_as_it_was():
    before = (diagrams.Node.__init__, diagrams.Diagram.__exit__, diagrams.Diagram.connect)
    web_services()

    assert (diagrams.Node.__init__, diagrams.Diagram.__exit__, diagrams.Diagram.connect) == before


def test_a_block_that_fails_is_not_drawn_and_its_error_is_kept():
    with pytest.raises(ZeroDivisionError), capture() as caught, diagrams.Diagram("x"):
        _ = 1 / 0
    assert caught.diagrams == []
    assert diagrams.getdiagram() is None
    with pytest.raises(PlanroomError, match="Nothing was drawn"):
        _ = caught.diagram
