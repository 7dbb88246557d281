"""A notebook's cells are judged as planroom's own magics read them: engine, options and values are no SQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import planroom as pr

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("%%sql db --limit 3 --as top\nSELECT nothing FROM t WHERE id > :least AND id <> {{ other }}", 2),
        ("%%explain db --analyze\nSELECT nothing FROM t", 2),
        ("x = %sql db --limit 3 SELECT nothing FROM t WHERE id = :least", 1),
        ("import os\n%explain --generic SELECT nothing FROM t", 2),
        ("%sql SELECT nothing FROM t", 1),
    ],
)
def test_the_statement_of_a_magic_is_judged_in_its_place(tmp_path: Path, cell: str, line: int) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": cell}]}))

    found = pr.lint(path, model="CREATE TABLE t (id int PRIMARY KEY)").findings

    (unknown,) = [each for each in found if "nothing" in each.message]
    assert (unknown.location.line, unknown.location.column) == (line, cell.split("\n")[line - 1].index("nothing") + 1)
    assert [each.code for each in found if each.code.startswith("READ")] == []
