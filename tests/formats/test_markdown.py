"""The data dictionary: every link leads somewhere, and nothing of a user's becomes Markdown or HTML."""

from __future__ import annotations

import html
import re
import unicodedata
from html.parser import HTMLParser
from urllib.parse import unquote

import mistune
import pytest
from hypothesis import HealthCheck, given, settings

import planroom as pr
from planroom.formats import FORMATS
from planroom.markup import code, fence, prose
from planroom.model import Annotations, Column, Model, Table, qualified
from planroom.sqltext import DataType
from tests.strategies import HOSTILE_NAMES, hostile_texts, models

MARKDOWN = FORMATS["markdown"]
RENDER = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "url"])
OURS = {"h1", "h2", "h3", "p", "a", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "strong", "ul", "li",
        "details", "summary", "br", "em"}  # fmt: skip


class Reader(HTMLParser):
    """What a page holds: its elements, the texts of its headings, the targets of its links, its rows."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.headings: list[str] = []
        self.links: list[str] = []
        self.widths: list[list[int]] = []
        self.text: list[str] = []
        self._heading = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in {"h1", "h2", "h3"}:
            self.headings.append("")
            self._heading = True
        elif tag == "a":
            self.links.append(unquote(dict(attrs)["href"] or ""))
        elif tag == "table":
            self.widths.append([])
        elif tag == "tr":
            self.widths[-1].append(0)
        elif tag in {"td", "th"}:
            self.widths[-1][-1] += 1

    def handle_endtag(self, tag: str) -> None:
        self._heading = self._heading and tag not in {"h1", "h2", "h3"}

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._heading:
            self.headings[-1] += data


def anchors(headings: list[str]) -> list[str]:
    """The anchors of headings by the rules that GitHub's own filter states."""
    seen: dict[str, int] = {}
    found = []
    for heading in headings:
        kinds = ((each, unicodedata.category(each)) for each in heading.lower())
        name = "".join(each for each, kind in kinds if each in " -" or kind[0] in "LM" or kind in {"Nd", "Nl", "Pc"})
        name = name.replace(" ", "-")
        anchor = name
        while anchor in seen:
            seen[name] += 1
            anchor = f"{name}-{seen[name]}"
        seen[anchor] = 0
        found.append(anchor)
    return found


@settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))
@given(models())
def test_every_link_leads_to_a_heading_and_tables_are_whole_whatever_the_names(model):
    read = Reader(RENDER(MARKDOWN.write(model, diagrams=False)))

    assert {link.removeprefix("#") for link in read.links if link.startswith("#")} <= set(anchors(read.headings))
    assert all(len(set(widths)) == 1 for widths in read.widths)
    assert read.tags <= OURS


def hostile() -> Model:
    """Every hostile name and text in every place."""
    columns = tuple(Column(name, DataType("text"), comment=f"{name}\n# {name}\n| --- |") for name in HOSTILE_NAMES)
    tables = [
        Table(schema=HOSTILE_NAMES[at - 1], name=name, columns=columns, comment=f"- {name}\n\n## {name}",
              annotations=Annotations(owner=name, pii=name, context=name))
        for at, name in enumerate(HOSTILE_NAMES)
    ]  # fmt: skip
    return Model(name="# <script>alert(1)</script>", tables=tuple(sorted(tables, key=lambda each: each.id)))


def test_hostile_names_are_shown_as_they_are_and_nothing_more():
    text = MARKDOWN.write(hostile())
    read = Reader(RENDER(text))

    assert read.tags <= OURS
    assert "<script" not in text
    assert [len(widths) for widths in read.widths] == [1 + len(HOSTILE_NAMES)] * (1 + len(HOSTILE_NAMES))
    assert all(len(set(widths)) == 1 for widths in read.widths)
    assert len([each for each in read.headings if "alert(1)" in each]) == 4
    assert {link.removeprefix("#") for link in read.links} <= set(anchors(read.headings))
    assert len(read.headings) == 1 + 2 * len(HOSTILE_NAMES)
    assert "".join(read.text).count('x"><script>alert(1)</script>') > 100


