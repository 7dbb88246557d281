"""A plan as picture, page, table and text: complete, escaped, and the same from run to run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import planroom as pr
from planroom.drawing.graph import State
from planroom.drawing.palette import AMOUNT, PAPER
from planroom.findings import Finding, Severity
from planroom.plans.node import Condition
from planroom.plans.plan import Jit, Planning, Trigger
from planroom.plans.resources import Buffers
from planroom.plans.showing.marks import Mark
from planroom.plans.showing.pictures.ink import ramp
from planroom.plans.showing.tree import PlanTree
from tests.plans.showing.trees import chain, node, partitions, plan, scan

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = """x"><script>alert('1')</script>\x1b[2J\u202e&<b>]]>"""
RAN: dict[str, Any] = {"rows": 10.0, "loops": 1.0}


def joined(**fields: Any) -> Any:
    """A join of two scans, run or not."""
    outer = scan("orders", schema="sales", self_cost=60.0, relationship="Outer", **fields)
    inner = node("Hash", scan("customers", self_cost=20.0, **fields), relationship="Inner", self_cost=0.0, **fields)
    join = node(
        "Hash Join",
        outer,
        inner,
        conditions=(Condition("Hash Cond", "(o.customer_id = c.id)"),),
        self_cost=20.0,
        total_cost=100.0,
        **fields,
    )
    return plan(join)


def test_text_is_a_line_a_node_with_aligned_numbers_and_an_indented_tree() -> None:
    assert str(joined()) == (
        "4 nodes · cost 100 · 10 rows expected\n"
        "#  share  own cost  rows  node\n"
        "1   20 %        20    10  Hash Join on o.customer_id = c.id\n"
        "2   60 %        60    10    Seq Scan on sales.orders\n"
        "3    0 %         0    10    Hash\n"
        "4   20 %        20    10      Seq Scan on customers"
    )


def test_text_of_a_run_has_actual_rows_and_factors() -> None:
    lines = str(plan(scan("a", estimated_rows=2.0, **RAN))).splitlines()

    assert lines[1].split("  ")[-3:] == ["rows est → act", "off", "node"]
    assert lines[2].endswith("2 → 10   ×5  Seq Scan on a")


def test_the_table_has_the_heaviest_first() -> None:
    assert [line.split()[0] for line in str(joined().table()).splitlines()[1:]] == ["2", "1", "4", "3"]


def test_the_table_says_what_it_leaves_out() -> None:
    table = partitions(60).table(most=10)

    assert len(table.rows) == 10
    assert table.caption == "51 nodes with less left out; table(most=None) lists all."
    assert len(partitions(60).table(most=None).rows) == 61


def test_marks_and_findings_are_glyph_colour_and_word() -> None:
    found = (
        Finding("PLAN001", "x", Severity.WARNING, "spills <b>", facts={"node": 4}),
        Finding("PLAN002", "y", Severity.ERROR, "reads all", facts={"nodes": (2, 3)}),
    )
    marks = {1: Mark(State.CHANGED, "was Merge Join"), 2: Mark(State.ADDED), 3: Mark(State.REMOVED)}
    tree = PlanTree(joined(), marks=marks, findings=found)
    text = str(tree)

    assert "2 findings" in text.splitlines()[0]
    assert [line[:2].strip() for line in text.splitlines()[2:6]] == ["~", "+●", "−●", "▲"]
    assert "(changed was Merge Join)" in text
    assert "▲ warning PLAN001 spills <b>" in text
    assert "was Merge Join" in tree.svg
    assert 'text-decoration="line-through"' in tree.svg
    for word in ("added", "removed", "changed", "warning", "error"):
        assert f">{word}</tspan>" in tree.svg, "the legend names it"
    assert "spills &lt;b&gt;" in tree.html
    assert "spills <b>" not in tree.html


def test_the_legend_names_only_the_signs_that_are_used() -> None:
    svg = joined().tree().svg

    assert "its own share of the cost" in svg
    assert not any(word in svg for word in ("→", "than estimated", ">a sub-plan", ">warning", ">added"))


