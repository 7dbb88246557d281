"""Conditions that an index no longer answers, or now does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planroom.plans.operators import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.comparing.changes import Pairing
    from planroom.plans.node import PlanNode

__all__ = ["condition_moves"]

_LITERAL = re.compile(r"'(?:[^']|'')*'(?:::[\w\" ]+)?|\$\d+|\b\d+(?:\.\d+)?\b")
_MOST_SHOWN = 80  # characters of a condition


def condition_moves(pairing: Pairing) -> Iterator[tuple[str, str, str]]:
    """Yield text, form and subject of each: an index scan stays one, and a condition of it changes its place."""
    for change in pairing.changes:
        old, new = change.old, change.new
        if old is None or new is None or {old.kind, new.kind} != {Kind.INDEX_SCAN} or old.operator != new.operator:
            continue
        for was, now in (("Index Cond", "Filter"), ("Filter", "Index Cond")):
            there, here = _parts(old, was), _parts(new, now)
            for part in sorted(there.keys() & here.keys()):
                text = here[part] if len(here[part]) <= _MOST_SHOWN else f"{here[part][:_MOST_SHOWN]}..."
                label = {"Filter": "a Filter", "Index Cond": "an Index Cond"}
                yield (
                    f"on {new.relation}, {text} is {label[now]} now, no longer {label[was]}",
                    f"a condition is {label[now]} now, no longer {label[was]}, on {{}} relations",
                    new.relation,
                )


def _parts(node: PlanNode, label: str) -> dict[str, str]:
    """Return the parts of a condition between ANDs, by the part without literals."""
    text = node.condition(label)
    parts = re.split(r" AND ", text[1:-1] if text.startswith("((") and text.endswith("))") else text)
    return {_LITERAL.sub("?", part): part for part in parts if part}
