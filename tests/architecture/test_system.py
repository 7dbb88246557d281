"""A system is one value: its parts are found by name, and what contradicts itself is refused."""

from __future__ import annotations

import pytest

from planroom.architecture import (
    Boundary,
    Component,
    Container,
    DeploymentNode,
    Person,
    Relation,
    Scenario,
    SoftwareSystem,
    System,
    chosen,
    inside,
    kind,
    lift,
    lifted_flows,
    named,
    names,
    owner,
    tag,
    technology,
)
from planroom.architecture.protocols import is_encrypted
from planroom.ddl import read_postgres
from planroom.errors import ModelError, QuantityError, UnknownNameError
from planroom.model import annotate

MODEL = annotate(
    read_postgres(
        [
            (
                "m.sql",
                (
                    "CREATE TABLE people (id int PRIMARY KEY, email text);"
                    "CREATE TABLE orders (id int PRIMARY KEY, person int REFERENCES people);"
                ),
            )
        ]
    ),
    {"people": {"context": "identity"}, "orders": {"context": "ordering"}, "people.email": {"pii": "email"}},
)


def small(**more):
    return System(
        "Small shop",
        containers=[
            Container("web", kind="web app", owner="team-web", tags=["public"]),
            Container("api", owner="team-api", technology="Java 21", components=[Component("cart"), Component("pay")]),
            Container("db", kind="database", technology="PostgreSQL 18", owns=["context:identity", "table:orders"]),
        ],
        people=[Person("buyer")],
        systems=[SoftwareSystem("bank")],
        relations=[
            Relation("buyer", "web", "buys", "HTTPS"),
            Relation("web", "api.cart", "fills", "HTTPS"),
            Relation("web", "api.pay", "pays", "HTTPS", pii="email"),
            Relation("api.pay", "bank", "charges", "HTTP", data=["table:people"]),
            Relation("api.cart", "db", "writes", "SQL", sync=False),
            Relation("api.cart", "api.pay", "calls"),
        ],
        **more,
    )


def test_an_element_is_found_by_key_id_name_and_a_components_own_key():
    system = small()

    assert {system.element(name).id for name in ("api", "container:api", "Api")} == {"container:api"}
    assert {system.element(name).id for name in ("api.cart", "cart", "component:api.cart")} == {"component:api.cart"}
    assert system.own.id == "system:small-shop"


def test_a_system_may_be_called_as_one_of_its_containers():
    billing = System("Billing", containers=[Container("billing")])

    assert billing.element("billing").id == "container:billing"
    assert billing.own.id == "system:billing-system"


def test_names_are_what_a_decision_may_name():
    system = small(boundaries=[Boundary("ours", contains=["api"])], deployment=[DeploymentNode("k8s", runs=["api"])])

    assert {"container:api", "component:api.cart", "person:buyer", "system:bank"} <= names(system)
    assert {"boundary:ours", "node:k8s"} <= names(system)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: small(scenarios=[Scenario("s", steps=[("web", "apu", "x")])]), UnknownNameError, "did you mean 'api'"),
        (lambda: System("S", relations=[Relation("a", "b")]), UnknownNameError, "no element called 'a'"),
        (lambda: System("S", containers=[Container("a"), Container("a")]), ModelError, "Two elements"),
        (lambda: Container("a.b"), ModelError, "cannot be the key"),
        (lambda: Container(""), ModelError, "cannot be the key"),
        (lambda: Container("a", kind="databse"), UnknownNameError, "did you mean 'database'"),
        (lambda: small(boundaries=[Boundary("b", inside="c")]), UnknownNameError, "no boundary called 'c'"),
        (
            lambda: small(boundaries=[Boundary("b", inside="c"), Boundary("c", inside="b")]),
            ModelError,
            "lies in itself",
        ),
        (
            lambda: small(boundaries=[Boundary("b", contains=["api"]), Boundary("c", contains=["api"])]),
            ModelError,
            "two boundaries",
        ),
        (lambda: System("S", containers=[Person("a")]), ModelError, "each of them is a Container"),
        (lambda: System("S", relations=[("a", "b")]), ModelError, "each of them is a Relation"),
        (lambda: Container("a", tags=[1]), ModelError, "cannot hold 1"),
        (lambda: Container("a", instances=0), QuantityError, "0 is no number of instances"),
        (lambda: small(deployment=[DeploymentNode("n", runs=["x"])]), UnknownNameError, "no element called 'x'"),
    ],
)
def test_what_contradicts_itself_is_refused(make, error, message):
    with pytest.raises(error) as caught:
        make()

    assert message in str(caught.value)