def test_sub_plans_are_named_and_dashed_and_what_never_ran_says_so() -> None:
    below = scan("a", relationship="InitPlan", subplan="CTE recent", **RAN)
    idle = scan("b", relationship="Outer", rows=0.0, loops=0.0)
    svg = plan(node("Limit", below, idle, **RAN)).tree().svg

    assert "CTE recent" in svg
    assert "never executed" in svg
    assert svg.count("stroke-dasharray") == 3, "the edge, its sign in the legend, the frame of what never ran"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"disabled": True}, "disabled"),
        ({"workers_planned": 4, "workers_launched": 2}, "2 of 4 workers"),
        ({"loops": 1_000.0, "rows": 1.0}, "1\u2009000 loops"),
        ({"parallel_aware": True}, "Parallel Seq Scan"),
    ],
)
def test_what_must_not_be_missed_is_a_word(fields: dict[str, Any], word: str) -> None:
    found = plan(scan("a", **fields))

    assert word in found.tree().svg
    assert word in str(found)


def hostile() -> Any:
    one = scan(
        HOSTILE,
        alias=HOSTILE,
        index=HOSTILE,
        conditions=(Condition("Filter", HOSTILE * 50),),
        extra=((HOSTILE, HOSTILE),),
        subplan=HOSTILE,
        output=(HOSTILE,),
    )
    return plan(node("Sort", one, sort_keys=(HOSTILE,)), sql=HOSTILE, settings=((HOSTILE, HOSTILE),), notes=(HOSTILE,))


@pytest.mark.parametrize("layout", ["tree", "outline"])
def test_hostile_names_are_escaped_wherever_they_land(layout: str) -> None:
    tree = PlanTree(hostile(), layout=layout, marks={1: Mark(State.CHANGED, HOSTILE)}, title=HOSTILE)
    found = Finding("X", "x", Severity.ERROR, HOSTILE, facts={"node": 2})

    page = PlanTree(hostile(), findings=(found,)).page
    for markup in (tree.svg, page, hostile().icicle().svg, hostile().table()._html()):
        assert "<script" not in markup
        assert "<b>" not in markup
        assert "\x1b" not in markup
        assert "\u202e" not in markup
    ET.fromstring(tree.svg)
    ET.fromstring(hostile().icicle().svg)
    assert "\x1b" not in f"{tree}{hostile().icicle()}{hostile().table()}"


def test_no_picture_loads_or_runs_anything() -> None:
    for text in (joined().tree().page, joined().icicle().svg):
        assert not re.search(r"(?i)<script|<style|href=|@import|url\(", text)
        assert set(re.findall(r"https?://[^\"]*", text)) <= {"http://www.w3.org/2000/svg"}


def timed(factor: float) -> Any:
    """One plan as two runs tell it: times, where blocks were found, and memory differ."""
    buffers = Buffers(shared_hit=int(10 * factor), shared_read=20 - int(10 * factor))
    found = joined(self_ms=1.23 * factor, total_ms=4.56 * factor, buffers=buffers, self_buffers=buffers, **RAN)
    return replace(
        found,
        execution_ms=7.89 * factor,
        planning=Planning(time_ms=0.5 * factor),
        peak_memory_bytes=int(1e6 * factor),
        triggers=(Trigger("audit", time_ms=3.0 * factor, calls=2),),
        jit=Jit(3, total_ms=2.0 * factor),
    )


def test_two_runs_of_one_plan_look_the_same_unless_time_is_asked_for() -> None:
    one, other = timed(1.0), timed(1.7)

    assert one._repr_mimebundle_() == other._repr_mimebundle_()
    assert one.tree(by="buffers")._repr_mimebundle_() == other.tree(by="buffers")._repr_mimebundle_()
    assert one.icicle()._repr_mimebundle_() == other.icicle()._repr_mimebundle_()
    assert str(one.table()) == str(other.table())
    assert "7.89 ms" in str(one.tree(by="time"))
    assert "Own time" in one.tree(by="time").html


def test_the_bundle_has_text_a_picture_with_alternative_text_and_folded_facts() -> None:
    bundle = joined()._repr_mimebundle_()

    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml"}
    assert (
        'alt="Query plan of postgres: 4 nodes · cost 100 · 10 rows expected; most of the cost in #2 Seq Scan'
        in bundle["text/html"]
    )
    assert "data:image/svg+xml;base64," in bundle["text/html"]
    assert bundle["text/html"].count("<details>") == 6, "every node, the four of them, the text"
    assert "(o.customer_id = c.id)" in bundle["text/html"]


