"""Every difference is found, nothing else is, and renames are told from what came and went."""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planroom.comparison import Change, ChangeState, Facet, Impact, compare
from planroom.comparison.anatomy import anatomy, kind_of
from planroom.comparison.impacts import judged, rules_for
from planroom.ddl import read_postgres
from planroom.formats import FORMATS
from planroom.model import Model, Routine, annotate, quote_identifier
from planroom.sqltext import Expression
from tests.strategies import models

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def read(text: str) -> Model:
    return read_postgres([("it.sql", text)])


def told(old: Model | str, new: Model | str, **options: Any) -> list[str]:
    """Return the changes, a line each: state, kind, subject."""
    sides = [read(each) if isinstance(each, str) else each for each in (old, new)]
    return sorted(f"{each.state} {each.kind} {each.subject}" for each in compare(*sides, **options).changes)


# -- equality and symmetry


@given(models())
@QUICK
def test_a_model_does_not_differ_from_itself(model: Model) -> None:
    assert compare(model, model).outcome == "equal"
    assert compare(model, replace(model, name="other")).outcome == "equal"


@given(models(tables=2), models(tables=2))
@QUICK
def test_nothing_differs_exactly_when_the_models_are_equal(old: Model, new: Model) -> None:
    found = compare(old, new)

    assert (not found.changes) == (old == new)
    assert all(change.judgements for change in found.changes)


@given(models(tables=2), models(tables=2), st.booleans())
@QUICK
def test_swapping_the_models_swaps_added_and_removed(old: Model, new: Model, renames: bool) -> None:
    there, back = compare(old, new, renames=renames), compare(new, old, renames=renames)
    swapped = {ChangeState.ADDED: ChangeState.REMOVED, ChangeState.REMOVED: ChangeState.ADDED}

    def counts(changes: tuple[Change, ...], turn: bool) -> list[tuple[str, str]]:
        return sorted(
            (change.kind, swapped.get(change.state, change.state) if turn else change.state) for change in changes
        )

    assert counts(there.changes, turn=False) == counts(back.changes, turn=True)


# -- every field


def sample(hint: Any, turn: int) -> Any:
    """Return a value for a field of this type; another turn gives another value."""
    arguments = typing.get_args(hint)
    if type(None) in arguments:
        return sample(next(each for each in arguments if each is not type(None)), turn)
    if typing.get_origin(hint) is tuple:
        inner = arguments[:1] if arguments[1] is Ellipsis else arguments
        return tuple(sample(each, turn) for each in inner)
    simple = {str: f"planted{turn}", bool: turn == 1, int: turn, float: float(turn)}
    if hint in simple:
        return simple[hint]
    hints = typing.get_type_hints(hint)
    return hint(
        **{field.name: sample(hints[field.name], turn) for field in dataclasses.fields(hint) if _is_text(hint, field)}
    )


def _is_text(cls: type, field: dataclasses.Field[Any]) -> bool:
    return field.compare or (cls is Expression and field.name == "text")


def _objects(cls: type) -> set[type]:
    """Return a class of the model, and the classes of its parts at any depth."""
    hints = typing.get_type_hints(cls)
    held = {
        next(each for each in typing.get_args(hints[name]) if isinstance(each, type)) for name in anatomy(cls).parts
    }
    return {cls}.union(*(_objects(each) for each in held))


FIELDS = sorted(
    ((cls, field.name) for cls in _objects(Model) for field in dataclasses.fields(cls) if field.compare),
    key=lambda each: (each[0].__name__, each[1]),
)


def _model_with(value: Any) -> Model:
    """Return a model that holds one object, where its kind belongs."""
    if isinstance(value, Model):
        return value
    for owner in _objects(Model):
        hints = typing.get_type_hints(owner)
        for name in anatomy(owner).parts:
            if type(value) in typing.get_args(hints[name]):
                held = (value,) if typing.get_origin(hints[name]) is tuple else value
                if owner is Model:
                    return Model(**{name: held})
                return _model_with(replace(sample(owner, 3), **{name: held}))
    raise AssertionError(type(value))


@pytest.mark.parametrize(("cls", "name"), FIELDS, ids=[f"{cls.__name__}.{name}" for cls, name in FIELDS])
def test_every_field_that_equality_looks_at_is_noticed(cls: type, name: str) -> None:
    one = sample(cls, 1)
    one = replace(one, atomic=False) if isinstance(one, Routine) and name != "atomic" else one
    other = replace(one, **{name: sample(typing.get_type_hints(cls)[name], 2)})

    found = compare(_model_with(one), _model_with(other))

    assert found.changes
    if name not in ("schema", "name", *anatomy(cls).parts):
        assert {facet.name.partition(".")[0] for each in found.changes for facet in each.facets} == {name}


