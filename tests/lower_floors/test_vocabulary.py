"""Errors, quantities, display, registry and findings: what every other floor stands on."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.display import Displayable, escape, figure, html_table, text_table
from planroom.errors import PlanroomError, QuantityError, UnknownNameError, nearest
from planroom.findings import Finding, Location, Rule, Severity
from planroom.formats import FORMATS, Format
from planroom.quantities import (
    format_bytes,
    format_count,
    format_duration,
    parse_bytes,
    parse_count,
    parse_duration,
)
from planroom.registry import Registry

amounts = st.floats(min_value=1e-6, max_value=1e15, allow_nan=False)


@given(st.integers(0, 10**18))
def test_a_count_comes_back_from_its_text(count):
    assert parse_count(format_count(count)) == pytest.approx(count, rel=1e-15)


@given(st.integers(0, 1 << 58))
def test_a_size_comes_back_from_its_text_to_three_digits(size):
    text = format_bytes(size).replace(" bytes", "")

    assert parse_bytes(text) == pytest.approx(size, rel=0.006)


@given(amounts)
def test_a_duration_comes_back_from_its_text_to_three_digits(seconds):
    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, rel=0.006)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_never_reads_as_less(one, other):
    low, high = sorted((one, other))

    assert parse_bytes(f"{low} kB") <= parse_bytes(f"{high} kB")
    assert parse_count(low) <= parse_count(high)


@pytest.mark.parametrize("text", ["", "many", "-1", "1 parsec", "nan", "inf", "1e999", "1 2", "0x10"])
@pytest.mark.parametrize("parse", [parse_bytes, parse_count, parse_duration])
def test_what_is_no_quantity_is_refused(parse, text):
    with pytest.raises(QuantityError):
        parse(text)


@given(st.text(max_size=12))
def test_parsing_gives_a_finite_number_or_a_quantity_error(text):
    for parse in (parse_bytes, parse_count, parse_duration):
        with contextlib.suppress(QuantityError):
            assert math.isfinite(parse(text))


def test_an_error_leaves_out_the_parts_it_does_not_have():
    assert str(PlanroomError("What.", fix="Do this.")) == "What.\n  fix: Do this."


def test_an_unknown_name_shows_the_nearest_and_at_most_twelve():
    error = UnknownNameError.of("engine", "e03", [f"e{number:02}x" for number in range(20)], listing="planroom engines")

    assert "and 8 more" in error.why
    assert error.fix == "did you mean 'e03x'? `planroom engines` lists them."


@given(st.text(min_size=1, max_size=20), st.lists(st.text(max_size=20), max_size=8))
def test_the_nearest_name_is_one_of_the_known_or_none(name, known):
    assert nearest(name, known) in {"", *known}
    assert nearest(name, [name]) == name


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), min_size=1, max_size=5))
def test_a_row_of_a_text_table_is_one_line_that_steers_nothing(rows):
    table = text_table((), rows)

    assert table.count("\n") == len(rows) - 1
    assert "\x1b" not in table
    assert len(table.splitlines() or [""]) <= len(rows)


@given(st.text())
def test_no_text_leaves_its_html(text):
    for html in (escape(text), html_table((), [(text,)]), figure("<svg/>", text)):
        assert "<script" not in html.lower()
    assert not set(escape(text)) & set("<>\"'")


def test_a_repr_never_raises():
    class Broken(Displayable):
        def __str__(self) -> str:
            return "fine"

        def _html(self) -> str:
            raise ValueError("<b>")

    bundle = Broken()._repr_mimebundle_()

    assert bundle["text/plain"] == "fine"
    assert "ValueError: &lt;b&gt;" in bundle["text/html"]
    assert set(Broken()._repr_mimebundle_(include={"text/plain"})) == {"text/plain"}


def test_severities_are_ordered_and_each_has_its_own_sign():
    assert Severity.NOTE < Severity.WARNING < Severity.ERROR
    assert len({each.glyph for each in Severity}) == len(Severity)


def test_a_place_shows_what_is_known_of_it():
    assert [str(each) for each in (Location(), Location("a"), Location("a", 3), Location("a", 3, 7))] == [
        "", "a", "a:3", "a:3:7",
    ]  # fmt: skip


def test_a_rule_is_named_after_its_file():
    class Example(Rule):
        """Something is wrong.

        More about it.
        """

        code = "X001"

    found = Example().finding("this is", subject="t", rows=3)

    assert (found.slug, found.why, found.facts) == ("test-vocabulary", "Something is wrong.", {"rows": 3})
    assert str(Finding("X", "x", Severity.ERROR, "m", location=Location("a", 1))) == "a:1: ● error X m"


def test_a_registry_imports_a_plug_in_only_when_it_is_asked_for():
    assert FORMATS.names() == tuple(sorted(FORMATS.names()))
    assert {"json", "postgres"} <= set(FORMATS.names())
    assert "base" not in FORMATS
    assert FORMATS["json"] is FORMATS["json"]
    assert FORMATS["json"].name == "json"
    with pytest.raises(UnknownNameError, match="did you mean 'json'"):
        FORMATS["jsno"]


def test_a_module_without_exactly_one_plug_in_is_refused(tmp_path, monkeypatch):
    folder = tmp_path / "odd_plugins"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "none_here.py").write_text("")
    (folder / "_hidden.py").write_text("raise RuntimeError")
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins = Registry("format", "odd_plugins", Format)

    assert plugins.names() == ("none-here",)
    with pytest.raises(PlanroomError, match="defines 0 subclasses of Format"):
        plugins["none-here"]


def test_importlib_metadata_is_loaded_only_where_a_package_may_bring_plug_ins(tmp_path):
    from planroom.registry import _may_declare

    plain, bringing = tmp_path / "plain-1.dist-info", tmp_path / "more" / "bringing-1.dist-info"
    plain.mkdir()
    bringing.mkdir(parents=True)
    (plain / "entry_points.txt").write_text("[console_scripts]\nx = y:z\n")
    (bringing / "entry_points.txt").write_text("[planroom.plugins]\nformats.x = x\n")
    archive = tmp_path / "all.zip"
    archive.write_bytes(b"PK")

    assert not _may_declare((str(tmp_path), str(tmp_path / "missing")))
    assert _may_declare((str(tmp_path), str(tmp_path / "more")))
    assert _may_declare((str(archive),))
