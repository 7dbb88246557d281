"""The canonical JSON of a model."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import HealthCheck, given, settings

from planroom.errors import FormatError
from planroom.findings import Location
from planroom.formats import FORMATS, Document
from planroom.formats.json import JsonFormat
from planroom.model import Column, Model, Schema, Table, Unread
from planroom.model.codec import SCHEMA, canonical_text, model_hash
from planroom.sqltext import DataType, Expression
from tests.strategies import models

unhurried = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


def read(text: str) -> Model:
    return JsonFormat().read([Document("shop.json", text)])


def refusal(text: str) -> str:
    with pytest.raises(FormatError) as caught:
        read(text)
    return str(caught.value)


@unhurried
@given(models())
def test_a_model_comes_back_equal_and_is_written_with_the_same_bytes(model):
    text = JsonFormat().write(model)

    assert read(text) == model
    assert JsonFormat().write(read(text)) == text


@unhurried
@given(models())
def test_the_hash_looks_at_what_equality_looks_at(model):
    renamed = dataclasses.replace(model, name="another name", unread=(Unread(kind="data", what="COPY", reason=""),))

    assert renamed == model
    assert model_hash(renamed) == model_hash(model)


@unhurried
@given(models(), models())
def test_different_models_have_different_hashes_and_texts(one, other):
    assert (model_hash(one) == model_hash(other)) == (one == other)
    assert (canonical_text(one) == canonical_text(other)) == (one == other)


def test_the_written_form_of_an_expression_survives_though_equality_ignores_it():
    expression = Expression("a in (1,\n 2)", "a = ANY (ARRAY[1, 2])")
    column = Column("a", DataType("integer"), default=expression)

    (table,) = read(canonical_text(Model(tables=(Table(schema="s", name="t", columns=(column,)),)))).tables

    assert table.columns[0].default is not None
    assert table.columns[0].default.text == expression.text


def test_every_column_stands_on_a_line_of_its_own_and_defaults_are_left_out():
    columns = tuple(Column(name, DataType("text")) for name in ("a", "b"))

    text = canonical_text(Model(tables=(Table(schema="s", name="t", columns=columns),)))

    assert '        {"name": "a", "type": "text"},\n        {"name": "b", "type": "text"}\n' in text
    assert text.endswith("}\n")


def test_characters_that_nobody_sees_are_escaped():
    text = canonical_text(Model(schemas=(Schema(name="\u202egnp.exe\u200b\ud800 日本"),)))

    assert "\\u202egnp.exe\\u200b\\ud800 日本" in text
    assert read(text).schemas[0].name == "\u202egnp.exe\u200b\ud800 日本"


def test_origins_are_written_only_when_asked_for():
    model = Model(schemas=(Schema(name="s", origin=Location("shop.sql", 3, 1)),))

    assert "shop.sql" not in JsonFormat().write(model)
    assert read(JsonFormat().write(model, origins=True)).schemas[0].origin == Location("shop.sql", 3, 1)


def test_an_unknown_key_is_named_with_its_place_and_the_nearest_known_one():
    document = {"schema": SCHEMA, "tables": [{"schema": "s", "name": "t", "columns": [{"name": "a", "tpye": "text"}]}]}

    message = refusal(json.dumps(document))

    assert "'tpye'" in message
    assert "shop.json: tables[0].columns[0]" in message
    assert "did you mean 'type'?" in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "shop.json:1:2"),
        ("[]", "no model that this planroom reads"),
        ('{"schema": "planroom.model/9"}', '"planroom.model/9", not "planroom.model/1"'),
        (f'{{"schema": "{SCHEMA}", "tables": {{"a": 1}}}}', "where an object belongs"),
        (f'{{"schema": "{SCHEMA}", "tables": 7}}', "a number where a list belongs"),
        (f'{{"schema": "{SCHEMA}", "schemas": [{{}}]}}', "lacks the key 'name'"),
        (f'{{"schema": "{SCHEMA}", "schemas": [{{"name": null}}]}}', "null where a text belongs"),
        (f'{{"schema": "{SCHEMA}", "dialect": NaN}}', "NaN"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_text_that_is_no_model_is_refused_with_the_place_and_the_reason(text, says):
    assert says in refusal(text)


def test_the_format_is_found_by_its_file_name():
    assert FORMATS["json"].suffixes == (".json",)
    assert FORMATS["json"].recognises(canonical_text(Model())[:4096])