@pytest.mark.parametrize(("cls", "name"), FIELDS, ids=[f"{cls.__name__}.{name}" for cls, name in FIELDS])
def test_every_property_of_an_object_has_a_rule(cls: type, name: str) -> None:
    if name in anatomy(cls).facets:
        assert rules_for(kind_of(cls), name)


@pytest.mark.parametrize("cls", sorted(_objects(Model) - {Model}, key=lambda each: each.__name__))
def test_every_coming_and_going_has_a_rule(cls: type) -> None:
    for what in ("added", "removed", "renamed"):
        assert rules_for(kind_of(cls), what)


def test_what_no_rule_is_for_is_taken_for_breaking() -> None:
    change = judged(Change(kind="table", state=ChangeState.CHANGED, subject="t", facets=(Facet("new thing", 1, 2),)))

    assert change.impact is Impact.BREAKING_WRITERS


# -- renames

SHOP = """
CREATE TYPE state AS ENUM ('new', 'paid', 'sent');
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL UNIQUE, born date);
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers,
    status state NOT NULL DEFAULT 'new', total numeric(12, 2) CHECK (total >= 0), note text, remark text
);
CREATE INDEX recent ON orders (customer_id) WHERE status = 'new';
CREATE TABLE lines (order_id bigint REFERENCES orders (id) ON DELETE CASCADE, no int, PRIMARY KEY (order_id, no));
CREATE VIEW open_orders AS SELECT o.id, o.total FROM orders o WHERE o.status = 'new';
CREATE VIEW totals AS SELECT customer_id, sum(total) AS total FROM orders GROUP BY customer_id;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders USING (EXISTS (SELECT 1 FROM customers c WHERE c.email = note AND customer_id > 0));
"""

RENAMES = {
    "ALTER TABLE orders RENAME TO purchases": ["renamed table public.purchases"],
    "ALTER TABLE customers RENAME TO clients": ["renamed table public.clients"],
    "ALTER TABLE orders RENAME total TO amount": ["renamed column public.orders.amount"],
    "ALTER TABLE orders RENAME status TO state": ["renamed column public.orders.state"],
    "ALTER TABLE orders RENAME id TO number": ["renamed column public.orders.number"],
    "ALTER TABLE customers RENAME id TO customer_no": ["renamed column public.customers.customer_no"],
    "ALTER TABLE orders RENAME customer_id TO client_id": ["renamed column public.orders.client_id"],
    "ALTER TYPE state RENAME TO order_state": ["renamed enum public.order_state"],
    "ALTER VIEW totals RENAME TO sums": ["renamed view public.sums"],
    "ALTER INDEX recent RENAME TO latest": ["renamed index public.orders.latest"],
    "ALTER TABLE orders RENAME CONSTRAINT orders_pkey TO pk": ["renamed primary key public.orders.pk"],
    "ALTER TABLE orders RENAME CONSTRAINT orders_total_check TO sane": ["renamed check public.orders.sane"],
    "ALTER POLICY own ON orders RENAME TO mine": ["renamed policy public.orders.mine"],
    "ALTER TABLE orders RENAME TO purchases; ALTER TABLE purchases RENAME total TO amount; "
    "ALTER TABLE customers RENAME TO clients; ALTER TABLE clients RENAME id TO no": [
        "renamed column public.clients.no",
        "renamed column public.purchases.amount",
        "renamed table public.clients",
        "renamed table public.purchases",
    ],
    "CREATE SCHEMA shop; ALTER TABLE orders SET SCHEMA shop": ["added schema shop", "renamed table shop.orders"],
}


@pytest.mark.parametrize(("script", "expected"), RENAMES.items())
def test_a_rename_is_one_change_whatever_refers_to_it(script: str, expected: list[str]) -> None:
    found = compare(read(SHOP), read(SHOP + script))

    assert sorted(f"{each.state} {each.kind} {each.subject}" for each in found.changes) == expected
    assert all(0 < each.score <= 1 and each.evidence for each in found.changes if each.score is not None)


def test_a_table_of_its_own_that_takes_over_the_old_name_is_seen() -> None:
    new = SHOP + "ALTER TABLE customers RENAME TO clients; CREATE TABLE customers (id bigint PRIMARY KEY, since date);"
    notes = {"clients": {"renamed_from": "customers"}}

    found = compare(read(SHOP), annotate(read(new), notes), renames=False)

    # By name alone customers is the old customers, now with other columns, and the references have moved.
    assert "changed foreign key public.orders.orders_customer_id_fkey" in told(SHOP, annotate(read(new), notes))
    assert found.outcome == "different"


