"""The reader of deeply nested JSON reads what Python's own reads."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planroom.plans._deep_json import deep_value

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=40)
@given(VALUES, st.sampled_from([None, 0, 2]))
def test_it_reads_what_was_written(value, indent):
    assert deep_value(json.dumps(value, indent=indent)) == value


@settings(max_examples=40)
@given(VALUES.filter(lambda value: isinstance(value, dict | list)), st.data())
def test_it_refuses_what_is_cut_off(value, data):
    text = json.dumps(value)
    with pytest.raises(json.JSONDecodeError):
        deep_value(text[: data.draw(st.integers(0, len(text) - 1))])


@pytest.mark.parametrize(
    "text", ["", "[1 2]", "{1: 2}", '{"a" 1}', "[}", "]", "[1]]", '{"a": }', "tru", "[1], [2]", '"a']
)
def test_it_refuses_what_is_no_json(text):
    with pytest.raises(json.JSONDecodeError):
        deep_value(text)
