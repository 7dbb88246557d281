"""planroom compares two models that were read separately; with 50 changes planted, all must be found, and no other."""

from __future__ import annotations

from pathlib import Path

from _planted import planted

from planroom.comparison import compare
from planroom.ddl import read_postgres


def prepare(path):
    script = [(path, Path(path).read_text(encoding="utf-8"))]
    new, said = planted(read_postgres(script))
    return read_postgres(script), new, said


def work(prepared):
    old, new, said = prepared
    changes = compare(old, new).changes
    found = {(str(each.state), each.kind, each.subject, str(each.impact)) for each in changes}
    if found != said or len(changes) != len(said):
        raise AssertionError(f"missed {sorted(said - found)}, made up {sorted(found - said)}")
    return f"all {len(said)} changes, no other"
