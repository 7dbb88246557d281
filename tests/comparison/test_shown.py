"""A difference says what happened in words, in Markdown that nothing can break out of, as data, and as a picture."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from planroom.comparison import Difference, compare
from planroom.comparison.markdown import LIMIT
from planroom.ddl import read_postgres
from planroom.drawing.graph import State
from planroom.errors import UnknownNameError
from planroom.model import Column, Model, Table
from planroom.sqltext import DataType
from tests.strategies import HOSTILE_NAMES, models

if TYPE_CHECKING:
    from pathlib import Path

OLD = """
CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL);
CREATE TABLE far (id int PRIMARY KEY);
CREATE TABLE orders (
    id int PRIMARY KEY, customer_id int REFERENCES customers, note text, total numeric(12, 2), state text
);
CREATE TABLE notes (order_id int REFERENCES orders, text text);
CREATE TYPE mood AS ENUM ('good', 'bad');
"""
NEW = """
CREATE TABLE customers (id int PRIMARY KEY, email text NOT NULL);
CREATE TABLE far (id int PRIMARY KEY);
CREATE TABLE orders (
    id int PRIMARY KEY, customer_id int, total numeric(14, 2) NOT NULL, state text, since date
);
CREATE TABLE lines (order_id int REFERENCES orders ON DELETE CASCADE, no int);
CREATE TYPE mood AS ENUM ('good', 'fair');
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE INDEX by_total ON orders (total);
"""


def read(text: str) -> Model:
    return read_postgres([("it.sql", text)])


@pytest.fixture(scope="module")
def shop() -> Difference:
    return compare(replace(read(OLD), name="old"), replace(read(NEW), name="new"))


def hostile() -> Difference:
    tables = tuple(
        Table(schema="public", name=f"{number}{name}", comment=name, columns=(Column(name, DataType("text")),))
        for number, name in enumerate(HOSTILE_NAMES)
    )
    changed = tuple(replace(table, comment="other", columns=()) for table in tables)
    return compare(Model(name=HOSTILE_NAMES[0], tables=tables), Model(name="`<b>`", tables=changed))


# -- words


def test_the_headline_says_what_happened_and_what_follows(shop: Difference) -> None:
    assert str(shop).splitlines()[0] == (
        "old → new: 1 table added, 1 table removed, 1 column added, 1 column removed, 1 column changed, "
        "1 enum changed, 1 foreign key removed, 1 index added, 1 routine added; "
        "3 destructive, 1 breaking, 2 compatible, 3 additive"
    )


def test_every_change_is_a_line_that_can_be_searched_for_the_worst_first(shop: Difference) -> None:
    lines = str(shop).splitlines()[3:]

    assert len(lines) == len(shop.changes) == 9
    assert lines[0].startswith("destructive")
    assert any(re.search(r"removed +column +public\.orders\.note", line) for line in lines)


def test_equal_models_say_so() -> None:
    found = compare(read(OLD), read(OLD))

    assert str(found) == "old → new: equal"
    assert repr(found) == "<Difference: equal>"
    assert found.impact is None
    assert "image/svg+xml" not in found._repr_mimebundle_()


def test_the_card_shows_the_picture_and_the_table_without_scripts(shop: Difference) -> None:
    html = shop._repr_mimebundle_()["text/html"]

    assert html.startswith('<div class="planroom"')
    assert "data:image/svg+xml;base64," in html
    assert "public.orders.note" in html
    assert "<script" not in hostile()._repr_mimebundle_()["text/html"].lower()


# -- Markdown


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)


ALLOWED = {"p", "strong", "h4", "table", "thead", "tbody", "tr", "th", "td", "code", "details", "summary", "ul", "li"}


def rendered(text: str) -> str:
    """Return what GitHub's dialect makes of a text, autolinks of bare addresses included."""
    markdown = pytest.importorskip("markdown_it")
    return str(markdown.MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def rows_of(html: str) -> list[list[str]]:
    return [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)]


def test_markdown_is_a_table_for_each_consequence_with_the_harmless_folded(shop: Difference) -> None:
    text = shop.markdown

    assert text.startswith("**old → new**: 1 table added, ")
    assert text.index("#### Destructive: 3 changes") < text.index("#### Breaking for writers") < text.index("<details>")
    assert "| − | column removed | <code>public.orders.note</code> |" in text


def test_nothing_that_a_user_wrote_is_markup_in_markdown() -> None:
    text = hostile().markdown
    html, tags = rendered(text), _Tags()
    tags.feed(html)

    assert tags.tags <= ALLOWED
    assert not re.search(r"(?<!&)#\d|@\w|www\.|\w://", re.sub(r"&#\d+;", "", text))
    assert {len(row) for row in rows_of(html) if row and not row[0].startswith("<th")} == {5}


@given(models(tables=2), models(tables=2))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_markdown_of_any_difference_keeps_its_rows_and_its_tags(old: Model, new: Model) -> None:
    found = compare(old, new)
    html, tags = rendered(found.markdown), _Tags()
    tags.feed(html)

    assert tags.tags <= ALLOWED
    assert sum(len(row) == 5 for row in rows_of(html)) == len(found.changes)


def test_markdown_stays_below_the_limit_and_counts_what_it_leaves_out() -> None:
    tables = tuple(Table(schema="public", name=f"a_table_with_a_long_name_{number:05}") for number in range(3_000))
    text = compare(Model(tables=tables), Model()).markdown

    assert len(text) < LIMIT
    shown = text.count("\n| −")
    assert f"… and {3_000 - shown:,} more".replace(",", "\u2009") in text.replace(" changes", "").replace("changes", "")


# -- data and files


