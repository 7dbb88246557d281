"""Fifty changes planted into a large schema: all of them are found and classed right, and no other."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from planroom.comparison import compare
from planroom.ddl import read_postgres
from planroom.model import Model
from tests.benchmarks.measuring import PROGRAMS


@pytest.fixture(scope="module")
def plants() -> Any:
    spec = importlib.util.spec_from_file_location("_planted", PROGRAMS / "_planted.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def large() -> Model:
    made = subprocess.run(
        [sys.executable, PROGRAMS / "_ddl.py", "plain", "0", "700"], capture_output=True, text=True, check=True
    )
    return read_postgres([("large.sql", made.stdout)])


def test_all_fifty_are_found_and_classed_right_and_none_is_made_up(plants: Any, large: Model) -> None:
    new, said = plants.planted(large)

    found = Counter(
        (str(each.state), each.kind, each.subject, str(each.impact)) for each in compare(large, new).changes
    )

    assert len(said) == plants.COUNT == 50
    assert found == Counter(said)


def test_read_backwards_what_was_added_is_removed(plants: Any, large: Model) -> None:
    new, said = plants.planted(large)
    turned = {"added": "removed", "removed": "added"}

    found = Counter((str(each.state), each.kind) for each in compare(new, large).changes)

    assert found == Counter((turned.get(state, state), kind) for state, kind, *_ in said)
