"""Systems to draw."""

from __future__ import annotations

from hypothesis import strategies as st

from planroom.architecture import Boundary, Component, Container, DeploymentNode, Person, Relation, Scenario, System
from planroom.architecture import SoftwareSystem as Other

KINDS = ("service", "web app", "database", "queue", "job")
NASTY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12) | st.sampled_from(
    ['"', "end", "a;b", "<b>x</b>", "${x}", "%date()", "\\n", "#1;", "]|", "direction LR", "`x`", "--"]
)


def shop() -> System:
    """Return a system that has something to see in every view but that of ownership."""
    return System(
        "Shop",
        containers=[
            Container("web", kind="web app", technology="React", description="What customers see.", owner="team-web"),
            Container("api", technology="Java", components=[Component("cart"), Component("pay")], owner="team-api"),
            Container("db", kind="database", technology="PostgreSQL 18", owner="team-api"),
            Container("events", kind="queue", technology="Kafka"),
        ],
        people=[Person("buyer", external=True)],
        systems=[Other("bank", "Bank <&> Co")],
        relations=[
            Relation("buyer", "web", "buys", "HTTPS"),
            Relation("web", "api.cart", "fills", "HTTPS", pii=["email"], data=["cart"]),
            Relation("api.pay", "bank", "charges", "HTTP", pii=["payment-card"], data=["charge"]),
            Relation("api", "db", "writes", "SQL/TLS", data=["orders"]),
            Relation("api.cart", "events", "publishes", "Kafka", sync=False, data=["Placed"]),
            Relation("api.cart", "api.pay", "calls"),
        ],
        boundaries=[Boundary("cloud", contains=["api", "events"]), Boundary("vault", contains=["db"], inside="cloud")],
        deployment=[
            DeploymentNode(
                "region",
                nodes=[
                    DeploymentNode("pods", instances=2, runs=["api", "web"]),
                    DeploymentNode("host", runs=["db", "events"]),
                ],
            )
        ],
        scenarios=[
            Scenario("buy", steps=[("buyer", "web", "clicks"), ("web", "api", "orders"), ("api", "api", "adds")])
        ],
    )


@st.composite
def systems(draw: st.DrawFn) -> System:
    """Return a system with names and words of any kind."""
    keys = [f"c{at}" for at in range(draw(st.integers(1, 6)))]
    containers = [
        Container(key, draw(NASTY), draw(st.sampled_from(KINDS)), draw(NASTY), draw(NASTY), draw(NASTY), components=[
            Component("part", draw(NASTY))] if draw(st.booleans()) else [])
        for key in keys
    ]  # fmt: skip
    ends = st.sampled_from([*keys, "u"])
    relations = [
        Relation(draw(ends), draw(ends), draw(NASTY), draw(NASTY), sync=draw(st.booleans()),
                 pii=["email"] if draw(st.booleans()) else [])
        for _ in range(draw(st.integers(0, 8)))
    ]  # fmt: skip
    steps = [(draw(ends), draw(ends), draw(NASTY)) for _ in range(draw(st.integers(1, 4)))]
    return System(
        draw(NASTY) or "S",
        containers=containers,
        people=[Person("u", draw(NASTY))],
        relations=relations,
        scenarios=[Scenario("s", draw(NASTY), steps)],
        boundaries=[Boundary("b", draw(NASTY), contains=keys[:2])],
        deployment=[DeploymentNode("n", draw(NASTY), runs=keys)],
    )