def test_what_the_designer_says_was_renamed_was_renamed_however_little_alike_it_is() -> None:
    old = "CREATE TABLE a (x int, y int); CREATE TYPE m AS ENUM ('a', 'b')"
    new = annotate(read("CREATE TABLE b (z text, q date)"), {"b": {"renamed_from": "a"}, "b.z": {"renamed_from": "y"}})

    assert told(old, new, renames=False) == [
        "added column public.b.q",
        "removed column public.b.x",
        "removed enum public.m",
        "renamed column public.b.z",
        "renamed table public.b",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CREATE TABLE tags (id int, name text)", "CREATE TABLE invoices (number text, total numeric, due date)"),
        ("CREATE TABLE t (id int, fax text, memo text)", "CREATE TABLE t (id int, email text, memo text)"),
        ("CREATE TABLE t (id int, a int)", "CREATE TABLE t (id int, b date)"),
        ("CREATE TYPE m AS ENUM ('red', 'blue')", "CREATE TYPE n AS ENUM ('cash', 'card')"),
    ],
)
def test_what_is_not_alike_was_removed_and_added(old: str, new: str) -> None:
    assert {each.split()[0] for each in told(old, new)} == {"removed", "added"}


def test_a_partition_with_other_bounds_is_another_partition() -> None:
    parent = "CREATE TABLE e (id int, at date) PARTITION BY RANGE (at);"
    old, new = (
        f"{parent} CREATE TABLE e_{year} PARTITION OF e FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
        for year in (2025, 2026)
    )

    assert told(old, new) == ["added table public.e_2026", "removed table public.e_2025"]


def test_without_renames_everything_with_another_name_was_removed_and_added() -> None:
    assert told("CREATE TABLE a (x int)", "CREATE TABLE b (x int)", renames=False) == [
        "added table public.b",
        "removed table public.a",
    ]


@given(models(), st.data())
@QUICK
def test_a_renamed_column_or_table_changes_nothing_that_refers_to_it(model: Model, data: st.DataObject) -> None:
    script = FORMATS["postgres"].write(model)
    tables = [table for table in read(script).tables if not table.inherits and not table.partition_of]
    if not tables:
        return
    table = data.draw(st.sampled_from(tables))
    column = data.draw(st.none() | st.sampled_from(table.columns))
    rename = f"RENAME {quote_identifier(column.name)} TO" if column else "RENAME TO"
    new = read(f"{script};\nALTER TABLE {table.id} {rename} renamed_thing")
    former = {"renamed_from": column.name if column else table.name}
    new = annotate(new, {"*.renamed_thing" if column else "renamed_thing": former})

    found = compare(read(script), new)

    renamed = [each for each in found.changes if each.state is ChangeState.RENAMED]
    assert [each.kind for each in renamed] == ["column" if column else "table"]
    assert found.changes == tuple(renamed)
    assert renamed[0].facets == ()


# -- what cannot be told


def test_bodies_that_the_server_rewrites_cannot_be_told() -> None:
    old, new = (read(f"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT {number}; END") for number in (1, 2))

    found = compare(old, new)

    assert found.outcome == "cannot tell"
    assert [(each.subject, each.what) for each in found.unknowns] == [("public.f()", "body")]


def test_statements_that_were_not_read_cannot_be_told_unless_both_sides_have_them() -> None:
    same = "CREATE TABLE a (id int); DO $$ BEGIN EXECUTE 'SELECT 1'; END $$;"

    assert compare(read(same), read(same)).outcome == "equal"
    found = compare(read(same), read(same + "CREATE CAST (text AS int) WITH INOUT;"))
    assert found.outcome == "cannot tell"
    assert [each.subject for each in found.unknowns] == ["CREATE CAST"]
    assert "the new model lacks" in found.unknowns[0].reason


def test_models_of_two_dialects_are_compared_as_far_as_they_can_be() -> None:
    old = read("CREATE TABLE a (id int PRIMARY KEY, n text DEFAULT 'x', gone int)")
    new = replace(read("CREATE TABLE a (id bigint PRIMARY KEY, n text DEFAULT 'y')"), dialect="mysql")

    found = compare(old, new)

    assert {(each.kind, each.state) for each in found.changes} == {("model", "changed"), ("column", "removed")}
    assert [(each.subject, each.what) for each in found.unknowns] == [
        ("public.a.id", "type"),
        ("public.a.n", "default"),
    ]


def test_a_partitions_share_of_a_change_is_told_with_its_parents() -> None:
    base = "CREATE TABLE e (id int, at date) PARTITION BY RANGE (at);" + "".join(
        f"CREATE TABLE e{year} PARTITION OF e FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01');"
        for year in (2024, 2025, 2026)
    )
    found = compare(read(base), read(base + "ALTER TABLE e ADD kind text; CREATE INDEX ON e (kind)"))

    assert [(each.kind, each.subject, each.repeated) for each in found.changes] == [
        ("index", "public.e.e_kind_idx", 3),
        ("column", "public.e.kind", 3),
    ]
