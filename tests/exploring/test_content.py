"""What the page is told: everything that the model knows of a table, where it stands, and nothing that could run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import planroom as pr
from planroom.errors import ModelError
from planroom.exploring.content import RELATION_FIELDS, TABLE_FIELDS
from planroom.exploring.details import COLUMN_FIELDS
from planroom.exploring.page import as_json
from planroom.model import Column, Model
from planroom.quantities import format_count
from planroom.sqltext import DataType
from tests.diagrams.models import HOSTILE, generated, hostile, table
from tests.exploring.models import DECISION, FINDING, shop


def data_of(page):
    """Return the data in a page, each table, column and relation by the names of its fields."""
    text = re.search(r'<script id="design" type="application/json">(.*?)</script>', page.html, re.DOTALL)[1]
    data = json.loads(text)
    tables = [dict(zip(TABLE_FIELDS, values, strict=False)) for values in data["tables"]]
    for each in tables:
        each["columns"] = [dict(zip(COLUMN_FIELDS, values, strict=False)) for values in each["columns"]]
    data["tables"] = {each["id"]: each for each in tables}
    data["ids"] = [each["id"] for each in tables]
    data["relations"] = [dict(zip(RELATION_FIELDS, values, strict=False)) for values in data["relations"]]
    return data


@pytest.fixture
def data(tmp_path):
    return data_of(pr.explorer(shop(tmp_path), findings=[FINDING], decisions=[DECISION]))


def test_a_table_tells_all_that_is_known_of_it(data):
    orders = data["tables"]["public.orders"]
    columns = {each["name"]: each for each in orders["columns"]}

    assert orders["context"] == "ordering"
    assert ["owner", "team-checkout"] in orders["facts"]
    assert ["rows", format_count(30_000_000)] in orders["facts"]
    assert columns["state"]["value"] == "default 'draft'"
    assert data["types"][columns["total"]["type"]] == "numeric(12,2)"
    assert orders["indexes"] == [
        ["primary key", "id", "orders_pkey"],
        ["index", "placed_at desc where state <> 'draft'", "orders_placed_at"],
    ]
    assert [kind for kind, *_ in orders["guards"]] == ["check", "trigger", "policy"]
    assert "CREATE TABLE public.orders" in orders["ddl"]
    assert "CREATE TRIGGER orders_touch" in orders["ddl"]
    assert [data["findings"][at]["code"] for at in orders["findings"]] == ["SCH001"]
    assert data["tables"]["public.customers"]["columns"][1]["pii"] == "email"


def test_partitions_stand_with_their_table_and_decisions_where_they_apply(data):
    events = data["tables"]["public.events"]

    assert "public.events_2026" not in data["tables"]
    assert [name for name, _ in events["partitions"]] == ["events_2026"]
    assert [data["decisions"][at]["id"] for at in events["decisions"]] == ["0007"]


def test_relations_name_their_ends_columns_and_rules(data):
    ids = data["ids"]
    found = {(ids[each["child"]], ids[each["parent"]]): each for each in data["relations"]}
    placed = found["public.orders", "public.customers"]

    assert placed["columns"] == ["customer_id"]
    assert placed["rules"] == "on delete cascade"
    assert [data["ends"][end] for end in placed["ends"]] == ["zero or more", "exactly one"]
    assert ("public.customers", "public.customers") in found
    assert ("public.events", "public.orders") in found


def test_enums_and_domains_know_who_uses_them(data):
    [state], [email] = data["enums"], data["domains"]

    assert [data["ids"][at] for at, _ in state["uses"]] == ["public.orders"]
    assert [data["ids"][at] for at, _ in email["uses"]] == ["public.customers"]
    assert state["labels"] == ["draft", "open", "paid"]


def test_views_are_there_with_their_query(data):
    view = data["tables"]["public.open_orders"]

    assert view["kind"] == "view"
    assert view["guards"][0][1].startswith("SELECT id, total")


@pytest.mark.parametrize("count", [1, 60, 300])
def test_everything_stands_in_its_frame_and_every_relation_within_a_frame_has_a_way(count):
    data = data_of(pr.explorer(generated(count)))
    places = [data["tables"][name] for name in data["ids"]]
    for each in places:
        x, y, width, height = each["box"]
        left, top, across, down = data["clusters"][each["cluster"]]["box"]
        assert left < x
        assert top < y
        assert x + width < left + across
        assert y + height < top + down
    for each in data["relations"]:
        inside = places[each["child"]]["cluster"] == places[each["parent"]]["cluster"]
        assert bool(each.get("way")) == inside


def test_a_way_begins_and_ends_at_the_sides_of_its_tables():
    data = data_of(pr.explorer(generated(40)))
    places = [data["tables"][name] for name in data["ids"]]
    for each in data["relations"]:
        if not each.get("way"):
            continue
        x, y, *steps = each["way"]
        end_x, end_y = x + sum(steps[::2]), y + sum(steps[1::2])
        for at, height, (left, top, width, tall) in (
            (x, y, places[each["parent"]]["box"]),
            (end_x, end_y, places[each["child"]]["box"]),
        ):
            assert min(abs(at - left), abs(at - left - width)) <= 1
            assert top <= height <= top + tall


def test_a_decision_that_affects_no_selector_is_an_error(tmp_path):
    with pytest.raises(ModelError, match="not a selector"):
        _ = pr.explorer(shop(tmp_path), decisions=[("1", "x", "accepted", ["a.b.c.d.e"])]).html


# The page


def test_hostile_names_are_inert_and_come_back_whole():
    page = pr.explorer(hostile())
    markup = re.sub(r'<script id="design".*?</script>', "", page.html, flags=re.DOTALL)
    [embedded] = re.findall(r'<script id="design" type="application/json">(.*?)</script>', page.html, re.DOTALL)

    assert "<" not in embedded
    assert embedded.isascii()
    assert 'x"><script>alert' not in page.html
    assert "evil &quot;&gt;&lt;b&gt;" in markup
    names = {each["name"] for each in data_of(page)["tables"].values()}
    assert names == {name.replace("\u202e", "\ufffd") for name in HOSTILE}


@given(st.text(st.characters(), max_size=40))
@settings(deadline=None)
def test_any_text_survives_but_for_what_would_steer_the_page(text):
    written = as_json({"text": text})
    steering = re.compile("[\x00-\x07\x0b\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written)["text"] == steering.sub("\ufffd", text)


def test_the_page_asks_for_nothing_and_runs_nothing_but_its_own_script():
    html = pr.explorer(generated(5)).html
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)

    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", html)
    assert not re.search(r"\beval\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|new Function", html)
    assert not re.search(r"\{\{\w+\}\}", html)


def test_the_page_of_a_model_without_tables_is_a_page():
    page = pr.explorer(Model(name="nothing"))

    assert data_of(page)["tables"] == {}
    assert "0 tables" in str(page)


def test_a_notebook_gets_the_picture_and_how_to_save_the_page_and_no_script():
    bundle = pr.explorer(generated(30))._repr_mimebundle_()

    assert "data:image/svg+xml;base64," in bundle["text/html"]
    assert "save(&#x27;explorer.html&#x27;)" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]
    assert bundle["text/plain"].startswith("Explorer of 30 tables: 30 tables")


def test_the_page_has_the_same_bytes_under_another_hash_seed():
    code = """