def test_a_large_plan_stays_small_in_a_notebook() -> None:
    bundle = partitions(6_000)._repr_mimebundle_()

    assert sum(map(len, bundle.values())) < 60_000
    assert len(chain(3_000)._html()) < 600_000


@pytest.mark.parametrize("ending", ["svg", "html", "txt", "json"])
def test_a_plan_is_saved_in_the_form_of_its_ending(tmp_path: Path, ending: str) -> None:
    found = joined()
    path = found.save(tmp_path / f"plan.{ending}")
    text = path.read_text(encoding="utf-8")

    whole = {"svg": found.tree().svg, "html": found.tree().page, "txt": f"{found}\n", "json": text}
    assert text == whole[ending]
    assert text.endswith("\n")


def test_an_unknown_ending_names_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(pr.PlanroomError, match=r"\.png") as raised:
        joined().save(tmp_path / "plan.png")

    assert ".svg" in str(raised.value)


def test_json_has_the_typed_fields_that_say_something_sorted() -> None:
    from planroom.plans.showing.plain import json_text

    found = json.loads(json_text(joined()))

    assert found["schema"] == "planroom.plan/1"
    assert [each["number"] for each in found["nodes"]] == [1, 2, 3, 4]
    assert found["nodes"][1] == {
        "estimated_rows": 10,
        "number": 2,
        "operator": "Seq Scan",
        "parent": 1,
        "relation": "orders",
        "relationship": "Outer",
        "schema": "sales",
        "self_cost": 60,
    }
    assert found["nodes"][0]["conditions"] == [{"label": "Hash Cond", "text": "(o.customer_id = c.id)"}]


def test_an_icicle_is_as_wide_as_the_shares_and_merges_what_is_too_narrow() -> None:
    icicle = joined().icicle()
    cells = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="38"', icicle.svg)

    assert [float(width) for _, _, width in cells] == pytest.approx([1180, 708, 236, 236])
    assert [float(x) for x, _, _ in cells] == pytest.approx([0, 0, 708, 708])
    assert "3\u2009000 side by side" in partitions(3_000).icicle().svg


def test_another_hash_seed_gives_the_same_bytes() -> None:
    code = (
        "from tests.plans.showing.test_plan_shown import joined, hostile;"
        "from tests.plans.showing.trees import partitions, chain;"
        "import sys;"
        "plans = [joined(), hostile(), partitions(50), chain(100)];"
        "texts = [text for each in plans for text in (*each._repr_mimebundle_().values(), each.icicle().svg,"
        " str(each.table()))];"
        "sys.stdout.buffer.write(''.join(texts).encode())"
    )
    shown = {
        subprocess.check_output([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed})
        for seed in ("0", "1")
    }

    assert len(shown) == 1
    assert len(shown.pop()) > 10_000


def test_of_several_findings_at_a_node_the_worst_gives_the_sign() -> None:
    found = [Finding("X", "x", severity, "m", facts={"node": 1}) for severity in (Severity.ERROR, Severity.NOTE)]

    assert str(PlanTree(plan(scan("a")), findings=tuple(found))).splitlines()[2].startswith("●")


def test_a_condition_of_many_lines_stands_on_one() -> None:
    found = plan(node("Hash Join", scan("a"), scan("b"), conditions=(Condition("Hash Cond", "a.x =\n   b.x"),)))

    assert "Hash Join on a.x = b.x" in str(found)
    assert ">a.x = b.x</tspan>" in found.tree().svg


def test_an_edge_is_a_pixel_wider_for_each_decade_of_rows() -> None:
    scans = (scan(f"t{at}", estimated_rows=10.0**at - 1, width_bytes=at) for at in range(4))
    svg = plan(node("Append", *scans)).tree().svg

    assert re.findall(r'stroke="#[0-9a-f]{6}" stroke-width="([\d.]+)"/><path', svg) == ["1.2", "2.2", "3.2", "4.2"]


def test_the_bar_on_the_left_is_as_red_as_the_share_is_large() -> None:
    shares = (0.0, 0.001, 0.1, 0.4, 0.9, 1.0)
    green = [int(ramp(share)[3:5], 16) for share in shares]

    assert (ramp(0), ramp(1)) == (PAPER, AMOUNT)
    assert green == sorted(set(green), reverse=True)
    for layout in ("tree", "outline"):
        assert f'fill="{ramp(0.6)}"' in joined().tree(layout=layout).svg
