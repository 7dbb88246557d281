"""What no foreign key declares is found by names, types, keys and comments; what cannot be told is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import planroom as pr
from planroom.advice.inference import possible_references
from planroom.model import Column, Model, PrimaryKey, Table
from planroom.sqltext import DataType
from tests.advice.hiding import hidden, pairs, precision, recall, truth
from tests.counting import calls
from tests.strategies import models

SHOP = Path(__file__).parents[2] / "schemas" / "shop.sql"
USERS = "create table users (id int primary key, email text unique);"


def found(script, **options):
    """Return what is inferred, as ``child.column -> parent.column``."""
    return {
        f"{each.child.removeprefix('public.')}.{'+'.join(each.columns)} -> "
        f"{each.parent.removeprefix('public.')}.{'+'.join(each.referenced_columns)}"
        for each in pr.infer_relations(script, **options)
    }


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (f"{USERS} create table notes (user_id int)", "notes.user_id -> users.id"),
        (f'{USERS} create table notes ("userId" int)', "notes.userId -> users.id"),
        (
            "create table tbl_people (id int primary key); create table notes (person_id int)",
            "notes.person_id -> tbl_people.id",
        ),
        (
            "create table film (film_id int primary key); create table copy (film_id int)",
            "copy.film_id -> film.film_id",
        ),
        (
            "create table addresses (id int primary key); create table o (billing_address_id int)",
            "o.billing_address_id -> addresses.id",
        ),
        (
            "create table auth_user (id int primary key); create table auth_token (user_id int)",
            "auth_token.user_id -> auth_user.id",
        ),
        ("create table tag (id int primary key); create table pair (tag_2_id int)", "pair.tag_2_id -> tag.id"),
        ("create table t_1 (id int primary key); create table t_2 (t_1_id int)", "t_2.t_1_id -> t_1.id"),
        (f"{USERS} create table notes (approved_by int)", "notes.approved_by -> users.id"),
        (f"{USERS} create table notes (creator_id int)", "notes.creator_id -> users.id"),
        ("create table parts (id int primary key, parent_id int)", "parts.parent_id -> parts.id"),
        (
            "create table countries (code char(2) primary key); create table o (country_code char(2))",
            "o.country_code -> countries.code",
        ),
        ("create table departments (id int primary key); create table e (dept_id int)", "e.dept_id -> departments.id"),
        (
            (
                "create table artist (id int primary key); create table label (id int primary key); "
                "create table track (artist int); create table disc (artist int, label int)"
            ),
            "track.artist -> artist.id",
        ),
        (
            (
                "create table thing (id int primary key); create table thing_type (id int primary key); "
                "alter table thing add type int"
            ),
            "thing.type -> thing_type.id",
        ),
        (
            f"{USERS} create table notes (who int); comment on column notes.who is 'The reader; references users.id.'",
            "notes.who -> users.id",
        ),
        (
            "create table parcel (parcelid int primary key); create table stop (fromparcelid int)",
            "stop.fromparcelid -> parcel.parcelid",
        ),
        (
            (
                "create table orders (id int primary key); create table order_lines (order_id int, line_no int, "
                "primary key (order_id, line_no)); create table order_line_taxes (order_id int, line_no int, tax int)"
            ),
            "order_line_taxes.order_id+line_no -> order_lines.order_id+line_no",
        ),
        (
            "create table artist (id serial primary key); create table artist_meta (id int primary key)",
            "artist_meta.id -> artist.id",
        ),
        (
            (
                "create table a (id int primary key); create table b (id int primary key); "
                "create table l_a_b (entity0 int, entity1 int)"
            ),
            "l_a_b.entity1 -> b.id",
        ),
        (
            (
                "create domain customer_key as uuid; create table customers (id customer_key primary key); "
                "create table o (customer_id customer_key)"
            ),
            "o.customer_id -> customers.id",
        ),
    ],
)
def test_a_name_leads_to_the_key_that_it_means(script, expected):
    assert expected in found(script)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(f"{USERS} create table notes (user_id uuid)", id="the types cannot be compared"),
        pytest.param("create table users (id int); create table notes (user_id int)", id="no key"),
        pytest.param(
            "create table users (id int); create unique index on users (id) where id > 0; "
            "create table notes (user_id int)",
            id="a partial unique index is no key",
        ),
        pytest.param("create view users as select 1 as id; create table notes (user_id int)", id="a view"),
        pytest.param(f"{USERS} create table notes (user_id int references users)", id="it is declared"),
        pytest.param(
            f"{USERS} create table posts (id int primary key); create table comments "
            "(commentable_type text, commentable_id int)",
            id="polymorphic",
        ),
        pytest.param(
            "create table items (id int primary key); create table versions (item_type text, item_id int); "
            "create index on versions (item_type, item_id)",
            id="looked up with its type",
        ),
        pytest.param(
            "create table orders (id int primary key); create table p (units_on_order int, open_orders int)",
            id="counts",
        ),
        pytest.param("create table status (id int primary key); create table o (status text)", id="a word, not a key"),
        pytest.param(
            "create table versions (id bigint primary key); create table o (lock_version int, version_no int)",
            id="numbers of its own",
        ),
        pytest.param(f"{USERS} create table notes (user_ids int[], user_at timestamptz, is_user boolean)", id="none"),
        pytest.param(
            "create table u (id int primary key, parent_id int generated always as (id) stored, root_id serial)",
            id="generated",
        ),
    ],
)
def test_what_is_no_reference_or_cannot_be_told_is_not_offered(script):
    assert found(script) == set()


def test_partitions_are_part_of_their_table_as_children_and_as_parents():
    script = (
        f"{USERS} create table events (id int, at date, user_id int, primary key (id, at)) partition by range (at);"
        "create table events_1 partition of events for values from ('2026-01-01') to ('2026-02-01');"
    )

    assert found(script) == {"events.user_id -> users.id"}
    assert found(script + "alter table events_1 add foreign key (user_id) references users") == set()


def test_a_polymorphic_pair_is_named_as_such():
    result = pr.infer_relations("create table notes (id int primary key, owner_type text, owner_id int)")

    assert result.polymorphic == ("public.notes (owner_type, owner_id)",)
    assert "owner_type" in str(result)


def test_a_near_tie_is_one_relation_and_a_doubt():
    result = pr.infer_relations(
        "create schema a; create schema b; create table a.users (id int primary key);"
        "create table b.users (id int primary key); create table notes (user_id int)"
    )

    (only,) = result.inferences
    assert "may as well refer to b.users" in only.doubt


def test_a_rival_in_another_schema_loses_to_the_one_at_home():
    result = pr.infer_relations(
        "create schema a; create schema b; create table a.users (id int primary key);"
        "create table b.users (id int primary key); create table b.notes (user_id int)"
    )

    assert [each.parent for each in result] == ["b.users"]


def test_cardinality_comes_from_keys_and_nulls_as_for_declared_relations():
    (one,) = pr.infer_relations(f"{USERS} create table notes (user_id int primary key)")

    assert (str(one.child_cardinality), str(one.parent_cardinality)) == ("zero or one", "exactly one")
    assert not one.declared
    assert one.identifying


def test_a_convention_that_a_schema_follows_counts_for_its_other_columns():
    follows = "".join(f"create table kind{n} (id int primary key); create table c{n} (kind{n} int);" for n in "abcdef")
    breaks = "".join(f"create table kind{n} (id int primary key); create table c{n} (kind{n} text);" for n in "abcdef")
    one = "create table genre (id int primary key); create table song (genre int);"

    score = {r.child: r.score for r in pr.infer_relations(follows + one, minimum=0.01)}["public.song"]
    less = {r.child: r.score for r in pr.infer_relations(breaks + one, minimum=0.01)}.get("public.song", 0.0)
    assert score > 0.9 > 0.5 > less


def test_the_shop_is_found_again_when_its_keys_are_hidden():
    model = pr.read(SHOP)
    result = pairs(pr.infer_relations(hidden(model)))

    assert precision(result, truth(model)) >= 0.88
    assert recall(result, truth(model)) >= 0.90


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(models())
def test_any_model_gives_references_to_keys_that_none_declares_and_the_same_for_any_order(model):
    result = pr.infer_relations(model, minimum=0.01)

    declared = {(each.child, each.columns) for each in model.relations if len(each.columns) == 1}
    for each in result:
        assert 0 < each.score <= 1
        assert each.reason or each.score
        assert (each.child, each.columns) not in declared
        assert not model.tables_by_id[each.child].partition_of
        assert not model.tables_by_id[each.parent].partition_of
    assert len({(each.child, each.columns) for each in result}) == len(result)
    assert pr.infer_relations(replace(model, tables=model.tables[::-1]), minimum=0.01).inferences == result.inferences
    assert str(result)
    assert "<script" not in result._html()


def test_hostile_names_are_escaped_and_harmless():
    names = ['x"><script>alert(1)</script>', "two\nlines_id", "\u202egnp_id", "👩‍🔬_id", "n" * 63, "_", "id"]
    number = DataType("integer")
    tables = [
        Table(
            schema="public",
            name=name,
            columns=tuple(Column(name=each, type=number) for each in (name, f"{name}_id")),
            primary_key=PrimaryKey(name="k", columns=(name,)),
        )
        for name in names
    ]
    result = pr.infer_relations(Model(tables=tuple(tables)), minimum=0.01)

    assert len(result) > 0
    assert "<script" not in result._html()
    assert pr.er(Model(tables=tuple(tables)), relations=result).svg.count("<script") == 0


def test_equal_bytes_under_another_hash_seed():
    program = f"import planroom as pr; print(pr.infer_relations({str(SHOP)!r}, minimum=0.05))"
    texts = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1")
    }

    assert len(texts) == 1


def big(tables):
    number = DataType("bigint")
    return Model(
        tables=tuple(
            Table(
                schema="public",
                name=f"thing{n}of_items",
                columns=(
                    Column(name="id", type=number),
                    *(Column(name=f"thing{(n * k) % tables}of_item_id", type=number) for k in range(2, 8)),
                    Column(name="parent_id", type=number),
                    Column(name="status", type=number),
                ),
                primary_key=PrimaryKey(name="k", columns=("id",)),
            )
            for n in range(tables)
        )
    )


def test_the_cost_grows_with_the_number_of_tables_and_not_with_their_pairs():
    small, large = big(150), big(600)
    assert possible_references(small).candidates

    assert calls(lambda: possible_references(large)) < 6 * calls(lambda: possible_references(small))


def test_the_lowest_score_is_in_its_range():
    for wrong in (0, -1, 1.5):
        with pytest.raises(pr.PlanroomError, match="lowest score"):
            pr.infer_relations(USERS, minimum=wrong)


def test_what_is_no_database_is_refused_and_a_password_is_not_shown():
    with pytest.raises(pr.PlanroomError, match="A dict is no database"):
        pr.infer_relations(USERS, on={})
    with pytest.raises(pr.PlanroomError) as caught:
        pr.infer_relations(USERS, on="postgresql://ann:geheim@127.0.0.1:1/x")
    assert "geheim" not in str(caught.value)


def test_inferred_relations_are_drawn_apart_from_declared_ones():
    script = f"{USERS} create table notes (user_id int, editor int references users)"
    drawn = pr.er(script, relations=pr.infer_relations(script), focus="notes")

    assert {(edge.head_port, str(edge.style), edge.meaning, edge.label) for edge in drawn.graph.edges} == {
        ("editor", "solid", "", ""),
        ("user_id", "dashed", "inferred", "0.95"),
    }
    assert "1 relation, 1 inferred" in drawn.graph.summary
    assert ">inferred<" in drawn.svg
    assert "user_id, inferred 0.95" in drawn.mermaid


def test_what_is_declared_is_drawn_once_and_as_declared():
    script = f"{USERS} create table notes (user_id int references users)"
    inferred = pr.infer_relations(f"{USERS} create table notes (user_id int)")

    assert [edge.meaning for edge in pr.er(script, relations=inferred).graph.edges] == [""]


def test_a_focus_follows_inferred_relations_too():
    script = f"{USERS} create table notes (id int primary key, user_id int); create table other (id int primary key)"

    assert {node.id for node in pr.er(script, focus="users", relations=pr.infer_relations(script)).graph.nodes} == {
        "public.notes",
        "public.users",
    }