def test_a_name_that_two_bear_is_not_guessed():
    parts = [Container(key, components=[Component("core")]) for key in ("a", "b")]

    with pytest.raises(UnknownNameError, match="2 elements are called 'core'"):
        System("S", containers=parts).element("core")


def test_one_word_and_a_set_will_do_for_a_list():
    assert Relation("a", "b", pii="email").pii == ("email",)
    assert Container("a", tags={"y", "x"}).tags == ("x", "y")


def test_equal_systems_are_equal_and_hash_alike():
    assert small() == small()
    assert hash(small()) == hash(small())


def test_flows_are_lifted_to_the_nearest_visible_ancestor_and_joined():
    system = small()
    flows = lifted_flows(system, system.flows, {"container:web", "container:api", "container:db"})

    assert [(each.source, each.target, each.words) for each in flows] == [
        ("container:web", "container:api", "fills, pays"),
        ("container:api", "container:db", "writes"),
    ]
    assert flows[0].pii == ("email",)
    assert lift(system, system.element("bank"), {"container:web"}) == ""


def test_a_predicate_keeps_what_it_names_and_both_ends_of_relations():
    system = small()
    pii = chosen(system, tag("pii"))

    assert pii.elements == {"container:web", "component:api.pay"}
    assert chosen(system, owner("team-*") & ~kind("web app")).elements == {
        "container:api",
        "component:api.cart",
        "component:api.pay",
    }
    assert chosen(system, technology("postgresql*") | named("buyer")).elements == {"container:db", "person:buyer"}
    assert chosen(system, inside(system, "api")).flows == (system.flows[5],)
    assert str(tag("pii") | ~owner("a")) == "(tag pii or not owner a)"


def test_personal_data_comes_from_the_annotations_of_the_tables_that_are_carried():
    assert small().flows[3].pii == ()
    assert small(model=MODEL).flows[3].pii == ("email",)


def test_tables_are_owned_by_selector():
    owned = small(model=MODEL).ownership

    assert owned.owned == {"container:db": ("public.orders", "public.people")}
    assert owned.dead == ()
    assert small().ownership.owned == {}


@pytest.mark.parametrize(
    ("protocol", "safe"),
    [("HTTPS/JSON", True), ("Kafka over TLS", True), ("HTTP", False), ("SQL", None), ("", None), ("httpsx", None)],
)
def test_a_protocol_tells_whether_it_encrypts_or_cannot_tell(protocol, safe):
    assert is_encrypted(protocol) is safe


def test_a_boundary_is_crossed_where_only_one_end_lies_within():
    system = small(
        boundaries=[
            Boundary("ours", contains=["web", "api"]),
            Boundary("vault", contains=["db"], inside="ours"),
            Boundary("drawn", contains=["bank"], trust=False),
        ]
    )
    crossed = {flow.name: [each.key for each in system.crossed(flow)] for flow in system.flows}

    assert crossed["Buyer → Web"] == ["ours"]
    assert crossed["Cart → Db"] == ["vault"]
    assert crossed["Web → Cart"] == []
    assert crossed["Pay → Bank"] == ["ours"]


def test_instances_are_what_the_deployment_says_in_its_largest_environment():
    nodes = [
        DeploymentNode("test", runs=["api"], environment="test"),
        DeploymentNode("zone", instances=2, nodes=[DeploymentNode("pod", instances=3, runs=["api"])]),
    ]

    assert small(deployment=nodes).instances_of(small().element("api")) == 6
    assert small(deployment=nodes).instances_of(small().element("db")) == 1


def test_a_card_says_what_there_is():
    assert str(small()).startswith("Small shop: 3 containers · 1 kind of people · 1 other system · 6 relations")
    assert "team-web" in small()._repr_mimebundle_()["text/html"]