import hashlib, planroom as pr
from tests.diagrams.models import generated, hostile
for model in (generated(120), hostile()):
    print(hashlib.sha256(pr.explorer(model).html.encode()).hexdigest())
"""
    outputs = {
        subprocess.check_output([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, text=True)
        for seed in ("0", "1")
    }

    assert len(outputs) == 1


def test_a_wide_table_and_a_name_of_63_bytes_fit_the_page():
    columns = tuple(Column(f"c{at}" + "x" * 40, DataType("text")) for at in range(300))
    data = data_of(pr.explorer(Model(tables=(table("n" * 63, "id bigint !", columns_=columns),))))

    assert len(data["tables"]["public." + "n" * 63]["columns"]) == 301


# Colours


def tokens():
    """Return the colours of both themes, by theme and name."""
    html = pr.explorer(generated(1)).html
    blocks = re.findall(r':root(\[data-theme="dark"\])? \{(.*?)\n\}', html, re.DOTALL)
    found = {"light": {}, "dark": {}}
    for dark, body in blocks:
        values = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", body))
        found["dark"].update(values)
        if not dark:
            found["light"].update(values)
    return found


def luminance(colour):
    def linear(part):
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Return the contrast of two colours. Source: WCAG 2.2, "contrast ratio"."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_has_a_contrast_of_at_least_4_5(theme):
    colours = tokens()[theme]
    grounds = [colours[name] for name in ("ground", "surface", "raised", "hover")]
    fills = [colours[f"fill-{at}"] for at in range(8)] + [colours["no-fill"], colours["accent-soft"], colours["mark"]]

    for name in ("ink", "secondary", "accent", "error", "warning", "note"):
        for ground in grounds[: 4 if name in {"ink", "secondary"} else 3]:
            assert contrast(colours[name], ground) >= 4.5, (name, ground)
    for fill in fills:
        assert contrast(colours["ink"], fill) >= 4.5, fill
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    assert contrast(colours["accent"], colours["accent-soft"]) >= 4.5


def test_a_poor_contrast_would_be_noticed():
    assert contrast("#777777", "#ffffff") < 4.5 < contrast("#767676", "#ffffff")