def test_the_data_hold_every_change_with_its_places(shop: Difference, tmp_path: Path) -> None:
    found = json.loads(shop.save(tmp_path / "diff.json").read_text())
    note = next(each for each in found["changes"] if each["subject"] == "public.orders.note")

    assert found["schema"] == "planroom.diff/1"
    assert found["outcome"] == "different"
    assert found["impacts"]["destructive"] == 3
    assert (note["state"], note["severity"], note["old_place"]["line"]) == ("removed", "error", 5)
    total = next(each for each in found["changes"] if each["subject"] == "public.orders.total")
    assert total["facets"][0] == {"name": "type", "old": {"name": "numeric", "modifiers": ["12", "2"]},
                                  "new": {"name": "numeric", "modifiers": ["14", "2"]}}  # fmt: skip


def test_a_file_is_what_its_ending_says(shop: Difference, tmp_path: Path) -> None:
    assert shop.save(tmp_path / "a.svg").read_text() == shop.picture.svg
    assert shop.save(tmp_path / "a.md").read_text() == shop.markdown
    assert shop.save(tmp_path / "a.html").read_text().startswith("<!doctype html>")
    with pytest.raises(UnknownNameError, match="form of a difference"):
        shop.save(tmp_path / "a.pdf")


# -- the picture


def states(difference: Difference) -> dict[str, State]:
    return {node.title: node.state for node in difference.picture.shown.nodes}


def test_what_changed_bears_its_state_and_what_is_next_to_it_is_faint(shop: Difference) -> None:
    assert states(shop) == {
        "customers": State.FAINT,
        "orders": State.CHANGED,
        "lines": State.ADDED,
        "notes": State.REMOVED,
    }


def test_a_removed_column_stands_in_its_place_and_a_changed_one_says_what_changed(shop: Difference) -> None:
    rows = shop.picture.shown.by_id["public.orders"].rows

    assert [(row.port or row.cells[0].text, row.state) for row in rows] == [
        ("id", State.PLAIN),
        ("customer_id", State.PLAIN),
        ("note", State.REMOVED),
        ("total", State.CHANGED),
        ("↳ numeric(12,2) → numeric(14,2)", State.PLAIN),
        ("↳ NULL is not allowed", State.PLAIN),
        ("state", State.PLAIN),
        ("since", State.ADDED),
        ("index by_total (total)", State.ADDED),
    ]


def test_relations_that_came_or_went_are_marked_and_others_that_lead_to_faint_tables_are_faint(
    shop: Difference,
) -> None:
    found = {(edge.tail, edge.head): edge.state for edge in shop.picture.shown.edges}

    assert found == {
        ("public.customers", "public.orders"): State.REMOVED,
        ("public.orders", "public.lines"): State.ADDED,
        ("public.orders", "public.notes"): State.REMOVED,
    }


def test_the_caption_says_what_is_left_out_and_what_is_not_drawn(shop: Difference) -> None:
    assert shop.picture.shown.caption == (
        "1 unchanged table next to what changed, faint and with keys only. 1 other table left out. "
        "Changed, but not drawn: 1 enum, 1 routine."
    )


def test_a_renamed_table_says_what_it_was() -> None:
    found = compare(read(OLD), read(OLD + "ALTER TABLE orders RENAME TO purchases"))
    node = found.picture.shown.by_id["public.purchases"]

    assert (node.state, node.subtitle) == (State.CHANGED, "was orders")
    assert {edge.state for edge in found.picture.shown.edges} == {State.FAINT}


def test_an_enum_shows_the_labels_that_came_and_went_in_their_places() -> None:
    table = "; CREATE TABLE t (m m)"
    old, new = "CREATE TYPE m AS ENUM ('a', 'b', 'c')" + table, "CREATE TYPE m AS ENUM ('a', 'x', 'c', 'd')" + table
    rows = compare(read(old), read(new)).picture.shown.by_id["public.m"].rows

    assert [(row.cells[0].text, row.state) for row in rows] == [
        ("a", State.PLAIN),
        ("x", State.ADDED),
        ("b", State.REMOVED),
        ("c", State.PLAIN),
        ("d", State.ADDED),
    ]


def test_partitions_show_at_the_table_that_they_are_parts_of() -> None:
    base = (
        "CREATE TABLE e (id int, at date) PARTITION BY RANGE (at);"
        "CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');"
    )
    found = compare(read(base), read(base + "COMMENT ON TABLE e1 IS 'x'; CREATE INDEX i ON e1 (id)"))
    rows = found.picture.shown.by_id["public.e"].rows

    assert [row.cells[0].text for row in rows if row.state is not State.PLAIN and not row.port] == [
        "table e1 comment none → x",
        "index i of e1 (id)",
    ]


def test_a_picture_of_many_changes_keeps_what_changed_and_drops_the_rest() -> None:
    old = read("".join(
        f"CREATE TABLE t{number} ({', '.join(f'column_{at} text' for at in range(30))});" for number in range(40)
    ))  # fmt: skip
    new = replace(old, tables=tuple(
        replace(table, columns=(*table.columns[:5], *table.columns[6:])) for table in old.tables
    ))  # fmt: skip
    shown = compare(old, new).picture.shown

    assert {len(node.rows) for node in shown.nodes} == {2}
    assert {row.cells[0].text for node in shown.nodes for row in node.rows if not row.port} == {"29 more columns"}
    assert "only what changed" in shown.caption


def test_a_picture_of_no_change_says_so() -> None:
    assert compare(read(OLD), read(OLD)).picture.shown.caption == "Nothing differs."


@given(models(tables=3), models(tables=3))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_difference_can_be_drawn(old: Model, new: Model) -> None:
    svg = compare(old, new).picture.svg

    assert svg.startswith("<svg ")
    assert "<script" not in svg
