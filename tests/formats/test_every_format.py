"""What every format keeps, whatever it is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings

from planroom.errors import FormatError
from planroom.formats import FORMATS, Format
from planroom.model import Model
from tests.strategies import models

WRITERS = [each.name for each in FORMATS if each.writes]


@pytest.mark.parametrize("name", FORMATS.names())
def test_a_format_says_what_it_is_and_what_it_loses(name):
    found = FORMATS[name]

    assert found.name == name
    assert found.summary
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in found.suffixes)
    assert all(isinstance(phrase, str) for phrase in found.loses)
    assert found.reads or found.writes


def test_a_suffix_means_one_format_or_one_of_several_is_preferred_and_the_others_are_told_by_content():
    by_suffix: dict[str, list[Format]] = {}
    for each in FORMATS:
        for suffix in each.suffixes:
            by_suffix.setdefault(suffix, []).append(each)

    for shared in (formats for formats in by_suffix.values() if len(formats) > 1):
        assert sum(each.preferred for each in shared) == 1
        for each in shared:
            assert type(each).recognises is not Format.recognises


@pytest.mark.parametrize("name", WRITERS)
@settings(deadline=None, max_examples=10, suppress_health_check=list(HealthCheck))
@given(model=models())
def test_a_text_ends_with_one_newline_and_is_utf8_and_the_same_twice(name, model):
    text = FORMATS[name].write(model)

    assert text.endswith("\n")
    assert not text.endswith("\n\n\n")
    assert text.encode()
    assert FORMATS[name].write(model) == text


@pytest.mark.parametrize("name", WRITERS)
def test_an_empty_model_can_be_written(name):
    assert FORMATS[name].write(Model()).endswith("\n")


@pytest.mark.parametrize("name", WRITERS)
def test_the_bytes_do_not_depend_on_the_hash_seed(name):
    code = (
        "from planroom.formats import FORMATS, Document; import sys; "
        "model = FORMATS['postgres'].read([Document('shop', open(sys.argv[1]).read())]); "
        "sys.stdout.write(FORMATS[sys.argv[2]].write(model))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code, "schemas/shop.sql", name],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }

    assert len(texts) == 1


@pytest.mark.parametrize("name", [each.name for each in FORMATS if not each.writes])
def test_a_format_that_does_not_write_says_so(name):
    with pytest.raises(FormatError, match="does not write"):
        FORMATS[name].write(Model())