@given(hostile_texts())
def test_a_name_in_a_cell_reads_as_it_is(name):
    page = RENDER(f"| a |\n| --- |\n| {code(name)} |\n")
    (cell,) = re.findall(r"<td>(.*?)</td>", page, re.DOTALL)
    read = html.unescape(re.sub(r"</?code>", "", cell))

    assert "".join(read.split()) == "".join(shown(name).split())


def shown(text: str) -> str:
    from planroom.drawing.text import printable

    return printable(" ".join(text.splitlines()))


@pytest.mark.parametrize(
    "text",
    ["# no heading", "- no list", "1. no list", "> no quote", "| no | cell |", "*no* _emphasis_", "~~no~~ strike",
     "--- no rule", "`no code`", "[no](http://link)", "![no](image)", "<b>no</b>", "a\\*b", "&amp;", "no $math$", "===",
     "snake_case_name"],
)  # fmt: skip
def test_a_comment_says_what_it_says(text):
    page = RENDER(prose(text))

    assert html.unescape(re.sub(r"</?(?:p|a\b[^>]*)>", "", page)).strip() == text
    assert Reader(page).tags <= {"p", "a"}


def test_a_comment_of_several_lines_stays_in_its_cell():
    assert prose("one\ntwo\n\nthree") == "one<br>two<br><br>three"


def test_a_query_with_fences_in_it_stays_in_its_fence():
    page = RENDER(fence("SELECT '```'\n```\n# x", "sql"))

    assert page.count("<pre>") == 1
    assert "<h1>" not in page


def test_the_dictionary_of_the_shop_holds_every_table_column_comment_and_label():
    shop = pr.read("schemas/shop.sql")
    text = MARKDOWN.write(shop)
    read = Reader(RENDER(text))
    said = " ".join("".join(read.text).split())

    for table in shop.tables_and_views:
        if not getattr(table, "partition_of", None):
            assert table.id in read.headings
            assert " ".join(table.comment.split()) in said
            assert all(column.name in said and " ".join(column.comment.split()) in said for column in table.columns)
    assert all(label in said for enum in shop.enums for label in enum.labels)
    assert all(check.name in said for table in shop.tables for check in table.checks)
    assert text.count("```mermaid") == len(shop.contexts)
    assert "**Referenced by**" in text


def test_a_table_says_what_its_columns_keys_indexes_and_partitions_are():
    text = pr.write(
        """
        create table a (id int primary key, n int);
        create table p (
            id int generated always as identity, a int not null references a on delete cascade,
            d date not null default current_date, unique (a, d), check (a > 0)
        ) partition by range (d);
        create table p1 partition of p for values from ('2026-01-01') to ('2026-02-01');
        create index big on p using btree (a desc) include (id) where a > 5;
        alter table p enable row level security;
        create policy own on p for select using (a = 1);
        """,
        "markdown",
    )

    for line in (
        "| `a` | `integer` |  | →\u00a0[`a`](#publica) |",
        "| `d` | `date` | `CURRENT_DATE` |  |",
        "| `id` | `integer` | identity |  |",
        "- `p_a_d_key`: unique (`a`, `d`)",
        "- `a` → [`public.a`](#publica) (`id`), on delete cascade",
        "- [`public.p`](#publicp) (`a`)",
        "- `p_a_check`: `a > 0`",
        "- `big`: on `a` descending, covering `id`, where `a > 5`",
        "- `own`: select for `public`, sees `a = 1`",
        "Partitioned by range of `d`.",
        "- `public.p1`: `FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')`",
    ):
        assert f"\n{line}\n" in text
    assert "public.p1](" not in text


def test_two_headings_that_look_alike_get_anchors_of_their_own():
    tables = [
        Table(schema="s", name=name, columns=(Column("x", DataType("text")),)) for name in ("a.b", "a b", "ab", "ab-1")
    ]
    text = MARKDOWN.write(Model(tables=tuple(sorted(tables, key=lambda each: each.id))))
    read = Reader(RENDER(text))

    assert sorted(link for link in read.links if link != "#s") == ["#sa-b", "#sab", "#sab-1", "#sab-2"]
    assert {qualified("s", each.name) for each in tables} == set(read.headings) - {"s", "Data dictionary"}
